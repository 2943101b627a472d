"""What to answer next: `queue(facts)`, every open case in the order in which the desk should turn to it.

Laws:

- First what the desk has promised and what runs, the least time left first (open time of the promise's own calendar;
  what is past due has less than none); then what nothing is promised of, the oldest first; last what waits for somebody
  else, the longest first.
- A case is told by the promise that has the least time left. Time that the customer is given (a clock that `waiting`
  starts) is no promise of the desk's, and tells of a case only where nothing else does.
- What the policy calls void is owed nothing, and is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass
from respondby.reports.cases import CaseFacts, ClockRun
from respondby.reports.desk import Facts, scoped

#: Whose turn it is: ours, the customer's, or nobody's while something else is awaited.
Turn = Literal["us", "customer", "hold"]
#: Where a case stands in the queue, in this order.
Part = Literal["owed", "unpromised", "waiting"]

PARTS: tuple[Part, ...] = ("owed", "unpromised", "waiting")


class QueueRow(NamedTuple):
    """An open case. `promise` is what tells of it (None: nothing runs), `paused` the clocks that stand still.

    `since` is since when it waits for somebody else (None: it does not).
    """

    case: CaseFacts
    part: Part
    turn: Turn
    promise: ClockRun | None
    paused: tuple[ClockRun, ...]
    since: Instant | None

    @property
    def overdue(self) -> bool:
        """Whether its promise is past due."""
        return self.promise is not None and self.promise.state == "breached"

    @property
    def left(self) -> int:
        """What is left of its promise in open time, for one that has a promise."""
        assert self.promise is not None, "asked of what is owed"
        assert self.promise.left is not None, "a promise that tells of a case has a due"
        return self.promise.left

    @property
    def due(self) -> Instant:
        """When its promise is due; never for one that has none."""
        return FOREVER if self.promise is None or self.promise.due is None else self.promise.due


@dataclass(frozen=True, slots=True)
class Queue:
    """The open cases in order, of one product, customer or person (`person` as it was asked for), or of all."""

    facts: Facts
    rows: tuple[QueueRow, ...]
    person: str | None = None

    def of(self, part: Part) -> tuple[QueueRow, ...]:
        """The rows of one part."""
        return tuple(row for row in self.rows if row.part == part)


def queue(facts: Facts, *, product: str | None = None, customer: str | None = None, person: str | None = None) -> Queue:
    """What to answer next. An empty `person` stands for what is nobody's; logins have no case of letters."""
    facts = scoped(facts, product=product, customer=customer)
    rows = (row_of(case) for case in facts.cases if case.open and not case.void)
    kept = (row for row in rows if person is None or _is_of(row.case, person))
    return Queue(facts, in_order(kept), person)


def row_of(case: CaseFacts, *, by_due: bool = False) -> QueueRow:
    """An open case as the queue has it; `by_due` takes the promise that is due first, whatever time is left by then."""
    paused = tuple(run for run in case.runs if run.paused_since is not None)
    running = [run for run in case.runs if run.live and run.left is not None and run.promise]
    ours = _nearest((run for run in running if not run.of_customer), by_due=by_due)
    stands = [run.paused_since for run in paused if run.paused_since is not None]
    if case.waiting_since is not None:
        turn: Turn = "customer"
        stands.append(case.waiting_since)
    else:
        turn = "hold" if paused and ours is None else "us"
    part: Part = "owed" if ours is not None else "unpromised" if turn == "us" else "waiting"
    return QueueRow(case, part, turn, ours or _nearest(running, by_due=by_due), paused, min(stands, default=None))


def in_order(rows: Iterable[QueueRow]) -> tuple[QueueRow, ...]:
    """Rows in the order in which the desk should turn to them."""
    return tuple(sorted(rows, key=_order))


def _is_of(case: CaseFacts, person: str) -> bool:
    if not person:
        return not case.assignees
    return person.casefold() in (one.casefold() for one in case.assignees)


def _nearest(runs: Iterable[ClockRun], *, by_due: bool) -> ClockRun | None:
    def order(run: ClockRun) -> tuple[int, Instant, str]:
        return 0 if by_due else run.left or 0, FOREVER if run.due is None else run.due, run.clock

    return min(runs, key=order, default=None)


def _order(row: QueueRow) -> tuple[int, int, Instant, int]:
    """Its part; then time left and due, or since when."""
    place = PARTS.index(row.part)
    if row.part == "owed":
        return place, row.left, row.due, row.case.number
    if row.part == "unpromised":
        return place, 0, row.case.opened, row.case.number
    return place, 0, FOREVER if row.since is None else row.since, row.case.number
