"""Targets: what a clock promises, as written after `within` and `by`.

    within  D                                            a duration (rules 1 and 2)
    by      end of [next] business day | week | sprint   a closing (rule 3)
            T                                            a time
            /command.argument                            what somebody said; the promise resolves it to a time
            handover                                     the next change of shift; the duty resolves it to a time

A target's text reads back as an equal target, since promises are pinned as text. The arithmetic is in `dues`.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Literal

from respondby.calendars.durations import Duration, parse_duration
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import Instant, instant_of, iso, read_time, time_text, zone
from respondby.dataclass import dataclass

Period = Literal["business day", "week", "sprint"]

_PERIODS: tuple[Period, ...] = ("business day", "week", "sprint")
_ENDS = {
    f"end of {'next ' if following else ''}{period}": (period, following)
    for period in _PERIODS
    for following in (False, True)
}
_SAID = re.compile(r"(/[a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class Within:
    """Before a duration has passed."""

    duration: Duration

    def __str__(self) -> str:
        return f"within {self.duration}"


@dataclass(frozen=True, slots=True)
class EndOf:
    """By the close of a business day, week or sprint, or of the next one."""

    period: Period
    following: bool

    def __str__(self) -> str:
        return f"by end of {'next ' if self.following else ''}{self.period}"


@dataclass(frozen=True, slots=True)
class At:
    """By a time: naive (local on the clock's calendar) or with its offset."""

    time: datetime

    def __str__(self) -> str:
        return f"by {time_text(self.time)}"

    @classmethod
    def instant(cls, instant: Instant) -> "At":
        """By an instant, such as the one to which `ByArgument` or `Handover` was resolved."""
        return cls(read_time(iso(instant)))

    def resolved(self, timezone: str) -> Instant:
        """The instant it names, local in `timezone` unless it has an offset."""
        return instant_of(self.time, zone(timezone))


@dataclass(frozen=True, slots=True)
class ByArgument:
    """By the time that somebody gave as an argument of a command; it does not apply while nobody has."""

    command: str
    argument: str

    def __str__(self) -> str:
        return f"by {self.command}.{self.argument}"


@dataclass(frozen=True, slots=True)
class Handover:
    """By the next change of shift of the rota that a duty follows."""

    def __str__(self) -> str:
        return "by handover"


#: What arithmetic can answer; `ByArgument` and `Handover` become an `At` first.
Target = Within | EndOf | At
Promise = Target | ByArgument | Handover


def parse_within(text: object) -> Within:
    """The target of a `within` value."""
    return _within(text) if isinstance(text, str) else Within(parse_duration(text))


def parse_by(text: object) -> EndOf | At | ByArgument | Handover:
    """The target of a `by` value. Raises `TimeError` with the nearest valid text."""
    return _by(text_of(text, "by"))


@lru_cache(maxsize=1024)
def _within(text: str) -> Within:
    return Within(parse_duration(text))


@lru_cache(maxsize=1024)
def _by(text: str) -> EndOf | At | ByArgument | Handover:
    words = " ".join(text_of(text, "by").split())
    if words.lower() in _ENDS:
        return EndOf(*_ENDS[words.lower()])
    if words == "handover":
        return Handover()
    said = _SAID.fullmatch(words)
    if said:
        return ByArgument(said[1], said[2])
    if words[:1].isdigit():
        return At(read_time(words))
    near = hint(words, _ENDS) or "; write end of business day, end of next week or a time such as 2026-12-01T17:00"
    raise TimeError(f"“by: {words:.60}” is not a time{near}")


def parse_promise(text: object) -> Promise:
    """A target from its own text, `within …` or `by …`, as `str` gives it."""
    kind, _, rest = text_of(text, "a target").partition(" ")
    if kind == "within":
        return parse_within(rest)
    if kind == "by":
        return parse_by(rest)
    raise TimeError(f"“{text!s:.60}” is not a target; it begins with within or by")
