"""Rotas: who is on call, since when and until when (rule 5 of the language).

Laws:

- Turn `k` starts at occurrence `k` of the hand-over cadence and belongs to `members[k mod n]`; it ends where the next
  one starts. A turn that a clock change swallows is lost: its member does not get another one.
- While a member is away, their turn is the next member's who is not; the order of later turns stays.
- Overrides apply to whoever is on call then, in the order written. An override that says nothing changes nothing, not
  even where a shift is cut.
- A shift is a stretch of one turn over which the same overrides apply and the same people are on call. Shifts follow
  each other without a gap or an overlap; one of nobody is a shift as well.
- Before the first hand-over nobody is on call, nor after the cadence's `until`. An `assigned` rota has no turns: it
  is its entries, and nobody in between.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from respondby.calendars.cadences import Cadence
from respondby.calendars.errors import TimeError, hint, text_of
from respondby.calendars.instants import Instant, zone
from respondby.calendars.overrides import Override, People, read_overrides, read_people
from respondby.calendars.spans import Spans

_KEYS = ("timezone", "handover", "members", "overrides", "assigned", "shadows", "follow", "rest")

# Outside all instants: where the turn before the first hand-over begins, and where the last one ends.
_START, _END = -(2**62), 2**62

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
    """Why somebody is on call: whose turn it is by the order of the members, and the entries that apply."""

    turn: People
    entries: tuple[Override, ...]


@dataclass(frozen=True)
class Rota:
    """A rota object of the policy. Make one with `from_mapping`; hashable, equal by what it says."""

    timezone: str
    members: tuple[People, ...]
    handover: Cadence | None
    overrides: tuple[Override, ...] = ()
    away: tuple[tuple[str, Spans], ...] = ()
    # The shifts worked out so far, in order, with where each begins and ends.
    _shifts: list[Shift] = field(default_factory=list, init=False, repr=False, compare=False)
    _begins: list[Instant] = field(default_factory=list, init=False, repr=False, compare=False)
    _ends: list[Instant] = field(default_factory=list, init=False, repr=False, compare=False)

    @classmethod
    def from_mapping(cls, mapping: object, away: Mapping[str, Spans] | None = None, timezone: str = "UTC") -> "Rota":
        """The rota of a policy's rota object, with the entries of `overrides` and `assigned` inline.

        `away` says when people are away (`overrides.read_away`); `timezone` serves when the rota names none. Raises
        `TimeError` for what cannot be read, such as a rota of nobody.
        """
        if not isinstance(mapping, Mapping):
            raise TimeError("a rota must be a mapping such as {handover: {every: 1 week, …}, members: [ann, bob]}")
        for key in mapping:
            if key not in _KEYS:
                raise TimeError(f"a rota has no “{key}”{hint(str(key), _KEYS)}")
        name = text_of(mapping.get("timezone", timezone), "timezone")
        entries = [
            entry
            for key in ("assigned", "overrides")
            for entry in read_overrides(mapping.get(key, ()), zone(name), key)
        ]
        handover, members = _read_turns(mapping, name)
        return cls(name, members, handover, tuple(entries), tuple(sorted((away or {}).items())))

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
        member = self.members[turn % len(self.members)] if self.members and turn >= 0 and not self._ended(at) else ()
        return Reason(member, tuple(self._people(turn, at, self.overrides)[1]))

    def next_shift(self, at: Instant) -> Shift | None:
        """The shift that the next hand-over after `at` starts, as overrides and absences have it then.

        For an `assigned` rota, the next one of somebody. None when there is none.
        """
        if self.handover is None:
            return next(
                (shift for shift in self._all if shift.people and shift.since is not None and shift.since > at), None
            )
        begin = self.handover.after(at)
        return None if begin is None else self.on_call(begin)

    def previous_shift(self, at: Instant) -> Shift | None:
        """The shift that the last hand-over at or before `at` ended, as it was then; None when it was the first.

        For an `assigned` rota, the last one of somebody that had ended by then.
        """
        if self.handover is None:
            ended = [shift for shift in self._all if shift.people and shift.until is not None and shift.until <= at]
            return ended[-1] if ended else None
        turn = self._turn(at)
        return self.on_call(self._bounds(turn)[0] - 1) if turn > 0 else None

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

    def _cut(self, turn: int) -> tuple[list[Instant], list[Shift]]:
        """A turn cut into shifts, with the instants at which they begin."""
        begin, end = self._bounds(turn)
        entries = [entry for entry in self.overrides if entry.begin < end and entry.end > begin]
        edges = {edge for entry in entries for edge in (entry.begin, entry.end)}
        edges |= {edge for _, spans in self.away for pair in spans for edge in pair}
        starts: list[Instant] = []
        stretches: list[tuple[People, list[Override]]] = []
        for at in sorted({begin} | {edge for edge in edges if begin < edge < end}):
            stretch = self._people(turn, at, entries)
            if not stretches or stretches[-1] != stretch:
                starts.append(at)
                stretches.append(stretch)
        return starts, [
            Shift(people, since if since > _START else None, until if until < _END else None)
            for (people, _), since, until in zip(stretches, starts, [*starts[1:], end], strict=True)
        ]

    def _people(self, turn: int, at: Instant, entries: Sequence[Override]) -> tuple[People, list[Override]]:
        """Who is on call at an instant of a turn, and which entries made it so."""
        people = self._present(turn, at)
        applied = []
        for entry in entries:
            if entry.begin <= at < entry.end:
                replaced = entry.applied_to(people)
                if replaced is not None:
                    people = replaced
                    applied.append(entry)
        return people, applied

    def _present(self, turn: int, at: Instant) -> People:
        """The member whose turn it is, less those away; the next one with anybody there when all of them are."""
        if turn < 0 or self._ended(at):
            return ()
        gone = {person for person, spans in self.away if at in spans}
        for step in range(len(self.members)):
            member = self.members[(turn + step) % len(self.members)]
            present = tuple(person for person in member if person not in gone)
            if present:
                return present
        return ()


def _read_turns(mapping: Mapping[str, object], timezone: str) -> tuple[Cadence | None, tuple[People, ...]]:
    if "assigned" in mapping:
        if "members" in mapping or "handover" in mapping:
            raise TimeError("an assigned rota has no members and no hand-over; its entries say who is on call")
        return None, ()
    members = mapping.get("members")
    if "handover" not in mapping or not isinstance(members, Sequence) or isinstance(members, str):
        raise TimeError("a rota needs a handover and a list of members, or assigned entries")
    if not members:
        raise TimeError("a rota of nobody: list its members")
    cadence = Cadence.from_mapping(mapping["handover"], timezone)
    return cadence, tuple(read_people(member, "a member of a rota") for member in members)
