"""One case: read, assessed, decided. Nothing is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.history import History
from respondby.desk.known import NOTHING_KNOWN, Known
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.desk.unread import read_at_once
from respondby.jobs.inputs.maintenance import is_maintenance
from respondby.jobs.inputs.merges import MERGED, POST_MORTEM, waits_for
from respondby.policy.model.policy import Policy
from respondby.policy.model.waits import short_clocks
from respondby.policy.model.watch import Watch
from respondby.promises.assess import assess
from respondby.promises.assessment import Assessment
from respondby.promises.windows import Window
from respondby.rules.card_facts import CardFacts
from respondby.rules.decide import decide
from respondby.rules.duty_cases import as_case, came_late
from respondby.rules.items import as_item
from respondby.rules.plan import Plan

LOG = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Decided:
    """A case, and what is to be done to it. `policy` is the one it is judged by: a duty's issue has its own."""

    policy: Policy
    case: Case
    history: History
    assessment: Assessment
    plan: Plan

    @property
    def shown(self) -> CardFacts:
        """What the card shows, of a case that something is to be done to."""
        assert self.plan.shown is not None, "nothing is done to a case that the desk has nothing to do with"
        return self.plan.shown


def decided(
    policy: Policy,
    case: Case,
    now: Instant,
    others: Sequence[Window] = (),
    log: Log | None = None,
    known: Known = NOTHING_KNOWN,
) -> Decided:
    """What is to be done to this case now. `others` are the windows of other cases, `log` is the desk's, where it was
    read, `known` what the run knows of the case.
    """
    if log is not None:
        known = known.remembering(came_late(policy, case, log))
    policy, history = _read(policy, case, now, known)
    assessment = assess(policy, history, now, history.ledger.pins)
    return Decided(policy, history.case, history, assessment, decide(policy, history, assessment, others))


def decided_together(policy: Policy, cases: Iterable[Case], now: Instant) -> list[Decided]:
    """The same of many cases, without those that cannot be looked at. All are read, then all assessed, then all
    decided: a processor that does the same thing a hundred times over needs three quarters of the time.
    """
    read_ = _each(cases, lambda case: _read(policy, case, now, NOTHING_KNOWN))
    assessed = _each(read_, lambda one: (*one, assess(*one, now, one[1].ledger.pins)))
    return _each(assessed, lambda one: Decided(one[0], one[1].case, one[1], one[2], decide(*one)))


def _read(policy: Policy, case: Case, now: Instant, known: Known) -> tuple[Policy, History]:
    """The case's history, and the policy it is judged by."""
    policy, case = as_item(*as_case(policy, case))
    known = known.remembering(read_at_once(policy, case, known))
    return policy, read(policy, case, known.at(now))


def _each(items: Iterable[T], make: Callable[[T], R]) -> list[R]:
    """What is made of each; what nothing can be made of is left to its own turn, which says why."""
    made = []
    for item in items:
        try:
            made.append(make(item))
        except Exception:
            LOG.debug("left to its own turn", exc_info=True)
    return made


def stands_alone(found: Decided) -> bool:
    """Whether what is to be done to this case depends on nothing but its own timeline and the policy: not on the desk's
    log, a merge, a companion or an incident; and no other case depends on it.
    """
    case, policy = found.case, found.policy
    return not (
        case.mark is not None
        or case.locked
        or found.plan.inside
        or any(waits_for(policy, found.assessment, kind) for kind in (MERGED, POST_MORTEM))
        or is_maintenance(policy, case)
        or _has_to_do_with_an_incident(policy, found.history)
    )


def _has_to_do_with_an_incident(policy: Policy, history: History) -> bool:
    """Whether it is an incident, or a request that was tied to one: what is said on the one reaches the other."""
    if any(fact.kind in ("tied", "incident") for fact in history.facts):
        return True
    incidents = policy.incidents
    return incidents is not None and history.state.holds(incidents.when, history.facts[-1].at if history.facts else 0)


def watched(policy: Policy, found: Decided) -> bool:
    """Whether a watch of this policy stays awake for what comes next of this case: of the cases that it is for, those
    that owe something of which a sweep each hour would come late.
    """
    coming = found.plan.next
    watch = policy.watch or Watch()
    if coming is None or not found.case.is_request or not found.history.state.holds(watch.when, coming):
        return False
    return any(run.live and run.clock in short_clocks(policy) for run in found.assessment.runs)
