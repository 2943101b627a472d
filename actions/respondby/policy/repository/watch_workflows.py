"""What keeps a watch from being started: whoever sees that something is due soon starts `watch.yml` by a dispatch.

That takes a workflow of this name that can be dispatched, and `actions: write` in the jobs that look at cases. A job
without it still does its own work, and fails where it should have started a watch; so this is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.policy.model.policy import Policy
from respondby.policy.repository.workflow_steps import DeskStep, granted_to, steps_of
from respondby.policy.text.problems import Problem
from respondby.policy.text.yaml_text import read

#: The workflow's file: whoever starts it (`jobs/watching/waking.py`) knows it by this name.
FILE = "watch.yml"
#: Verbs that look at cases and start a watch.
STARTERS = ("triage", "comment", "enforce", "receive")


def watch_problems(policy: Policy, workflows: Mapping[str, str]) -> Iterator[Problem]:
    """Of a policy with `watch`; that no workflow at all runs one is told elsewhere."""
    steps = steps_of(workflows)
    watches = [step for step in steps if step.verb == "watch"]
    if policy.watch is None or not watches:
        return
    named = [step for step in watches if step.path.rpartition("/")[2] == FILE]
    if not named:
        yield _problem(watches[0].path, f"A watch is started as `{FILE}`: this one is not.", f"Call the file {FILE}.")
    elif "workflow_dispatch" not in _triggers(read(workflows[named[0].path], path=named[0].path).data().get("on")):
        hint = "Write `on: {workflow_dispatch: {inputs: {after: {type: string}}}}`, or copy respondby's."
        yield _problem(named[0].path, "A watch is started by `workflow_dispatch`, which this file does not have.", hint)
    jobs = {(step.path, step.job): step for step in steps if step.verb in (*STARTERS, "watch")}
    for (path, job), step in sorted(jobs.items()):
        if not _may_start(granted_to(path, workflows[path], job)):
            what = "start its successor" if step.verb == "watch" else "start the watch"
            hint = "Write `actions: write` below its `permissions:`."
            yield _problem(path, f"The job `{job}` cannot {what}: it lacks `actions: write`.", hint, step)


def _may_start(granted: object) -> bool:
    return granted == "write-all" or (isinstance(granted, dict) and granted.get("actions") == "write")


def _triggers(on: object) -> tuple[str, ...]:
    return (on,) if isinstance(on, str) else tuple(on) if isinstance(on, list | dict) else ()


def _problem(path: str, message: str, hint: str, step: DeskStep | None = None) -> Problem:
    line = step.line if step is not None else 1
    return Problem(path, line, 1, message, hint=hint, severity="warning", rule="workflow-lacking")
