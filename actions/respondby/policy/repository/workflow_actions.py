"""What keeps the desk's workflows from running it: a workflow that is missing, an action that no job would find.

`$/actions/NAME` and `./actions/NAME` are folders of the repository that the workflow stands in, so they work in a copy
of respondby and nowhere else. Everything here is texts in and problems out; which folders hold an action is asked of
whoever can look (`local_folders` says which to look for).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from respondby.policy.model.policy import Policy
from respondby.policy.repository.dispatches import known_dispatches
from respondby.policy.repository.workflow_secrets import BEGIN
from respondby.policy.repository.workflow_steps import FOLDER, at, jobs_of, steps_of, uses_of
from respondby.policy.text.problems import Problem, Severity, nearest, suggestion

#: The actions of this release: the folders below `actions` that hold an `action.yml`.
ACTIONS = (
    "check",
    "comment",
    "enforce",
    "fleet",
    "impact",
    "page",
    "postmortem",
    "publish",
    "receive",
    "report",
    "triage",
    "watch",
)

#: Verbs that sweep.
SWEEPS = ("enforce", "watch")

#: Where workflows are copied from.
SOURCE = "respondby's .github/workflows"

_LOCAL = re.compile(r"(?P<root>\$|\.)/(?P<folder>[^@]*[^@/])/?")
_OF_RESPONDBY = re.compile(r"(?P<owner>[^/@]+)/respondby/(?P<folder>actions/(?P<name>[^/@]+))(?:@(?P<ref>.*))?")


@dataclass(frozen=True, slots=True)
class Used:
    """One `uses:` of a workflow: its file and place, and the text as it is written."""

    path: str
    line: int
    column: int
    text: str

    @property
    def folder(self) -> str | None:
        """The folder of this repository that it names; None for an action of another one.

        What a job may check out first (`./…`) is its own business, but for the desk's actions.
        """
        found = _LOCAL.fullmatch(self.text)
        if found is None or (found["root"] == "." and not re.fullmatch(r"(?:.*/)?actions/\w+", found["folder"])):
            return None
        name = found["folder"].rpartition("/")[2]
        return found["folder"] if found["root"] == "$" or nearest(name, ACTIONS) else None


def used_actions(workflows: Mapping[str, str]) -> Iterator[Used]:
    """Every step's `uses:`, of the workflows that can be read; GitHub itself tells of those that cannot."""
    for path, job in sorted(jobs_of(workflows), key=lambda one: one[0]):
        yield from (Used(path, uses.line, uses.column, str(uses.value).strip()) for uses in uses_of(job))


def local_folders(workflows: Mapping[str, str]) -> tuple[str, ...]:
    """The folders of the repository that have to hold an action, for these workflows to run."""
    return tuple(dict.fromkeys(used.folder for used in used_actions(workflows) if used.folder is not None))


def action_problems(workflows: Mapping[str, str], folders: Collection[str] | None) -> Iterator[Problem]:
    """Actions that a job would not find. `folders` of this repository hold one; None where nobody looked."""
    for used in used_actions(workflows):
        if used.folder is not None:
            if folders is not None and used.folder not in folders:
                message = f"`{used.text}` is not in this repository: this job cannot start."
                yield _problem(used, message, _instead(used.text, used.folder, folders))
        elif found := _OF_RESPONDBY.fullmatch(used.text):
            if found["name"] not in ACTIONS:
                hint = suggestion(found["name"], ACTIONS, what="actions")
                yield _problem(used, f"respondby has no action `{found['name']}`: this job cannot start.", hint)
            elif found["owner"] == "OWNER" or found["ref"] in (None, "", "COMMIT"):
                message = f"`{used.text}` names no owner and version: this job cannot start."
                hint = f"Write `OWNER/respondby/{found['folder']}@COMMIT`, with an owner and a commit that you trust."
                yield _problem(used, message, hint)


def _instead(text: str, folder: str, folders: Collection[str]) -> str:
    parent, _, name = folder.rpartition("/")
    meant = nearest(name, ACTIONS)
    if meant is not None and f"{parent}/{meant}" in folders:
        return f"Did you mean `{text[:2]}{parent}/{meant}`?"
    known = meant or "NAME"
    return (
        f"Write `OWNER/respondby/actions/{known}@COMMIT`, with the owner and commit of the copy that you trust,\n"
        "or copy respondby's folder `actions` into this repository."
    )


def missing_workflows(policy: Policy, workflows: Mapping[str, str]) -> Iterator[Problem]:
    """What no workflow does. Where the desk may run in a way that cannot be seen from here, nothing is said."""
    if _runs_out_of_sight(workflows):
        return
    verbs = {step.verb for step in steps_of(workflows)}
    drafts = policy.incidents is not None and policy.incidents.post_mortem is not None
    wanted = ["triage", "comment", "enforce", *(["receive"] if known_dispatches(policy) else [])]
    wanted += ["postmortem"] if drafts else []
    wanted += ["report"] if any(duty.report is not None for duty in policy.duties.values()) else []
    wanted += ["publish"] if policy.publish is not None else []
    wanted += ["watch"] if policy.watch is not None else []
    if not verbs:
        copied = f"{', '.join(f'{verb}.yml' for verb in wanted[:-1])} and {wanted[-1]}.yml"
        message = "No workflow runs the desk: nothing that the policy promises will happen."
        yield _missing(message, f"Copy {copied} from {SOURCE}.", "error")
        return
    if not verbs & set(SWEEPS):
        message = "No workflow runs `enforce`: nobody is reminded or called, and no missed event is made up for."
        yield _missing(message, f"Copy enforce.yml from {SOURCE}.", "error")
    for verb, happens in (
        ("triage", "an issue that is opened or changed waits for the next sweep"),
        ("comment", "an issue that is commented on waits for the next sweep"),
        ("receive", "what other systems dispatch is lost"),
        ("postmortem", "no post-mortem is drafted"),
        ("report", "no duty's report is made"),
        ("publish", "the status page is not built"),
        ("watch", "steps come when the schedule comes"),
    ):
        if verb in wanted and verb not in verbs:
            yield _missing(f"No workflow runs `{verb}`: {happens}.", f"Copy {verb}.yml from {SOURCE}.", "warning")


def _runs_out_of_sight(workflows: Mapping[str, str]) -> bool:
    """Whether a job is another workflow, or a step is given the desk's secrets and runs something of its owner's."""
    known = {step.path for step in steps_of(workflows)}
    if any(BEGIN in text and path not in known for path, text in workflows.items()):
        return True
    return any(at(job, "uses") is not None for _, job in jobs_of(workflows))


def _problem(used: Used, message: str, hint: str) -> Problem:
    return Problem(used.path, used.line, used.column, message, used.text, hint, rule="workflow-action")


def _missing(message: str, hint: str, severity: Severity) -> Problem:
    rule = "workflow-missing" if severity == "error" else "workflow-lacking"
    return Problem(FOLDER, 1, 1, message, hint=hint, severity=severity, rule=rule)
