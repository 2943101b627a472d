"""A case that no run has read, though a policy of before was in force when it was opened.

It is read as if a run had come at once, under the policy of then: what that run would have kept is kept now, and all
that follows goes on from there.
"""

from __future__ import annotations

from dataclasses import replace

from respondby.desk.case import Case
from respondby.desk.in_force import IN_FORCE
from respondby.desk.known import Known
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.reading import read
from respondby.policy.model.policy import Policy


def is_unread(case: Case) -> bool:
    """Whether it is an open request of which nothing is recorded yet."""
    return case.is_request and case.open and not any(kept.kind == IN_FORCE for kept in case.ledger.kept.values())


def read_at_once(policy: Policy, case: Case, known: Known) -> Ledger:
    """What a run at the case's opening would have kept; nothing where today's policy was in force, or a run has come.

    A version that was not live has promised nobody anything.
    """
    then = next((one.policy for one in policy.before if one.since <= case.created < one.until), None)
    if then is None or then.mode != "live" or not is_unread(case):
        return EMPTY
    opening = tuple(
        replace(moment, revisions=tuple(text for text in moment.revisions if text.at <= case.created))
        for moment in case.moments
        if moment.kind == "opened"
    )
    then = replace(then, teams=policy.teams, committed=None)
    decided = read(then, replace(case, moments=opening), known).decided
    return Ledger(kept={kept.key: kept for kept in decided})
