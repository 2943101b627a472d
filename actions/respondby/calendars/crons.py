"""When a schedule is due: the five fields of a workflow's cron line, as GitHub reads them.

- minute, hour, day of the month, month, day of the week; `*`, numbers, names, `a-b`, lists, `/step`.
- Where both days are restricted, either of them is enough (as in every cron).
- In UTC, or in the schedule's own `timezone`. A local time that does not exist is the first instant after the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, resolve, wall, zone
from respondby.dataclass import dataclass

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS), (0, 6, _DAYS))

#: A line that is due less often than this (29 February) counts as never.
_LONGEST_DAYS = 4 * 366


@dataclass(frozen=True, slots=True)
class Cron:
    """One line of a schedule; `None` for a day means every one."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    zone: tzinfo

    def after(self, instant: Instant) -> Instant | None:
        """The first time that it is due after an instant; None where there is none in four years."""
        start = wall(instant, self.zone).date()
        for offset in range(_LONGEST_DAYS):
            day = start + timedelta(days=offset)
            if not self.on(day):
                continue
            for hour in self.hours:
                for minute in self.minutes:
                    due = resolve(datetime(day.year, day.month, day.day, hour, minute), self.zone)  # noqa: DTZ001
                    if due > instant:
                        return due
        return None

    def on(self, day: date) -> bool:
        """Whether it is due on that day."""
        if day.month not in self.months:
            return False
        looked_at = ((day.day, self.days), ((day.weekday() + 1) % 7, self.weekdays))
        wanted = [one in those for one, those in looked_at if those is not None]
        return any(wanted) or not wanted


def parse_cron(text: str, timezone: str | None = None) -> Cron:
    """A line of a schedule. ValueError says what is wrong with it."""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"`{text}` is not five fields")
    minutes, hours, days, months, weekdays = (
        _field(part, low, high, names) for part, (low, high, names) in zip(parts, _FIELDS, strict=True)
    )
    return Cron(
        tuple(sorted(minutes)),
        tuple(sorted(hours)),
        None if parts[2].startswith("*") else days,
        months,
        None if parts[4].startswith("*") else weekdays,
        _zone(timezone),
    )


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return zone(name)
    except TimeError:
        raise ValueError(f"there is no time zone `{name}`") from None


def _field(text: str, low: int, high: int, names: Sequence[str]) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if span == "*" else _number(first, low, high, names)
        end = high if span == "*" or (slash and not dash) else _number(last if dash else first, low, high, names)
        if slash and (not step.isdecimal() or not int(step)):
            raise ValueError(f"`{part}` has no step")
        if end < begin:
            raise ValueError(f"`{part}` ends before it begins")
        found.update(range(begin, end + 1, int(step) if slash else 1))
    return frozenset(found)


def _number(text: str, low: int, high: int, names: Sequence[str]) -> int:
    value = names.index(text.upper()) + low if text.upper() in names else int(text) if text.isdecimal() else -1
    if not low <= value <= high:
        raise ValueError(f"`{text}` is not between {low} and {high}")
    return value
