"""The policy of one run: the one in force, knowing who is in its teams."""

from __future__ import annotations

from dataclasses import replace

from respondby.dataclass import dataclass
from respondby.forge.gathering import Gathered
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.earlier_policies import with_earlier
from respondby.jobs.inputs.policy_in_force import PolicyInForce, policy_in_force
from respondby.jobs.inputs.teams import with_teams


@dataclass(frozen=True, slots=True)
class RunPolicy:
    """The policy in force, with its teams, and what a maintainer should know of those that could not be read."""

    in_force: PolicyInForce
    remarks: tuple[str, ...] = ()


def run_policy(desk: Desk, gathered: Gathered) -> RunPolicy:
    """The policy for what was gathered. Raises NoPolicy where there has never been a valid one."""
    in_force = policy_in_force(desk.client, gathered)
    policy, remarks = with_teams(in_force.policy, desk.client, desk.secrets)
    return with_versions(RunPolicy(replace(in_force, policy=policy), remarks), desk, gathered)


def with_versions(known: RunPolicy, desk: Desk, gathered: Gathered) -> RunPolicy:
    """The same, where its cases have been gathered only since: knowing those earlier versions that they need."""
    policy = with_earlier(known.in_force.policy, desk.client, gathered)
    return replace(known, in_force=replace(known.in_force, policy=policy))
