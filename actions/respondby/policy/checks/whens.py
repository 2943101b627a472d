"""Rules about conditions: some case can satisfy them, together with those around them."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.checks.satisfying import conflict
from respondby.policy.model.clocks import Rung
from respondby.policy.model.conditions import ALWAYS, Role, When
from respondby.policy.model.incidents import ladder_of_items
from respondby.policy.text.cursor import Path


def _conditions(subject: Subject) -> Iterator[tuple[Path, tuple[When, ...]]]:
    """Every `when`, `only` and the like, with the conditions that must hold beside it, and its path."""
    policy, written = subject.policy, subject.reading.written
    for name, clock in policy.clocks.items():
        yield ("clocks", name, "when"), (clock.when,)
        leaves = _leaves(written("clocks", name, "target"))
        for leaf, promise in zip(leaves, clock.target.choices, strict=False):
            yield ("clocks", name, "target", *leaf), (clock.when, promise.when)
        yield from _rungs(("clocks", name, "ladder"), written("clocks", name, "ladder"), clock.ladder, clock.when)
    for index, rule in enumerate(policy.rules):
        yield ("rules", index, "when"), (rule.when,)
    for name, role in policy.roles.items():
        yield from _alternatives(("roles", name), role)
    for word, command in policy.commands.items():
        yield ("commands", word, "only"), (command.only,)
    for name, field in policy.fields.items():
        for value in field.values:
            yield ("fields", name, "values", value.id, "only"), (value.only,)
    for name, duty in policy.duties.items():
        yield ("duties", name, "when"), (duty.when,)
    if policy.incidents is not None:
        yield ("incidents", "when"), (policy.incidents.when,)
        if policy.incidents.post_mortem is not None:
            yield ("incidents", "post-mortem", "when"), (policy.incidents.when, policy.incidents.post_mortem.when)
        items: Path = ("incidents", "post-mortem", "actions", "ladder")
        yield from _rungs(items, written(*items), ladder_of_items(policy.incidents), ALWAYS)
    if policy.uptime is not None:
        yield ("uptime", "when"), (policy.uptime.when,)
        yield ("uptime", "incidents"), (policy.uptime.when, policy.uptime.incidents)


def _leaves(target: object) -> list[Path]:
    """Where each choice of a target is written, in the order in which the loader lists them."""
    if isinstance(target, list):
        return [(position, *rest) for position, item in enumerate(target) for rest in _leaves(item)]
    if isinstance(target, dict) and not {"within", "by", "calendar", "when"} & set(target):
        (field, values), *_ = target.items()
        return [(field, value, *rest) for value, inner in values.items() for rest in _leaves(inner)]
    return [()]


def _rungs(
    path: Path, written: object, rungs: tuple[Rung, ...], beside: When
) -> Iterator[tuple[Path, tuple[When, ...]]]:
    where: Path = ("ladders", written) if isinstance(written, str) else path
    for index, rung in enumerate(rungs):
        if rung.when:
            yield (*where, index, "when"), (beside, rung.when)


def _alternatives(path: Path, role: Role) -> Iterator[tuple[Path, tuple[When, ...]]]:
    for index, alternative in enumerate(role.alternatives):
        yield ((*path, index, "when") if len(role.alternatives) > 1 else (*path, "when")), (alternative.when,)


def _never(subject: Subject) -> Iterator[Finding]:
    for path, conditions in _conditions(subject):
        if all(condition == ALWAYS for condition in conditions):
            continue
        found = conflict(subject.policy, *conditions)
        if found is None:
            continue
        key, why = found
        if len(conditions) > 1 and conflict(subject.policy, conditions[0]) is not None:
            continue  # said of the condition around it
        hint = "Mend one of the conditions, or take this out."
        yield Finding(path, f"No case can meet these conditions: {why}.", key, hint)


RULES = (Rule("when-never", "error", _never),)
