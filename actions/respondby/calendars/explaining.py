"""Why a promise runs out when it does: the answer of `dues`, span by span, as data for people.

Laws:

- The steps follow each other without a gap from the start to the due, and the last total is `elapsed(start, due)`.
- The due is the one that `dues.due` gives; nothing is decided here.
- Each reason names the rule of the language that applied.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise
from typing import Literal

from respondby.calendars.dated import TimeSpan, Yearly
from respondby.calendars.dues import measured_on, moved, running, unmoved
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER, Instant, people_date, people_time, wall, zone
from respondby.calendars.spans import Pair, Spans
from respondby.calendars.targets import At, EndOf, Target


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a clock's time: it runs, is paused, or is closed (with the reasons, if any beyond hours)."""

    begin: Instant
    end: Instant
    kind: Literal["running", "paused", "closed"]
    total: int
    why: tuple[str, ...] = ()

    @property
    def counted(self) -> int:
        """The seconds of it that count."""
        return self.end - self.begin if self.kind == "running" else 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule of the language that had a say, and what it said."""

    rule: int
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due with its reasons and steps. `due` is `FOREVER` while a pause without an end holds it.

    `on_calendar` says whether a calendar measured it; `timezone` is that calendar's, or that of the question.
    """

    target: Target
    start: Instant
    unmoved: Instant
    due: Instant
    on_calendar: bool
    timezone: str
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]


def explain_due(
    target: Target,
    start: Instant,
    named: Calendar | None = None,
    default: Calendar | None = None,
    pauses: Iterable[Pair] = (),
    timezone: str = "UTC",
) -> Explanation:
    """The arguments of `dues.due`, and its answer explained. Times in texts are those of the calendar's zone."""
    calendar = measured_on(target, named, default)
    paused = Spans(pauses).clip(start, FOREVER)
    nominal = unmoved(target, start, calendar, timezone)
    end = moved(nominal, start, calendar, paused)
    name = calendar.timezone if calendar else timezone
    reasons = [
        *_reasons(target, start, nominal, calendar, zone(name)),
        *_pause_reasons(nominal, end, paused, zone(name)),
    ]
    steps = tuple(_steps(start, end, calendar, paused))
    return Explanation(target, start, nominal, end, calendar is not None, name, tuple(reasons), steps)


def _reasons(
    target: Target, start: Instant, nominal: Instant, calendar: Calendar | None, where: tzinfo
) -> Iterator[Reason]:
    if isinstance(target, At):
        return
    if isinstance(target, EndOf):
        if target.following:
            unit = "open date" if target.period == "business day" else f"{target.period} with open time"
            after = people_date(wall(start, where)) if target.period == "business day" else "the start's"
            yield Reason(3, f"the close of the first {unit} after {after}")
        else:
            yield Reason(3, f"the first close of a {target.period} after the start")
        return
    if calendar is None:
        yield Reason(1, "elapsed time: no calendar measures it")
        return
    opening = calendar.open_from(start)
    days = target.duration.business_days
    if opening != start:
        yield Reason(2 if days else 1, f"the start is outside hours, so it counts from {people_time(opening, where)}")
    if days:
        later = f"the same time of day, {days} open {'day' if days == 1 else 'days'} later"
        clamped = wall(opening, where).time() != wall(nominal, where).time()
        yield Reason(2, f"{later}, back to the closing before it" if clamped else later)
        return
    if opening == start:
        yield Reason(1, "only open time counts")
    if not calendar.is_open(nominal):
        yield Reason(4, "used up exactly at closing time, so due at closing time")


def _pause_reasons(nominal: Instant, end: Instant, pauses: Spans, where: tzinfo) -> Iterator[Reason]:
    counted = [begin for begin, _ in pauses if begin < end]
    if end == FOREVER:
        yield Reason(6, f"paused since {people_time(counted[-1], where)}, and nobody has ended the pause")
    elif end != nominal:
        yield Reason(6, f"pauses moved it from {people_time(nominal, where)}")
    elif counted:
        yield Reason(6, "pauses covered no open time, so they move nothing")
    if len(counted) < len(pauses):
        yield Reason(6, "a pause that begins at or after the due does not count")


def _steps(start: Instant, end: Instant, calendar: Calendar | None, pauses: Spans) -> Iterator[Step]:
    # What lies behind the beginning of a pause without an end is one step.
    stop = pauses.pairs[-1][0] if end == FOREVER else end
    if stop > start:
        yield from _bounded_steps(start, stop, calendar, pauses)
    if end == FOREVER:
        yield Step(max(stop, start), FOREVER, "paused", running(calendar, start, stop, pauses).seconds)


def _bounded_steps(start: Instant, end: Instant, calendar: Calendar | None, pauses: Spans) -> Iterator[Step]:
    runs = running(calendar, start, end, pauses)
    opened = running(calendar, start, end)
    edges = {start, end, *(edge for spans in (runs, opened) for pair in spans for edge in pair)}
    total = 0
    for begin, until in pairwise(sorted(edges)):
        if begin in runs:
            total += until - begin
            yield Step(begin, until, "running", total)
        elif begin in opened:
            yield Step(begin, until, "paused", total)
        else:
            assert calendar is not None, "elapsed time is never closed"
            yield Step(begin, until, "closed", total, tuple(_why_closed(begin, until, calendar)))


def _why_closed(begin: Instant, end: Instant, calendar: Calendar) -> Iterator[str]:
    """The reasons beyond ordinary hours for which a calendar is closed then, dates in a row together."""
    first, last = calendar.local_ordinal(begin), calendar.local_ordinal(end - 1)
    years = range(date.fromordinal(first).year - 1, date.fromordinal(last).year + 1)
    for span in calendar.closed:
        for one in map(span.beginning_in, years) if isinstance(span, Yearly) else (span,):
            if isinstance(one, TimeSpan) and Spans([one.pair(calendar.zone)]).clip(begin, end):
                yield f"{one} (closed)"
    for ordinal in range(first, last + 1):
        if calendar.public and ordinal in calendar.public.halves(date.fromordinal(ordinal).year):
            yield f"{_dates(ordinal, ordinal)} (half a holiday)"
    group: tuple[int, str] | None = None
    for ordinal in range(first, last + 2):
        why = _why_date(ordinal, calendar) if ordinal <= last else None
        if group is not None and why != group[1]:
            yield f"{_dates(group[0], ordinal - 1)} ({group[1]})"
            group = None
        if group is None and why is not None:
            group = (ordinal, why)


def _why_date(ordinal: int, calendar: Calendar) -> str | None:
    """Why a date has no windows; None when it has some."""
    if calendar.open_days(ordinal, ordinal + 1):
        return None
    if not calendar.week[(ordinal - 1) % 7]:
        return "no hours"
    if calendar.public is not None:
        name = calendar.public.name(date.fromordinal(ordinal))
        if name is not None:
            return name
    return "closed"


def _dates(first: int, last: int) -> str:
    """`Fri 25 Dec`, or `Sat 26 – Sun 27 Dec`: the year shows elsewhere."""
    begin, end = people_date(date.fromordinal(first))[:-5], people_date(date.fromordinal(last))[:-5]
    if first == last:
        return begin
    return f"{begin[:-4] if begin[-3:] == end[-3:] else begin} – {end}"
