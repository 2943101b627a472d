"""A repository's labels, and which issues carry them.

Rules of GitHub held here: names differ in more than case; adding an unknown label to an issue creates it
in grey; deleting a label takes it off every issue.
"""

from __future__ import annotations

import re

from respondby.sandbox.domain import deliveries
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.store import timeline
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import invalid, not_found
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

DEFAULT_COLOR = "ededed"
MOST_ON_AN_ISSUE = 100
_COLOR = re.compile(r"[0-9a-fA-F]{6}")


def find(world: World, repo: Row, name: str) -> Row | None:
    """Return the repository's label of this name, whatever its case."""
    return world.one("SELECT * FROM labels WHERE repo_id = ? AND name = ?", repo["id"], name)


def need(world: World, repo: Row, name: str) -> Row:
    """Return the repository's label of this name, or refuse with 404."""
    row = find(world, repo, name)
    if row is None:
        raise not_found()
    return row


def _check(name: object, color: object, description: object) -> None:
    if not isinstance(name, str) or not name.strip():
        raise invalid("Label", "name", "missing_field")
    if len(name) > 50:
        raise invalid("Label", "name", "custom", "name is too long (maximum is 50 characters)")
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise invalid("Label", "color", "invalid")
    if description is not None and (not isinstance(description, str) or len(description) > 100):
        raise invalid("Label", "description", "custom", "description is too long (maximum is 100 characters)")


def create(
    world: World, repo: Row, actor: Viewer, name: str, color: str = DEFAULT_COLOR, about: str | None = None
) -> Row:
    """Create a label. One that exists already is refused with 422."""
    _check(name, color, about)
    if find(world, repo, name) is not None:
        raise invalid("Label", "name", "already_exists")
    now = world.clock.now()
    number = world.insert(
        "labels",
        repo_id=repo["id"],
        name=name,
        color=color.lower(),
        description=about,
        created_at=now,
        updated_at=now,
    )
    row = world.get("labels", number)
    deliveries.record(world, repo, actor, "label", "created", label=shapes.label(world, repo, row))
    return row


def update(world: World, repo: Row, actor: Viewer, row: Row, name: str, color: str, about: str | None) -> Row:
    """Change a label's name, colour or description."""
    _check(name, color, about)
    other = find(world, repo, name)
    if other is not None and other["id"] != row["id"]:
        raise invalid("Label", "name", "already_exists")
    changes: Json = {
        field: {"from": row[field] or ""}
        for field, value in (("name", name), ("color", color), ("description", about))
        if row[field] != value
    }
    world.run(
        "UPDATE labels SET name = ?, color = ?, description = ?, updated_at = ? WHERE id = ?",
        name,
        color.lower(),
        about,
        world.clock.now(),
        row["id"],
    )
    row = world.get("labels", row["id"])
    shape = shapes.label(world, repo, row)
    deliveries.record(world, repo, actor, "label", "edited", label=shape, changes=changes)
    return row


def delete(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Delete a label and take it off every issue; no issue's timeline tells of it."""
    shape = shapes.label(world, repo, row)
    world.run("DELETE FROM issue_labels WHERE label_id = ?", row["id"])
    world.run("DELETE FROM labels WHERE id = ?", row["id"])
    deliveries.record(world, repo, actor, "label", "deleted", label=shape)


def add(world: World, repo: Row, actor: Viewer, issue_id: int, names: list[str]) -> None:
    """Put labels on an issue, creating those that the repository lacks, and tell of each that is new there."""
    for row in put(world, repo, actor, issue_id, names):
        tell(world, repo, actor, issue_id, "labeled", row)


def put(world: World, repo: Row, actor: Viewer, issue_id: int, names: list[str]) -> list[Row]:
    """Put labels on an issue as `add` does, and return those that are new there, of which nobody was told."""
    added = []
    carried = {row["id"] for row in shapes.labels_of(world, issue_id)}
    for name in names:
        row = find(world, repo, name) or create(world, repo, actor, name)
        if row["id"] in carried:
            continue
        carried.add(row["id"])
        if len(carried) > MOST_ON_AN_ISSUE:
            raise invalid("Issue", "labels", "custom", "an issue cannot have more than 100 labels")
        world.run("INSERT INTO issue_labels VALUES (?, ?)", issue_id, row["id"])
        added.append(row)
    return added


def remove(world: World, repo: Row, actor: Viewer, issue_id: int, rows: list[Row]) -> None:
    """Take labels off an issue."""
    for row in rows:
        world.run("DELETE FROM issue_labels WHERE issue_id = ? AND label_id = ?", issue_id, row["id"])
        tell(world, repo, actor, issue_id, "unlabeled", row)


def take(world: World, repo: Row, actor: Viewer, issue_id: int, names: list[str]) -> None:
    """Take labels of these names off an issue; those that it has not are passed over."""
    wanted = {name.lower() for name in names}
    carried = [row for row in shapes.labels_of(world, issue_id) if row["name"].lower() in wanted]
    remove(world, repo, actor, issue_id, carried)


def replace(world: World, repo: Row, actor: Viewer, issue_id: int, names: list[str]) -> None:
    """Leave exactly these labels on an issue."""
    wanted = {name.lower() for name in names}
    remove(
        world,
        repo,
        actor,
        issue_id,
        [row for row in shapes.labels_of(world, issue_id) if row["name"].lower() not in wanted],
    )
    add(world, repo, actor, issue_id, names)


def tell(world: World, repo: Row, actor: Viewer, issue_id: int, kind: str, row: Row) -> None:
    """Tell the timeline and the deliveries that an issue was labeled or unlabeled."""
    shape = shapes.label(world, repo, row)
    timeline.happened(world, issue_id, kind, actor.id, id=row["id"], name=row["name"], color=row["color"])
    world.run("UPDATE issues SET updated_at = ? WHERE id = ?", world.clock.now(), issue_id)
    deliveries.issue(world, repo, actor, kind, issue_id, label=shape)
