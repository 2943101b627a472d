"""What the differences of all cases come to: by clock, by person and by customer, each figure with its cases.

A pair is (before, after). Of a person, `cases` are those in which their calls differ; of a clock and a customer, each
list names the cases behind it. What is the same on both sides is counted and not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import NamedTuple

from respondby.dataclass import dataclass
from respondby.replays.differences import Difference
from respondby.replays.playing import CallMade, Outcome, Replay

Pair = tuple[int, int]
#: Cases by their names, each once, in the order of their numbers.
Refs = tuple[str, ...]


class ClockTotal(NamedTuple):
    """A clock: how many promises there were and would be, kept, late and still open; and which cases differ how.

    `late` are cases with a promise that would have been late and was not, `kept` the other way round; `earlier` and
    `later` those whose due moves; `new` and `gone` those with a promise on one side only.
    """

    clock: str
    promises: Pair
    kept_count: Pair
    late_count: Pair
    open_count: Pair
    late: Refs
    kept: Refs
    earlier: Refs
    later: Refs
    new: Refs
    gone: Refs


class PersonTotal(NamedTuple):
    """A person: pages, those of them by night, and whatever else tells them something."""

    person: str
    pages: Pair
    nights: Pair
    notices: Pair
    cases: Refs


class CustomerTotal(NamedTuple):
    """A customer (empty: of nobody's): how many cases there were, promises kept and late, calls about their cases."""

    customer: str
    asked: int
    kept_count: Pair
    late_count: Pair
    pages: Pair
    late: Refs
    kept: Refs
    moved: Refs


@dataclass(frozen=True, slots=True)
class Totals:
    """All of it. `changed` are the cases in which anything differs."""

    cases: int
    changed: Refs
    clocks: tuple[ClockTotal, ...] = field(default=())
    people: tuple[PersonTotal, ...] = field(default=())
    customers: tuple[CustomerTotal, ...] = field(default=())


def totals(differences: Sequence[Difference], renamed: dict[str, str]) -> Totals:
    """What it comes to, everything in the alphabet's order. `renamed` has the new names of clocks by their old ones."""
    clocks: dict[str, None] = {}
    people: dict[str, str] = {}
    customers: dict[str, None] = {}
    for one in differences:
        clocks.update((renamed.get(promise.clock, promise.clock), None) for promise in one.case.before.promises)
        clocks.update((promise.clock, None) for promise in one.case.after.promises)
        people.update((call.person.lower(), call.person) for call in (*one.case.before.calls, *one.case.after.calls))
        customers[one.case.customer] = None
    return Totals(
        len(differences),
        _refs(one for one in differences if one),
        tuple(_clock(name, differences, renamed) for name in sorted(clocks)),
        tuple(_person(people[low], differences) for low in sorted(people)),
        tuple(_customer(name, differences) for name in sorted(customers)),
    )


def _clock(name: str, differences: Sequence[Difference], renamed: dict[str, str]) -> ClockTotal:
    before = [
        promise
        for one in differences
        for promise in one.case.before.promises
        if renamed.get(promise.clock, promise.clock) == name
    ]
    after = [promise for one in differences for promise in one.case.after.promises if promise.clock == name]

    def count(*outcomes: Outcome) -> Pair:
        return (
            sum(promise.outcome in outcomes for promise in before),
            sum(promise.outcome in outcomes for promise in after),
        )

    moved = [(one, change) for one in differences for change in one.moved if change.clock == name]
    return ClockTotal(
        name,
        count("kept", "late", "open", "cancelled", "informal"),
        count("kept"),
        count("late"),
        count("open"),
        late=_refs(one for one, change in moved if _turned(change.outcomes, "late")),
        kept=_refs(one for one, change in moved if change.outcomes == ("late", "kept")),
        earlier=_refs(one for one, change in moved if change.by < 0),
        later=_refs(one for one, change in moved if change.by > 0),
        new=_refs(one for one, change in moved if change.outcomes[0] in (None, "none")),
        gone=_refs(one for one, change in moved if change.outcomes[1] in (None, "none")),
    )


def _turned(outcomes: tuple[Outcome | None, Outcome | None], to: Outcome) -> bool:
    return outcomes[0] != to and outcomes[1] == to


def _person(person: str, differences: Sequence[Difference]) -> PersonTotal:
    low = person.lower()

    def calls(side: Replay) -> list[CallMade]:
        return [call for call in side.calls if call.person.lower() == low]

    before = [call for one in differences for call in calls(one.case.before)]
    after = [call for one in differences for call in calls(one.case.after)]
    return PersonTotal(
        person,
        (_pages(before), _pages(after)),
        (sum(bool(call.night) for call in before), sum(bool(call.night) for call in after)),
        (len(before) - _pages(before), len(after) - _pages(after)),
        _refs(one for one in differences if any(call.person.lower() == low for call in (*one.gone, *one.new))),
    )


def _customer(name: str, differences: Sequence[Difference]) -> CustomerTotal:
    theirs = [one for one in differences if one.case.customer == name]

    def count(outcome: Outcome) -> Pair:
        return (
            sum(promise.outcome == outcome for one in theirs for promise in one.case.before.promises),
            sum(promise.outcome == outcome for one in theirs for promise in one.case.after.promises),
        )

    return CustomerTotal(
        name,
        len(theirs),
        count("kept"),
        count("late"),
        (
            _pages(call for one in theirs for call in one.case.before.calls),
            _pages(call for one in theirs for call in one.case.after.calls),
        ),
        late=_refs(one for one in theirs if any(_turned(change.outcomes, "late") for change in one.moved)),
        kept=_refs(one for one in theirs if any(change.outcomes == ("late", "kept") for change in one.moved)),
        moved=_refs(one for one in theirs if one.moved),
    )


def _pages(calls: Iterable[CallMade]) -> int:
    return sum(call.verb == "page" for call in calls)


def _refs(differences: Iterable[Difference]) -> Refs:
    found = {one.case.ref for one in differences}
    return tuple(sorted(found, key=number_of))


def number_of(ref: str) -> int:
    """The number of a case by its name."""
    return int(ref.rpartition("#")[2])
