"""How often a policy has to be swept, hour by hour of a week, and the lines of a schedule that do it.

Laws:

- An hour in which a step of a ladder can come due is swept so often that the schedule itself adds an eighth of the
  wait before that step at most; every five minutes is the most often that GitHub takes.
- A promise of business time runs out while its calendar is open; one by the end of a day when that day closes, so its
  last steps ask for the hours around closing time alone. A day that a holiday shortens is swept as any other.
- Every other hour is swept once: a sweep also does what an event that was lost would have done.
- What a watch stays awake for needs no more than that.
- No sweep falls on a full hour, where most schedules of the world compete, and not all repositories on one minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import resolve, wall, zone
from respondby.calendars.targets import EndOf, parse_by
from respondby.policy.model.clocks import Clock, Promise, Rung
from respondby.policy.model.conditions import Pattern, PatternKind
from respondby.policy.model.policy import Policy
from respondby.policy.model.waits import (
    DAY,
    calendar_of,
    is_business,
    ladders,
    length_of,
    point_of,
    seconds_of,
    short_clocks,
    waits,
)

HOUR = 3_600
#: How many minutes may lie between two sweeps; each divides an hour.
STEPS = (5, 10, 15, 20, 30, 60)
#: A wait is swept this often in itself.
SHARE = 8
#: Conditions that come true by themselves.
BY_TIME = ("during", "outside")
#: Moments that start the run of an event, or come of one.
SEEN_AT_ONCE: tuple[PatternKind, ...] = (
    "opened", "edited", "closed", "reopened", "assigned", "comment", "card", "command", "field set", "field is",
)  # fmt: skip
#: Minutes between sweeps by (day of the week, hour); Monday is 0.
Grid = Mapping[tuple[int, int], int]

#: A week of winter and one of summer: two zones may differ by another hour then.
_MONDAYS = (datetime(2026, 1, 5), datetime(2026, 7, 6))  # noqa: DTZ001 - of whichever zone is asked for

_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, slots=True)
class Span:
    """Sweeps every `minutes`: at any hour; with a calendar in its open hours or, with `closing`, when its days close,
    and in both cases from `first` to `last` elapsed seconds after that.
    """

    minutes: int
    calendar: Calendar | None = None
    closing: bool = False
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """What one promise needs; `why` says which promise, `watched` that a watch is awake for it."""

    why: str
    spans: tuple[Span, ...]
    watched: bool = False

    @property
    def minutes(self) -> int:
        """How many minutes may lie between two sweeps, where they are fewest."""
        return min(span.minutes for span in self.spans)

    @property
    def most(self) -> int:
        """The same where they are most, in the hours that it asks for at all."""
        return max(span.minutes for span in self.spans)

    @property
    def at_any_hour(self) -> bool:
        """Whether something of it can come due at any hour."""
        return any(span.calendar is None for span in self.spans)


def needs(policy: Policy) -> Iterator[Need]:
    """What each promise needs, and each duty. Where a clock's end starts another one, that is a step as well."""
    for clock in policy.clocks.values():
        ladder = ladders(policy)[clock.name]
        for promise in clock.target.choices:
            if not promise.none and ladder:
                yield _need(policy, clock, promise, ladder)
    if policy.duties or policy.uptime is not None or policy.rules:
        yield Need("duties, maintenance windows and rules", (Span(60),))


def watched_seconds(policy: Policy) -> float:
    """How long those promises last, on the average, during the whole of which the policy's watch is awake; where there
    are none, for how long it waits for the end of one.
    """
    idle, short = policy.watch.idle if policy.watch is not None else 0, short_clocks(policy)
    found = [
        min(idle, seconds_of(promise.within))
        for clock in policy.clocks.values()
        for promise in clock.target.choices
        if clock.name in short and promise.within is not None and _is_watched(policy, clock, promise)
    ]
    wholly = [seconds for seconds in found if seconds < idle] or found
    return sum(wholly) / len(wholly) if wholly else 0


def grid(policy: Policy) -> Grid:
    """Minutes between sweeps for each hour of a week, in the policy's zone."""
    found = {(day, hour): 60 for day in range(7) for hour in range(24)}
    for span in {span for need in needs(policy) for span in need.spans}:
        for place in _hours(span, zone(policy.timezone)):
            found[place] = min(found[place], span.minutes)
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


