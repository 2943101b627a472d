"""Rules about the workflows: each thing that the desk does is run by one, and its jobs find their actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.repository.watch_workflows import watch_problems
from respondby.policy.repository.workflow_actions import action_problems, missing_workflows
from respondby.policy.text.problems import Problem


def _found(problems: Iterable[Problem]) -> Iterator[Finding]:
    for problem in problems:
        place = (problem.line, problem.column)
        yield Finding((), problem.message, problem.value, problem.hint, file=problem.path, place=place)


def _actions(subject: Subject) -> Iterator[Finding]:
    surroundings = subject.surroundings
    return _found(action_problems(surroundings.workflows or {}, surroundings.actions))


def _missing(subject: Subject) -> Iterator[Finding]:
    return _found(problem for problem in _workflows(subject) if problem.severity == "error")


def _lacking(subject: Subject) -> Iterator[Finding]:
    return _found(problem for problem in _workflows(subject) if problem.severity == "warning")


def _workflows(subject: Subject) -> Iterator[Problem]:
    workflows = subject.surroundings.workflows
    if workflows is not None:
        yield from missing_workflows(subject.policy, workflows)
        yield from watch_problems(subject.policy, workflows)


RULES = (
    Rule("workflow-action", "error", _actions),
    Rule("workflow-missing", "error", _missing),
    Rule("workflow-lacking", "warning", _lacking),
)
