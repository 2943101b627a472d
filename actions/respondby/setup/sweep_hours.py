"""How often a policy has to be swept, hour by hour of a week, and the lines of a schedule that do it.

Laws:

- An hour in which a step of a ladder can come due is swept so often that the schedule itself adds an eighth of the
  shortest wait before such a step at most; every five minutes is the most often that GitHub takes.
- Every other hour is swept once: a sweep also does what an event that was lost would have done.
- What a watch stays awake for needs no more than that.
- No sweep falls on a full hour, where most schedules of the world compete, and not all repositories on one minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from respondby.calendars.durations import Duration
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import resolve, wall, zone
from respondby.policy.model.clocks import Clock, Promise, Rung
from respondby.policy.model.policy import Policy

HOUR, DAY = 3_600, 86_400
#: How many minutes may lie between two sweeps; each divides an hour.
STEPS = (5, 10, 15, 20, 30, 60)
#: A wait is swept this often in itself.
SHARE = 8
#: So much of a working day of a calendar that has no hours of its own is taken for one business day.
BUSINESS_DAY = 8 * HOUR

#: Minutes between sweeps by (day of the week, hour); Monday is 0.
Grid = Mapping[tuple[int, int], int]

#: A week of winter and one of summer: two zones may differ by another hour then.
_MONDAYS = (datetime(2026, 1, 5), datetime(2026, 7, 6))  # noqa: DTZ001 - of whichever zone is asked for

_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, slots=True)
class Need:
    """One promise's need: `minutes` between two sweeps, in the hours of `calendar` and `tail` seconds after them (None:
    at any hour); `why` says which promise.
    """

    why: str
    minutes: int
    calendar: Calendar | None = None
    tail: int = 0


def needs(policy: Policy) -> Iterator[Need]:
    """What each promise needs, and each duty."""
    for clock in policy.clocks.values():
        for promise in clock.target.choices:
            if not promise.none and clock.ladder:
                yield _need(policy, clock, promise)
    if policy.duties or policy.uptime is not None or policy.rules:
        yield Need("duties, maintenance windows and rules", 60)


def grid(policy: Policy) -> Grid:
    """Minutes between sweeps for each hour of a week, in the policy's zone."""
    found = {(day, hour): 60 for day in range(7) for hour in range(24)}
    for need in needs(policy):
        for place in _hours(need, zone(policy.timezone)):
            found[place] = min(found[place], need.minutes)
    return found


def cron_lines(minutes: Grid, name: str) -> tuple[str, ...]:
    """Lines of a schedule for it, in the zone of the grid; the desk's `name` decides at which minutes."""
    by_day = {day: _day_lines([minutes[day, hour] for hour in range(24)], name) for day in range(7)}
    groups: dict[tuple[str, ...], list[int]] = {}
    for day, lines in by_day.items():
        groups.setdefault(lines, []).append(day)
    found = []
    for lines, days in groups.items():
        found += [f"{line} * * {_ranges(days)}" for line in lines]
    return tuple(found)


