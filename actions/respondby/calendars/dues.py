"""When a promise runs out, and how much of its time is gone: rules 1 to 4, 6 and 7 of the language.

Laws:

- Every function is pure: instants and a calendar in, an instant or a number of seconds out.
- A due never comes before the start, except for a time that had passed when it was promised.
- Pauses are a set of instants: order, overlaps and splitting change nothing. They only ever move a due later.
- `elapsed(c, start, due(…)) == D` for a duration of seconds, whatever the pauses.

Which calendar measures a clock (`measured_on`): the target's own where it names one. Otherwise a plain duration has
none and is elapsed time; `business …` and `by …` take the default calendar, and a `by T` where there is none is
elapsed time too.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from respondby.calendars.closings import end_of
from respondby.calendars.durations import Duration
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER, Instant, resolve, wall
from respondby.calendars.spans import Pair, Spans
from respondby.calendars.targets import At, EndOf, Target, Within


def measured_on(target: Target, named: Calendar | None, default: Calendar | None) -> Calendar | None:
    """The calendar of a clock with this target, None for elapsed time. Raises `TimeError` where one is needed."""
    if named is not None:
        if type(target) is EndOf:
            return named
        if isinstance(target, Within) and target.duration.in_days:
            meant = _business_days(target.duration, named)
            raise TimeError(
                f"“{target.duration}” cannot be measured on a calendar; write “{meant}”, or leave the "
                "calendar out for elapsed time"
            )
        return named
    if isinstance(target, Within) and not target.duration.business:
        return None
    if default is None and not isinstance(target, At):
        raise TimeError(f"“{target}” needs a calendar; name one, or give the policy a default `calendar`")
    return default


def due(
    target: Target,
    start: Instant,
    named: Calendar | None = None,
    default: Calendar | None = None,
    pauses: Collection[Pair] | Spans = (),
    timezone: str = "UTC",
) -> Instant:
    """The instant at which a promise made at `start` runs out, pauses counted (rules 1 to 4 and 6).

    `named` is the calendar that the target names, `default` the policy's. A pause that nobody has ended ends at
    `FOREVER`, and the due that it holds is `FOREVER`. `timezone` is that of a local `by T` where no calendar measures
    the clock.
    """
    calendar = measured_on(target, named, default)
    return moved(unmoved(target, start, calendar, timezone), start, calendar, pauses)


def unmoved(target: Target, start: Instant, calendar: Calendar | None, timezone: str = "UTC") -> Instant:
    """The due on the clock's own calendar before any pause."""
    if isinstance(target, At):
        return target.resolved(calendar.timezone if calendar else timezone)
    if isinstance(target, EndOf):
        assert calendar is not None, "measured_on gives every closing a calendar"
        return end_of(target.period, target.following, start, calendar)
    return later(start, target.duration, calendar)


def later(start: Instant, duration: Duration, calendar: Calendar | None) -> Instant:
    """`duration` after `start`, on `calendar` or in elapsed time; a `business` one needs a calendar."""
    if calendar is None:
        _refuse_business(duration)
        return start + duration.seconds
    if duration.business_days:
        return _business_days_later(start, duration.business_days, calendar)
    return calendar.add(start, duration.seconds)


def moved(end: Instant, start: Instant, calendar: Calendar | None, pauses: Collection[Pair] | Spans) -> Instant:
    """A due, moved along the calendar by the open time that pauses covered (rule 6).

    A pause counts whole when it begins before the due as moved so far, and not at all otherwise.
    """
    if not pauses:
        return end
    for begin, finish in Spans(pauses).clip(start, FOREVER):
        if begin >= end:
            break
        if finish == FOREVER:
            return FOREVER
        end = end + finish - begin if calendar is None else calendar.add(end, calendar.between(begin, finish))
    return end


def elapsed(calendar: Calendar | None, begin: Instant, end: Instant, pauses: Collection[Pair] | Spans = ()) -> int:
    """Open seconds (every second, without a calendar) from `begin` to `end`, less pauses; never negative (rule 6)."""
    if end <= begin:
        return 0
    if not pauses:
        return end - begin if calendar is None else calendar.between(begin, end)
    if calendar is None:
        return end - begin - Spans(pauses).clip(begin, end).seconds
    return calendar.between(begin, end) - sum(calendar.between(*pause) for pause in Spans(pauses).clip(begin, end))


