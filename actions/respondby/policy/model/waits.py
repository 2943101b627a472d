"""How long the waits of a ladder are: what a schedule has to keep up with, and what a watch is for.

- A wait is the time between what somebody sees happen and a step, between two steps, and between two repetitions.
- A clock whose waits are all of `HOURLY` and more needs no watch: a sweep an hour adds an eighth to them at most.
- Where a clock's end starts another one, that end is a step as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from respondby.calendars.durations import Duration
from respondby.calendars.hours import Calendar
from respondby.calendars.targets import EndOf, parse_by
from respondby.policy.model.clocks import NOTHING, Clock, Promise, Rung, RungAt
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

DAY = 86_400
#: So much of a working day of a calendar that has no hours of its own is taken for one business day.
BUSINESS_DAY = 8 * 3_600
#: The shortest wait, in seconds, that a sweep each hour lengthens by no more than an eighth.
HOURLY = 8 * 3_600

#: What comes when a clock has run out, for whoever waits for that.
_END = Rung("due", RungAt("due"), NOTHING)


@per_policy
def ladders(policy: Policy) -> Mapping[str, tuple[Rung, ...]]:
    """The steps of each clock, with its end where another clock starts by that."""
    ends = {start.name for clock in policy.clocks.values() for start in clock.start if start.kind == "clock due"}
    return {name: (*clock.ladder, *((_END,) if name in ends else ())) for name, clock in policy.clocks.items()}


@per_policy
def short_clocks(policy: Policy) -> frozenset[str]:
    """The clocks some of whose waits are shorter than `HOURLY`, or end at a time that somebody says."""
    return frozenset(name for name, clock in policy.clocks.items() if _is_short(policy, clock))


def _is_short(policy: Policy, clock: Clock) -> bool:
    ladder = ladders(policy)[clock.name]
    return any(
        promise.argument is not None or min(_all_waits(policy, promise, ladder), default=HOURLY) < HOURLY
        for promise in clock.target.choices
        if ladder and not promise.none
    )


def _all_waits(policy: Policy, promise: Promise, ladder: Iterable[Rung]) -> list[int]:
    rungs = list(ladder)
    offsets = [rung.at.offset for rung in rungs if rung.at.kind == "after"] + [
        rung.repeat.every for rung in rungs if rung.repeat is not None
    ]
    gaps = [seconds_of(offset) for offset in offsets if offset is not None]
    return [*waits(rungs, length_of(policy, promise)).values(), *gaps]


def calendar_of(policy: Policy, promise: Promise) -> Calendar | None:
    """The calendar that a promise is measured on; None for one of elapsed time."""
    if promise.within is not None:
        business = is_business(promise.within)
    else:
        business = promise.by is not None and isinstance(parse_by(promise.by), EndOf)
    if promise.calendar is None:
        return policy.default_calendar if business else None
    return policy.calendars.get(promise.calendar)


def length_of(policy: Policy, promise: Promise) -> int:
    """For how many seconds a promise runs, taken short: a period that has begun may be over in half a day."""
    if promise.within is not None:
        return seconds_of(promise.within)
    end = parse_by(promise.by) if promise.by is not None else None
    if not isinstance(end, EndOf):
        return DAY
    calendar = calendar_of(policy, promise)
    days = [sum(closes - opens for opens, closes in day) * 60 for day in (calendar.week if calendar else ()) if day]
    day = min(days, default=BUSINESS_DAY)
    if not end.following:
        return day // 2
    return day if end.period == "business day" else len(days) * day


def waits(ladder: Iterable[Rung], length: int) -> dict[int, int]:
    """The waits before the steps of a promise of that length, by how many seconds after its start they come."""
    points = sorted({0, *(point for rung in ladder if (point := point_of(rung, length)) is not None)})
    return dict(zip(points[1:], (later - before for before, later in pairwise(points)), strict=True))


def point_of(rung: Rung, length: int) -> int | None:
    """How many seconds after the start a step comes; None where that depends on the one before."""
    at = rung.at
    if at.kind == "share":
        return length * at.percent // 100
    if at.kind == "due":
        return max(0, length + at.sign * (seconds_of(at.offset) if at.offset is not None else 0))
    return 0 if at.kind == "start" else None


def is_business(length: Duration) -> bool:
    """Whether it is counted in open hours or days."""
    return length.business or bool(length.business_days)


def seconds_of(length: Duration) -> int:
    """Its seconds; a business day is taken for `BUSINESS_DAY`."""
    return length.business_days * BUSINESS_DAY or length.seconds
