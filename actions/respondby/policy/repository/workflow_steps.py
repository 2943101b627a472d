"""What workflows run: their jobs, the steps of these that run the desk, and what each is given and granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import Node, read

#: Where workflows lie.
FOLDER = ".github/workflows"

#: Actions that place calls or use tokens of their own.
_VERBS = "triage|comment|enforce|receive|page|watch|postmortem|duty|publish|report"
_USES = re.compile(rf"(?:\$|\.|[\w.-]+/[\w.-]+)/(?:\S+/)?actions/(?P<verb>{_VERBS})(?:@\S+)?")
_RUNS = re.compile(rf"(?:\brespondby|run\.sh[\"']?)\s+(?P<verb>{_VERBS})\b")


@dataclass(frozen=True, slots=True)
class DeskStep:
    """A step that runs the desk: its file, line and job, which verb it runs, and the variables that it is given."""

    path: str
    line: int
    job: str
    verb: str
    given: frozenset[str]


def desk_steps(path: str, text: str) -> tuple[DeskStep, ...]:
    """The steps of a workflow that run the desk. PolicyError, with its place, where the file is no YAML."""
    return tuple(step for step in all_steps(path, text) if step.verb)


def steps_of(workflows: Mapping[str, str]) -> tuple[DeskStep, ...]:
    """The steps of all workflows that can be read; GitHub itself tells of those that cannot."""
    found: list[DeskStep] = []
    for path, text in workflows.items():
        try:
            found.extend(desk_steps(path, text))
        except PolicyError:
            continue
    return tuple(found)


def all_steps(path: str, text: str) -> Iterator[DeskStep]:
    """All steps of a workflow; `verb` is empty for those that do not run the desk."""
    root = read(text, path=path)
    for name, job in _items(at(root, "jobs")):
        for step in _steps_of_job(job):
            verb = _USES.fullmatch(_text(step, "uses")) or _RUNS.search(_text(step, "run"))
            levels = (at(level, "env") for level in (root, job, step))
            given = frozenset(key for level in levels for key, value in _items(level) if value.value)
            yield DeskStep(path, step.line, name, verb["verb"] if verb else "", given)


def jobs_of(workflows: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    """Every job with its file, of the workflows that can be read; GitHub itself tells of those that cannot."""
    for path, text in workflows.items():
        try:
            root = read(text, path=path)
        except PolicyError:
            continue
        yield from ((path, job) for _, job in _items(at(root, "jobs")))


def uses_of(job: Node) -> Iterator[Node]:
    """What its steps use."""
    for step in _steps_of_job(job):
        uses = at(step, "uses")
        if uses is not None and uses.kind == "text":
            yield uses


def granted_to(path: str, text: str, job: str) -> object:
    """The `permissions` of a job: its own, else the workflow's; None where neither has any."""
    data = read(text, path=path).data()
    return data["jobs"][job].get("permissions", data.get("permissions"))


def at(node: Node | None, key: str) -> Node | None:
    """What stands under a key, where there is one."""
    found: Node | None = node.value.get(key) if node is not None and node.kind == "mapping" else None
    return found


def _steps_of_job(job: Node) -> tuple[Node, ...]:
    steps = at(job, "steps")
    return tuple(steps.value) if steps is not None and steps.kind == "list" else ()


def _items(node: Node | None) -> tuple[tuple[str, Node], ...]:
    return tuple(node.value.items()) if node is not None and node.kind == "mapping" else ()


def _text(node: Node, key: str) -> str:
    found = at(node, key)
    return str(found.value) if found is not None and found.kind == "text" else ""
