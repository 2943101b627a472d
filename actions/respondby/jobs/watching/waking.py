"""Starting a watch: a job that stays awake, where something that it is for comes before the schedule would see to it.

Whoever looks at a case may start one: what stands is asked, so a lost event only makes it later. One request where
something is due soon, none where nothing is.
"""

from __future__ import annotations

from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.forge.gathering import Gathered
from respondby.jobs.loop.report import Report
from respondby.policy.model.policy import Policy
from respondby.policy.repository.watch_workflows import FILE


def wake(client: Client, gathered: Gathered, policy: Policy, report: Report) -> None:
    """Start a watch where the policy wants one and none is awake. What keeps it from starting fails the run:
    the schedule leaves to the watch what it is awake for, so somebody has to see that it is not.
    """
    watch, wanted = policy.watch, report.wanted_at
    if watch is None or policy.mode != "live" or wanted is None or wanted > gathered.now + watch.idle:
        return
    try:
        if not _awake(client):
            start(client, gathered.default_branch, {})
            report.remarks.append("a watch was started: a step is due soon")
    except ForgeError as error:
        report.failed.append(f"a watch was not started, and what it is for comes with the next sweep: {error}")


def start(client: Client, branch: str | None, inputs: dict[str, str]) -> None:
    """Start the workflow. Raises ForgeErrors."""
    body = {"ref": branch or "main", "inputs": inputs}
    path = f"/actions/workflows/{FILE}/dispatches"
    client.rest("POST", path, body, doing=f"starting {FILE}", permission="actions: write")


def _awake(client: Client) -> bool:
    """Whether a run of the workflow is under way or waits for a runner."""
    path = f"/actions/workflows/{FILE}/runs?per_page=20"
    runs = client.rest("GET", path, doing=f"reading the runs of {FILE}", permission="actions: read").json
    return any(run["status"] != "completed" for run in runs["workflow_runs"])
