"""What rotas ask of people: stretches on call, how two versions of a rota differ, and figures of fairness.

Laws:

- A stretch is `[begin, end)` and somebody, or nobody; the stretches of a rota over a time follow each other without a
  gap or an overlap and cover it.
- `changes(a, b)` are exactly the instants at which the people of `a` and of `b` differ; `changes(a, a)` is empty, and
  `changes(b, a)` is `changes(a, b)` with sides exchanged.
- A night counts for whoever is on call at `NIGHT` of a date, a day of the weekend and a public holiday for whoever is
  at `NOON` of it. So every night, day and holiday of a person's own zone counts once, however shifts are cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from respondby.calendars.instants import Instant, resolve, wall
from respondby.calendars.overrides import People
from respondby.calendars.rotas import Rota
from respondby.calendars.spans import Pair, Spans

#: The time of day that makes a night, and the one that makes a day, on a person's own clock.
NIGHT, NOON = time(3), time(12)

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who is on call from `begin` until before `end`."""

    people: People
    begin: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Change:
    """From `begin` until before `end` it is `after` instead of `before`."""

    before: People
    after: People
    begin: Instant
    end: Instant

    @property
    def gain(self) -> People:
        """Who is on call now and was not."""
        return tuple(person for person in self.after if person not in self.before)

    @property
    def lose(self) -> People:
        """Who was on call and no longer is."""
        return tuple(person for person in self.before if person not in self.after)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one person carries: stretches, seconds, nights, days of the weekend and public holidays on call."""

    shifts: int = 0
    seconds: int = 0
    nights: int = 0
    weekend_days: int = 0
    holidays: int = 0


def stretches(rota: Rota | None, begin: Instant, end: Instant) -> Iterator[Stretch]:
    """The shifts in `[begin, end)`, cut to it; nobody where there is no rota."""
    if rota is None:
        yield Stretch((), begin, end)
        return
    for shift in rota.shifts(begin, end):
        since = begin if shift.since is None else max(begin, shift.since)
        yield Stretch(shift.people, since, end if shift.until is None else min(end, shift.until))


def changes(before: Rota | None, after: Rota | None, begin: Instant, end: Instant) -> list[Change]:
    """When and how who is on call differs between two versions of a rota; None is a rota that is not there.

    The order of a pair is no difference. Stretches that differ alike and touch are one.
    """
    found: list[Change] = []
    olds, news = stretches(before, begin, end), stretches(after, begin, end)
    old, new = next(olds, None), next(news, None)
    at = begin
    while old is not None and new is not None:
        until = min(old.end, new.end)
        if set(old.people) != set(new.people):
            last = found[-1] if found else None
            if last and last.end == at and (last.before, last.after) == (old.people, new.people):
                found[-1] = Change(last.before, last.after, last.begin, until)
            else:
                found.append(Change(old.people, new.people, at, until))
        at = until
        old = next(olds, None) if old.end == until else old
        new = next(news, None) if new.end == until else new
    return found


def figures(
    shifts: Iterable[tuple[str, Pair]], zone_of: Callable[[str], tzinfo], holidays: Callable[[int], frozenset[int]]
) -> dict[str, Figures]:
    """What each person carries of these times on call, by name; times that overlap are carried once.

    `holidays` gives the ordinals of a year's public holidays.
    """
    times: dict[str, list[Pair]] = {}
    for person, pair in shifts:
        times.setdefault(person, []).append(pair)
    return {person: _figures(pairs, zone_of(person), holidays) for person, pairs in sorted(times.items())}


def _figures(pairs: list[Pair], where: tzinfo, holidays: Callable[[int], frozenset[int]]) -> Figures:
    spans = Spans(pairs)
    nights = weekend_days = free = 0
    for begin, end in spans:
        nights += sum(1 for _ in _days(begin, end, NIGHT, where))
        for day in _days(begin, end, NOON, where):
            weekend_days += day.weekday() >= _SATURDAY
            free += day.toordinal() in holidays(day.year)
    return Figures(len(pairs), spans.seconds, nights, weekend_days, free)


def _days(begin: Instant, end: Instant, clock: time, where: tzinfo) -> Iterator[datetime]:
    """The dates on which a clock in `where` shows this time of day within `[begin, end)`.

    Where the clock jumps over that time, the first instant after the gap counts for it, unless the whole date is jumped
    over: Samoa had no 30 December 2011.
    """
    day = datetime.combine(wall(begin, where), clock)
    while (at := resolve(day, where)) < end:
        if at >= begin and wall(at, where).date() == day.date():
            yield day
        day += timedelta(days=1)
