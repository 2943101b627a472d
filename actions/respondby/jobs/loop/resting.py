"""Cases that are at rest, as a sweep that reads everything keeps them: each is looked at as soon as it is read, and of
one that nothing is to be done to, and that no later phase asks for, only a few words stay.

Laws:

- Whoever is let go here would have come to rest all the same: what is to be done to the case depends on its own
  timeline and the policy alone (`stands_alone`), and no other case depends on it.
- What turns out afterwards to matter (a call that the desk's log keeps, since the issue was locked once) is read again.
- A desk with drafts keeps every case: what a draft tells is known last.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.built_in.incident_ties import ties_are_served
from respondby.desk.case import Case
from respondby.desk.log import Log
from respondby.forge.intake import LetGo, keep
from respondby.jobs.effects import locked
from respondby.jobs.inputs import closed_cases
from respondby.jobs.loop.deciding import Decided, decided_together, stands_alone, watched
from respondby.jobs.loop.report import Settled
from respondby.policy.model.policy import Policy
from respondby.rules.related import wants_related

if TYPE_CHECKING:
    from respondby.reports.queue_standing import StandingRow

LOG = logging.getLogger(__name__)

NO_LOG = Log()


@dataclass(slots=True)
class Resting:
    """The cases that one sweep has let go, by number: what its report says of each (`settled`), and what stands of it
    in the queue (`rows`), where there is one.

    `decided` is what was decided of those that were kept since something is to be done to them; `last` is when
    something happened to any of the others last, and to which.
    """

    settled: dict[int, Settled] = field(default_factory=dict)
    rows: dict[int, StandingRow] = field(default_factory=dict)
    decided: dict[int, Decided] = field(default_factory=dict)
    last: tuple[Instant, str] | None = None

    def looking(self, policy: Policy, now: Instant) -> LetGo:
        """What looks at cases as they are read, by this policy, and says which were let go."""
        if any(duty.draft is not None for duty in policy.duties.values()):
            return keep
        return lambda cases: self._look(policy, cases, now)

    def earlier(self, policy: Policy, case: Case) -> Decided | None:
        """What was decided of the case when it was read, where the policy is still that one."""
        found = self.decided.get(case.number)
        return found if found is not None and found.case is case and found.policy is policy else None

    def needed(self, log: Log, known: Iterable[int]) -> list[int]:
        """The numbers of those about which the desk's log keeps something, and of those of which this run `known`-s."""
        entries = (entry for entry in log.entries.values() if entry.kind == locked.KIND)
        kept = {int(number) for entry in entries if (number := entry.facts.get("number", "")).isdigit()}
        return sorted(self.settled.keys() & {*kept, *known})

    def forget(self, number: int) -> None:
        """It is not among them any more."""
        for known in (self.settled, self.rows, self.decided):
            known.pop(number, None)

    def _look(self, policy: Policy, cases: Sequence[Case], now: Instant) -> set[int]:
        for case in cases:
            self.forget(case.number)  # it may have come twice
        candidates = [case for case in cases if case.mark is None and not case.locked]
        return {found.case.number for found in decided_together(policy, candidates, now) if self._is_let_go(found, now)}

    def _is_let_go(self, found: Decided, now: Instant) -> bool:
        policy, case, plan = found.policy, found.case, found.plan
        try:
            if not stands_alone(found):
                return False
            if plan or _is_asked_for(found, now):
                self.decided[case.number] = found
                return False
            if policy.queue is not None:
                self.rows.update((row.number, row) for row in rows_of(found))
        except Exception:
            LOG.debug("%s: left to its own turn", case.ref, exc_info=True)
            return False
        self.settled[case.number] = Settled(
            case.ref, case.number, case.title, plan.next,
            remarks=list(plan.remarks), alone=True, watched=watched(policy, found),
        )  # fmt: skip
        touched = case.moments[-1].at
        if self.last is None or touched > self.last[0]:
            self.last = touched, case.ref
        return True


def rows_of(found: Decided) -> list[StandingRow]:
    """What stands of a case in the queue: nothing where it is closed or owed nothing."""
    # Only a sweep has a queue, and starting any other run is faster without what it takes.
    from respondby.reports.queue_standing import standing_row
    from respondby.reports.reading import facts_of

    facts = facts_of(found.policy, found.history, found.assessment)
    return [standing_row(facts)] if facts.open and not facts.void else []


def _is_asked_for(found: Decided, now: Instant) -> bool:
    """Whether a later phase of a sweep asks for a case at rest: what it is tied to, whether it is an incident by now,
    what it is like, when a closed one has to be looked at again.
    """
    policy, case, history = found.policy, found.case, found.history
    if ties_are_served(policy) and (history.wishes or any(moment.kind == "parent" for moment in case.moments)):
        return True
    if policy.incidents is not None and history.state.holds(policy.incidents.when, now):
        return True
    if wants_related(policy, history, now):
        return True
    return any(closed_cases.noted(NO_LOG, case, found.plan.next, now, fetched=False))
