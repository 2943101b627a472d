"""Repositories that were renamed and issues that were moved to another one; the old addresses lead to the new.

Rules of GitHub held here: REST answers an old address with a redirect that names ids instead of names (301 to a read,
307 to a write); a moved issue is a new one, with a number, an id and a node id of its own, that keeps what was said and
those labels that the new repository has; only somebody who may write in both repositories of one owner moves it.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries, issues, labels
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.shapes.repositories import repository
from respondby.sandbox.store import access, people, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


def rename(world: World, repo: Row, actor: Viewer, name: str) -> Row:
    """Give a repository another name and return it; its old one leads there until another repository takes it."""
    access.may_write(world, actor, repo, "administration", Role.ADMIN)
    if not name or "/" in name:
        raise invalid("Repository", "name", "invalid", value=name)
    taken = world.one("SELECT id FROM repos WHERE owner_id = ? AND name = ?", repo["owner_id"], name)
    if taken is not None and taken["id"] != repo["id"]:
        raise invalid("Repository", "name", "custom", "name already exists on this account")
    if name == repo["name"]:
        return repo
    world.run("INSERT OR REPLACE INTO renames VALUES (?, ?, ?)", repo["owner_id"], repo["name"], repo["id"])
    world.run("DELETE FROM renames WHERE owner_id = ? AND name = ?", repo["owner_id"], name)
    world.run("UPDATE repos SET name = ?, updated_at = ? WHERE id = ?", name, world.clock.now(), repo["id"])
    new = world.get("repos", repo["id"])
    changes = {"repository": {"name": {"from": repo["name"]}}}
    deliveries.record(world, new, actor, "repository", "renamed", changes=changes)
    return new


def hand_over(world: World, repo: Row, owner: str) -> None:
    """Give a repository to another account, an organisation if unknown; its old address leads there."""
    account = people.find(world, owner) or people.create(world, owner, "Organization")
    if world.one("SELECT 1 FROM repos WHERE owner_id = ? AND name = ?", account["id"], repo["name"]):
        raise invalid("Repository", "name", "custom", "name already exists on this account")
    world.run("INSERT OR REPLACE INTO renames VALUES (?, ?, ?)", repo["owner_id"], repo["name"], repo["id"])
    world.run("DELETE FROM renames WHERE owner_id = ? AND name = ?", account["id"], repo["name"])
    world.run("UPDATE repos SET owner_id = ? WHERE id = ?", account["id"], repo["id"])


def renamed(world: World, viewer: Viewer | None, owner: str, name: str) -> Row | None:
    """Return the repository that once had this name, if the viewer may see it."""
    row = world.one(
        "SELECT r.* FROM renames n JOIN repos r ON r.id = n.repo_id JOIN users u ON u.id = n.owner_id"
        " WHERE u.login = ? AND NOT u.gone AND n.name = ?",
        owner,
        name,
    )
    return row if row is not None and access.can_see(world, viewer, row) else None


def transfer(world: World, actor: Viewer, row: Row, target: Row, create_labels: bool) -> Row:
    """Move an issue to another repository of the same owner and return it as it is there."""
    home = world.get("repos", row["repo_id"])
    for repo in (home, target):
        access.may_write(world, actor, repo, "issues", Role.WRITE)
    if home["owner_id"] != target["owner_id"] or home["id"] == target["id"] or row["is_pull"]:
        raise Problem(422, "Issues can only be transferred to another repository of the same owner.")
    before = deliveries.issue_shape(world, home, row)
    new_id = issues.insert(world, target, actor, row["title"], row["body"])
    kept = ("author_id", "state", "state_reason", "locked", "lock_reason", "created_at", "edited_at", "editor_id")
    for column in (*kept, "closed_at", "closed_by"):
        world.run(f"UPDATE issues SET {column} = ? WHERE id = ?", row[column], new_id)  # noqa: S608 - literals above
    for table in ("comments", "events", "assignees"):
        world.run(f"UPDATE {table} SET issue_id = ? WHERE issue_id = ?", new_id, row["id"])  # noqa: S608 - as above
    for table in ("revisions", "reactions"):
        world.run(f"UPDATE {table} SET subject_id = ? WHERE subject_id = ?", new_id, row["id"])  # noqa: S608 - as above
    for label in shapes.labels_of(world, row["id"]):
        found = labels.find(world, target, label["name"])
        if found is None and create_labels:
            found = labels.create(world, target, actor, label["name"], label["color"], label["description"])
        if found is not None:
            world.run("INSERT OR IGNORE INTO issue_labels VALUES (?, ?)", new_id, found["id"])
    world.run("DELETE FROM issue_labels WHERE issue_id = ?", row["id"])
    world.run("UPDATE issues SET deleted = 1, moved_to = ? WHERE id = ?", new_id, row["id"])
    timeline.happened(world, new_id, "transferred", actor.id, repo=home["id"])
    moved = world.get("issues", new_id)
    places = [repository(world, repo) | {"custom_properties": {}} for repo in (home, target)]
    changes = {"new_issue": deliveries.issue_shape(world, target, moved), "new_repository": places[1]}
    deliveries.record(world, home, actor, "issues", "transferred", issue=before, changes=changes)
    deliveries.issue(world, target, actor, "opened", new_id, changes={"old_issue": before, "old_repository": places[0]})
    return moved
