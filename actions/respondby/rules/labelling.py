"""Labels: what stands on the issue is made to say what the case is, level by level.

Only labels that the policy declares are ever removed (law 6): values of a field's family. A label of a rung or rule is
put back only while nobody has taken it off by hand: the state knows. Where a case has a value that the policy has no
more, the labels of that field are left alone. However a repository spells a label, it is the
same label, as it is for GitHub.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from respondby.desk.case import Case
from respondby.desk.history import History
from respondby.policy.model.clocks import Verbs, all_verbs
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.rules.plan import Relabel
from respondby.rules.task import Task


def relabel(policy: Policy, history: History, tasks: Iterable[Task]) -> Relabel | None:
    """The labels to add and remove now, or None."""
    present = {label.lower(): label for label in history.case.labels}
    wanted: list[str] = []
    unwanted: list[str] = []
    for name, labels in _labels_of_values(policy).items():
        value = history.state.fields.get(name)
        label = None if value is None else labels.get(value)
        if value is not None and label is None:
            continue  # what was chosen then is called otherwise today: whoever renamed the label is right
        wanted += [] if label is None else [label]
        unwanted += [other for other in labels.values() if other != label]
    on, off = _desk_labels_in_order(policy)
    # What rules and commands put on is in the state already, and a person may have taken it off since.
    rungs = (task for task in tasks if task.recorded is None and task.because.kind == "rung")
    asked = (label.lower() for task in rungs for label in task.labels)
    standing = history.state.labels.union(asked)
    wanted.extend(label for label, low in on if low in standing)
    unwanted.extend(label for label, low in off if low not in standing)
    add = tuple({label.lower(): label for label in reversed(wanted) if label.lower() not in present}.values())[::-1]
    kept = {label.lower() for label in wanted}
    gone = (label.lower() for label in unwanted)
    remove = tuple(dict.fromkeys(present[label] for label in gone if label in present and label not in kept))
    return Relabel(add, remove) if add or remove else None


@per_policy
def _desk_labels_in_order(policy: Policy) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """The same as `desk_labels`, each in its order and also in small letters."""
    on, off = ([(label, label.lower()) for label in sorted(labels)] for labels in desk_labels(policy))
    return on, off


@per_policy
def _labels_of_values(policy: Policy) -> Mapping[str, Mapping[str, str]]:
    """The label of each value of each field."""
    return {
        field.name: {value.id: f"{field.label}{value.id}" for value in field.values} for field in policy.fields.values()
    }


def gone_by_hand(policy: Policy, case: Case, label: str) -> str | None:
    """What to tell of a label that the desk is to put on, that it had put on before and the repository lacks: somebody
    renamed or deleted it on the forge's page, and nothing there tells so. None where there is no sign of it.
    """
    ours = {moment.text.lower() for moment in case.moments if moment.kind == "labeled" and moment.ours}
    declared = {name.lower() for name in _declared(policy)}
    standing = sorted(name for name in case.labels if name.lower() in ours - declared)
    if standing:
        names = ", ".join(f"`{name}`" for name in standing)
        return (
            f"the label `{label}` is no longer in the repository, and {names}, which the desk put on, is no label of "
            "the policy: if it was renamed on GitHub, rename that value in the policy too; until then "
            f"`{label}` is made again, beside it"
        )
    if label.lower() in ours:
        return f"the label `{label}` was deleted from the repository, and the policy still has it: it is made again"
    return None


def _declared(policy: Policy) -> Iterator[str]:
    """Every label that the desk may put on or take off."""
    yield from (f"{field.label}{value.id}" for field in policy.fields.values() for value in field.values)
    for labels in desk_labels(policy):
        yield from labels


@per_policy
def desk_labels(policy: Policy) -> tuple[frozenset[str], frozenset[str]]:
    """Every label that a rung, rule or command of this policy puts on, and every one that it takes off."""
    verbs = list(_all_verbs(policy))
    return frozenset(x for v in verbs for x in v.label), frozenset(x for v in verbs for x in v.unlabel)


#: Colours from alarming to calm, for the values of a field, highest first.
_COLOURS = ("b60205", "d93f0b", "fbca04", "0e8a16", "1d76db", "5319e7", "c5def5")
_BREACH = "b60205"
_QUEUE = "ededed"


def label_style(policy: Policy, label: str) -> tuple[str, str]:
    """The colour (six hex digits) and the description that a label of the policy is made with."""
    for field in policy.fields.values():
        value = field.value(label.removeprefix(field.label)) if label.startswith(field.label) else None
        if value is not None:
            place = [other.id for other in field.values].index(value.id)
            return _COLOURS[min(place, len(_COLOURS) - 1)], f"{field.title}: {value.name}"[:100]
    if policy.queue is not None and label == policy.queue.label:
        return _QUEUE, "What to answer next: kept by the support desk"
    return _BREACH, f"Set by the support desk {policy.desk}"[:100]


def _all_verbs(policy: Policy) -> Iterator[Verbs]:
    for clock in policy.clocks.values():
        yield from all_verbs(clock.ladder)
    yield from (rule.verbs for rule in policy.rules)
    yield from (command.verbs for command in policy.commands.values())
