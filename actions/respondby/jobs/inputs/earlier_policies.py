"""Policies that were in force when a case was opened which no run has read yet: git knows them, the record does not.

A request that is opened just before an edit of the policy, or while no run came, is read by the policy of its own
time. Git is asked only where there is such a case: one request, and one more for each version that is needed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from respondby.desk.case import Case
from respondby.desk.unread import is_unread
from respondby.forge.client import Client
from respondby.forge.files import policy_history
from respondby.forge.gathering import POLICY, Gathered
from respondby.jobs.inputs.policy_in_force import COMMITS_BACK, policy_at
from respondby.policy.model.policy import Before, Policy

#: So many versions are read in one run, the newest; what was opened under older ones is read by today's.
MOST_VERSIONS = 5


def with_earlier(policy: Policy, client: Client, gathered: Gathered) -> Policy:
    """The policy, knowing those versions of it that its unread cases need."""
    waiting = [case for case in gathered.cases if _came_before(policy, case)]
    if not waiting:
        return policy
    versions = policy_history(client, POLICY, COMMITS_BACK)
    # Each with when the next one came: what that one is, today's policy or another, is not theirs.
    stood = [(older.at, newer.at, older.commit) for newer, older in pairwise(versions)]
    wanted = [one for one in stood if any(one[0] <= case.created < one[1] for case in waiting)][:MOST_VERSIONS]
    loaded = ((since, until, policy_at(client, commit)) for since, until, commit in wanted)
    return replace(
        policy, before=tuple(Before(since, until, then) for since, until, then in loaded if then is not None)
    )


def _came_before(policy: Policy, case: Case) -> bool:
    """Whether it was opened before the policy was last committed, and nobody has looked at it."""
    followed = policy.since is None or case.created >= policy.since
    return policy.committed is not None and case.created < policy.committed and followed and is_unread(case)
