"""Workflows and their runs, as far as GitHub tells of them: nothing is run here, runs are recorded.

Rules of GitHub held here: a workflow is a file of the default branch under `.github/workflows`; it is known by its
file's name or its number; a schedule that GitHub has silenced shows in the workflow's state.
"""

from __future__ import annotations

from respondby.sandbox.store import objects
from respondby.sandbox.store.problems import invalid, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

FOLDER = ".github/workflows"
STATES = ("active", "disabled_fork", "disabled_inactivity", "disabled_manually")
CONCLUSIONS = ("success", "failure", "cancelled", "timed_out", "skipped")


def need(world: World, repo: Row, name: str) -> Row:
    """Return the workflow of this file name or number, or refuse with 404."""
    if name.isdecimal():
        row = world.one("SELECT * FROM workflows WHERE repo_id = ? AND id = ?", repo["id"], int(name))
        if row is None:
            raise not_found()
        return row
    path = f"{FOLDER}/{name}"
    head = objects.head(world, repo, repo["default_branch"])
    if head is None or objects.at_path(world, objects.read_commit(world, head).tree, path) is None:
        raise not_found()
    row = world.one("SELECT * FROM workflows WHERE repo_id = ? AND path = ?", repo["id"], path)
    if row is not None:
        return row
    now = world.clock.now()
    number = world.insert("workflows", repo_id=repo["id"], path=path, created_at=now, updated_at=now)
    return world.get("workflows", number)


def set_state(world: World, repo: Row, name: str, state: str) -> None:
    """Enable a workflow or have it disabled."""
    if state not in STATES:
        raise invalid("Workflow", "state", "invalid", f"one of {', '.join(STATES)}", state)
    row = need(world, repo, name)
    world.run("UPDATE workflows SET state = ?, updated_at = ? WHERE id = ?", state, world.clock.now(), row["id"])


def record(
    world: World, repo: Row, name: str, actor: Row, at: int, event: str = "schedule", conclusion: str | None = "success"
) -> Row:
    """Record a run that started at an instant; without a conclusion it is still in progress."""
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("WorkflowRun", "conclusion", "invalid", f"one of {', '.join(CONCLUSIONS)}", conclusion)
    workflow = need(world, repo, name)
    head = objects.head(world, repo, repo["default_branch"])
    number = world.insert(
        "runs",
        workflow_id=workflow["id"],
        number=1 + world.count("SELECT count(*) FROM runs WHERE workflow_id = ?", workflow["id"]),
        event=event,
        conclusion=conclusion,
        actor_id=actor["id"],
        head_sha=head,
        created_at=at,
        updated_at=at,
    )
    return world.get("runs", number)


def listing(world: World, workflow: Row, event: str | None, status: str | None) -> list[Row]:
    """Return a workflow's runs, newest first, of one event and one status or conclusion if asked."""
    return world.all(
        "SELECT * FROM runs WHERE workflow_id = ?1 AND (?2 IS NULL OR event = ?2)"
        " AND (?3 IS NULL OR conclusion = ?3 OR iif(conclusion IS NULL, 'in_progress', 'completed') = ?3)"
        " ORDER BY created_at DESC, id DESC",
        workflow["id"],
        event,
        status,
    )
