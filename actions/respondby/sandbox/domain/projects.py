"""Projects (the new ones, "V2") of organisations and people: fields, the issues in them, and a value for each field.

Rules of GitHub held here: a workflow's own token reaches no project, whatever its permissions; a classic token needs
the scope `project`, to read `read:project`; another narrowed token needs `organization_projects`; somebody else's
public project can be read; an issue is in a project once, and adding it again returns the item that is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from respondby.sandbox.domain import teams
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, no_access_for_integration, not_found
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

KINDS = ("TEXT", "NUMBER", "DATE", "SINGLE_SELECT")
VALUES = {"TEXT": "text", "NUMBER": "number", "DATE": "date", "SINGLE_SELECT": "singleSelectOptionId"}
"""Each kind of field → the key of `ProjectV2FieldValue` that it takes."""


class MissingScope(Problem):
    """A classic token lacks a scope."""

    def __init__(self, needed: str, granted: frozenset[str]) -> None:
        has = ", ".join(repr(scope) for scope in sorted(granted))
        super().__init__(
            403,
            "Your token has not been granted the required scopes to execute this query. It requires one of the"
            f" following scopes: ['{needed}'], but your token has only been granted the: [{has}] scopes. Please modify"
            " your token's scopes at: https://github.com/settings/tokens.",
        )


def create(
    world: World,
    owner: Row,
    creator: Row,
    title: str,
    fields: Mapping[str, str | Sequence[str]],
    public: bool,
    number: int | None = None,
) -> Row:
    """Create a project with these fields: a name, and a kind or the options of a choice. It always has a Title.

    Its number is the next one of its owner, unless another one that is free is given.
    """
    now = world.clock.now()
    if number is None:
        number = 1 + world.count("SELECT coalesce(max(number), 0) FROM projects WHERE owner_id = ?", owner["id"])
    elif world.one("SELECT id FROM projects WHERE owner_id = ? AND number = ?", owner["id"], number) is not None:
        raise invalid("ProjectV2", "number", "already_exists")
    project_id = world.insert(
        "projects",
        owner_id=owner["id"],
        number=number,
        title=title,
        public=int(public),
        creator_id=creator["id"],
        created_at=now,
        updated_at=now,
    )
    for name, kind in {"Title": "TITLE", **fields}.items():
        options = [] if isinstance(kind, str) else list(kind)
        chosen = kind if isinstance(kind, str) else "SINGLE_SELECT"
        if chosen not in (*KINDS, "TITLE") or (chosen == "SINGLE_SELECT" and not options):
            raise invalid("ProjectV2Field", name, "invalid", f"one of {', '.join(KINDS[:3])}, or a list of options")
        world.insert(
            "project_fields",
            project_id=project_id,
            name=name,
            kind=chosen,
            options=json.dumps(options),
            created_at=now,
        )
    return world.get("projects", project_id)


def option_id(field: Row, name: str) -> str:
    """Return the id of a choice's option, eight hexadecimal digits as on GitHub."""
    place = json.loads(field["options"]).index(name)
    return f"{(field['id'] * 0x9E3779B1 + place * 0x85EBCA6B) & 0xFFFFFFFF:08x}"


def options_of(field: Row) -> dict[str, str]:
    """Return the options of a choice, id → name."""
    return {option_id(field, name): name for name in json.loads(field["options"])}


def fields_of(world: World, project: Row) -> list[Row]:
    """Return a project's fields."""
    return world.all("SELECT * FROM project_fields WHERE project_id = ? ORDER BY id", project["id"])


def items_of(world: World, project: Row) -> list[Row]:
    """Return what is in a project, in the order of adding."""
    return world.all(
        "SELECT p.* FROM project_items p JOIN issues i ON i.id = p.issue_id WHERE p.project_id = ? AND NOT i.deleted"
        " ORDER BY p.id",
        project["id"],
    )


def values_of(world: World, item: Row) -> list[Row]:
    """Return an item's values, with the kind and name of their fields."""
    return world.all(
        "SELECT v.*, f.kind, f.name FROM project_values v JOIN project_fields f ON f.id = v.field_id"
        " WHERE v.item_id = ? ORDER BY f.id",
        item["id"],
    )


def can_see(world: World, viewer: Viewer, project: Row) -> bool:
    """Return whether somebody may know of a project, whatever their token."""
    return bool(project["public"]) or _belongs(world, viewer, project["owner_id"])


def _belongs(world: World, viewer: Viewer, owner_id: int) -> bool:
    if viewer.id == owner_id:
        return True
    owner = world.get("users", owner_id)
    if viewer.is_bot and viewer.permissions is not None and viewer.repo_id is not None:
        return bool(world.get("repos", viewer.repo_id)["owner_id"] == owner_id)
    return owner["type"] == "Organization" and teams.belongs(world, owner, viewer.id)


