"""What people stood as: which roles somebody could hold, and whether they spoke for the customer, when they acted.

A policy says who belongs to a role today. Whether a comment was an answer is decided when it is written and stays, so
what a person stood as is kept in the record when it first mattered on a case, and again where it has changed. Laws:

- An act counts by the latest standing that was kept for that person at its instant or before; without one, by today's
  policy, and the standing is to be kept.
- A change counts from the first act after the policy's own commit. What no commit explains (a team's members, GitHub's
  association) counts from the run that notices it.
- Roles that did not exist when a standing was kept are today's; `author`, `assignee` and `speaker` are the case's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from respondby.calendars.instants import Instant
from respondby.dataclass import replace
from respondby.desk.case import Actor
from respondby.desk.records import Kept
from respondby.desk.state import State
from respondby.policy.model.conditions import BUILT_IN_ROLES
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import can_hold

#: The kind under which a standing is kept.
STANDING = "standing"

#: In a standing: whether the person is the case's customer or their colleague. No role's name begins with this sign.
CUSTOMER = "@customer"

#: More than a desk has people; a sweep meets many strangers.
_MOST_PEOPLE = 4096


def acts_as(policy: Policy, role: str, by: Actor, state: State) -> bool:
    """Whether the act counts as one by that role: as the person stood then, else as they can hold it (rule 13)."""
    stood = _read(by.standing).get(role) if by.standing else None
    return can_hold(policy, role, by.login, by.association, state=state) if stood is None else stood


def acts_as_any(policy: Policy, roles: Iterable[str], by: Actor, state: State) -> bool:
    """Whether the act counts as one by any of these roles."""
    return any(acts_as(policy, role, by, state) for role in roles)


def speaks_for_customer(by: Actor, state: State) -> bool:
    """Whether that is the customer of rule 6: the requester, or whom the policy listed beside them then."""
    stood = _read(by.standing).get(CUSTOMER) if by.standing else None
    return state.is_customer(by.login) if stood is None else stood


class Standings:
    """The standings of one case: those that were kept, and those that a reading adds."""

    def __init__(self, policy: Policy, kept: Mapping[str, Kept]) -> None:
        self.policy = policy
        self.new: dict[str, Kept] = {}
        self._by_product = any(product.roles for product in policy.products.values())
        self._known: dict[tuple[str, str], list[Kept]] = {}
        self._today: dict[tuple[str, str, str], str] = {}
        self._actors: dict[tuple[str, str, str], Actor] = {}
        self._associations: dict[tuple[str, str], str] = {}
        for item in sorted((item for item in kept.values() if item.kind == STANDING), key=lambda item: item.at):
            self._known.setdefault((item.by.lower(), item.name), []).append(item)

    def under(self, policy: Policy) -> None:
        """From now on another policy says who belongs where."""
        self.policy = policy
        self._today.clear()

    def of(self, by: Actor, at: Instant, state: State, *, live: bool = True) -> Actor:
        """The same person with what they stood as at `at`. `live`: the forge tells their association as it is today."""
        product = (state.field("product") or "") if self._by_product else ""
        today = self._of_today(by, product, state)
        if live:
            self._associations[by.login.lower(), product] = by.association
        known = self._known.get((by.login.lower(), product), ())
        last = next((item for item in reversed(known) if item.at <= at), None)
        if last is None or (last.value != today and self._committed_between(last.at, at)):
            self._keep(kept_standing(by, at, product, today))
            standing = today
        else:
            standing = last.value
        key = by.login, by.association, standing
        found = self._actors.get(key)
        if found is None:
            found = self._actors[key] = replace(by, standing=standing)
        return found

    def changed(self, state: State) -> tuple[Kept, ...]:
        """Standings that are others today, for no commit's reason; their instants are those of the last ones kept."""
        found = []
        for (login, product), association in self._associations.items():
            last = self._known[login, product][-1]
            by = Actor(last.by, association)
            today = self._of_today(by, product, state)
            committed = self.policy.committed
            explained = committed is not None and last.at <= committed
            here = not self._by_product or product == (state.field("product") or "")
            if here and last.value != today and not explained:
                found.append(kept_standing(by, last.at, product, today))
        return tuple(found)

    def _committed_between(self, since: Instant, at: Instant) -> bool:
        committed = self.policy.committed
        return committed is not None and since <= committed < at

    def _of_today(self, by: Actor, product: str, state: State) -> str:
        key = by.login, by.association, product
        found = self._today.get(key)
        if found is None:
            customer = CUSTOMER if state.is_customer(by.login) else f"-{CUSTOMER}"
            found = self._today[key] = f"{self._roles_of_today(key, by, state)} {customer}".lstrip()
        return found

    def _roles_of_today(self, key: tuple[str, str, str], by: Actor, state: State) -> str:
        """Of the roles that do not rest on the case, which that person holds: the same in every case of a product."""
        known = _roles_found(self.policy)
        found = known.get(key)
        if found is None:
            if len(known) >= _MOST_PEOPLE:
                known.clear()
            roles = (
                (role, can_hold(self.policy, role, by.login, by.association, state=state))
                for role in _lasting_roles(self.policy)
            )
            found = known[key] = " ".join(role if holds else f"-{role}" for role, holds in roles)
        return found

    def _keep(self, item: Kept) -> None:
        self.new[item.key] = item
        known = self._known.setdefault((item.by.lower(), item.name), [])
        known.append(item)
        known.sort(key=lambda other: other.at)


def kept_standing(by: Actor, at: Instant, product: str, standing: str) -> Kept:
    """A standing as the record keeps it, from `at` on."""
    key = f"standing/{by.login}/{at}{'/' if product else ''}{product}"
    return Kept(key, at, by.login, by.association, STANDING, product, standing)


def standing_from(kept: Kept, at: Instant) -> Kept:
    """The same standing, but from `at` on."""
    return kept_standing(Actor(kept.by, kept.association), at, kept.name, kept.value)


@lru_cache(maxsize=1024)
def _read(standing: str) -> Mapping[str, bool]:
    return {name.removeprefix("-"): not name.startswith("-") for name in standing.split()}


@per_policy
def _roles_found(_: Policy) -> dict[tuple[str, str, str], str]:
    """What has been found out of people under this policy: by login, association and product."""
    return {}


@per_policy
def _lasting_roles(policy: Policy) -> tuple[str, ...]:
    """Every role that does not rest on the case's own people."""
    return tuple(sorted(role for role in policy.roles if not _rests_on_the_case(policy, role, len(policy.roles))))


def _rests_on_the_case(policy: Policy, name: str, depth: int) -> bool:
    if name in BUILT_IN_ROLES:
        return True
    role = policy.roles.get(name)
    own = (product.roles or {} for product in policy.products.values())
    found = [role, *(roles.get(name) for roles in own)]
    return depth < 0 or any(
        choice.role is not None and _rests_on_the_case(policy, choice.role, depth - 1)
        for role in found
        if role is not None
        for choice in role.alternatives
    )
