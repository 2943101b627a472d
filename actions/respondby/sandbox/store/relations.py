"""How issues stand to each other: parents and sub-issues, what blocks what."""

from __future__ import annotations

from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

_SUB_ISSUES = (
    "SELECT i.* FROM sub_issues s JOIN issues i ON i.id = s.child_id"
    " WHERE s.parent_id = ? AND NOT i.deleted ORDER BY s.position"
)
_BLOCKERS = (
    "SELECT i.* FROM dependencies d JOIN issues i ON i.id = d.blocker_id"
    " WHERE d.issue_id = ? AND NOT i.deleted ORDER BY d.rowid"
)
_BLOCKED = (
    "SELECT i.* FROM dependencies d JOIN issues i ON i.id = d.issue_id"
    " WHERE d.blocker_id = ? AND NOT i.deleted ORDER BY d.rowid"
)


def parent_of(world: World, issue_id: int) -> Row | None:
    """Return the issue that an issue is a sub-issue of."""
    return world.one(
        "SELECT i.* FROM sub_issues s JOIN issues i ON i.id = s.parent_id WHERE s.child_id = ? AND NOT i.deleted",
        issue_id,
    )


def sub_issues_of(world: World, issue_id: int) -> list[Row]:
    """Return an issue's sub-issues, in their order."""
    return world.all(_SUB_ISSUES, issue_id)


def blockers_of(world: World, issue_id: int) -> list[Row]:
    """Return the issues that block an issue, first those that did so first."""
    return world.all(_BLOCKERS, issue_id)


def blocked_by(world: World, issue_id: int) -> list[Row]:
    """Return the issues that an issue blocks, first those that it blocked first."""
    return world.all(_BLOCKED, issue_id)


def summary(rows: list[Row]) -> tuple[int, int, int]:
    """Return how many issues there are, how many of them are closed, and how many percent that is."""
    done = sum(row["state"] == "closed" for row in rows)
    return len(rows), done, done * 100 // len(rows) if rows else 0


def still_open(rows: list[Row]) -> int:
    """Return how many of some issues are open."""
    return sum(row["state"] == "open" for row in rows)
