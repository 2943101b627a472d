"""Can some case satisfy these conditions together? Conditions are conjunctions, so each key is looked at alone.

A field's value may itself have a condition (`only`): where a condition leaves a field one value, what that value needs
is added, until nothing new comes. `label` is never judged, since a case may have several.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.policy.model.conditions import Requirement, When
from respondby.policy.model.policy import Policy


def conflict(policy: Policy, *conditions: When) -> tuple[str, str] | None:
    """The key that no case can have as all of the conditions want it, and why; None where a case can satisfy them."""
    allowed: dict[str, set[str]] = {}
    pending = [term for when in conditions for term in when.terms]
    seen: set[tuple[str, str]] = set()
    while pending:
        term = pending.pop(0)
        if term.key == "label":
            continue
        if term.key in ("during", "outside"):
            if (why := _hours(conditions)) is not None:
                return why
            continue
        wanted = _values(policy, term)
        left = allowed.get(term.key, wanted) & wanted
        if not left:
            return term.key, _why(term, allowed.get(term.key, set()))
        allowed[term.key] = left
        only = next(iter(left))
        if len(left) == 1 and (term.key, only) not in seen:
            seen.add((term.key, only))
            pending += _needed(policy, term.key, only)
    return None


def _values(policy: Policy, term: Requirement) -> set[str]:
    """What the term allows, `any` written out where the values are known."""
    values = set(term.values)
    if "any" not in values:
        return values
    return (values - {"any"}) | set(_known(policy, term.key))


def _known(policy: Policy, key: str) -> Iterable[str]:
    if key in policy.fields:
        field = policy.fields[key]
        return [value.id for value in field.values] or ["any"]
    tables: dict[str, Iterable[str]] = {
        "stage": policy.stages,
        "product": policy.products,
        "customer": policy.customers,
        "plan": [customer.plan for customer in policy.customers.values() if customer.plan],
    }
    return tables.get(key) or ["any"]


def _needed(policy: Policy, key: str, value: str) -> Iterable[Requirement]:
    field = policy.fields.get(key)
    chosen = field.value(value) if field is not None else None
    return chosen.only.terms if chosen is not None else ()


def _hours(conditions: tuple[When, ...]) -> tuple[str, str] | None:
    """One calendar cannot be open and closed at once."""
    terms = [term for when in conditions for term in when.terms]
    open_ = [set(term.values) for term in terms if term.key == "during"]
    closed = {value for term in terms if term.key == "outside" for value in term.values if len(term.values) == 1}
    for calendars in open_:
        if calendars and calendars <= closed:
            return "during", f"`{min(calendars)}` cannot be open and closed at once"
    return None


def _why(term: Requirement, left: set[str]) -> str:
    wanted = " or ".join(f"`{value}`" for value in term.values)
    if not left:
        return f"`{term.key}` has no value {wanted}"
    others = " or ".join(f"`{value}`" for value in sorted(left))
    return f"`{term.key}` would have to be {wanted} and {others} at once"
