"""The policy on the default branch, which is the one that counts, and the forms and labels that follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from respondby.doctor.findings import Examined, Finding, are, listed
from respondby.forge.gathering import POLICY
from respondby.policy.text.problems import Problem
from respondby.setup.labels import labels_of, plan_labels

#: Rules of `check` that have a finding of their own.
FORMS = ("form-out-of-step", "form-left-over")
PASSED = ("secret-not-passed",)
WORKFLOWS = ("workflow-action", "workflow-missing", "workflow-lacking")


def policy(examined: Examined) -> Iterator[Finding]:
    """It is there, and valid as `check` sees it."""
    others = [problem for problem in examined.problems if problem.rule not in (*FORMS, *PASSED, *WORKFLOWS)]
    if examined.standing.policy.text is None:
        why = examined.standing.policy.problem or f"There is no {POLICY} on the default branch."
        yield Finding("error", "policy", why, "Write one and merge it: without it the desk does nothing.")
    elif examined.policy is None:
        message = f"It does not load: {_first(others)} Until it does, the last valid version serves, if there is one."
        yield Finding("error", "policy", message, "`respondby check` shows everything that is wrong.")
    elif others:
        for severity in ("error", "warning"):
            yield from _sense([problem for problem in others if problem.severity == severity])
    else:
        valid = examined.policy
        all_of = (("clock", valid.clocks), ("form", valid.forms), ("command", valid.commands))
        clocks, forms, commands = (f"{len(items)} {what}{'' if len(items) == 1 else 's'}" for what, items in all_of)
        counts = f"{clocks}, {forms} and {commands}"
        yield Finding("fine", "policy", f"Valid, with {counts} (commit {(examined.standing.commit or '')[:7]}).")


def _sense(problems: Sequence[Problem]) -> Iterator[Finding]:
    """Problems of one severity: the first of them, and how many more there are."""
    if problems:
        more = f" ({len(problems) - 1} more like it.)" if len(problems) > 1 else ""
        fix = problems[0].hint if len(problems) == 1 and problems[0].hint else "`respondby check` shows them all."
        yield Finding(problems[0].severity, "policy", f"{_first(problems)}{more}", fix)


def _first(problems: Sequence[Problem]) -> str:
    return f"Line {problems[0].line}: {problems[0].message}" if problems else "It is not a policy."


def mode(examined: Examined) -> Iterator[Finding]:
    """It is live, has begun, and is not muted."""
    valid = examined.policy
    if valid is None:
        return
    quiet = list(_quiet(examined))
    yield from quiet
    if not quiet:
        since = f", for requests since {examined.said(valid.since)}" if valid.since is not None else ""
        yield Finding("fine", "mode", f"Live{since}.")


def _quiet(examined: Examined) -> Iterator[Finding]:
    valid = examined.policy
    assert valid is not None, "the policy loads"
    if valid.mode != "live":
        does = "decides and reports, and writes nothing" if valid.mode == "shadow" else "does nothing at all"
        message = f"`mode: {valid.mode}`: the desk {does}."
        yield Finding("warning", "mode", message, "Write `mode: live` when it may begin.")
    if valid.since is not None and valid.since > examined.now:
        message = f"`since` lies ahead: requests count from {examined.said(valid.since)} on."
        yield Finding("warning", "mode", message, "Mend the date, if the desk should have begun.")
    for mute in valid.mute:
        if mute.start <= examined.now < mute.end:
            message = f"Muted until {examined.said(mute.end)}: {mute.why}"
            yield Finding("warning", "mode", message, "Take the entry out of `mute` to end it earlier.")


def working_copy(examined: Examined) -> Iterator[Finding]:
    """A folder whose policy is another one is told so: it is not the one that counts."""
    here, there = examined.place.working_copy, examined.standing.policy.text or ""
    if here is not None and here.replace("\r\n", "\n") != there.replace("\r\n", "\n"):
        message = (
            f"This folder's {POLICY} is another one. The desk goes by that of the default branch, as all of this does."
        )
        yield Finding("fine", "working copy", message)


def forms(examined: Examined) -> Iterator[Finding]:
    """Those on the default branch ask what the policy asks."""
    if examined.policy is None:
        return
    found = [problem for problem in examined.problems if problem.rule in FORMS]
    for problem in found:
        fix = "`respondby sync --forms`, then merge." if problem.severity == "error" else problem.hint
        yield Finding(problem.severity, "forms", f"{problem.path.rpartition('/')[2]}: {problem.message}", fix)
    if not found:
        yield Finding("fine", "forms", "They are in step with the policy.")


def labels(examined: Examined) -> Iterator[Finding]:
    """Forms can only set labels that exist; colours are told, since people go by them."""
    if examined.policy is None:
        return
    plan = plan_labels(examined.policy, labels_of(examined.standing.labels))
    fix = "`respondby sync --labels` shows what it would do; with `--apply` it does it."
    missing = [change.after.name for change in plan.changes if change.before is None]
    other = [change.after.name for change in plan.changes if change.before is not None]
    yield from (
        Finding("error", "labels", text, "Give that value of the policy a shorter name.") for text in plan.problems
    )
    if missing:
        message = f"{are(len(missing), 'label')} missing: {listed(missing)}. Forms leave out what is missing."
        yield Finding("warning", "labels", message, fix)
    if other:
        yield Finding("warning", "labels", f"{are(len(other), 'label')} of another look: {listed(other)}.", fix)
    if plan.undeclared:
        names = [f"{name} (perhaps {meant})" if meant else name for name, meant in plan.undeclared]
        message = f"{are(len(names), 'label')} of a field, and no value of it: {listed(names)}."
        keep = "If a value has a new name: `respondby sync --labels --rename OLD=NEW` keeps its history."
        yield Finding("warning", "labels", message, keep)
    if not (plan.changes or plan.problems or plan.undeclared):
        yield Finding("fine", "labels", f"All {plan.in_step} are there and look as they should.")
