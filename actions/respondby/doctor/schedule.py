"""Whether the sweep is really started: by which workflow, how late, and for how much longer.

A run serves every time at which its schedule has been due since the run before, so what counts as late is how long the
first of these times waited. GitHub drops and delays schedules under load, and stops those of a public repository after
sixty days without activity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from respondby.calendars.crons import Cron, parse_cron
from respondby.calendars.instants import Instant, people_date
from respondby.doctor.findings import Examined, Finding, span
from respondby.jobs.inputs.lateness import due_after, lateness, started
from respondby.policy.model.policy import Policy
from respondby.policy.repository.workflow_actions import SWEEPS
from respondby.policy.repository.workflow_steps import steps_of
from respondby.policy.text.yaml_text import read

HOUR = 3600
DAY = 24 * HOUR
#: GitHub stops schedules after this many quiet days; the warning comes two weeks before.
SILENCED, WARNED = 60 * DAY, 46 * DAY
#: How long a sweep may be overdue: then it is told, then it is wrong.
OVERDUE, DEAD = 3 * HOUR, DAY
#: The share of the shortest promise that a sweep's lateness may eat up.
SHARE = 4


def schedule(examined: Examined) -> Iterator[Finding]:
    """A workflow sweeps on a schedule, is enabled, has run, lately and well, and will not be silenced soon."""
    texts = {path: text for path, text in examined.standing.workflows.items() if text is not None}
    sweeps = {step.path for step in steps_of(texts) if step.verb in SWEEPS}
    scheduled = {path: lines for path in sorted(sweeps) if (lines := _lines(path, texts[path]))}
    if not sweeps and examined.policy is not None:
        return  # told with the workflows
    if not scheduled:
        message = "No workflow sweeps on a schedule: nothing reminds, and what an event misses is never made good."
        yield Finding("error", "schedule", message, "Copy enforce.yml from respondby.")
        return
    for path, lines in scheduled.items():
        yield from _alive(examined, path.rpartition("/")[2], lines)
    yield from _quiet_days(examined)


def _lines(path: str, text: str) -> list[tuple[str, str | None]]:
    """The lines of a workflow's schedule with their time zones."""
    on = read(text, path=path).data().get("on")
    lines = on.get("schedule") if isinstance(on, dict) else None
    return [
        (str(line.get("cron")), line.get("timezone"))
        for line in (lines if isinstance(lines, list) else [])
        if isinstance(line, dict)
    ]


def _alive(examined: Examined, file: str, lines: Sequence[tuple[str, str | None]]) -> Iterator[Finding]:
    client = examined.place.client
    path = f"/repos/{client.repository}/actions/workflows/{file}"
    workflow = client.ask("GET", path, doing=f"looking at {file}")
    if workflow.status != 200:
        message = f"Whether {file} runs could not be seen (GitHub answered {workflow.status})."
        yield Finding("warning", "schedule", message, "Give this token `actions: read`, and turn Actions on.")
        return
    if workflow.json["state"] != "active":
        why = "after sixty quiet days" if workflow.json["state"] == "disabled_inactivity" else "by hand or for a fork"
        yield Finding(
            "error", "schedule", f"{file} is disabled, {why}: nothing sweeps.", "Actions → enable the workflow."
        )
        return
    try:
        crons = [parse_cron(cron, timezone) for cron, timezone in lines]
    except ValueError as error:
        yield Finding("error", "schedule", f"{file}: {error}.", "Mend its `schedule:`.")
        return
    answer = client.ask("GET", f"{path}/runs?event=schedule&per_page=100", doing=f"reading the runs of {file}")
    runs = answer.json["workflow_runs"] if answer.status == 200 else []
    if not runs:
        message = f"{file} has never been started by its schedule."
        fix = "GitHub starts a new schedule within the hour. Until then: Actions → Run workflow."
        yield Finding("warning", "schedule", message, fix)
        yield from _first_sweep(examined)
        return
    yield from _outcome(file, runs)
    yield from _timely(examined, file, crons, sorted(started(run) for run in runs))


def _first_sweep(examined: Examined) -> Iterator[Finding]:
    """A desk that starts in a living repository would hold old issues to its promises."""
    oldest, policy = examined.standing.oldest, examined.policy
    if policy is not None and policy.since is None and policy.mode == "live" and oldest is not None:
        count = examined.standing.waiting
        issues = "1 issue waits" if count == 1 else f"{count} issues wait, the oldest"
        since = people_date(examined.day(oldest))
        message = f"{issues} since {since}: the first sweep holds them to the promises, from their opening on."
        fix = f"Write `since: {examined.day(examined.now)}` into the policy, or begin with `mode: shadow`."
        yield Finding("warning", "mode", message, fix)


def _outcome(file: str, runs: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    ended = [run for run in runs if run["conclusion"] in ("success", "failure", "timed_out")]
    failed = next((count for count, run in enumerate(ended) if run["conclusion"] == "success"), len(ended))
    if failed:
        times = "The last sweep" if failed == 1 else f"The last {failed} sweeps"
        yield Finding("error", "schedule", f"{times} of {file} failed.", f"Read why: {ended[0]['html_url']}")


def _timely(examined: Examined, file: str, crons: Sequence[Cron], starts: Sequence[Instant]) -> Iterator[Finding]:
    overdue = examined.now - (due_after(crons, starts[-1]) or examined.now)
    if overdue > OVERDUE:
        message = f"{file} ran last at {examined.said(starts[-1])}: a sweep has been due for {span(overdue)}."
        fix = "See githubstatus.com and the Actions page; start it by hand meanwhile (Run workflow)."
        yield Finding("error" if overdue > DEAD else "warning", "schedule", message, fix)
    last = f"{file} ran last at {examined.said(starts[-1])}."
    found = lateness(crons, starts)
    if found is None:
        yield from [Finding("fine", "schedule", last)] if overdue <= OVERDUE else []
        return
    said = f"in the middle {span(found.median)}, 95 of 100 within {span(found.p95)}, at worst {span(found.worst)}"
    shortest = _shortest(examined.policy)
    if shortest is not None and found.p95 > shortest // SHARE:
        message = f"Sweeps of {file} come late: {said}. The shortest promise is {span(shortest)}."
        fix = "Start it from outside as well (workflow_dispatch), or keep `watch` running while short promises run."
        yield Finding("warning", "schedule", message, fix)
    elif overdue <= OVERDUE:
        yield Finding("fine", "schedule", f"{last} Late: {said} ({found.runs} runs).")


def _shortest(policy: Policy | None) -> int | None:
    """The shortest promise in seconds, of those that are not counted in business days."""
    clocks = policy.clocks.values() if policy is not None else ()
    targets = [choice.within for clock in clocks for choice in clock.target.choices]
    return min((within.seconds for within in targets if within is not None and within.seconds), default=None)


def _quiet_days(examined: Examined) -> Iterator[Finding]:
    pushed = examined.standing.pushed_at
    if examined.standing.private or pushed is None or examined.now - pushed < WARNED:
        return
    message = f"Nothing was pushed for {span(examined.now - pushed)}: GitHub stops the schedules of a public repository"
    message += f" after 60 quiet days, on {people_date(examined.day(pushed + SILENCED))}."
    fix = "Merge something before that. Let a monitor outside of GitHub expect the sweep; do not fake activity."
    yield Finding("warning", "schedule", message, fix)
