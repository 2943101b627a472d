"""The sweep's own pulse: a heartbeat for a switch outside of GitHub, and how late the schedule's runs come.

- A sweep that has looked at every case says so to the address in the policy's `heartbeat`. One that ended early does
  not: who watches the switch is then told that promises are not being kept. A heartbeat that does not get through is a
  warning and no failure, since the switch itself makes it known.
- The lateness of the schedule is measured only where it mattered: when a step came late. Then one request reads the
  workflow's latest runs; a sweep that finds nothing late asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from respondby.forge.client import Client
from respondby.jobs.health.crons import parse_cron
from respondby.jobs.health.schedule import Lateness, lateness, started
from respondby.policy.model.policy import Policy

#: A secret's value by its name; None where it is not set.
Secrets = Callable[[str], str | None]

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


def beat(policy: Policy, secrets: Secrets) -> str | None:
    """Reach the heartbeat's address; what a maintainer should know, or None."""
    if policy.heartbeat is None:
        return None
    address = (secrets(policy.heartbeat) or "").strip()
    if not address:
        return (
            f"the heartbeat {policy.heartbeat} is not set: add it to the repository and pass it in the workflow's env"
        )
    from respondby.channels import http

    try:
        http.reach(address)
    except http.Failed as failed:
        return f"the heartbeat {policy.heartbeat} did not get through: {failed}"
    return None


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
