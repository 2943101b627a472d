"""The maintainers' issue: one issue that says the policy on the default branch is broken, closed when it is mended.

It is known by who opened it and by the marker in its text as we last wrote it (law 6), whatever somebody calls it.
"""

from __future__ import annotations

from respondby.desk import markers
from respondby.desk.case import Case, Mark
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.gathering import Gathered
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.maintainers import TITLE, render_broken_policy


def is_ours(case: Case) -> bool:
    """Whether this is the issue that we opened ourselves, and no request."""
    if case.mark is not None:
        return case.mark.kind == "policy"
    # Until version 0.2 it had no marker.
    return case.title == TITLE and any(moment.kind == "opened" and moment.ours for moment in case.moments)


def notify(client: Client, in_force: PolicyInForce, gathered: Gathered) -> None:
    """Open the issue where the policy is broken and there is none; close it where the policy is valid again."""
    standing = [case for case in gathered.cases if case.open and is_ours(case)]
    if in_force.broken and not standing:
        mark = markers.write_mark(Mark("policy"), gathered.us.home, secret=gathered.us.secret)
        body = render_broken_policy(in_force.problems, in_force.policy.commit)
        writing.open_issue(client, TITLE, f"{body}\n\n{mark}")
    if not in_force.broken:
        for case in standing:
            writing.close(client, case.number)