def running(calendar: Calendar | None, begin: Instant, end: Instant, pauses: Iterable[Pair] = ()) -> Spans:
    """The spans in which a clock runs between two instants: open time less pauses. Their seconds are `elapsed`."""
    if end <= begin:
        return Spans()
    open_time = Spans(((begin, end),)) if calendar is None else calendar.spans(begin, end)
    return open_time - Spans(pauses)


def offset(due: Instant, duration: Duration, calendar: Calendar | None, *, before: bool = False) -> Instant:
    """`due + D`, or `due - D` when `before` (rule 7).

    Plain durations are elapsed time, `business …` is on the clock's calendar. Where the clock has none, pass the
    policy's default calendar; a `business` duration without either is a `TimeError`.
    """
    if due == FOREVER:
        return FOREVER
    if not duration.business:
        return due - duration.seconds if before else due + duration.seconds
    if calendar is None or not before:
        return later(due, duration, calendar)
    if duration.business_days:
        return _business_days_earlier(due, duration.business_days, calendar)
    return calendar.subtract(due, duration.seconds)


def share(
    start: Instant, due: Instant, percent: int, calendar: Calendar | None, pauses: Iterable[Pair] = ()
) -> Instant:
    """The first instant by which `percent` of the clock's own time from start to due is gone (rule 7).

    The clock's own time is open time on its calendar, or elapsed time, less pauses; used up exactly at a closing it
    is that closing. A clock without any such time until its due (a time agreed outside hours) is shared out in
    elapsed time.
    """
    if not 0 <= percent <= 100:
        raise TimeError(f"{percent}% is no share; write 0% to 100%, or due + a duration")
    if due == FOREVER:
        return FOREVER
    if percent == 0 or due <= start:
        return min(start, due)
    if percent == 100:
        return due
    own = running(calendar, start, due, pauses) or running(None, start, due, pauses) or Spans(((start, due),))
    reached = own.reached(-(-own.seconds * percent // 100))
    assert reached is not None, "a share is never more than the whole"
    return reached


def _business_days_later(start: Instant, days: int, calendar: Calendar) -> Instant:
    """Rule 2: the same local time so many open days later, clamped back into that day's open time."""
    start = calendar.open_from(start)
    own = calendar.day_holding(start)
    day = calendar.open_day(own.ordinal + 1, days - 1)
    same_time = _same_time(start, day.ordinal - own.ordinal, calendar)
    if same_time <= day.opens:
        return max(start, calendar.closed_by(day.opens))
    return max(start, max(min(same_time, closes) for opens, closes in day.windows if opens <= same_time))


def _business_days_earlier(end: Instant, days: int, calendar: Calendar) -> Instant:
    """Rule 2 backwards: the same local time so many open days earlier, clamped into that day's open time.

    A closing belongs to the day it closes; an end outside hours counts from the closing before it.
    """
    end = calendar.closed_by(end)
    own = calendar.day_holding(end - 1)
    day = calendar.open_day(own.ordinal, -days)
    same_time = _same_time(end, day.ordinal - own.ordinal, calendar)
    return max((min(same_time, closes) for opens, closes in day.windows if opens < same_time), default=day.opens)


def _same_time(instant: Instant, days: int, calendar: Calendar) -> Instant:
    """The same local time on a date `days` later."""
    local = wall(instant, calendar.zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    return resolve(local, calendar.zone)


def _refuse_business(duration: Duration) -> None:
    if duration.business:
        raise TimeError(f"“{duration}” needs a calendar; name one, or give the policy a default `calendar`")


def _business_days(duration: Duration, calendar: Calendar) -> str:
    """What plain days and weeks probably mean there: a week has as many business days as the calendar opens in one."""
    weeks, rest = divmod(duration.seconds, 7 * 86_400)
    days = max(1, weeks * sum(bool(windows) for windows in calendar.week) + rest // 86_400)
    return f"{days} business {'day' if days == 1 else 'days'}"
