"""Cadences (CADENCE of the language): what recurs every so many hours, days, weeks or months on a wall clock.

Laws (rule 5):

- `start(k)` is the instant of the local time `first + k·every`: hours are wall-clock hours, so a step over a clock
  change is longer or shorter, and two steps that a gap swallows start at the same instant.
- `first` is the first `at` on or after `from`. Days 29 to 31 are refused for months, so months keep their day; what
  moves with the month is said as such: `first monday 10:00`, `last friday 17:00`, `last day 18:00`.
- `index(t)` is the greatest `k` with `start(k) <= t`, found from the wall clock without walking.
- `until` is the instant at which it ends: nothing starts then or later.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import (
    FIRST_YEAR,
    LAST_YEAR,
    Instant,
    instant_of,
    parse_time,
    read_time,
    resolve,
    time_text,
    wall,
    zone,
)
from respondby.calendars.weeks import LONG_NAMES, read_weekday
from respondby.dataclass import dataclass

_UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1), "months": None}
_KEYS = ("every", "at", "from", "until")
_AT = re.compile(
    r"(?:(?:(?P<which>[a-zA-Z]+) +)?(?P<day>\d{1,2}|[a-zA-Z]+) +)?(?P<hour>\d\d):(?P<minute>\d\d)", re.ASCII
)
_EVERY = re.compile(r"(\d{1,4}) *(hour|day|week|month)s?", re.ASCII)
# Which of a month's weekdays, and the word for any of its days.
_WHICH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_ANY_DAY = 7
# Where `from` may be left out, counting starts at this Monday, the first of a month too: 1 January 1900.
_ALWAYS = datetime.fromordinal(693_596)


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `every` `unit` (hours, days, weeks or months) from the naive local time `first` in `timezone`.

    `on` is for months whose day moves: which one (1 to 4, or -1 for the last) of the weekday, where 7 is any day.
    """

    every: int
    unit: str
    first: datetime
    timezone: str
    until: Instant | None = None
    on: tuple[int, int] | None = None

    @classmethod
    def from_mapping(cls, mapping: object, timezone: str) -> "Cadence":
        """The cadence of `{every, at?, from?, until?}`; local times are in `timezone`. Raises `TimeError`."""
        if not isinstance(mapping, Mapping) or "every" not in mapping:
            raise TimeError("a cadence must be a mapping such as {every: 1 week, at: monday 10:00, from: 2026-01-05}")
        for key in mapping:
            if key not in _KEYS:
                raise TimeError(f"unknown key “{key}” in a cadence{hint(str(key), _KEYS)}")
        every, unit = _read_every(mapping["every"])
        if mapping.get("from") is None:
            if every != 1:
                raise TimeError(f"“every: {mapping['every']}” needs `from`, the date from which it counts")
            begin = _ALWAYS
        else:
            begin = read_time(mapping["from"])
            if begin.tzinfo is not None:
                begin = wall(instant_of(begin, zone(timezone)), zone(timezone)).replace(tzinfo=None, fold=0)
        if not FIRST_YEAR <= begin.year <= LAST_YEAR:
            raise TimeError(f"“from: {mapping['from']}” lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
        on = None if mapping.get("at") is None else _read_on(mapping["at"], unit)
        if on is not None:
            first = _first_on(on, read_clock(mapping["at"]), begin)
        else:
            first = begin if mapping.get("at") is None else _first_at(mapping["at"], unit, begin)
        if on is None and unit == "months" and first.day > 28:
            raise TimeError(f"a month may have no day {first.day}; use a day from 1 to 28, or `at: last day`")
        until = mapping.get("until")
        return cls(every, unit, first, timezone, None if until is None else parse_time(until, zone(timezone)), on)

    def to_mapping(self) -> dict[str, object]:
        """A plain mapping that reads back as an equal cadence."""
        unit = self.unit if self.every > 1 else self.unit[:-1]
        mapping: dict[str, object] = {"every": f"{self.every} {unit}", "from": time_text(self.first)}
        if self.on is not None:
            which = next(word for word, number in _WHICH.items() if number == self.on[0])
            day = "day" if self.on[1] == _ANY_DAY else LONG_NAMES[self.on[1]]
            mapping["at"] = f"{which} {day} {self.first:%H:%M}"
        if self.until is not None:
            mapping["until"] = time_text(wall(self.until, zone("UTC")))
        return mapping

    def local(self, k: int) -> datetime:
        """The naive local time of occurrence `k`."""
        step = _UNITS[self.unit]
        try:
            if step is not None:
                return self.first + k * self.every * step
            years, month = divmod(self.first.month - 1 + k * self.every, 12)
            if self.on is not None:
                return datetime.combine(_day_on(self.on, self.first.year + years, month + 1), self.first.time())
            return self.first.replace(year=self.first.year + years, month=month + 1)
        except (ValueError, OverflowError):
            raise TimeError("that occurrence lies outside the years 1 to 9999") from None

    def start(self, k: int) -> Instant:
        """When occurrence `k` starts, whatever `until` says."""
        return resolve(self.local(k), zone(self.timezone))

    def index(self, instant: Instant) -> int:
        """The last occurrence that has started by `instant`; -1 before the first."""
        if self.until is not None and instant >= self.until:
            instant = self.until - 1
        k = max(self.near(wall(instant, zone(self.timezone)).replace(tzinfo=None)), -1)
        while k >= 0 and self.start(k) > instant:
            k -= 1
        while self.start(k + 1) <= instant:
            k += 1
        return k

    def near(self, shown: datetime) -> int:
        """An occurrence close to that local time, from which `index` goes on to the right one."""
        step = _UNITS[self.unit]
        if step is not None:
            return (shown - self.first) // (self.every * step)
        return ((shown.year - self.first.year) * 12 + shown.month - self.first.month) // self.every

    def at_or_before(self, instant: Instant) -> Instant | None:
        """The last occurrence that has started by `instant`; None before the first."""
        k = self.index(instant)
        return self.start(k) if k >= 0 else None

    def after(self, instant: Instant) -> Instant | None:
        """The first occurrence after `instant`; None when it has ended by then."""
        start = self.start(self.index(instant) + 1)
        return start if self.until is None or start < self.until else None

    def between(self, begin: Instant, end: Instant) -> Iterator[Instant]:
        """The occurrences in `[begin, end)`, in order, each instant once."""
        at = self.after(begin - 1)
        while at is not None and at < end:
            yield at
            at = self.after(at)


def read_clock(text: object) -> time:
    """The time of day that an `at` ends in."""
    parts = _AT.fullmatch(text_of(text, "at").strip())
    if not parts:
        raise TimeError(
            f"“at: {text}” is not a time of a cadence; write 10:00, monday 10:00 or, for months, 1 09:00,"
            " first monday 09:00 or last day 17:00"
        )
    if int(parts["hour"]) > 23 or int(parts["minute"]) > 59:
        raise TimeError(f"“at: {text}” is not a time of day (00:00 to 23:59)")
    return time(int(parts["hour"]), int(parts["minute"]))


def _read_on(text: object, unit: str) -> tuple[int, int] | None:
    """Which of a month's days an `at` such as `first monday 10:00` means; None where it names none."""
    parts = _AT.fullmatch(text_of(text, "at").strip())
    if not parts or not parts["which"]:
        return None
    which = _WHICH.get(parts["which"].lower())
    if which is None:
        raise TimeError(f"“at: {text}”: “{parts['which']}” is not a place in a month; write {', '.join(_WHICH)}")
    if unit != "months":
        raise TimeError(f"“at: {text}” goes with months only; weeks take a weekday, such as monday 10:00")
    if parts["day"].lower() == "day":
        if which not in (1, -1):
            raise TimeError(f"“at: {text}” names no day; write the number of the day, or last day")
        return which, _ANY_DAY
    return which, read_weekday(parts["day"])


def _day_on(on: tuple[int, int], year: int, month: int) -> date:
    """The day of a month that `on` means."""
    which, weekday = on
    if which > 0:
        first = date(year, month, 1)
        ahead = 0 if weekday == _ANY_DAY else (weekday - first.weekday()) % 7
        return first + timedelta(days=ahead + 7 * (which - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=0 if weekday == _ANY_DAY else (last.weekday() - weekday) % 7)


def _first_on(on: tuple[int, int], clock: time, begin: datetime) -> datetime:
    """The first such day's time that is not before `begin`."""
    wanted = datetime.combine(_day_on(on, begin.year, begin.month), clock)
    if wanted >= begin:
        return wanted
    return datetime.combine(_day_on(on, begin.year + begin.month // 12, begin.month % 12 + 1), clock)


def _read_every(text: object) -> tuple[int, str]:
    parts = _EVERY.fullmatch(text_of(text, "every").strip())
    if not parts or int(parts[1]) == 0:
        raise TimeError(f"“every: {text}” is not a cadence; write one such as 12 hours, 1 day, 2 weeks or 3 months")
    return int(parts[1]), parts[2] + "s"


def _first_at(text: object, unit: str, begin: datetime) -> datetime:
    """The first time at or after `begin` that `at` names."""
    clock = read_clock(text)
    parts = _AT.fullmatch(text_of(text, "at").strip())
    assert parts is not None, "read_clock has read it"
    if unit == "months":
        return _first_in_month(text, parts["day"], clock, begin)
    wanted = datetime.combine(begin, clock)
    if parts["day"] is not None:
        if unit != "weeks" or parts["day"].isdigit():
            raise TimeError(f"“at: {text}” does not go with {unit}; weeks take a weekday, months a day of the month")
        wanted += timedelta(days=(read_weekday(parts["day"]) - begin.weekday()) % 7)
    if wanted >= begin:
        return wanted
    return wanted + timedelta(days=7 if unit == "weeks" else 1)


def _first_in_month(text: object, day: str | None, clock: time, begin: datetime) -> datetime:
    if day is not None and not day.isdigit():
        raise TimeError(
            f"“at: {text}” does not go with months; write the day of the month, such as 1 09:00, or which one: "
            f"first {day} {clock:%H:%M}"
        )
    number = int(day) if day is not None else begin.day
    if not 1 <= number <= 28:
        raise TimeError(f"“at: {text}”: a month may have no day {number}; use a day from 1 to 28, or last day")
    wanted = datetime.combine(begin.replace(day=number), clock)
    if wanted >= begin:
        return wanted
    return wanted.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
