"""What was told of a commit: statuses and check runs, and how they stand together."""

from __future__ import annotations

from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

_BAD = {"error", "failure", "cancelled", "timed_out", "action_required"}


def statuses_of(world: World, repo: Row, sha: str) -> list[Row]:
    """Return every status of a commit, newest first."""
    return world.all("SELECT * FROM statuses WHERE repo_id = ? AND sha = ? ORDER BY id DESC", repo["id"], sha)


def newest(rows: list[Row]) -> list[Row]:
    """Return the newest status of each context."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row["context"], row)
    return list(found.values())


def runs_of(world: World, repo: Row, sha: str) -> list[Row]:
    """Return the check runs of a commit, oldest first."""
    return world.all("SELECT * FROM check_runs WHERE repo_id = ? AND sha = ? ORDER BY id", repo["id"], sha)


def rollup(world: World, repo: Row, sha: str) -> str | None:
    """Return how everything on a commit stands together: FAILURE, PENDING or SUCCESS; None where nothing is told."""
    states = [row["state"] for row in newest(statuses_of(world, repo, sha))]
    states += [row["conclusion"] or "pending" for row in runs_of(world, repo, sha)]
    if not states:
        return None
    if _BAD & set(states):
        return "FAILURE"
    return "PENDING" if "pending" in states else "SUCCESS"
