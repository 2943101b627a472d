"""Sub-issues and dependencies between issues.

Rules of GitHub held here: an issue has one parent, at most 100 sub-issues and eight levels below the first; it blocks,
and is blocked by, at most 50; nothing is its own ancestor or blocks itself; both ends belong to one owner; whoever may
triage both repositories makes and ends a relation.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries, issues
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.shapes.repositories import repository
from respondby.sandbox.store import access, relations
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, not_found
from respondby.sandbox.store.timeline import happened
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

MOST_SUB_ISSUES = 100
MOST_LEVELS = 8
MOST_DEPENDENCIES = 50
_NOT_ADDED = "An error occurred while adding the sub-issue to the parent issue. "


def may_relate(world: World, actor: Viewer, *rows: Row) -> None:
    """Refuse whoever may not triage every one of these issues, or issues of different owners."""
    homes = [world.get("repos", row["repo_id"]) for row in rows]
    for home, row in zip(homes, rows, strict=True):
        if not access.can_see(world, actor, home) or row["deleted"] or row["is_pull"]:
            raise not_found()
    access.may_write(world, actor, homes[0], "issues", Role.TRIAGE)
    if len({home["owner_id"] for home in homes}) > 1:
        raise Problem(422, "Both issues must belong to repositories of the same owner")


def add_sub_issue(world: World, actor: Viewer, parent: Row, child: Row, replace: bool = False) -> None:
    """Make an issue a sub-issue of another, the last of its own; `replace` takes it from the parent that it has."""
    may_relate(world, actor, parent, child)
    old = relations.parent_of(world, child["id"])
    if old is not None and old["id"] == parent["id"]:
        raise Problem(422, _NOT_ADDED + "Issue may not contain duplicate sub-issues")
    if old is not None and not replace:
        raise Problem(422, _NOT_ADDED + "Sub issue may only have one parent")
    above = _ancestors(world, parent)
    if child["id"] in (parent["id"], *above):
        raise Problem(422, _NOT_ADDED + "Sub issue may not be its parent's own parent")
    if len(above) + _depth(world, child) > MOST_LEVELS:
        raise Problem(422, _NOT_ADDED + f"Sub issues may not be nested deeper than {MOST_LEVELS} levels")
    present = relations.sub_issues_of(world, parent["id"])
    if len(present) >= MOST_SUB_ISSUES:
        raise Problem(422, _NOT_ADDED + f"Parent may not have more than {MOST_SUB_ISSUES} sub-issues")
    if old is not None:
        remove_sub_issue(world, actor, old, child)
    last = world.one("SELECT max(position) AS last FROM sub_issues WHERE parent_id = ?", parent["id"])
    position = 1 if last is None or last["last"] is None else last["last"] + 1
    world.run("INSERT INTO sub_issues VALUES (?, ?, ?)", child["id"], parent["id"], position)
    _tell(world, actor, "sub_issues", "added", parent, child)


def remove_sub_issue(world: World, actor: Viewer, parent: Row, child: Row) -> None:
    """End that an issue is a sub-issue of another; 404 if it is none."""
    may_relate(world, actor, parent, child)
    if not world.run("DELETE FROM sub_issues WHERE parent_id = ? AND child_id = ?", parent["id"], child["id"]):
        raise not_found()
    _tell(world, actor, "sub_issues", "removed", parent, child)


def move_sub_issue(
    world: World, actor: Viewer, parent: Row, child: Row, after: int | None = None, before: int | None = None
) -> None:
    """Put a sub-issue right after, or right before, another one of its parent; both are named by their ids."""
    may_relate(world, actor, parent, child)
    order = [row["id"] for row in relations.sub_issues_of(world, parent["id"])]
    anchor = after if before is None else before
    if (after is None) == (before is None):
        raise Problem(422, "Exactly one of after_id and before_id must be given")
    if child["id"] not in order or anchor not in order or anchor == child["id"]:
        raise not_found()
    order.remove(child["id"])
    order.insert(order.index(anchor) + (before is None), child["id"])
    for position, number in enumerate(order, 1):
        world.run("UPDATE sub_issues SET position = ? WHERE child_id = ?", position, number)


def block(world: World, actor: Viewer, issue: Row, blocker: Row) -> None:
    """Say that an issue is blocked by another."""
    may_relate(world, actor, issue, blocker)
    if issue["id"] == blocker["id"]:
        raise Problem(422, "An issue cannot be blocked by itself")
    blockers, blocked = relations.blockers_of(world, issue["id"]), relations.blocked_by(world, blocker["id"])
    if any(row["id"] == blocker["id"] for row in blockers):
        raise Problem(422, "Validation failed: Target issue has already been taken")
    if any(row["id"] == issue["id"] for row in relations.blockers_of(world, blocker["id"])):
        raise Problem(422, "Two issues cannot block each other")
    if max(len(blockers), len(blocked)) >= MOST_DEPENDENCIES:
        raise Problem(422, f"An issue cannot have more than {MOST_DEPENDENCIES} dependencies of one kind")
    world.run("INSERT INTO dependencies VALUES (?, ?)", issue["id"], blocker["id"])
    _tell(world, actor, "issue_dependencies", "added", blocker, issue)


def unblock(world: World, actor: Viewer, issue: Row, blocker: Row) -> None:
    """Say that an issue is no longer blocked by another; 404 if it was not."""
    may_relate(world, actor, issue, blocker)
    if not world.run("DELETE FROM dependencies WHERE issue_id = ? AND blocker_id = ?", issue["id"], blocker["id"]):
        raise not_found()
    _tell(world, actor, "issue_dependencies", "removed", blocker, issue)


def _ancestors(world: World, row: Row) -> list[int]:
    found = []
    while (above := relations.parent_of(world, row["id"])) is not None:
        found.append(int(above["id"]))
        row = above
    return found


def _depth(world: World, row: Row) -> int:
    return 1 + max((_depth(world, child) for child in relations.sub_issues_of(world, row["id"])), default=0)


def _tell(world: World, actor: Viewer, event: str, what: str, upper: Row, lower: Row) -> None:
    """Touch both ends and record a delivery for each, in its own repository; their timelines tell of a parent."""
    names = {
        "sub_issues": (f"sub_issue_{what}", "parent", f"parent_issue_{what}", "sub"),
        "issue_dependencies": (f"blocking_{what}", "blocking", f"blocked_by_{what}", "blocked"),
    }
    of_upper, upper_name, of_lower, lower_name = names[event]
    if event == "sub_issues":
        happened(world, upper["id"], f"sub_issue_{what}", actor.id, other=lower["id"])
        happened(world, lower["id"], f"parent_issue_{what}", actor.id, other=upper["id"])
    parts: Json = {}
    for name, row in ((upper_name, upper), (lower_name, lower)):
        issues.touch(world, row["id"])
        home = world.get("repos", row["repo_id"])
        shape = shapes.issue(world, home, world.get("issues", row["id"]))
        del shape["closed_by"]
        parts |= {f"{name}_issue_id": row["id"], f"{name}_issue": shape}
        parts[f"{name}_issue_repo"] = repository(world, home)
    for action, row, own in ((of_upper, upper, upper_name), (of_lower, lower, lower_name)):
        home = world.get("repos", row["repo_id"])
        payload = {key: value for key, value in parts.items() if key != f"{own}_issue_repo"}
        deliveries.record(world, home, actor, event, action, **payload)
