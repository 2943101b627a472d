"""Which runs an event starts: the checkout's own workflow files, read as GitHub reads them.

- A workflow starts for an event that its `on:` names, with an action among its `types`, unless its own token did it.
- A job runs where its `if` holds; its token has the permissions that it grants, none that it does not.
- A step uses one of this project's actions; the action says which verb `run.sh` gets and with which environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from respondby.dataclass import dataclass
from respondby.policy.text import yaml_text
from respondby.rehearsal.expressions import Context, fill, holds

#: Events that a workflow's own token can start runs with.
DISPATCHES = ("workflow_dispatch", "repository_dispatch")

#: A watch would sleep for real, and the rehearsal's own sweeps come as often as one looks; a status page reads all
#: issues, writes nothing to any, and is nothing that a scenario can expect; nor has a rehearsal a fleet.
NOT_PLAYED = frozenset({"watch", "publish", "fleet"})

_ACTION = re.compile(r"(?:\$|\.)/(actions/[\w-]+)")
_CACHE = re.compile(r"actions/(cache(/\w+)?|(up|down)load-artifact)@")
_RUN = re.compile(r'run\.sh"? (?P<verb>[a-z]+)\s*')


class WorkflowError(ValueError):
    """A workflow or action that the rehearsal cannot follow."""


@dataclass(frozen=True, slots=True)
class Use:
    """One step of a job: what `run.sh` is called with (`verb`), and the environment that step and action give it."""

    verb: str
    given: Mapping[str, str]
    defaults: Mapping[str, str]
    step_env: Mapping[str, str]
    action_env: Mapping[str, str]

    def environment(self, context: Context) -> dict[str, str]:
        """The variables as the runner evaluates them: the step's in the job's context, the action's with its inputs."""
        inputs = {**self.defaults, **self.given}
        filled = {name: fill(value, context) for name, value in inputs.items()}
        inside = {**context, "inputs": filled}
        return {
            **{name: fill(value, context) for name, value in self.step_env.items()},
            **{name: fill(value, inside) for name, value in self.action_env.items()},
        }


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a workflow: `permissions` are those of its token."""

    workflow: str
    name: str
    condition: str | None
    permissions: Mapping[str, str]
    uses: tuple[Use, ...]

    def runs(self, context: Context) -> bool:
        """Whether its `if` holds."""
        return self.condition is None or holds(self.condition, context)


@dataclass(frozen=True, slots=True)
class Workflow:
    """One workflow file: the events that start it with their `types` (None: any), its jobs, and which changed files it
    looks at in a pull request (patterns; none: any).
    """

    file: str
    on: Mapping[str, frozenset[str] | None]
    jobs: tuple[Job, ...]
    paths: tuple[str, ...] = ()

    @property
    def verbs(self) -> frozenset[str]:
        """What its jobs do."""
        return frozenset(use.verb for job in self.jobs for use in job.uses)

    def starts_for(self, event: str, action: str | None) -> bool:
        """Whether this event, with this action, starts it."""
        if event not in self.on:
            return False
        types = self.on[event]
        return types is None or action in types

    def looks_at(self, changed: Iterable[str]) -> bool:
        """Whether a pull request that changes these files starts it: the last pattern that fits a file decides."""
        return not self.paths or any(self._is_meant(file) for file in changed)

    def _is_meant(self, file: str) -> bool:
        meant = False
        for pattern in self.paths:
            if _pattern(pattern.removeprefix("!")).fullmatch(file):
                meant = not pattern.startswith("!")
        return meant


def read_workflows(root: Traversable) -> tuple[Workflow, ...]:
    """The workflows below `root` that use this project's actions, in the order of their names."""
    folder = root / ".github" / "workflows"
    if not folder.is_dir():
        raise WorkflowError(f"{folder} is not a folder: a rehearsal needs the workflows that start the desk's runs")
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith((".yml", ".yaml"))), key=lambda file: file.name
    )
    read = (_workflow(file.name, _mapping(file), root) for file in files)
    return tuple(workflow for workflow in read if workflow.jobs)


