"""A repository's milestones, and which issue belongs to which."""

from __future__ import annotations

from respondby.sandbox.domain import deliveries, issues
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.store import clock, timeline
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import invalid, not_found
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def need(world: World, repo: Row, number: int) -> Row:
    """Return the milestone of this number, or refuse with 404."""
    row = world.one("SELECT * FROM milestones WHERE repo_id = ? AND number = ?", repo["id"], number)
    if row is None:
        raise not_found()
    return row


def _due(text: str | None) -> int | None:
    try:
        return None if text is None else clock.parse(text)
    except ValueError:
        raise invalid("Milestone", "due_on", "invalid", value=text) from None


def create(world: World, repo: Row, actor: Viewer, title: str, about: str | None, due: str | None) -> Row:
    """Create a milestone and return it."""
    if not title.strip():
        raise invalid("Milestone", "title", "missing_field")
    if world.one("SELECT 1 FROM milestones WHERE repo_id = ? AND title = ?", repo["id"], title):
        raise invalid("Milestone", "title", "already_exists")
    now = world.clock.now()
    number = 1 + world.count("SELECT coalesce(max(number), 0) FROM milestones WHERE repo_id = ?", repo["id"])
    row_id = world.insert(
        "milestones",
        repo_id=repo["id"],
        number=number,
        title=title,
        description=about,
        state="open",
        creator_id=actor.id,
        due_on=_due(due),
        created_at=now,
        updated_at=now,
    )
    return _recorded(world, repo, actor, row_id, "created")


def _recorded(world: World, repo: Row, actor: Viewer, row_id: int, action: str, **parts: Json) -> Row:
    row = world.get("milestones", row_id)
    shape = shapes.milestone(world, repo, row)
    deliveries.record(world, repo, actor, "milestone", action, milestone=shape, **parts)
    return row


def update(world: World, repo: Row, actor: Viewer, row: Row, changed: Json) -> Row:
    """Change whatever `changed` names: title, description, due_on, state."""
    now = world.clock.now()
    new = {name: changed.get(name, row[name]) for name in ("title", "description", "state")}
    if not isinstance(new["title"], str) or not new["title"].strip():
        raise invalid("Milestone", "title", "missing_field")
    if new["state"] not in ("open", "closed"):
        raise invalid("Milestone", "state", "invalid", value=str(new["state"]))
    due = _due(changed["due_on"]) if "due_on" in changed else row["due_on"]
    closed_at = None if new["state"] == "open" else row["closed_at"] or now
    world.run(
        "UPDATE milestones SET title = ?, description = ?, state = ?, due_on = ?, closed_at = ?, updated_at = ?"
        " WHERE id = ?",
        *new.values(),
        due,
        closed_at,
        now,
        row["id"],
    )
    if new["state"] != row["state"]:
        return _recorded(world, repo, actor, row["id"], "closed" if closed_at else "opened")
    fields = ("title", "description")
    changes: Json = {name: {"from": row[name] or ""} for name in fields if row[name] != new[name]}
    if due != row["due_on"]:
        changes["due_on"] = {"from": clock.maybe_iso(row["due_on"]) or ""}
    return _recorded(world, repo, actor, row["id"], "edited", changes=changes)


def delete(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Delete a milestone; its issues belong to none then."""
    _recorded(world, repo, actor, row["id"], "deleted")
    world.run("UPDATE issues SET milestone_id = NULL WHERE milestone_id = ?", row["id"])
    world.run("DELETE FROM milestones WHERE id = ?", row["id"])


def put(world: World, repo: Row, actor: Viewer, issue: Row, number: int | None) -> None:
    """Let an issue belong to a milestone, or to none."""
    new = None
    if number is not None:
        new = world.one("SELECT * FROM milestones WHERE repo_id = ? AND number = ?", repo["id"], number)
        if new is None:
            raise invalid("Issue", "milestone", "invalid", value=str(number))
    old = issue["milestone_id"]
    if old == (new and new["id"]):
        return
    world.run("UPDATE issues SET milestone_id = ? WHERE id = ?", new and new["id"], issue["id"])
    issues.touch(world, issue["id"])
    for kind, row in (("demilestoned", old and world.get("milestones", old)), ("milestoned", new)):
        if row:
            timeline.happened(world, issue["id"], kind, actor.id, title=row["title"])
            shape = shapes.milestone(world, repo, row)
            deliveries.issue(world, repo, actor, kind, issue["id"], milestone=shape)
