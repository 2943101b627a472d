"""Who holds a role: now, for pages and mentions; and at all, for what `by ROLE` accepts.

- Now: the first alternative whose `when` applies and who has somebody present. Away people are not present; whoever a
  rota has on call is, overrides included; the next and the previous shift are told wherever they are.
- At all (rule 13): anyone whom any alternative of the role can ever name, whatever its `when` and whoever is away.
- A product may fill a role in its own way: a case of that product looks there and nowhere else.
- `author`, `assignee`, `speaker` and `anyone` are built in; the login of one of `people` stands for that person.
- Logins have no case.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from respondby.calendars.instants import Instant
from respondby.policy.model.conditions import Alternative, Role, When
from respondby.policy.model.policy import Policy, RotaPlan

#: GitHub's `author_association` of people of the house. Members who keep it private look like strangers.
MEMBERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class RoleState(Protocol):
    """What a role needs to know of a case at an instant."""

    @property
    def author(self) -> str:
        """The requester's login (rule 16)."""

    @property
    def assignees(self) -> tuple[str, ...]:
        """The logins of the assignees."""

    @property
    def speaker(self) -> str | None:
        """Who said or did what is being judged; None where nobody did."""

    def field(self, name: str) -> str | None:
        """The value of a field, `product` included."""

    def holds(self, when: When, at: Instant) -> bool:
        """Does this condition hold at that instant?"""


def holders(policy: Policy, name: str, at: Instant, state: RoleState) -> tuple[str, ...]:
    """The logins of who holds the role at that instant; nobody where no alternative has somebody present."""
    if name == "author":
        return (state.author,)
    if name == "assignee":
        return state.assignees
    if name == "speaker":
        return (state.speaker,) if state.speaker is not None else ()
    role = _role(policy, name, state)
    if role is None:
        return _present(policy, _logins(policy, name), at)
    for alternative in role.alternatives:
        if not alternative.when or state.holds(alternative.when, at):
            people = _now(policy, alternative, at, state)
            if people:
                return people
    return ()


def shadows(policy: Policy, name: str, at: Instant, state: RoleState) -> tuple[str, ...]:
    """The roles that are told with whoever holds the role: the `shadows` of the rota in which they are on call."""
    role = _role(policy, name, state)
    for alternative in role.alternatives if role is not None else ():
        if alternative.when and not state.holds(alternative.when, at):
            continue
        if not _now(policy, alternative, at, state):
            continue
        if alternative.role is not None:
            return shadows(policy, alternative.role, at, state)
        current = alternative.rota is not None and alternative.shift == "current"
        return policy.rotas[alternative.rota].shadows if alternative.rota is not None and current else ()
    return ()


def can_hold(policy: Policy, name: str, person: str, association: str = "NONE", *, state: RoleState) -> bool:
    """May that person, with GitHub's `author_association`, act as this role (rule 13)?"""
    if name == "anyone":
        return True
    if name == "author":
        return _same(person, state.author)
    if name == "assignee":
        return _among(person, state.assignees)
    if name == "speaker":
        return state.speaker is not None and _same(person, state.speaker)
    role = _role(policy, name, state)
    if role is None:
        return _among(person, _logins(policy, name))
    return any(_ever(policy, alternative, person, association, state) for alternative in role.alternatives)


def rota_people(plan: RotaPlan) -> tuple[str, ...]:
    """Everybody whom a rota can name: its members, and who takes over in an override or an assignment."""
    groups = (*plan.rota.members, *(override.on for override in plan.rota.overrides))
    return tuple(dict.fromkeys(person for group in groups for person in group))


def _now(policy: Policy, alternative: Alternative, at: Instant, state: RoleState) -> tuple[str, ...]:
    if alternative.role is not None:
        return holders(policy, alternative.role, at, state)
    if alternative.rota is not None:
        rota = policy.rotas[alternative.rota].rota
        if alternative.shift == "current":
            return _present(policy, rota.on_call(at).people, at)
        shift = rota.next_shift(at) if alternative.shift == "next" else rota.previous_shift(at)
        return shift.people if shift is not None else ()
    if alternative.team is not None:
        return _present(policy, policy.teams.get(alternative.team, ()), at)
    return _present(policy, alternative.people, at)  # an association names nobody


def _ever(policy: Policy, alternative: Alternative, person: str, association: str, state: RoleState) -> bool:
    if alternative.role is not None:
        return can_hold(policy, alternative.role, person, association, state=state)
    if alternative.rota is not None:
        return _among(person, rota_people(policy.rotas[alternative.rota]))
    if alternative.team is not None:
        return _among(person, policy.teams.get(alternative.team, ()))
    if alternative.association is not None:
        return association.upper() in MEMBERS
    return _among(person, alternative.people)


def _role(policy: Policy, name: str, state: RoleState) -> Role | None:
    product = policy.products.get(state.field("product") or "")
    own = (product.roles or {}).get(name) if product is not None else None
    return own or policy.roles.get(name)


def _logins(policy: Policy, name: str) -> tuple[str, ...]:
    return tuple(login for login in policy.people if _same(login, name))


def _present(policy: Policy, logins: Iterable[str], at: Instant) -> tuple[str, ...]:
    away = {person.login.casefold() for person in policy.people.values() if at in person.away}
    return tuple(login for login in dict.fromkeys(logins) if login.casefold() not in away)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _among(person: str, logins: Iterable[str]) -> bool:
    return any(_same(person, login) for login in logins)
