"""The ends of business days, weeks and sprints (rule 3 of the language).

- A date closes with its last window, wherever that ends; only open dates close.
- A week runs from Monday to Sunday and closes with the last close of its dates.
- A sprint closes at the last close of a date that is after its start and not after its boundary.
- `end of X` is the first such close after the start.
- `end of next business day` is the close of the first open date after the start's local date; `end of next week` and
  `end of next sprint` are the last close of the first one with open time after the one that holds the start.
"""

from collections.abc import Callable
from contextlib import suppress

from respondby.calendars.cadences import Cadence
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import DAY, Instant, people_instant, people_time


def end_of(period: str, following: bool, start: Instant, calendar: Calendar) -> Instant:
    """The end of the (next) `business day`, `week` or `sprint` for a promise made at `start`. Raises `TimeError`."""
    if period == "sprint":
        return _end_of_sprint(start, following, calendar)
    if following:
        today = calendar.local_ordinal(start)
        if period == "business day":
            return calendar.open_day(today + 1).closes
        first = calendar.open_day(_next_monday(today))
        return max(day.closes for day in calendar.open_days(first.ordinal, _next_monday(first.ordinal)))
    if period == "week":
        return _first_close(start, calendar, calendar.earliest_ordinal(start - 7 * DAY), _next_monday)
    return _first_close(start, calendar, calendar.earliest_ordinal(start), _tomorrow)


def _first_close(start: Instant, calendar: Calendar, first: int, end_of_unit: Callable[[int], int]) -> Instant:
    """The earliest close after `start` of a unit of dates, a unit being the dates that share their `end_of_unit`."""
    day = calendar.open_day(calendar.earliest_ordinal(start))
    while day.windows[-1][1] <= start:
        day = calendar.open_day(day.ordinal + 1)
    unit = end_of_unit(day.ordinal)
    best = max(one.windows[-1][1] for one in calendar.open_days(day.ordinal, unit))
    with suppress(TimeError):  # it may never open again
        if calendar.open_day(unit).windows[0][0] >= best:
            return best  # what opens later closes later
    best = day.closes
    # An opening that lasts for days may close after later units do: look on as far as one of those can still open.
    for _ in range(2):
        closes: dict[int, Instant] = {}
        for day in calendar.open_days(first, end_of_unit(calendar.local_ordinal(best))):
            unit, close = end_of_unit(day.ordinal), day.windows[-1][1]
            if close > closes.get(unit, start):
                closes[unit] = close
        best = min(closes.values())
    return best


def _tomorrow(ordinal: int) -> int:
    return ordinal + 1


def _next_monday(ordinal: int) -> int:
    """The ordinal of the first Monday after a date. Ordinal 1 is a Monday."""
    return ordinal + 7 - (ordinal - 1) % 7


def _end_of_sprint(start: Instant, following: bool, calendar: Calendar) -> Instant:
    sprints = calendar.sprints
    if sprints is None:
        raise TimeError("“end of sprint” needs `sprints` in the calendar, such as {every: 2 weeks, from: 2026-01-05}")
    k = sprints.index(start)
    if following and k < 0:
        first, shown = people_instant(sprints.start(0), calendar.zone), people_time(start, calendar.zone)
        raise TimeError(f"no sprint holds {shown}: the first begins at {first}; set `sprints.from` earlier")
    after = sprints.start(k + 1) if following or k < 0 else start
    close = end_of("business day", False, after, calendar)
    if sprints.until is not None and close > sprints.until:
        raise TimeError(
            f"sprints end at {people_instant(sprints.until, calendar.zone)}; set `sprints.until` later or leave it out"
        )
    return _sprint_close(sprints, sprints.index(close - 1), calendar)


def _sprint_close(sprints: Cadence, k: int, calendar: Calendar) -> Instant:
    """The last close of a date in sprint `k`, which has one."""
    begin, end = sprints.start(k), sprints.start(k + 1)
    if sprints.until is not None:
        end = min(end, sprints.until)
    days = calendar.open_days(calendar.earliest_ordinal(begin), calendar.local_ordinal(end) + 1)
    return max(day.closes for day in days if begin < day.closes <= end)
