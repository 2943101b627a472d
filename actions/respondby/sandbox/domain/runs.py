"""Workflows and their runs, as far as GitHub tells of them: nothing is run here, runs are recorded.

Rules of GitHub held here: a workflow is a file of the default branch under `.github/workflows`; it is known by its
file's name or its number; a schedule that GitHub has silenced shows in the workflow's state.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries
from respondby.sandbox.store import objects
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found
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
    return known(world, repo, path)


def known(world: World, repo: Row, path: str) -> Row:
    """Return what is kept of the workflow at a path, which must be a file somewhere."""
    row = world.one("SELECT * FROM workflows WHERE repo_id = ? AND path = ?", repo["id"], path)
    if row is not None:
        return row
    now = world.clock.now()
    number = world.insert("workflows", repo_id=repo["id"], path=path, created_at=now, updated_at=now)
    return world.get("workflows", number)


def workflows(world: World, repo: Row) -> list[Row]:
    """Return the workflows of the default branch, by file name."""
    head = objects.head(world, repo, repo["default_branch"])
    folder = None if head is None else objects.at_path(world, objects.read_commit(world, head).tree, FOLDER)
    if folder is None or folder.type != "tree":
        return []
    names = [entry.name for entry in objects.entries(world, folder.oid) if entry.name.endswith((".yml", ".yaml"))]
    return [need(world, repo, name) for name in sorted(names)]


def need_run(world: World, repo: Row, number: int) -> tuple[Row, Row]:
    """Return a run's workflow and the run, or refuse with 404."""
    row = world.one("SELECT * FROM runs WHERE id = ?", number)
    workflow = None if row is None else world.get("workflows", row["workflow_id"])
    if row is None or workflow is None or workflow["repo_id"] != repo["id"]:
        raise not_found()
    return workflow, row


def finish(world: World, repo: Row, number: int, conclusion: str) -> None:
    """End a run that is in progress; 404 if there is none."""
    if conclusion not in CONCLUSIONS:
        raise invalid("WorkflowRun", "conclusion", "invalid", f"one of {', '.join(CONCLUSIONS)}", conclusion)
    _, row = need_run(world, repo, number)
    sql = "UPDATE runs SET conclusion = ?, updated_at = ? WHERE id = ?"
    world.run(sql, conclusion, world.clock.now(), row["id"])


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
    return _started(world, workflow, actor["id"], head, at, event, conclusion)


def _started(
    world: World, workflow: Row, actor_id: int, head: str | None, at: int, event: str, conclusion: str | None
) -> Row:
    number = world.insert(
        "runs",
        workflow_id=workflow["id"],
        number=1 + world.count("SELECT count(*) FROM runs WHERE workflow_id = ?", workflow["id"]),
        event=event,
        conclusion=conclusion,
        actor_id=actor_id,
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


def dispatch(world: World, repo: Row, actor: Viewer, name: str, ref: str, inputs: dict[str, object]) -> int:
    """Record a `workflow_dispatch` of a workflow, by its file's name or its number, and return the id of its run.

    A file that is missing on the branch is refused with 404, a missing branch and a disabled workflow with 422.
    """
    oid = objects.resolve(world, repo, ref)
    if oid is None:
        raise Problem(422, f"No ref found for: {ref}")
    if name.isdecimal():
        path = str(need(world, repo, name)["path"])
    else:
        path = name if "/" in name else f"{FOLDER}/{name}"
    if objects.at_path(world, objects.read_commit(world, oid).tree, path) is None:
        raise not_found()
    workflow = known(world, repo, path)
    if workflow["state"] != "active":
        raise Problem(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    full = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    deliveries.record(world, repo, actor, "workflow_dispatch", None, inputs=inputs, ref=full, workflow=path)
    row = _started(world, workflow, actor.id, oid, world.clock.now(), "workflow_dispatch", None)
    return int(row["id"])
