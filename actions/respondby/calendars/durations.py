"""Durations (D of the language): `90s · 30m · 1h30m · 24h · 2 days · 4 business hours · 2 business days`.

Rules 1 and 2 tell three kinds apart: plain durations (elapsed time, or open time where a calendar is named), `business`
ones (open time on the named or default calendar) and business days (the same local time, open days later). `1 day` is
24 elapsed hours and means nothing on a calendar, where a day is as long as its hours: there `business days` is meant.
"""

import re

from respondby.calendars.errors import TimeError, hint, text_of
from respondby.dataclass import dataclass

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_WORDS = {
    "second": ("s", "sec", "secs", "second", "seconds"),
    "minute": ("m", "min", "mins", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("w", "week", "weeks"),
}
_UNITS = {word: unit for unit, words in _WORDS.items() for word in words}
_SIZES = tuple(_SECONDS)
_PART = re.compile(r" *(\d{1,12}) *([a-z]+)", re.ASCII)
_BUSINESS = re.compile(r"(\d{1,12}) +business +([a-z]+)", re.ASCII)
_EXAMPLES = "write one such as 30m, 1h30m, 24h, 2 days, 4 business hours or 2 business days"

# A promise of more than a century is a mistyped number.
_LONGEST = 100 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, always more than none.

    `seconds` of elapsed or open time, or, when `business_days` is set, that many open days (and no seconds).
    `business` says that it must be measured on a calendar; `in_days` that it was written in plain days or weeks,
    which no calendar has.
    """

    seconds: int
    business: bool = False
    business_days: int = 0
    in_days: bool = False

    def __str__(self) -> str:
        """The text that `parse_duration` reads back as an equal value."""
        if self.business_days:
            return f"{self.business_days} business {'day' if self.business_days == 1 else 'days'}"
        sizes = _SIZES[:3] if self.business or not self.in_days else _SIZES
        if self.business:
            size = next(size for size in reversed(sizes) if self.seconds % _SECONDS[size] == 0)
            count = self.seconds // _SECONDS[size]
            return f"{count} business {size}{'' if count == 1 else 's'}"
        parts, left = [], self.seconds
        for size in reversed(sizes):
            count, left = divmod(left, _SECONDS[size])
            if count and size in ("day", "week"):
                parts.append(f"{count} {size}{'' if count == 1 else 's'}")
            elif count:
                parts.append(f"{count}{size[0]}")
        return " ".join(parts) if self.in_days else "".join(parts)


def parse_duration(text: object) -> Duration:
    """A D of the language. Raises `TimeError` for none, a negative one, an unknown unit or more than a century."""
    words = " ".join(text_of(text, "a duration").lower().split())
    business = _BUSINESS.fullmatch(words)
    if business:
        return _business(int(business[1]), _unit(business[2], words), words)
    seconds, smallest, end, in_days = 0, len(_SIZES), 0, False
    for part in _PART.finditer(words):
        unit = _unit(part[2], words)
        if part.start() != end or _SIZES.index(unit) >= smallest:
            break
        seconds, smallest, end = seconds + int(part[1]) * _SECONDS[unit], _SIZES.index(unit), part.end()
        in_days = in_days or unit in ("day", "week")
    if not words or end != len(words):
        raise TimeError(f"“{text!s:.60}” is not a duration; {_EXAMPLES}")
    _check(seconds, words)
    return Duration(seconds, in_days=in_days)


def _business(count: int, unit: str, words: str) -> Duration:
    if unit == "week":
        raise TimeError(f"“{words}”: a business week has no fixed length; write business days, or by: end of next week")
    _check(count * _SECONDS[unit], words)
    if unit == "day":
        return Duration(0, business=True, business_days=count)
    return Duration(count * _SECONDS[unit], business=True)


def _unit(word: str, words: str) -> str:
    if word not in _UNITS:
        raise TimeError(f"“{words:.60}” is not a duration{hint(word, (*_UNITS, 'business')) or f'; {_EXAMPLES}'}")
    return _UNITS[word]


def _check(seconds: int, words: str) -> None:
    if seconds == 0:
        raise TimeError(f"“{words}” is zero; a duration must be longer")
    if seconds > _LONGEST:
        raise TimeError(f"“{words}” is longer than a century")


def people_seconds(seconds: int) -> str:
    """A length for people, such as `2 h`, `1 h 30 min` or `45 s`. Hours are not made into days: open days differ."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts) or "0 s"
