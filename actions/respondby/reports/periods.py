"""Periods of a report: calendar months and days in a zone, as instants.

A month is as long as it really is: 743 hours where the clocks go forward in it, 745 where they go back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import FIRST_YEAR, LAST_YEAR, Instant, resolve, wall, zone
from respondby.dataclass import dataclass

_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """`[start, end)` under a name (`2026-10`, `2026-10-25`) in a zone; `whole` is the end that its name means.

    The end of a period that is not over is the instant of the report: nothing is said of what has not been yet.
    """

    name: str
    start: Instant
    end: Instant
    timezone: str
    whole: Instant

    @property
    def over(self) -> bool:
        """Whether nothing of it lies ahead."""
        return self.end == self.whole

    @property
    def seconds(self) -> int:
        """How long it is."""
        return self.end - self.start

    def holds(self, at: Instant) -> bool:
        """Whether the instant lies in it."""
        return self.start <= at < self.end

    def until(self, now: Instant) -> ReportPeriod:
        """As much of it as has been by `now`; nothing (`end == start`) of one that has not begun."""
        return replace(self, end=max(self.start, min(self.whole, now)))


def month(name: str, timezone: str) -> ReportPeriod:
    """The calendar month `YYYY-MM` in a zone. Raises TimeError for what is no month."""
    found = _MONTH.fullmatch(name)
    if found is None or not 1 <= int(found[2]) <= 12 or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise TimeError(f"“{name:.40}” is not a month; write one such as 2026-10")
    first = date(int(found[1]), int(found[2]), 1)
    return _period(name, first, _next_month(first), timezone)


def month_of(at: Instant, timezone: str) -> ReportPeriod:
    """The month that holds an instant, whole."""
    return month(f"{wall(at, zone(timezone)):%Y-%m}", timezone)


def month_before(period: ReportPeriod) -> ReportPeriod:
    """The month before that one, whole."""
    return month_of(period.start - 1, period.timezone)


def day_of(at: Instant, timezone: str) -> ReportPeriod:
    """The calendar day that holds an instant, whole."""
    day = wall(at, zone(timezone)).date()
    return _period(day.isoformat(), day, day + timedelta(days=1), timezone)


def days(first: ReportPeriod, last: ReportPeriod) -> Iterator[ReportPeriod]:
    """Every day from the one to the other, whole."""
    day, end = date.fromisoformat(first.name), date.fromisoformat(last.name)
    while day <= end:
        yield _period(day.isoformat(), day, day + timedelta(days=1), first.timezone)
        day += timedelta(days=1)


def last_days(now: Instant, count: int, timezone: str) -> tuple[ReportPeriod, ...]:
    """The last `count` days up to today, today's only until `now`."""
    today = day_of(now, timezone)
    first = date.fromisoformat(today.name) - timedelta(days=count - 1)
    whole = _period(first.isoformat(), first, first + timedelta(days=1), timezone)
    return tuple(day.until(now) for day in days(whole, today))


def span(start: Instant, end: Instant, timezone: str) -> ReportPeriod:
    """Any span of time, named by its local dates."""
    where = zone(timezone)
    return ReportPeriod(f"{wall(start, where):%Y-%m-%d}/{wall(end, where):%Y-%m-%d}", start, end, timezone, end)


def _period(name: str, first: date, after: date, timezone: str) -> ReportPeriod:
    where = zone(timezone)
    start, end = (resolve(datetime.combine(day, time()), where) for day in (first, after))
    return ReportPeriod(name, start, end, timezone, end)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
