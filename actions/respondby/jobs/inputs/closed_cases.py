"""Closed cases that still owe something long after: a workaround to be undone next month, a post-mortem.

A sweep gathers what is open and what was touched lately; a closed case that nobody touches would be forgotten. So the
log remembers when such a case is to be looked at again, and then it is fetched by its number. Laws:

- What is noted is when to look, never what to do: the case itself says that.
- A case that was looked at and has nothing to come is not fetched again; one that is gone neither.
- A desk whose closed cases owe nothing pays no request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.log import Entry, Log
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, PartialAnswer, TooHeavy
from respondby.forge.gathering import Gathered, Identify, gather_case

KIND = "owed"

#: A case that is looked at again within so many seconds is still gathered then: it was touched lately.
SOON = 7 * 86_400

NEVER = "never"


@dataclass(slots=True)
class ClosedCases:
    """The cases that one sweep has fetched, what the log is to remember of them and others, and what went wrong."""

    cases: list[Case] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def visited(self, log: Log, case: Case, following: Instant | None, now: Instant) -> None:
        """A case was visited: `following` is when it changes by itself."""
        self.notes.extend(noted(log, case, following, now, fetched=case in self.cases))


def fetch(client: Client, identify: Identify, log: Log, gathered: Gathered, read: Collection[int] = ()) -> ClosedCases:
    """The cases that have to be looked at now and that nobody has touched for long. `read` are the numbers of those
    that were gathered as well and are among its cases no more.
    """
    found = ClosedCases()
    for number in to_fetch(log, gathered.now, {*read, *(case.number for case in gathered.cases)}):
        try:
            again = gather_case(client, number, identify=identify)
            found.cases.extend(again.cases)
            found.failed.extend(f"{ref}: {why}" for ref, why in again.failed)
        except CaseGone:
            found.notes.extend(gone(log, number, gathered.now))
        except (CaseError, TooHeavy, PartialAnswer) as error:  # one case ends no sweep (law 7)
            found.failed.append(str(error))
    return found


def coming(log: Log, now: Instant) -> Instant | None:
    """When a case has to be looked at next."""
    found = (entry.facts.get("next", NEVER) for entry in _last(log))
    return min((int(at) for at in found if at.isdigit() and int(at) > now), default=None)


def to_fetch(log: Log, now: Instant | None, known: Collection[int]) -> list[int]:
    """The numbers of cases not in `known` that are to be looked at by `now` (without it: that owe something)."""
    found = []
    for entry in _last(log):
        number, at = entry.facts.get("number", ""), entry.facts.get("next", NEVER)
        if number.isdigit() and at.isdigit() and int(number) not in known and (now is None or int(at) <= now):
            found.append(int(number))
    return sorted(found)


def noted(log: Log, case: Case, following: Instant | None, now: Instant, *, fetched: bool) -> Iterator[Entry]:
    """What the log is to remember of a case that was looked at: `following` is when it changes by itself."""
    late = not case.open and following is not None and following > now + SOON
    known = log.of_kind(KIND, case.node_id)
    at = str(following) if late or (fetched and following is not None) else NEVER
    if at == NEVER and not fetched:
        return
    if not known or known[-1].facts.get("next") != at:
        yield Entry(
            KIND, case.node_id, f"{case.number}@{at}/{now}", now, facts={"number": str(case.number), "next": at}
        )


def gone(log: Log, number: int, now: Instant) -> Iterable[Entry]:
    """That a case cannot be fetched any more."""
    for entry in _last(log):
        if entry.facts.get("number") == str(number):
            yield Entry(KIND, entry.name, f"{number}@{NEVER}/{now}", now, facts={"number": str(number), "next": NEVER})


def _last(log: Log) -> Iterator[Entry]:
    """The last entry about each case."""
    latest = {entry.name: entry for entry in sorted(log.entries.values(), key=lambda one: one.at) if entry.kind == KIND}
    yield from latest.values()
