"""The policy that holds for a run: the one on the default branch, or the last commit's that was valid.

A policy that is broken on the default branch must not silence the desk: the last valid version serves, and the problems
are told to the maintainers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.files import policy_history, read_named, text_at
from respondby.forge.gathering import POLICY, Gathered
from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import PolicyError, Problem

#: How far back a valid policy is looked for.
COMMITS_BACK = 50


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
