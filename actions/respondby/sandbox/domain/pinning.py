"""Issues that stand on top of their repository's list: at most three, put there by whoever may write."""

from __future__ import annotations

from respondby.sandbox.domain import deliveries
from respondby.sandbox.store import access, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import unprocessable
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

MOST = 3


def is_pinned(world: World, issue_id: int) -> bool:
    """Return whether an issue is pinned."""
    return world.one("SELECT 1 FROM pins WHERE issue_id = ?", issue_id) is not None


def pin(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Pin an issue."""
    access.may_write(world, actor, repo, "issues", Role.WRITE)
    if is_pinned(world, row["id"]):
        return
    sql = "SELECT count(*) FROM pins p JOIN issues i ON i.id = p.issue_id WHERE i.repo_id = ? AND NOT i.deleted"
    if world.count(sql, repo["id"]) >= MOST:
        raise unprocessable("Issue", f"Maximum {MOST} pinned issues per repository")
    world.run("INSERT INTO pins VALUES (?, ?)", row["id"], actor.id)
    timeline.happened(world, row["id"], "pinned", actor.id)
    deliveries.issue(world, repo, actor, "pinned", row["id"])


def unpin(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Take an issue from the top again."""
    access.may_write(world, actor, repo, "issues", Role.WRITE)
    if world.run("DELETE FROM pins WHERE issue_id = ?", row["id"]):
        timeline.happened(world, row["id"], "unpinned", actor.id)
        deliveries.issue(world, repo, actor, "unpinned", row["id"])
