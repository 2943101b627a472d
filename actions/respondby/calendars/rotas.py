"""Rotas: who is on call, since when and until when (rule 5 of the language).

Laws:

- Turn `k` starts at occurrence `k` of the hand-over cadence and belongs to whom `turns` says, in a plain list of
  members to `members[k mod n]`; it ends where the next one starts. A turn that a clock change swallows is lost: its
  member does not get another one.
- While a member is away, their turn is the next member's who is not; the order of later turns stays.
- Overrides apply to whoever is on call then, in the order written. An override that says nothing changes nothing, not
  even where a shift is cut. One of nobody (`on: []`) is a gap that was meant.
- Outside of the calendar `during` nobody is on call, whatever an override says.
- A shift is a stretch of one turn over which the same overrides apply and the same people are on call. Shifts follow
  each other without a gap or an overlap; one of nobody is a shift as well.
- Before the first hand-over nobody is on call, nor after the cadence's `until`. An `assigned` rota has no turns: it
  is its entries, and nobody in between.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from itertools import pairwise

from respondby.calendars.cadences import Cadence
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant, zone
from respondby.calendars.overrides import Entries, Override, People, read_overrides
from respondby.calendars.spans import Pair, Spans
from respondby.calendars.turns import ALWAYS, Turns, read_members
from respondby.calendars.working_days import read_cadence
from respondby.dataclass import dataclass

_KEYS = ("timezone", "handover", "members", "during", "overrides", "assigned", "shadows", "follow", "rest")

# Outside all instants: where the turn before the first hand-over begins, and where the last one ends.
_START, _END = ALWAYS

# Shifts that are kept, so that a rota that is asked about years does not grow without end.
_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on call from `since` until before `until`; None where no hand-over or entry bounds it."""

    people: People
    since: Instant | None
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is on call: whose turn it is by the order of the members, and the entries that apply.

    `on_purpose` says that nobody is, and that this was said: by an entry of nobody, or by the calendar `during`.
    """

    turn: People
    entries: tuple[Override, ...]
    on_purpose: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A time in which nothing begins or ends: what each entry, by its place in the list, made of whom."""

    begin: Instant
    end: Instant
    steps: tuple[tuple[int, People, People | None], ...]
    people: People


