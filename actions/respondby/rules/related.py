"""What an incident is most like: said once to the desk, when it is opened, and to nobody else.

Whether somebody has looked is kept on the case, what was found is not: customers read there.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import DAY, Instant
from respondby.desk.gate import is_incident
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.policy.model.clocks import Verbs
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Because
from respondby.rules.task import Task

#: The record of what was said, and the kept fact that somebody has looked.
KEY, SEARCHED = "related/opening", "related looked"

#: An incident that has been open for longer than this is not told of when a policy begins to ask for it, in seconds.
SOON = DAY


def wants_related(policy: Policy, history: History, now: Instant) -> bool:
    """Whether somebody has to look for what the case is like: it is an incident, new, and nobody has looked; or what
    was found could not be said.
    """
    asked = policy.incidents.related if policy.incidents is not None else None
    if asked is None or not history.state.open or now - history.case.created > SOON:
        return False
    record = history.ledger.records.get(KEY)
    if record is not None:
        return record.pending or bool(record.vacant)
    return SEARCHED not in history.ledger.kept and is_incident(policy, history.state, now)


def searched(now: Instant) -> Ledger:
    """That a run has searched for what the case is like."""
    return Ledger(kept={SEARCHED: Kept(SEARCHED, now, "", "", SEARCHED, "")})


def related_tasks(policy: Policy, history: History, ledger: Ledger) -> Iterator[Task]:
    """Telling the desk, where this run has looked and found something."""
    asked = policy.incidents.related if policy.incidents is not None else None
    if asked is None or not history.known.related:
        return
    links = tuple((document.title, document.link or document.ref) for document in history.known.related)
    record = ledger.records.get(KEY)
    verbs = Verbs(notify=asked.notify, via=asked.via)
    yield Task(KEY, history.case.created, verbs, Because("related", "", links=links), True, True, (), None, record)
