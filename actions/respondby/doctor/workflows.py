"""The workflows on the default branch that run the desk, and what they grant its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.doctor.findings import Examined, Finding, listed
from respondby.doctor.promises import WORKFLOWS
from respondby.policy.repository.workflow_steps import granted_to, steps_of
from respondby.policy.text.problems import Problem

#: Verbs that write to issues.
_WRITERS = ("triage", "comment", "enforce", "receive", "watch", "duty")


def workflows(examined: Examined) -> Iterator[Finding]:
    """Those that run the desk are on the default branch, and grant its runs what they need."""
    texts = {path: text for path, text in examined.standing.workflows.items() if text is not None}
    steps = steps_of(texts)
    found = [
        Finding(problem.severity, "workflows", _said(problem), problem.hint)
        for problem in examined.problems
        if problem.rule in WORKFLOWS
    ]
    for path, job, lacks in _grants(texts):
        message = f"{path.rpartition('/')[2]}: the job `{job}` lacks {lacks}."
        fix = "Write `permissions: { contents: read, issues: write }` into that job."
        found.append(Finding("error", "workflows", message, fix))
    yield from found
    if not found:
        files = sorted({step.path.rpartition("/")[2] for step in steps})
        yield Finding("fine", "workflows", f"{listed(files)} run the desk, with the permissions that it needs.")


def _said(problem: Problem) -> str:
    file = problem.path.rpartition("/")[2] if problem.rule == "workflow-action" else ""
    return f"{file}: {problem.message}" if file else problem.message


def _grants(texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Jobs that run the desk without a permission that it needs: file, job, what is lacking."""
    jobs = {(step.path, step.job) for step in steps_of(texts) if step.verb in _WRITERS}
    for path, job in sorted(jobs):
        granted = granted_to(path, texts[path], job)
        if granted is None:
            yield path, job, "`permissions:` of its own, so that it has what the repository's settings say"
        elif granted != "write-all":
            of = granted if isinstance(granted, dict) else dict.fromkeys(("contents", "issues"), "read")
            lacking = [] if of.get("contents") in ("read", "write") else ["`contents: read`"]
            lacking += [] if of.get("issues") == "write" else ["`issues: write`"]
            if lacking:
                yield path, job, " and ".join(lacking)
