"""Roles of layers, told without a case: who answers at an instant where only the time of day decides.

A role with an alternative that asks about the case (`when: {priority: urgent}`) has no answer here.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.policy.model.conditions import Role, When
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import holders

_TIMED = frozenset({"during", "outside"})


class _NoCase:
    """A role's surroundings where there is no case: nobody asked, nobody is assigned, and only the time is known."""

    author = ""
    assignees: tuple[str, ...] = ()
    speaker: str | None = None

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def field(self, _: str) -> str | None:
        """Of no product, and of no other value."""
        return None

    def holds(self, when: When, at: Instant) -> bool:
        """Whether the time is as the condition asks."""
        return all(
            any(self.policy.calendars[name].is_open(at) for name in term.values) == (term.key == "during")
            for term in when.terms
        )


def layered(policy: Policy, at: Instant, rotas: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Who answers now in each role of several layers that names one of these rotas, by the role's name."""
    return {
        name: holders(policy, name, at, _NoCase(policy))
        for name, role in policy.roles.items()
        if len(role.alternatives) > 1 and _by_time(policy, role) and rotas.intersection(_rotas(role))
    }


def _rotas(role: Role) -> Iterator[str]:
    return (choice.rota for choice in role.alternatives if choice.rota is not None and choice.shift == "current")


def _by_time(policy: Policy, role: Role, depth: int = 0) -> bool:
    """Whether neither this role nor one that it means asks about a case."""
    if depth > len(policy.roles):
        return False
    return all(
        {term.key for term in choice.when.terms} <= _TIMED
        and (
            choice.role is None
            or choice.role not in policy.roles
            or _by_time(policy, policy.roles[choice.role], depth + 1)
        )
        for choice in role.alternatives
    )