def started(workflows: Iterable[Workflow], delivery: Mapping[str, Any]) -> list[Workflow]:
    """The workflows that a delivery of the sandbox starts.

    One about a pull request looks at a checkout of what is proposed, which a rehearsal has not: it is not played.
    """
    event, action = delivery["event"], delivery["action"]
    if event == "pull_request" or (delivery["by_workflow_token"] and event not in DISPATCHES):
        return []
    played = (workflow for workflow in workflows if not workflow.verbs & NOT_PLAYED)
    found = [workflow for workflow in played if workflow.starts_for(event, action)]
    if event == "workflow_dispatch":  # of one workflow, which it names
        named = str(delivery["payload"]["workflow"]).rsplit("/", 1)[-1]
        return [workflow for workflow in found if workflow.file == named]
    return found


def _mapping(file: Traversable) -> dict[str, Any]:
    data = yaml_text.read(file.read_text(encoding="utf-8"), path=str(file)).data()
    if not isinstance(data, dict):
        raise WorkflowError(f"{file} is not a mapping")
    return data


def _workflow(file: str, data: Mapping[str, Any], root: Traversable) -> Workflow:
    jobs = (_job(file, name, job, data.get("permissions"), root) for name, job in data["jobs"].items())
    return Workflow(file, _triggers(data["on"]), tuple(job for job in jobs if job.uses), _paths(data["on"]))


def _triggers(on: Any) -> dict[str, frozenset[str] | None]:
    if isinstance(on, str):
        return {on: None}
    if isinstance(on, list):
        return dict.fromkeys(on)
    return {event: _types(how) for event, how in on.items()}


def _paths(on: Any) -> tuple[str, ...]:
    """The patterns of files of a workflow about pull requests."""
    how = on.get("pull_request") if isinstance(on, dict) else None
    return tuple(how.get("paths") or ()) if isinstance(how, dict) else ()


def _pattern(text: str) -> re.Pattern[str]:
    """GitHub's pattern of a path: `*` is anything within a folder, `**` across folders."""
    parts = (re.escape(part) if part not in ("*", "**") else part for part in re.split(r"(\*\*|\*)", text))
    return re.compile("".join({"*": "[^/]*", "**": ".*"}.get(part, part) for part in parts))


def _types(how: Any) -> frozenset[str] | None:
    types = how.get("types") if isinstance(how, dict) else None
    if types is None:
        return None
    return frozenset([types] if isinstance(types, str) else types)


def _job(file: str, name: str, data: Mapping[str, Any], above: Any, root: Traversable) -> Job:
    permissions = data.get("permissions", above) or {}
    if not isinstance(permissions, dict):
        raise WorkflowError(f"{file}: the permissions of the job {name} are no mapping of scopes: name each one")
    steps = data.get("steps") or []
    used = [(step, _ACTION.fullmatch(step.get("uses") or "")) for step in steps]
    uses = tuple(_use(step, root / found[1] / "action.yml", file) for step, found in used if found)
    return Job(file, name, data.get("if"), permissions, uses)


def _use(step: Mapping[str, Any], file: Traversable, workflow: str) -> Use:
    if "if" in step:
        raise WorkflowError(f"{workflow}: a step has an `if`, which a rehearsal does not judge: put it on the job")
    if not file.is_file():
        raise WorkflowError(f"{workflow} uses {file}, which does not exist")
    action = _mapping(file)
    # What the runner's cache restores and saves lies in one folder for a whole rehearsal (`kept` in `context`), and its
    # environment has been made.
    steps = (step for step in action["runs"]["steps"] if not _CACHE.match(step.get("uses") or ""))
    inner = [step for step in steps if step.get("id") not in ("packages", "last")]
    verb = _RUN.search(inner[0].get("run") or "") if len(inner) == 1 else None
    if verb is None:
        raise WorkflowError(f"{file} is not the one step `sh …/run.sh VERB` that a rehearsal can follow")
    inputs = action.get("inputs") or {}
    return Use(
        verb=verb["verb"],
        given=step.get("with") or {},
        defaults={name: spec.get("default") or "" for name, spec in inputs.items()},
        step_env=step.get("env") or {},
        action_env={name: value for name, value in inner[0].get("env", {}).items() if name != "RESPONDBY_PACKAGES"},
    )
