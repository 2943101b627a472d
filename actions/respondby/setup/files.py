"""Which files of a working copy follow the policy, and what has to change so that they do.

- Only what was made from the policy is ever overwritten or removed: a form carries that in its first line, a workflow
  between two markers. Files of others are left, and named.
- A file that differs only in its line ends is in step.
- Everything here is texts in and texts out; the command reads and writes them.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from respondby.policy.model.policy import Policy
from respondby.policy.repository import forms
from respondby.policy.repository.forms import form_files, made_from_policy
from respondby.policy.repository.workflow_actions import action_problems, missing_workflows
from respondby.policy.repository.workflow_secrets import BEGIN, with_secrets
from respondby.policy.repository.workflow_steps import desk_steps
from respondby.policy.text.problems import PolicyError, Problem
from respondby.setup.schedules import with_schedule

#: Texts by path, as a folder holds them; None for what is no text or leads elsewhere.
Folder = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One file's text before and after; None where there is no such file."""

    path: str
    before: str | None
    after: str | None

    @property
    def what(self) -> Literal["create", "update", "remove"]:
        """What has to be done to the file."""
        if self.before is None:
            return "create"
        return "update" if self.after is not None else "remove"

    def diff(self) -> str:
        """The change as a unified diff, line ends left out of it."""
        lines = difflib.unified_diff(
            (self.before or "").splitlines(),
            (self.after or "").splitlines(),
            "/dev/null" if self.before is None else f"a/{self.path}",
            "/dev/null" if self.after is None else f"b/{self.path}",
            lineterm="",
        )
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What has to change; the files of others that were left; what keeps a file from being in step."""

    changes: tuple[Change, ...] = ()
    left: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def plan_forms(policy: Policy, found: Folder, *, source: str) -> FilePlan:
    """What has to change in the folder of issue forms; `found` is all that it holds, `source` the policy's path."""
    wanted = form_files(policy, source=source)
    problems = tuple(_taken(path, source) for path in wanted if path in found and not _ours(found[path]))
    unwanted = sorted(path for path in found if path not in wanted)
    removed = (Change(path, found[path], None) for path in unwanted if _ours(found[path]))
    left = tuple(path for path in unwanted if not _ours(found[path]))
    return FilePlan((*_changed_forms(wanted, found), *removed), left, problems)


def _changed_forms(wanted: Mapping[str, str], found: Folder) -> Iterator[Change]:
    for path, text in wanted.items():
        if path not in found:
            yield Change(path, None, text)
        elif _ours(found[path]) and _same_ends(found[path]) != text:
            yield Change(path, found[path], text)


def _ours(text: str | None) -> bool:
    return text is not None and made_from_policy(text)


def _same_ends(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def _taken(path: str, source: str) -> Problem:
    message = "The policy has a form for this path, and this file was not made from it: it was left as it is."
    head = forms.head(source).rstrip()
    hint = f"Rename or delete it; or let it be overwritten: make its first line `{head}`."
    return Problem(path, 1, 1, message, hint=hint, rule="form-of-others")


def plan_workflows(
    policy: Policy, names: Iterable[str], found: Folder, actions: Collection[str], *, schedules: bool = False
) -> FilePlan:
    """What has to change in the workflows so that each one that runs the desk passes exactly these secrets, and, with
    `schedules`, sweeps as often as the policy needs.

    `actions` are the folders of the repository that hold an action. What keeps the workflows from running is a problem.
    """
    names = tuple(names)
    texts = {path: text for path, text in found.items() if text is not None}
    changes: list[Change] = []
    problems: list[Problem] = []
    for path, text in sorted(texts.items()):
        try:
            changed = with_secrets(path, text, names)
            if schedules:
                changed = with_schedule(path, changed, policy)
        except PolicyError as error:
            if BEGIN in text or _runs_the_desk(path, text):
                problems.extend(error.problems)
            continue
        if changed != text:
            changes.append(Change(path, text, changed))
    problems.extend(action_problems(texts, actions))
    problems.extend(problem for problem in missing_workflows(policy, texts) if problem.severity == "error")
    return FilePlan(tuple(changes), (), tuple(problems))


def _runs_the_desk(path: str, text: str) -> bool:
    try:
        return bool(desk_steps(path, text))
    except PolicyError:
        return False  # GitHub tells whose workflow it is that it cannot be read
