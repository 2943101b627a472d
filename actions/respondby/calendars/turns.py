"""Whose turn is which: the order of a rota's members, also where some of them join or leave.

Laws (rule 5):

- In a plain list turn `k` is `members[k mod n]`'s.
- A member with a term (`from`, `until`) takes turns that start within it. When members join or leave, the order goes
  on: the next turn belongs to the first member of the list after whoever had the last one who serves then. So nothing
  changes before the first turn that starts at or after the joining, and the order of the others never does.
- A member who joins during a turn waits for one that starts later; one who leaves during a turn gives the rest of it
  to the next, as one who is away does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import cached_property

from respondby.calendars.cadences import Cadence
from respondby.calendars.errors import TimeError, hint
from respondby.calendars.instants import Instant, parse_time
from respondby.calendars.overrides import People, read_people
from respondby.calendars.spans import Pair
from respondby.dataclass import dataclass

#: The term of a member who has always served and always will: outside all instants.
ALWAYS: Pair = (-(2**62), 2**62)

_KEYS = ("who", "from", "until")


@dataclass(frozen=True)
class Turns:
    """The members in their order, and the term of each."""

    handover: Cadence
    members: tuple[People, ...]
    terms: tuple[Pair, ...]

    def holder(self, turn: int) -> int | None:
        """Which member has a turn, by its place in the list; None where nobody serves then."""
        firsts, orders = self._orders
        at = bisect_right(firsts, turn) - 1
        serving, place = orders[at]
        return serving[(place + turn - firsts[at]) % len(serving)] if serving else None

    def serves(self, member: int, at: Instant) -> bool:
        """Does an instant lie in a member's term?"""
        begin, end = self.terms[member]
        return begin <= at < end

    @cached_property
    def edges(self) -> tuple[Instant, ...]:
        """The instants at which a member joins or leaves, in order."""
        return tuple(sorted({edge for term in self.terms for edge in term} - {*ALWAYS}))

    @cached_property
    def _orders(self) -> tuple[list[int], list[tuple[list[int], int]]]:
        """For each first turn of a time in which the same members serve: who they are, and the place of its holder."""
        firsts = sorted({0} | {self.handover.index(edge - 1) + 1 for edge in self.edges})
        orders: list[tuple[list[int], int]] = []
        last = -1
        for number, first in enumerate(firsts):
            if number and orders[-1][0]:
                serving, place = orders[-1]
                last = serving[(place + first - 1 - firsts[number - 1]) % len(serving)]
            start = self.handover.start(first) if self.edges else 0
            serving = [member for member in range(len(self.members)) if self.serves(member, start)]
            orders.append((serving, bisect_right(serving, last) % len(serving) if serving else 0))
        return firsts, orders


def read_members(members: object, where: tzinfo) -> tuple[tuple[People, ...], tuple[Pair, ...]]:
    """The members of a rota and their terms: a person, a pair in a list, or `{who, from?, until?}`."""
    if not isinstance(members, Sequence) or isinstance(members, str):
        raise TimeError("a rota needs a handover and a list of members, or assigned entries")
    if not members:
        raise TimeError("a rota of nobody: list its members")
    read = [_read_member(member, where) for member in members]
    return tuple(people for people, _ in read), tuple(term for _, term in read)


def _read_member(member: object, where: tzinfo) -> tuple[People, Pair]:
    if not isinstance(member, Mapping):
        return read_people(member, "a member of a rota"), ALWAYS
    for key in member:
        if key not in _KEYS:
            raise TimeError(f"unknown key “{key}” in a member of a rota{hint(str(key), _KEYS)}")
    if "who" not in member:
        raise TimeError("a member of a rota with dates needs “who”, such as {who: ann, from: 2026-11-01}")
    begin, end = (
        ALWAYS[place] if member.get(key) is None else parse_time(member[key], where)
        for place, key in enumerate(("from", "until"))
    )
    people = read_people(member["who"], "who of a member of a rota")
    if end <= begin:
        raise TimeError(
            f"{' and '.join(people)} would leave the rota before joining it; write the earlier date as `from`"
        )
    return people, (begin, end)
