"""Which moments of a policy set a milestone: by the kind of fact, so that most facts are asked nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from respondby.desk.history import Fact
from respondby.desk.standings import acts_as
from respondby.desk.state import State
from respondby.policy.model.conditions import Pattern
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy

#: A milestone's name, and those of its moments that a kind of fact can be.
_Moments = Sequence[tuple[str, Sequence[Pattern]]]

#: Kinds of facts that have a name of their own: the command's, the field's.
_NAMED = ("command", "field")


def moments_at(policy: Policy, fact: Fact) -> _Moments:
    """The milestones that a fact of this kind and name may set, each with its moments of that kind; none for an alert,
    which is asked of its episodes.
    """
    return _by_fact(policy).get((fact.kind, fact.name if fact.kind in _NAMED else ""), ())


def alert_moments(policy: Policy, what: str) -> Iterator[str]:
    """The milestones that are set by what an alert does: `fires`, `acknowledged` or `resolved`."""
    for name, patterns in _by_fact(policy).get((_ALERT, ""), ()):
        if any(pattern.value == what for pattern in patterns):
            yield name


#: No kind of fact, though there are facts of that name.
_ALERT = "what an alert does"


@per_policy
def _by_fact(policy: Policy) -> Mapping[tuple[str, str], _Moments]:
    found: dict[tuple[str, str], dict[str, list[Pattern]]] = {}
    for name, patterns in policy.incidents.milestones.items() if policy.incidents is not None else ():
        for pattern in patterns:
            kind = {"field set": "field", "field is": "field", "alert": _ALERT}.get(pattern.kind, pattern.kind)
            of = found.setdefault((kind, pattern.name if kind in _NAMED else ""), {})
            of.setdefault(name, []).append(pattern)
    return {kind: tuple(of.items()) for kind, of in found.items()}


def matches(policy: Policy, pattern: Pattern, fact: Fact, state: State) -> bool:
    """Whether a fact is one of these moments. `state` is the case's then, for who may act as whom."""
    match pattern.kind:
        case "command":
            same = fact.kind == "command" and fact.name == pattern.name
        case "field set":
            same = fact.kind == "field" and fact.name == pattern.name and fact.value is not None
        case "field is":
            same = fact.kind == "field" and fact.name == pattern.name and fact.value == pattern.value
        case kind:
            same = fact.kind == kind and (fact.kind != "closed" or (fact.value or "") == pattern.value)
    if not same or pattern.by is None:
        return same
    return fact.by is not None and acts_as(policy, pattern.by, fact.by, state)