@dataclass(frozen=True)
class Rota:
    """A rota object of the policy. Make one with `from_mapping`; hashable, equal by what it says.

    `terms` says from when until when each of `members` serves; empty where all of them always do.
    """

    timezone: str
    members: tuple[People, ...]
    handover: Cadence | None
    overrides: tuple[Override, ...] = ()
    away: tuple[tuple[str, Spans], ...] = ()
    terms: tuple[Pair, ...] = ()
    during: Calendar | None = None
    # The shifts worked out so far, in order, with where each begins and ends.
    _shifts: list[Shift] = field(default_factory=list, init=False, repr=False, compare=False)
    _begins: list[Instant] = field(default_factory=list, init=False, repr=False, compare=False)
    _ends: list[Instant] = field(default_factory=list, init=False, repr=False, compare=False)

    @classmethod
    def from_mapping(
        cls,
        mapping: object,
        away: Mapping[str, Spans] | None = None,
        timezone: str = "UTC",
        calendar: Calendar | None = None,
    ) -> "Rota":
        """The rota of a policy's rota object, with the entries of `overrides` and `assigned` inline.

        `away` says when people are away (`overrides.read_away`); `timezone` serves when the rota names none, and
        `calendar` counts business days where the hand-over names none. Raises `TimeError` for what cannot be read,
        such as a rota of nobody.
        """
        if not isinstance(mapping, Mapping):
            raise TimeError("a rota must be a mapping such as {handover: {every: 1 week, …}, members: [ann, bob]}")
        for key in mapping:
            if key not in _KEYS:
                raise TimeError(f"unknown key “{key}” in a rota{hint(str(key), _KEYS)}")
        name = text_of(mapping.get("timezone", timezone), "timezone")
        entries = tuple(
            entry
            for key in ("assigned", "overrides")
            for entry in read_overrides(mapping.get(key, ()), zone(name), key)
        )
        absent = tuple(sorted((away or {}).items()))
        if "assigned" in mapping:
            if {"members", "handover", "during"} & set(mapping):
                raise TimeError("an assigned rota has no members and no hand-over; its entries say who is on call")
            return cls(name, (), None, entries, absent)._checked()
        if "handover" not in mapping:
            raise TimeError("a rota needs a handover and a list of members, or assigned entries")
        members, terms = read_members(mapping.get("members"), zone(name))
        handover = read_cadence(mapping["handover"], name, calendar)
        given = mapping.get("during")
        during = None if given is None else Calendar.from_mapping(given, name)
        rota = cls(name, members, handover, entries, absent, terms if set(terms) != {ALWAYS} else (), during)
        return rota._checked()

    def _checked(self) -> "Rota":
        """This rota; a `TimeError` where more of its entries apply at once than anybody means."""
        _ = self._entries
        return self

    def on_call(self, at: Instant) -> Shift:
        """The shift that holds an instant."""
        known = bisect_right(self._begins, at) - 1
        if known < 0 or at >= self._ends[known]:
            self._learn(self._turn(at))
            known = bisect_right(self._begins, at) - 1
        return self._shifts[known]

    def reason(self, at: Instant) -> Reason:
        """Why it is whom `on_call` names at an instant."""
        turn = self._turn(at)
        member = self._holder(turn) if turn >= 0 and not self._ended(at) else None
        steps = self._steps(turn, at)
        entries = tuple(self.overrides[index] for index, _, after in steps if after is not None)
        said = self._off(at) or (bool(entries) and not self._people(turn, at))
        return Reason(() if member is None else self.members[member], entries, on_purpose=said)

    def next_shift(self, at: Instant) -> Shift | None:
        """The shift that the next hand-over after `at` starts, as overrides and absences have it then.

        For an `assigned` rota, and for the turns of one with `during`, the next one of somebody. None where none is.
        """
        if self.handover is None:
            return next(
                (shift for shift in self._all if shift.people and shift.since is not None and shift.since > at), None
            )
        begin = self.handover.after(at)
        return None if begin is None else self._shifts_of_turn(self._turn(begin))[0]

    def previous_shift(self, at: Instant) -> Shift | None:
        """The shift that the last hand-over at or before `at` ended, as it was then; None when it was the first.

        For an `assigned` rota, and for the turns of one with `during`, the last one of somebody by then.
        """
        if self.handover is None:
            ended = [shift for shift in self._all if shift.people and shift.until is not None and shift.until <= at]
            return ended[-1] if ended else None
        turn = self._turn(at)
        return self._shifts_of_turn(turn - 1)[-1] if turn > 0 else None

    def shifts(self, begin: Instant, end: Instant) -> Iterator[Shift]:
        """The shifts that touch `[begin, end)`, in order and whole, those of nobody too."""
        at: Instant | None = begin
        while at is not None and at < end:
            shift = self.on_call(at)
            yield shift
            at = shift.until

    def handovers(self, begin: Instant, end: Instant) -> Iterator[Instant]:
        """The changes of shift in `[begin, end)`: hand-overs, or where entries of an `assigned` rota begin or end."""
        if self.handover is not None:
            yield from self.handover.between(begin, end)
        else:
            yield from (shift.since for shift in self._all if shift.since is not None and begin <= shift.since < end)

    @cached_property
    def _all(self) -> list[Shift]:
        """Every shift of a rota without hand-overs."""
        return self._cut(0)[1]

    def _turn(self, at: Instant) -> int:
        """The number of the turn that holds an instant: -1 before the first, one past the last after the end."""
        if self.handover is None:
            return 0
        turn = self.handover.index(at)
        return turn + 1 if self._ended(at) else turn

    def _ended(self, at: Instant) -> bool:
        """Have the hand-overs ended by then?"""
        return self.handover is not None and self.handover.until is not None and at >= self.handover.until

    def _bounds(self, turn: int) -> tuple[Instant, Instant]:
        """Where a turn starts and where it ends."""
        if self.handover is None:
            return _START, _END
        begin = self.handover.start(turn) if turn >= 0 else _START
        end = self.handover.start(turn + 1)
        until = self.handover.until
        if until is None:
            return begin, end
        return (until, _END) if begin >= until else (begin, min(end, until))

    def _learn(self, turn: int) -> None:
        """Work out the shifts of a turn and keep them in their place."""
        if len(self._shifts) >= _KEPT:
            for kept in (self._shifts, self._begins, self._ends):
                kept.clear()
        begins, shifts = self._cut(turn)
        place = bisect_right(self._begins, begins[0])
        self._begins[place:place] = begins
        self._ends[place:place] = [*begins[1:], self._bounds(turn)[1]]
        self._shifts[place:place] = shifts

    def pieces(self, begin: Instant, end: Instant) -> Iterator[Piece]:
        """`[begin, end)` in times in which nothing begins or ends, with what every entry does in each of them."""
        while begin < end:
            turn = self._turn(begin)
            finish = min(end, self._bounds(turn)[1])
            edges = [begin, *self._edges(begin, finish), finish]
            for at, until in pairwise(edges):
                steps = self._steps(turn, at)
                yield Piece(at, until, tuple(steps), self._made(turn, at, steps))
            begin = finish

    def _shifts_of_turn(self, turn: int) -> list[Shift]:
        """The shifts of a turn; without those of nobody where there are others and a calendar says when they are."""
        begin, end = self._bounds(turn)
        if self.during is None:
            return [self.on_call(begin), self.on_call(end - 1)]
        shifts = list(self.shifts(begin, end))
        return [shift for shift in shifts if shift.people] or shifts

    def _cut(self, turn: int) -> tuple[list[Instant], list[Shift]]:
        """A turn cut into shifts, with the instants at which they begin."""
        begin, end = self._bounds(turn)
        starts: list[Instant] = []
        stretches: list[tuple[People, list[int]]] = []
        for at in (begin, *self._edges(begin, end)):
            steps = self._steps(turn, at)
            stretch = self._made(turn, at, steps), [index for index, _, after in steps if after is not None]
            if not stretches or stretches[-1] != stretch:
                starts.append(at)
                stretches.append(stretch)
        return starts, [
            Shift(people, since if since > _START else None, until if until < _END else None)
            for (people, _), since, until in zip(stretches, starts, [*starts[1:], end], strict=True)
        ]

    def _edges(self, begin: Instant, end: Instant) -> list[Instant]:
        """The instants between these at which it may change who is on call, in order."""
        edges = {*self._entries.edges(begin, end)}
        for fixed in (self._absences, self._order.edges if self._order else ()):
            edges.update(fixed[bisect_right(fixed, begin) : bisect_left(fixed, end)])
        if self.during is not None and begin > _START and end < _END:
            edges.update(edge for pair in self.during.spans(begin, end) for edge in pair if begin < edge < end)
        return sorted(edges)

    def _people(self, turn: int, at: Instant) -> People:
        """Who is on call at an instant of a turn."""
        return self._made(turn, at, self._steps(turn, at))

    def _made(self, turn: int, at: Instant, steps: list[tuple[int, People, People | None]]) -> People:
        """Who is on call after these entries."""
        changed = [after for _, _, after in steps if after is not None]
        return changed[-1] if changed else () if self._off(at) else self._present(turn, at)

    def _steps(self, turn: int, at: Instant) -> list[tuple[int, People, People | None]]:
        """Each entry at an instant, by its place: who was on call before it, and who then is (None: as before)."""
        active = self._entries.at(at)
        if not active or self._off(at):
            return []
        people, steps = self._present(turn, at), []
        for index in active:
            after = self.overrides[index].applied_to(people)
            steps.append((index, people, after))
            people = people if after is None else after
        return steps

    def _off(self, at: Instant) -> bool:
        """Does the calendar `during` say that nobody is on call then?"""
        return self.during is not None and not self.during.is_open(at)

    def _present(self, turn: int, at: Instant) -> People:
        """The member whose turn it is, less those away; the next one with anybody there when all of them are."""
        if turn < 0 or self._ended(at):
            return ()
        first = self._holder(turn)
        for step in range(len(self.members) if first is not None else 0):
            member = ((first or 0) + step) % len(self.members)
            if self._order is not None and not self._order.serves(member, at):
                continue
            present = tuple(who for who in self.members[member] if not (who in self._away and at in self._away[who]))
            if present:
                return present
        return ()

    def _holder(self, turn: int) -> int | None:
        """Which member has a turn, by place in the list."""
        if self._order is not None:
            return self._order.holder(turn)
        return turn % len(self.members) if self.members else None

    @cached_property
    def _order(self) -> Turns | None:
        """The order of turns where members have terms."""
        return Turns(self.handover, self.members, self.terms) if self.handover and self.terms else None

    @cached_property
    def _entries(self) -> Entries:
        """The entries by when they apply."""
        return Entries(self.overrides, zone(self.timezone))

    @cached_property
    def _away(self) -> dict[str, Spans]:
        """When people are away, by person."""
        return dict(self.away)

    @cached_property
    def _absences(self) -> list[Instant]:
        """When anybody who can be on call goes away or comes back, in order."""
        known = {who for group in (*self.members, *(entry.on for entry in self.overrides)) for who in group}
        return sorted({edge for who, spans in self.away if who in known for pair in spans for edge in pair})
