"""How late a schedule's runs come.

A run serves every time at which its schedule has been due since the run before, so what counts as late is how long the
first of these times waited. GitHub drops and delays schedules under load.

It is measured only where it mattered: when a step came late. Then one request reads the workflow's latest runs; a sweep
that finds nothing late asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from respondby.calendars.crons import Cron, parse_cron
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.nodes import instant_of

_FILE = re.compile(r"[^/]+/[^/]+/\.github/workflows/([\w.-]+)@.*")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What started this run: the workflow's file and the line of its schedule."""

    file: str
    cron: str


def schedule_of(workflow_ref: str, cron: object) -> Schedule | None:
    """From `GITHUB_WORKFLOW_REF` and the event's `schedule`; None where a run was started in another way."""
    found = _FILE.fullmatch(workflow_ref)
    return Schedule(found[1], cron) if found is not None and isinstance(cron, str) else None


@dataclass(frozen=True, slots=True)
class Lateness:
    """How long the schedule waited before its runs: the middle, what 95 of 100 stay within, the worst; in seconds."""

    median: int
    p95: int
    worst: int
    runs: int


def lateness(crons: Sequence[Cron], runs: Sequence[Instant]) -> Lateness | None:
    """Of runs in order of time; None where there are fewer than two of them."""
    waits = sorted(max(0, run - (due_after(crons, before) or run)) for before, run in pairwise(runs))
    if not waits:
        return None
    return Lateness(waits[(len(waits) - 1) // 2], waits[-(-len(waits) * 95 // 100) - 1], waits[-1], len(waits))


def due_after(crons: Sequence[Cron], after: Instant) -> Instant | None:
    """When the first of these lines is due after an instant; None where none of them ever is."""
    return min((due for cron in crons if (due := cron.after(after)) is not None), default=None)


def started(run: Mapping[str, Any]) -> Instant:
    """When a run of a workflow, as GitHub tells it, was started."""
    return instant_of(run.get("run_started_at") or run["created_at"])


def measured(client: Client, schedule: Schedule) -> Lateness | str | None:
    """How late this schedule's latest runs came; why that could not be seen, or None where there were too few."""
    path = f"/repos/{client.repository}/actions/workflows/{schedule.file}/runs?event=schedule&per_page=100"
    answer = client.ask("GET", path, doing=f"reading the runs of {schedule.file}")
    if answer.status != 200:
        why = f"GitHub answered {answer.status}"
        return f"how late {schedule.file} comes could not be seen ({why}): give it `actions: read`"
    try:
        cron = parse_cron(schedule.cron, None)
    except ValueError as error:
        return f"how late {schedule.file} comes could not be told: {error}"
    return lateness([cron], sorted(started(run) for run in answer.json["workflow_runs"]))
