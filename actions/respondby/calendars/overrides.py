"""Dated entries of a rota: swaps (`overrides`) and assignments (`assigned`), and the spans in which people are away.

An entry is `{from, until, on, instead-of?, why?}`: `on` is a person or a list of people, times are local in the rota's
zone unless they have an offset, `until` is excluded. With `instead-of` it replaces that person while they are on call;
without, whoever is (rule 5). Entries apply in the order in which they are written, so a later one sees what an earlier
one has done. An empty `on` is nobody, on purpose; such an entry says why.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from respondby.calendars.dated import read_spans, spans_of
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import (
    FIRST_YEAR,
    LAST_YEAR,
    UTC,
    Instant,
    instant_of,
    people_instant,
    read_time,
    wall,
    zone,
)
from respondby.calendars.spans import Spans
from respondby.dataclass import dataclass

People = tuple[str, ...]

#: So many entries of a rota may apply at one instant.
MOST_AT_ONCE = 12

_KEYS = ("from", "until", "on", "instead-of", "why")


@dataclass(frozen=True, slots=True)
class Override:
    """From `begin` until before `end`, `on` stand in for `instead_of`, or for everybody when that is None.

    `why` is what people are told of it; it decides nothing.
    """

    begin: Instant
    end: Instant
    on: People
    instead_of: str | None = None
    why: str = ""

    def applied_to(self, people: People) -> People | None:
        """Who is on call when these people were; None when the entry says nothing about them."""
        if self.instead_of is None:
            return self.on
        if self.instead_of not in people:
            return None
        swapped: list[str] = []
        for person in people:
            swapped += self.on if person == self.instead_of else (person,)
        return tuple(dict.fromkeys(swapped))


class Entries:
    """The entries of a rota by when they apply: each question is a binary search, however many there are.

    Raises `TimeError` where more than `MOST_AT_ONCE` apply at once, which nobody means: reading them would take time
    that grows with the square of their number.
    """

    def __init__(self, overrides: Sequence[Override], where: tzinfo = UTC) -> None:
        self._cuts = sorted({edge for entry in overrides for edge in (entry.begin, entry.end)})
        begins: dict[Instant, list[int]] = {}
        for index, entry in enumerate(overrides):
            begins.setdefault(entry.begin, []).append(index)
        self._active: list[tuple[int, ...]] = []
        active: tuple[int, ...] = ()
        for cut in self._cuts:
            active = (*(index for index in active if overrides[index].end > cut), *begins.get(cut, ()))
            active = tuple(sorted(index for index in active if overrides[index].end > cut))
            if len(active) > MOST_AT_ONCE:
                raise TimeError(
                    f"more than {MOST_AT_ONCE} entries of one rota apply at once, at {people_instant(cut, where)}; "
                    "leave those that count, each as long as it has to be"
                )
            self._active.append(active)

    def at(self, instant: Instant) -> tuple[int, ...]:
        """The entries that apply at an instant, by their places in the list, in its order."""
        at = bisect_right(self._cuts, instant) - 1
        return self._active[at] if at >= 0 else ()

    def edges(self, begin: Instant, end: Instant) -> list[Instant]:
        """The instants after `begin` and before `end` at which an entry begins or ends."""
        return self._cuts[bisect_right(self._cuts, begin) : bisect_left(self._cuts, end)]


def read_overrides(entries: object, where: tzinfo, what: str) -> tuple[Override, ...]:
    """The entries of a list in their order; `what` names the list in an error."""
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise TimeError(f"{what} must be a list of entries such as {{from: 2026-01-14T18:00, until: …, on: cid}}")
    return tuple(_read_override(entry, where, what) for entry in entries)


def read_people(people: object, what: str) -> People:
    """One person or several, in the order written, each once. Nobody is a `TimeError`."""
    names = [people] if isinstance(people, str) else people
    if not isinstance(names, Sequence) or not names:
        raise TimeError(f"{what} must be a person or a list of people, not {people!r:.60}")
    read = [text_of(name, what) for name in names]
    if not all(read):
        raise TimeError(f"{what} names a person without a name")
    return tuple(dict.fromkeys(read))


def read_away(people: object, timezone: str) -> dict[str, Spans]:
    """When each person is away, from the policy's `people`: `{login: {timezone?, away?: [SPAN]}}`.

    Spans are local in the person's own zone, or in `timezone` where they have none. Other keys are left alone.
    """
    if not isinstance(people, Mapping):
        raise TimeError("people must be a mapping such as {ann: {away: [2026-08-03/2026-08-14]}}")
    away = {}
    for person, facts in people.items():
        if isinstance(facts, Mapping) and facts.get("away"):
            where = zone(facts.get("timezone", timezone))
            away[person] = spans_of(read_spans(facts["away"], f"people.{person}.away"), where)
    return away


def _read_override(entry: object, where: tzinfo, what: str) -> Override:
    if not isinstance(entry, Mapping):
        raise TimeError(f"an entry of {what} must be a mapping such as {{from: 2026-01-14T18:00, until: …, on: cid}}")
    for key in entry:
        if key not in _KEYS:
            raise TimeError(f"unknown key “{key}” in an entry of {what}{hint(str(key), _KEYS)}")
    for key in ("from", "until", "on"):
        if key not in entry:
            raise TimeError(f"an entry of {what} needs “{key}”")
    times = read_time(entry["from"]), read_time(entry["until"])
    begin, end = (instant_of(time, where) for time in times)
    # Two local times may be one instant where a clock change swallows what is between: that entry is merely idle.
    both_local = times[0].tzinfo is None and times[1].tzinfo is None
    if (times[1] <= times[0]) if both_local else (end <= begin):
        raise TimeError(f"an entry of {what} has no length: from {entry['from']} until {entry['until']}")
    instead_of, why = (
        None if entry.get(key) is None else text_of(entry[key], f"{key} in {what}") for key in ("instead-of", "why")
    )
    for instant in (begin, end):
        if not FIRST_YEAR <= wall(instant, where).year <= LAST_YEAR:
            year = wall(instant, where).year
            raise TimeError(
                f"an entry of {what} lies in the year {year}; entries may lie in the years {FIRST_YEAR} to {LAST_YEAR}"
            )
    on = entry["on"]
    if isinstance(on, Sequence) and not on and not isinstance(on, str):
        if not why:
            raise TimeError(f"an entry of {what} puts nobody on call; say `why`, so that it is seen to be meant")
        return Override(begin, end, (), instead_of, why)
    return Override(begin, end, read_people(on, f"on in {what}"), instead_of, why or "")
