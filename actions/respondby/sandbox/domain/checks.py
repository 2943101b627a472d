"""What is told of a commit: statuses, by context, and check runs.

Rules of GitHub held here: of a context the newest status counts; anybody who may write sets one; check runs are an
app's only, and a workflow's token is one; a pull request fails while anything on its last commit has failed.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries
from respondby.sandbox.shapes import checks as shapes
from respondby.sandbox.store import access, clock, objects
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

STATES = ("error", "failure", "pending", "success")
CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required")
STATUSES = ("queued", "in_progress", "completed")


def commit_of(world: World, repo: Row, name: str) -> str:
    """Return the commit that a branch or a hash names, or refuse with 422."""
    oid = objects.resolve(world, repo, name)
    if oid is None:
        raise Problem(422, f"No commit found for SHA: {name}")
    return oid


def set_status(world: World, repo: Row, actor: Viewer, sha: str, given: Json) -> Row:
    """Tell how one context stands for a commit."""
    access.may_write(world, actor, repo, "statuses", Role.WRITE)
    if given.get("state") not in STATES:
        raise invalid("Status", "state", "invalid", value=str(given.get("state")))
    number = world.insert(
        "statuses",
        repo_id=repo["id"],
        sha=commit_of(world, repo, sha),
        context=str(given.get("context") or "default"),
        state=given["state"],
        description=given.get("description"),
        target_url=given.get("target_url"),
        creator_id=actor.id,
        created_at=world.clock.now(),
    )
    row = world.get("statuses", number)
    deliveries.record(world, repo, actor, "status", None, **shapes.status_payload(world, repo, row))
    return row


def need_run(world: World, repo: Row, number: int) -> Row:
    """Return a check run, or refuse with 404."""
    row = world.one("SELECT * FROM check_runs WHERE id = ? AND repo_id = ?", number, repo["id"])
    if row is None:
        raise not_found()
    return row


def _checked(world: World, repo: Row, actor: Viewer, given: Json) -> Json:
    access.may_write(world, actor, repo, "checks", Role.WRITE)
    if not actor.is_bot:
        raise Problem(403, "You must authenticate via a GitHub App.")
    conclusion = given.get("conclusion")
    status = "completed" if conclusion else given.get("status", "queued")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion", "invalid", value=str(conclusion))
    if status not in STATUSES or (status == "completed" and conclusion is None):
        raise invalid("CheckRun", "conclusion" if status in STATUSES else "status", "missing_field")
    output = given.get("output") or {}
    now = world.clock.now()
    started = given.get("started_at")
    return {
        "status": status,
        "conclusion": conclusion,
        "title": output.get("title"),
        "summary": output.get("summary"),
        "started_at": now if started is None else clock.parse(started),
        "completed_at": now if status == "completed" else None,
    }


def create_run(world: World, repo: Row, actor: Viewer, given: Json) -> Row:
    """Start, or report, a check run."""
    values = _checked(world, repo, actor, given)
    name, sha = given.get("name"), given.get("head_sha")
    if not isinstance(name, str) or not name or not isinstance(sha, str):
        raise invalid("CheckRun", "name" if not name else "head_sha", "missing_field")
    oid = commit_of(world, repo, sha)
    number = world.insert("check_runs", repo_id=repo["id"], sha=oid, name=name, app_id=actor.id, **values)
    row = world.get("check_runs", number)
    action = "completed" if row["conclusion"] else "created"
    deliveries.record(world, repo, actor, "check_run", action, check_run=shapes.check_run(world, repo, row))
    return row


def update_run(world: World, repo: Row, actor: Viewer, row: Row, given: Json) -> Row:
    """Change how a check run stands."""
    values = _checked(world, repo, actor, {"status": row["status"], "conclusion": row["conclusion"], **given})
    if "output" not in given:
        values |= {"title": row["title"], "summary": row["summary"]}
    if "started_at" not in given:
        values["started_at"] = row["started_at"]
    world.run(
        "UPDATE check_runs SET status = ?, conclusion = ?, title = ?, summary = ?, started_at = ?, completed_at = ?"
        " WHERE id = ?",
        *values.values(),
        row["id"],
    )
    new = world.get("check_runs", row["id"])
    if new["status"] == "completed" and row["status"] != "completed":
        deliveries.record(world, repo, actor, "check_run", "completed", check_run=shapes.check_run(world, repo, new))
    return new
