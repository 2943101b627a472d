"""Comments on issues: writing, editing, hiding, deleting.

Rules of GitHub held here: a locked conversation takes staff's comments only; an edit keeps the history; a
deleted comment leaves an event that names its author, not its text; each moves the issue's `updated_at`.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries, issues, references
from respondby.sandbox.store import access, revisions, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


def need(world: World, repo: Row, comment_id: int) -> tuple[Row, Row]:
    """Return a comment of this repository and its issue, or refuse with 404."""
    row = world.one("SELECT * FROM comments WHERE id = ?", comment_id)
    if row is None:
        raise not_found()
    issue = world.get("issues", row["issue_id"])
    if issue["repo_id"] != repo["id"] or issue["deleted"]:
        raise not_found()
    return row, issue


def _check(body: object) -> None:
    issues.check_body("IssueComment", body)
    if not isinstance(body, str) or not body.strip():
        raise invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")


def create(world: World, repo: Row, actor: Viewer, issue: Row, body: str) -> Row:
    """Write a comment and return it."""
    access.may_write(world, actor, repo, access.scope_of(issue), Role.READ)
    if issue["locked"] and access.role(world, actor, repo) < Role.WRITE:
        raise Problem(403, "Unable to create comment because issue is locked.")
    _check(body)
    now = world.clock.now()
    number = world.insert(
        "comments", issue_id=issue["id"], author_id=actor.id, body=body, created_at=now, updated_at=now
    )
    issues.touch(world, issue["id"])
    issue, row = world.get("issues", issue["id"]), world.get("comments", number)
    deliveries.comment(world, repo, actor, "created", issue, row)
    references.follow(world, actor, repo, issue, body)
    references.mark_duplicate(world, actor, repo, issue, body)
    return row


def edit(world: World, repo: Row, actor: Viewer, issue: Row, row: Row, body: str) -> Row:
    """Give a comment a new text, as its author or as staff, and return it. The same text is no edit."""
    access.may_write(
        world, actor, repo, access.scope_of(issue), Role.READ if row["author_id"] == actor.id else Role.WRITE
    )
    _check(body)
    if body == row["body"]:
        return row
    revisions.write(world, "comments", row, body, actor)
    world.run("UPDATE comments SET body = ?, updated_at = ? WHERE id = ?", body, world.clock.now(), row["id"])
    issues.touch(world, issue["id"])
    issue, edited = world.get("issues", issue["id"]), world.get("comments", row["id"])
    deliveries.comment(world, repo, actor, "edited", issue, edited, changes={"body": {"from": row["body"]}})
    references.follow(world, actor, repo, issue, body)
    return edited


def delete(world: World, repo: Row, actor: Viewer, issue: Row, row: Row) -> None:
    """Delete a comment, as its author or as staff."""
    access.may_write(
        world, actor, repo, access.scope_of(issue), Role.READ if row["author_id"] == actor.id else Role.WRITE
    )
    issues.touch(world, issue["id"])
    deliveries.comment(world, repo, actor, "deleted", world.get("issues", issue["id"]), row)
    world.run("DELETE FROM comments WHERE id = ?", row["id"])
    world.run("DELETE FROM revisions WHERE subject_id = ?", row["id"])
    world.run("DELETE FROM reactions WHERE subject_id = ?", row["id"])
    timeline.happened(world, issue["id"], "comment_deleted", actor.id, author=row["author_id"])


def minimize(world: World, repo: Row, actor: Viewer, row: Row, classifier: str | None) -> None:
    """Hide a comment for a reason, or show it again (None)."""
    access.may_write(world, actor, repo, access.scope_of(world.get("issues", row["issue_id"])), Role.WRITE)
    world.run("UPDATE comments SET minimized = ? WHERE id = ?", classifier, row["id"])
