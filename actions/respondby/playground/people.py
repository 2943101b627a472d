"""Who is in a game: the policy's people, its customers, and three whom every desk has.

A customer and a stranger belong to nothing, as on a public repository; the maintainer owns it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from respondby.policy.model.policy import Policy

Part = Literal["customer", "staff", "maintainer", "stranger"]

#: Whom every desk has.
_EVERYWHERE: tuple[tuple[str, Part], ...] = (("casey", "customer"), ("morgan", "maintainer"), ("robin", "stranger"))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody whom one can be, and what they are to the desk; `why` says more."""

    login: str
    part: Part
    why: str = ""


def cast(policy: Policy) -> tuple[Actor, ...]:
    """Everybody whom one can be, in the order in which they are offered. Logins are told apart without case."""
    found: dict[str, Actor] = {}
    for actor in _of_policy(policy):
        found.setdefault(actor.login.casefold(), actor)
    for login, part in _EVERYWHERE:
        name = login
        while name.casefold() in found:
            name += "-2"
        found[name.casefold()] = Actor(name, part)
    order: tuple[Part, ...] = ("customer", "staff", "maintainer", "stranger")
    return tuple(sorted(found.values(), key=lambda actor: order.index(actor.part)))


def _of_policy(policy: Policy) -> Iterator[Actor]:
    for customer in policy.customers.values():
        yield from (Actor(login, "customer", customer.name) for login in customer.members)
    for login in policy.people:
        roles = [name for name in policy.roles if login in _named(policy, name)]
        staff = "staff" in roles or "staff" not in policy.roles
        yield Actor(login, "staff" if staff else "customer", ", ".join(name for name in roles if name != "staff"))


def _named(policy: Policy, role: str, above: frozenset[str] = frozenset()) -> frozenset[str]:
    """Who is named in a role, its rotas and the roles that it stands for."""
    if role in above or role not in policy.roles:
        return frozenset({role})
    found: set[str] = set()
    for one in policy.roles[role].alternatives:
        found.update(one.people)
        if one.rota is not None:
            found.update(login for member in policy.rotas[one.rota].rota.members for login in member)
        if one.role is not None:
            found |= _named(policy, one.role, above | {role})
    return frozenset(found)
