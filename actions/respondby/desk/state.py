"""How a case stands, and whether a `when` holds for it at an instant.

A State never changes: what happens to a case makes another one of it (`desk.folding.after`). It satisfies what
`policy.people.holders` wants to know of a case, so that roles can depend on it. It has no instant of its own: who asks
what holds says when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field as member

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass, replace
from respondby.policy.model.conditions import Requirement, When
from respondby.policy.model.policy import Customer, Policy

#: Keys whose truth changes with time alone.
TIME_KEYS = frozenset({"stage", "during", "outside"})


@dataclass(frozen=True, slots=True)
class State:
    """Fields, labels and people of a case.

    Labels are in lower case; `requester` is the author for every rule (rule 16). `customer` is whose request it is.
    `part_of` is the number of the incident that the request is part of. `duplicate` is the issue that this one repeats,
    where somebody marked it so (empty: one that we must not see).
    """

    policy: Policy = member(repr=False)
    requester: str
    customer: Customer | None = None
    fields: Mapping[str, str] = member(default_factory=dict)
    labels: frozenset[str] = frozenset()
    assignees: tuple[str, ...] = ()
    speaker: str | None = None
    open: bool = True
    duplicate: str | None = None
    part_of: str | None = None

    @property
    def author(self) -> str:
        """Who counts as the author."""
        return self.requester

    def field(self, name: str) -> str | None:
        """The value of a field, or None."""
        return self.fields.get(name)

    def spoken_by(self, login: str) -> State:
        """The same case while that person speaks."""
        return replace(self, speaker=login)

    def holds(self, when: When, at: Instant) -> bool:
        """Whether every term of `when` is satisfied, those on time at `at`."""
        for term in when.terms:
            # Most conditions are on fields, and they are asked at every happening.
            value = self.fields.get(term.key)
            if value is not None:
                satisfied = value in term.values or "any" in term.values
            elif term.key in self.policy.fields:
                satisfied = "unset" in term.values
            else:
                satisfied = self._satisfied(term, at)
            if not satisfied:
                return False
        return True

    def void(self, at: Instant) -> str:
        """Why nothing is promised for this case at `at`, in the words of `explain`; empty where something is."""
        if self.duplicate is not None:
            return f"marked as a duplicate of {self.duplicate or 'another issue'}"
        if self.policy.void is None or not self.holds(self.policy.void, at):
            return ""
        asked = ", ".join(f"{term.key} {' or '.join(self._found(term))}" for term in self.policy.void.terms)
        return f"void: {asked}"

    def _found(self, term: Requirement) -> tuple[str, ...]:
        """Of a term that holds, the values that make it so."""
        if term.key == "label":
            return tuple(value for value in term.values if value.lower() in self.labels) or term.values
        value = self.fields.get(term.key)
        return (value,) if value is not None else term.values

    def is_customer(self, login: str) -> bool:
        """Whether that is the customer of rule 6: the requester, or a colleague whom the policy lists beside them."""
        low = login.lower()
        if low == self.requester.lower():
            return True
        return self.customer is not None and low in (member.lower() for member in self.customer.members)

    def _satisfied(self, term: Requirement, at: Instant) -> bool:
        key, wanted = term.key, term.values
        if key in ("during", "outside"):
            # A condition of an earlier policy may name a calendar that is no more.
            known = (self.policy.calendars.get(name) for name in wanted)
            inside = any(calendar is not None and calendar.is_open(at) for calendar in known)
            return inside if key == "during" else not inside
        if key == "label":
            if self.labels.intersection(label.lower() for label in wanted):
                return True
            return ("any" in wanted and bool(self.labels)) or ("unset" in wanted and not self.labels)
        value = self._built_in(key, at)
        if value is None:
            return "unset" in wanted
        return value in wanted or "any" in wanted

    def _built_in(self, key: str, at: Instant) -> str | None:
        if key == "stage":
            return stage_of(self.policy, self.fields.get("product"), at)
        if key == "customer":
            return self.customer.name if self.customer else None
        if key == "part-of":
            return self.part_of
        if key == "plan":
            return self.customer.plan if self.customer else None
        return None  # a pinned promise may name a field that the policy has no more: it is unset


def first_state(policy: Policy, requester: str, repository: str) -> State:
    """A case of this requester before anything has happened to it."""
    return State(policy, requester, customer_of(policy, requester, repository))


def customer_of(policy: Policy, login: str, repository: str) -> Customer | None:
    """The first customer whose members or repositories match."""
    low_login, low_repository = login.lower(), repository.lower()
    for customer in policy.customers.values():
        if any(member.lower() == low_login for member in customer.members):
            return customer
        if any(name.lower() == low_repository for name in customer.repositories):
            return customer
    return None


def stage_of(policy: Policy, product: str | None, at: Instant) -> str | None:
    """The stage that a product is in: the last one whose `from` has come. None for no product or no stages."""
    if product is None or product not in policy.products or not policy.stages:
        return None
    current: str | None = None
    for stage in policy.stages.values():
        if stage.from_ is None:
            current = stage.name
            continue
        begins = stage_begins(policy, product, stage.name)
        if begins is not None and begins <= at:
            current = stage.name
    return current


def stage_begins(policy: Policy, product: str, stage: str) -> Instant | None:
    """When a product enters a stage: its named date plus the rule's offset, or None where the date is not set."""
    from respondby.calendars.dues import later  # only desks that have stages need it

    rule = policy.stages[stage].from_
    if rule is None:
        return None
    date = policy.products[product].dates.get(rule.name)
    if date is None:
        return None
    if rule.offset is None:
        return date
    return later(date, rule.offset, policy.default_calendar if rule.offset.business else None)


def informal(policy: Policy, state: State, when: When, at: Instant) -> bool | None:
    """How binding a clock is at `at` (rule 14): False when binding, True when only measured, None when it does not run.

    A stage that promises nothing runs only the clocks whose `when` names it: best effort, measured like an informal
    one.
    """
    name = stage_of(policy, state.fields.get("product"), at)
    if name is None:
        return False
    promises = policy.stages[name].promises
    if promises == "none":
        named = any(term.key == "stage" and name in term.values for term in when.terms)
        return True if named else None
    return promises == "informal"
