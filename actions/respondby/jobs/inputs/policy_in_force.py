"""The policy that holds for a run: the one on the default branch, or the last commit's that was valid.

- A policy that is broken on the default branch must not silence the desk: the last valid version serves, and the
  problems are told to the maintainers.
- A request that is opened just before an edit of the policy, or while no run came, is read by the policy of its own
  time: git knows that one, the record does not. Git is asked only where there is such a case, which no run has read:
  one request, and one more for each version that is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.unread import is_unread
from respondby.forge.client import Client
from respondby.forge.files import policy_history, read_named, text_at
from respondby.forge.gathering import POLICY, Gathered
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.teams import with_teams
from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.policy import Before, Policy
from respondby.policy.text.problems import PolicyError, Problem

#: How far back a valid policy is looked for.
COMMITS_BACK = 50

#: So many versions are read in one run, the newest; what was opened under older ones is read by today's.
MOST_VERSIONS = 5


class NoPolicy(Exception):
    """There is no policy that this run could keep; the text says what to do."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The policy of a run and the files that it names, by path.

    `problems` are of the policy on the default branch, when an older one serves instead.
    """

    policy: Policy
    files: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether the default branch's policy could not be used."""
        return bool(self.problems)


def policy_in_force(client: Client, gathered: Gathered, path: str = POLICY) -> PolicyInForce:
    """The policy for what was gathered. Raises NoPolicy where there has never been a valid one."""
    text = gathered.policy.text
    if text is None:
        raise NoPolicy(f"{path} does not exist on the default branch of {gathered.repository}: write one and merge it.")
    try:
        found = _load(client, text, gathered.commit, path)
        # No edit of the policy is younger than the branch that it was read from.
        return replace(found, policy=replace(found.policy, committed=gathered.committed))
    except PolicyError as error:
        problems = tuple(error.problems)
    for commit, _ in policy_history(client, path, COMMITS_BACK)[1:]:
        earlier = text_at(client, commit, path)
        if earlier is None:
            continue
        try:
            return replace(_load(client, earlier, commit, path), problems=problems)
        except PolicyError:
            continue  # older still: what is told to people are the problems of the newest
    raise NoPolicy(
        f"{path} has never been valid on the default branch: run `respondby check {path}`. First problem: {problems[0]}"
    )


def policy_at(client: Client, commit: str, path: str = POLICY) -> Policy | None:
    """The policy of that commit; None where it was none, or not valid."""
    text = text_at(client, commit, path)
    if text is None:
        return None
    try:
        return _load(client, text, commit, path).policy
    except PolicyError:
        return None


def _load(client: Client, text: str, commit: str | None, path: str) -> PolicyInForce:
    files = _files(client, text, commit)
    return PolicyInForce(replace(load(text, path=path, files=files), commit=commit), files)


def _files(client: Client, text: str, commit: str | None) -> dict[str, str]:
    names = named_files(text)
    return dict(read_named(client, names, commit)) if names and commit is not None else {}


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
