"""What the desk's workflows have cost: their runs of the last days, as GitHub counted and timed them.

- A run's minutes are rounded up; one whose jobs were all skipped costs none. The latest hundred runs of a workflow are
  looked at for how many a run takes; all runs of the days are counted. GitHub lists at most 1,000 runs for one
  question, so days are asked for a few at a time.
- A workflow that never ran, or that the repository does not have, cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError, RepositoryMissing
from respondby.forge.nodes import instant_of

DAY = 86_400
#: Days of one question: a run each five minutes is 864 in three days.
STEP = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """A workflow's runs in so many days, and their minutes: of all of them, as the latest ones took."""

    name: str
    runs: int
    minutes: int


def spent(client: Client, files: Iterable[str], now: Instant, days: int) -> tuple[Spent, ...]:
    """What each of these workflows (file names) cost in the `days` before `now`; about `days / 3` requests each.

    Raises ForgeError where GitHub does not say, and where there is no such repository.
    """
    doing = f"looking at {client.repository}"
    if client.ask("GET", f"/repos/{client.repository}", doing=doing).status == 404:
        raise RepositoryMissing(client.repository)
    return tuple(_spent(client, file, now, days) for file in files)


def _spent(client: Client, file: str, now: Instant, days: int) -> Spent:
    runs, latest = 0, list[dict[str, Any]]()
    for end in range(now, now - days * DAY, -STEP * DAY):
        begin = max(end - STEP * DAY, now - days * DAY)
        # A span of dates holds both of its ends.
        span = f"{iso(begin + 1)}..{iso(end)}"
        size = 1 if len(latest) >= 100 else 100
        path = f"/repos/{client.repository}/actions/workflows/{file}/runs?created={span}&per_page={size}"
        answer = client.ask("GET", path, doing=f"counting the runs of {file}")
        if answer.status == 404:
            break
        if answer.status != 200:
            raise ForgeError(f"The runs of {file} could not be counted: GitHub answered {answer.status}.")
        runs += answer.json["total_count"]
        latest += answer.json["workflow_runs"]
    took = [_minutes(run) for run in latest[:100] if run["status"] == "completed"]
    return Spent(file, runs, -(-runs * sum(took) // len(took)) if took else runs)


def _minutes(run: dict[str, Any]) -> int:
    if run["conclusion"] == "skipped":
        return 0
    seconds = instant_of(run["updated_at"]) - instant_of(run["run_started_at"])
    return max(1, -(-seconds // 60))