def _need(policy: Policy, clock: Clock, promise: Promise, ladder: Sequence[Rung]) -> Need:
    why = f"{clock.title or clock.name}: {promise.text or 'as it is said'}"
    # A sweep each hour has to see what comes before the next one, else it starts the watch after the step.
    if policy.watch is not None and policy.watch.idle >= HOUR and _is_watched(policy, clock, promise):
        return Need(why, (Span(60),), watched=True)
    if promise.argument is not None:  # a time that people have agreed on, who agree on their own hours
        own = policy.calendars.get(promise.calendar) if promise.calendar else policy.default_calendar
        return Need(why, (Span(30, own),))
    calendar = calendar_of(policy, promise)
    closes = calendar is not None and promise.by is not None and isinstance(parse_by(promise.by), EndOf)
    return Need(why, tuple(_spans(ladder, length_of(policy, promise), calendar, closing=closes)))


def _spans(ladder: Sequence[Rung], length: int, calendar: Calendar | None, *, closing: bool) -> Iterator[Span]:
    """When the steps of a ladder can come due, and how often to look then; `closing`: it runs out when a day closes."""
    before = waits(ladder, length)
    span = Span(_step(DAY), calendar)
    for rung in ladder:
        at, point = rung.at, point_of(rung, length)
        if at.kind == "after":
            offset = at.offset
            wait = seconds_of(offset) if offset is not None else 0
            elapsed = wait if offset is not None and not is_business(offset) else 0
            span = replace(span, minutes=_step(wait or DAY), first=span.first + elapsed, last=span.last + elapsed)
        else:
            minutes = _step(before.get(point or 0, DAY))  # a step at the start comes with the event
            shift = at.sign * at.offset.seconds if at.offset is not None and not is_business(at.offset) else 0
            closes = closing and at.kind == "due" and (at.offset is None or shift != 0)
            span = Span(minutes, calendar, closes, shift, shift)
        yield span
        if rung.repeat is not None:
            every, times = rung.repeat.every, rung.repeat.times + (rung.repeat.then is not None)
            minutes = _step(seconds_of(every))
            if at.kind == "start" and not is_business(every):
                yield Span(minutes)  # it begins whenever the clock does
            elif is_business(every):
                yield Span(minutes, calendar)
            else:
                yield replace(span, minutes=minutes, last=span.last + every.seconds * times)


def _step(wait: int) -> int:
    """How many minutes may lie between sweeps for a step that comes after such a wait."""
    most = max(STEPS[0], wait // SHARE // 60)
    return max(step for step in STEPS if step <= most)


def _is_watched(policy: Policy, clock: Clock, promise: Promise, asked: frozenset[str] = frozenset()) -> bool:
    """Whether the policy's watch is awake for whatever this promise is made about; `asked` are the clocks by which one
    came to ask.
    """
    watch = policy.watch
    if watch is None or clock.name not in short_clocks(policy) or not _starts_at_once(policy, clock, asked):
        return False
    # What a target says about a time is judged once, at the start: its steps may come at any other (rule 9).
    lasting = [term for term in promise.when.terms if term.key not in BY_TIME]
    said = {term.key: frozenset(term.values) for term in (*clock.when.terms, *lasting)}
    return all(term.key in said and said[term.key] <= frozenset(term.values) for term in watch.when.terms)


def _starts_at_once(policy: Policy, clock: Clock, asked: frozenset[str]) -> bool:
    """Whether somebody is there at each start of the clock who can start a watch, or is one: what begins by a time, or
    by what happens elsewhere, is seen by a sweep first.
    """
    return not any(term.key in BY_TIME for term in clock.when.terms) and all(
        _is_seen_at_once(policy, start, asked | {clock.name}) for start in clock.start
    )


def _is_seen_at_once(policy: Policy, moment: Pattern, asked: frozenset[str]) -> bool:
    other = policy.clocks.get(moment.name) if moment.kind in ("clock stops", "clock due") else None
    if other is None:
        return moment.kind in SEEN_AT_ONCE
    if moment.kind == "clock stops":
        return all(stop.kind in SEEN_AT_ONCE for stop in other.stop)
    return other.name not in asked and all(
        _is_watched(policy, other, promise, asked) for promise in other.target.choices if not promise.none
    )


def _hours(span: Span, where: tzinfo) -> set[tuple[int, int]]:
    """The hours of a week that it asks for, in summer and in winter, as clocks there show them."""
    if span.calendar is None or span.last - span.first >= 5 * DAY:
        return {(day, hour) for day in range(7) for hour in range(24)}
    found = set()
    for day, windows in enumerate(span.calendar.week):
        for opens, closes in windows[-1:] if span.closing else windows:
            first, last = (closes if span.closing else opens) * 60 + span.first, closes * 60 + span.last
            for second in range(first // HOUR * HOUR, last + 1, HOUR):
                for monday in _MONDAYS:
                    local = wall(resolve(monday + timedelta(days=day, seconds=second), span.calendar.zone), where)
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
