"""The repository's labels, compared with those that the policy declares.

- A label of the policy that is missing is created; one that looks different is changed; one that is written in other
  capitals is the same label to GitHub, and gets the policy's.
- A value that was given a new name in the policy keeps its history only where a person says so (`--rename OLD=NEW`):
  the label itself is renamed then, on every issue that ever had it. Nothing is guessed; what might be meant is told.
- No label is ever deleted, and no label that the policy does not declare is changed but by such a rename.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError
from respondby.policy.model.clocks import Verbs, all_verbs
from respondby.policy.model.incidents import ladder_of_items
from respondby.policy.model.policy import Policy
from respondby.policy.text.problems import nearest
from respondby.rules.labelling import desk_labels, label_style

#: How many characters GitHub takes as a label's name.
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Label:
    """A label: `colour` is six hex digits in small letters."""

    name: str
    colour: str
    description: str


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One change: `before` None creates the label, another name renames it."""

    before: Label | None
    after: Label

    @property
    def what(self) -> Literal["create", "update", "rename"]:
        """What is done to the label."""
        if self.before is None:
            return "create"
        return "rename" if self.before.name.casefold() != self.after.name.casefold() else "update"


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """What has to change, renames first. `in_step` counts labels that are as declared.

    `undeclared` are labels of a field's family that no value of it has, each with the missing label that it was perhaps
    renamed to in the policy (None: none is missing that is like it). `problems` are why a label cannot be what it
    should, `remarks` what was asked for and needs nothing.
    """

    changes: tuple[LabelChange, ...]
    in_step: int
    undeclared: tuple[tuple[str, str | None], ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class WrongRename(ValueError):
    """A rename that the policy contradicts; the text says what to write."""


def declared_labels(policy: Policy) -> dict[str, Label]:
    """Every label that the desk may put on or take off, by its name: values of fields, then labels of verbs."""
    names = [f"{item.label}{value.id}" for item in policy.fields.values() for value in item.values]
    on, off = desk_labels(policy)
    duties = [verbs for duty in policy.duties.values() for verbs in all_verbs(duty.ladder)]
    items = all_verbs(ladder_of_items(policy.incidents))
    names += sorted(on | off | {name for verbs in (*duties, *items) for name in _labels_of(verbs)})
    names += [] if policy.queue is None else [policy.queue.label]
    return {name: Label(name, *label_style(policy, name)) for name in dict.fromkeys(names)}


def _labels_of(verbs: Verbs) -> tuple[str, ...]:
    return (*verbs.label, *verbs.unlabel)


def plan_labels(policy: Policy, present: Iterable[Label], renames: Sequence[tuple[str, str]] = ()) -> LabelPlan:
    """Compare. `renames` are (old, new) as a person said them. Raises WrongRename."""
    declared = declared_labels(policy)
    standing = {label.name.casefold(): label for label in present}
    moved, problems, remarks = _renames(declared, standing, renames)
    changes: list[LabelChange] = []
    in_step = 0
    for name, label in declared.items():
        before = moved.get(name) or standing.get(name.casefold())
        if len(name) > LONGEST:
            problems.append(
                f"`{name}` has {len(name)} characters, and GitHub takes {LONGEST}: shorten it in the policy."
            )
        elif before == label:
            in_step += 1
        else:
            changes.append(LabelChange(before, label))
    changes.sort(key=lambda change: ("rename", "update", "create").index(change.what))
    missing = [change.after.name for change in changes if change.before is None]
    gone = {label.name for label in moved.values()}
    names = {name.casefold() for name in declared}
    loose = sorted(label.name for key, label in standing.items() if key not in names and label.name not in gone)
    undeclared = tuple(_undeclared(policy, loose, missing))
    return LabelPlan(tuple(changes), in_step, undeclared, tuple(problems), tuple(remarks))


def _renames(
    declared: Mapping[str, Label], standing: Mapping[str, Label], renames: Sequence[tuple[str, str]]
) -> tuple[dict[str, Label], list[str], list[str]]:
    """The standing label that becomes each new name; what cannot be done; what is done already."""
    moved: dict[str, Label] = {}
    problems: list[str] = []
    remarks: list[str] = []
    names = {name.casefold(): name for name in declared}
    for old, new in renames:
        target = names.get(new.casefold())
        if target is None:
            close = nearest(new, declared)
            raise WrongRename(f"`{new}` is not a label of this policy{f': did you mean `{close}`?' if close else '.'}")
        if old.casefold() in names:
            raise WrongRename(f"The policy still declares `{old}`: rename the value in the policy first.")
        if target in moved:
            raise WrongRename(f"`{target}` can be the new name of one label only.")
        before = standing.get(old.casefold())
        if before is None:
            there = f"`{target}` is there" if target.casefold() in standing else f"`{target}` will be new"
            remarks.append(f"There is no label `{old}`: {there}.")
        elif target.casefold() in standing:
            problems.append(
                f"`{old}` cannot become `{target}`, which exists as well: put `{target}` on the issues that have"
                f" `{old}`, then delete `{old}` by hand."
            )
        else:
            moved[target] = before
    return moved, problems, remarks


def _undeclared(policy: Policy, loose: Sequence[str], missing: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Labels of each family that are no value, with the missing one that is like it, or is the only one."""
    for prefix in dict.fromkeys(item.label for item in policy.fields.values() if item.label):
        family = [name for name in loose if name.casefold().startswith(prefix.casefold())]
        values = [name.removeprefix(prefix) for name in missing if name.startswith(prefix)]
        for name in family:
            only = values[0] if len(values) == len(family) == 1 else None
            value = nearest(name[len(prefix) :], values) or only
            yield name, f"{prefix}{value}" if value else None


@dataclass(slots=True)
class LabelsApplied:
    """What became of a plan: the changes that were made, and why others were not."""

    done: list[LabelChange] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def apply_labels(client: Client, plan: LabelPlan) -> LabelsApplied:
    """Make the changes, one request each. One that fails stops no other; doing it all again is harmless."""
    applied = LabelsApplied()
    for change in plan.changes:
        after = change.after
        try:
            if change.before is None:
                writing.ensure_label(client, after.name, after.colour, after.description)
            else:
                writing.update_label(client, change.before.name, after.name, after.colour, after.description)
        except CaseError as error:
            applied.failed.append(str(error))
        else:
            applied.done.append(change)
    return applied


def labels_of(found: Mapping[str, tuple[str, str]]) -> Iterator[Label]:
    """Labels as a gather brings them: name → (colour, description)."""
    for name, (colour, description) in found.items():
        yield Label(name, colour.lower(), description)