def may(world: World, viewer: Viewer, project: Row, writes: bool) -> None:
    """Refuse a token that does not reach a project, and whoever may not see it or, if asked, write to it."""
    if viewer.is_workflow:
        raise no_access_for_integration()
    if viewer.scopes is not None and "project" not in viewer.scopes:
        needed = "project" if writes else "read:project"
        if writes or needed not in viewer.scopes:
            raise MissingScope(needed, viewer.scopes)
    if not can_see(world, viewer, project):
        raise not_found()
    if viewer.permissions is not None:
        home = None if viewer.repo_id is None else world.get("repos", viewer.repo_id)["owner_id"]
        level = viewer.permissions.get("organization_projects", "none") if home == project["owner_id"] else "none"
        if level == "none" or (writes and level != "write"):
            raise access.refusal(viewer, "organization_projects", "write" if writes else "read")
    elif writes and not _belongs(world, viewer, project["owner_id"]):
        raise Problem(403, f"{viewer.login} does not have permission to update this project.")


def add_item(world: World, viewer: Viewer, project: Row, issue: Row) -> Row:
    """Add an issue or a pull request, or return the item that it is already."""
    may(world, viewer, project, writes=True)
    home = world.get("repos", issue["repo_id"])
    if access.role(world, viewer, home, access.scope_of(issue)) < Role.READ:
        raise not_found()
    known = world.one("SELECT * FROM project_items WHERE project_id = ? AND issue_id = ?", project["id"], issue["id"])
    if known is not None:
        return known
    now = world.clock.now()
    number = world.insert(
        "project_items",
        project_id=project["id"],
        issue_id=issue["id"],
        creator_id=viewer.id,
        created_at=now,
        updated_at=now,
    )
    title = next(field for field in fields_of(world, project) if field["kind"] == "TITLE")
    item = world.get("project_items", number)
    _write(world, viewer, item, title, issue["title"])
    return item


def delete_item(world: World, viewer: Viewer, project: Row, item: Row) -> None:
    """Take an item out of a project."""
    may(world, viewer, project, writes=True)
    world.run("DELETE FROM project_values WHERE item_id = ?", item["id"])
    world.run("DELETE FROM project_items WHERE id = ?", item["id"])


def archive_item(world: World, viewer: Viewer, project: Row, item: Row, archived: bool) -> None:
    """Archive an item, or bring it back."""
    may(world, viewer, project, writes=True)
    world.run("UPDATE project_items SET archived = ? WHERE id = ?", int(archived), item["id"])


def change(world: World, viewer: Viewer, project: Row, given: Json) -> None:
    """Close a project or open it again, rename it, show it to everybody or not: whatever of it is given."""
    may(world, viewer, project, writes=True)
    now = world.clock.now()
    if given.get("closed") is not None:
        world.run("UPDATE projects SET closed_at = ? WHERE id = ?", now if given["closed"] else None, project["id"])
    if given.get("title") is not None:
        world.run("UPDATE projects SET title = ? WHERE id = ?", given["title"], project["id"])
    if given.get("public") is not None:
        world.run("UPDATE projects SET public = ? WHERE id = ?", int(given["public"]), project["id"])
    world.run("UPDATE projects SET updated_at = ? WHERE id = ?", now, project["id"])


def set_value(world: World, viewer: Viewer, project: Row, item: Row, field: Row, given: Json) -> None:
    """Give an item a value in a field, which takes one key of `ProjectV2FieldValue` only."""
    may(world, viewer, project, writes=True)
    if item["archived"]:
        raise Problem(422, "The item is archived and cannot be updated.")
    key = VALUES.get(field["kind"])
    if key is None:
        raise Problem(422, f"The field of type {field['kind'].lower()} is currently not supported.")
    if set(given) != {key}:
        raise Problem(422, f"Did not receive a {field['kind'].lower()} value to update a field of type {key}")
    value = given[key]
    if key == "date":
        value = _day(value)
    if key == "singleSelectOptionId" and value not in options_of(field):
        raise Problem(422, "The single select option Id does not belong to the field")
    _write(world, viewer, item, field, value)


def clear_value(world: World, viewer: Viewer, project: Row, item: Row, field: Row) -> None:
    """Take an item's value in a field away."""
    may(world, viewer, project, writes=True)
    if field["kind"] == "TITLE":
        raise Problem(422, "The field of type title is currently not supported.")
    world.run("DELETE FROM project_values WHERE item_id = ? AND field_id = ?", item["id"], field["id"])


def _day(text: object) -> str:
    from datetime import date  # imported on the first date: most sandboxes have no project

    found = re.match(r"\d{4}-\d{2}-\d{2}(?=$|T)", str(text))
    try:
        return date.fromisoformat("" if found is None else found[0]).isoformat()
    except ValueError:
        raise Problem(422, f"{text!r} is not a date") from None


def _write(world: World, viewer: Viewer, item: Row, field: Row, value: object) -> None:
    now = world.clock.now()
    old = world.one("SELECT * FROM project_values WHERE item_id = ? AND field_id = ?", item["id"], field["id"])
    if old is not None:
        sql = "UPDATE project_values SET value = ?, updated_at = ? WHERE id = ?"
        world.run(sql, json.dumps(value), now, old["id"])
    else:
        world.insert(
            "project_values",
            item_id=item["id"],
            field_id=field["id"],
            value=json.dumps(value),
            creator_id=viewer.id,
            created_at=now,
            updated_at=now,
        )
    world.run("UPDATE project_items SET updated_at = ? WHERE id = ?", now, item["id"])
    world.run("UPDATE projects SET updated_at = ? WHERE id = ?", now, item["project_id"])