def _need(policy: Policy, clock: Clock, promise: Promise) -> Need:
    title = clock.title or clock.name
    why = f"{title}: {promise.text or 'as it is said'}"
    calendar = policy.calendars.get(promise.calendar) if promise.calendar else policy.default_calendar
    length = _seconds(promise.within) if promise.within is not None else DAY
    waits = _waits(clock.ladder, length)
    if promise.argument is not None:
        return Need(why, 30)  # a time that people have agreed on
    most = 60 if _is_watched(policy, clock, promise) else max(5, min(waits, default=DAY) // SHARE // 60)
    minutes = max(step for step in STEPS if step <= max(most, STEPS[0]))
    business = promise.calendar is not None or (
        promise.within.business or bool(promise.within.business_days)
        if promise.within is not None
        else "business" in (promise.by or "")
    )
    if calendar is None or not business:
        return Need(why, minutes)
    return Need(why, minutes, calendar, max((_tail(rung) for rung in clock.ladder), default=0))


def _waits(ladder: Iterable[Rung], length: int) -> list[int]:
    """The seconds between what somebody sees happen and a step, and between two steps."""
    points, gaps = {0}, []
    for rung in ladder:
        at, offset = rung.at, _seconds(rung.at.offset) if rung.at.offset is not None else 0
        if at.kind == "share":
            points.add(length * at.percent // 100)
        elif at.kind == "due":
            points.add(max(0, length + at.sign * offset))
        elif at.kind == "after" and offset:
            gaps.append(offset)
        if rung.repeat is not None:
            gaps.append(_seconds(rung.repeat.every))
    ordered = sorted(points)
    return [*gaps, *(later - before for before, later in pairwise(ordered))]


def _tail(rung: Rung) -> int:
    """For how many elapsed seconds after its due a rung may still have something to say."""
    offset = rung.at.offset
    elapsed = offset.seconds if offset is not None and rung.at.sign > 0 and not _is_business(offset) else 0
    repeat = rung.repeat
    if repeat is not None and not _is_business(repeat.every):
        elapsed += repeat.every.seconds * (repeat.times + 1)
    return elapsed


def _is_business(length: Duration) -> bool:
    return length.business or bool(length.business_days)


def _seconds(length: Duration) -> int:
    return length.business_days * BUSINESS_DAY or length.seconds


def _is_watched(policy: Policy, clock: Clock, promise: Promise) -> bool:
    """Whether the policy's watch is awake for whatever this promise is made about."""
    watch = policy.watch
    if watch is None:
        return False
    said = {term.key: frozenset(term.values) for term in (*clock.when.terms, *promise.when.terms)}
    return all(term.key in said and said[term.key] <= frozenset(term.values) for term in watch.when.terms)


def _hours(need: Need, where: tzinfo) -> set[tuple[int, int]]:
    """The hours of a week in which its steps can come due, in summer and in winter, as clocks there show them."""
    if need.calendar is None or need.tail >= 5 * DAY:
        return {(day, hour) for day in range(7) for hour in range(24)}
    found = set()
    for day, windows in enumerate(need.calendar.week):
        for opens, closes in windows:
            last = closes * 60 + need.tail
            for second in range(opens * 60 // HOUR * HOUR, last + 1, HOUR):
                for monday in _MONDAYS:
                    local = wall(resolve(monday + timedelta(days=day, seconds=second), need.calendar.zone), where)
                    found.add((local.weekday(), local.hour))
    return found


def _day_lines(hours: list[int], name: str) -> tuple[str, ...]:
    """Minute and hour fields for one day."""
    by_step: dict[int, list[int]] = {}
    for hour, step in enumerate(hours):
        by_step.setdefault(step, []).append(hour)
    return tuple(f"{_minutes(step, name)} {_ranges(found, names=None)}" for step, found in sorted(by_step.items()))


def _minutes(step: int, name: str) -> str:
    digest = hashlib.sha256(name.lower().encode()).digest()
    first = 1 + digest[0] % (step - 1)
    return str(first) if step == 60 else f"{first}-59/{step}"


def _ranges(found: list[int], names: tuple[str, ...] | None = _DAYS) -> str:
    """Numbers as a cron's list of ranges: `8-17`, `MON-FRI`, `0-7,18-23`."""
    if names is not None and len(found) == len(names):
        return "*"
    if names is None and len(found) == 24:
        return "*"
    runs: list[list[int]] = []
    for number in sorted(found):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    # Cron's week begins on Sunday, and a range of it may not end there: it is named by itself.
    text = []
    for run in runs:
        shown = [names[number] for number in run] if names is not None else [str(number) for number in run]
        if names is not None and shown[-1] == "SUN" and len(shown) > 1:
            text.append(shown[0] if len(shown) == 2 else f"{shown[0]}-{shown[-2]}")
            shown = ["SUN"]
        text.append(shown[0] if len(shown) == 1 else f"{shown[0]}-{shown[-1]}")
    return ",".join(text)
