"""Projects in GraphQL: their fields, the items in them, the values of those; reading and changing them."""

from __future__ import annotations

import json
from typing import Any

from respondby.sandbox.domain import projects
from respondby.sandbox.graph.acts import acting, answered
from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.nodes import node
from respondby.sandbox.graph.pulls import subject
from respondby.sandbox.store import access, node_ids
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row

_KINDS = {"TEXT": "Text", "TITLE": "Text", "NUMBER": "Number", "DATE": "Date", "SINGLE_SELECT": "SingleSelect"}
_PREFIX = "ProjectV2"


def project_node(context: Context, row: Row) -> Json:
    """Return a project."""
    owner = context.account(context.world.get("users", row["owner_id"]))
    place = "orgs" if owner["__typename"] == "Organization" else "users"
    path = f"/{place}/{owner['login']}/projects/{row['number']}"
    return {
        "__typename": _PREFIX,
        "_project": row,
        "closed": row["closed_at"] is not None,
        "closedAt": None if row["closed_at"] is None else iso(row["closed_at"]),
        "createdAt": iso(row["created_at"]),
        "creator": context.actor(row["creator_id"]),
        "id": node_ids.of_item(_PREFIX, row["owner_id"], row["id"]),
        "number": row["number"],
        "owner": owner,
        "public": bool(row["public"]),
        "readme": None,
        "resourcePath": path,
        "shortDescription": None,
        "title": row["title"],
        "updatedAt": iso(row["updated_at"]),
        "url": context.world.url + path,
    }


def field_node(context: Context, row: Row) -> Json:
    """Return a project's field."""
    project = context.world.get("projects", row["project_id"])
    at = iso(row["created_at"])
    name = "ProjectV2SingleSelectField" if row["kind"] == "SINGLE_SELECT" else "ProjectV2Field"
    shape = {
        "__typename": name,
        "createdAt": at,
        "dataType": row["kind"],
        "databaseId": row["id"],
        "id": node_ids.of_item(name, project["owner_id"], row["id"]),
        "name": row["name"],
        "project": project_node(context, project),
        "updatedAt": at,
    }
    if row["kind"] == "SINGLE_SELECT":
        shape["options"] = [
            {"id": key, "name": option, "color": "GRAY", "description": ""}
            for key, option in projects.options_of(row).items()
        ]
    return shape


def item_node(context: Context, row: Row) -> Json:
    """Return what is in a project."""
    project = context.world.get("projects", row["project_id"])
    issue = context.world.get("issues", row["issue_id"])
    return {
        "__typename": "ProjectV2Item",
        "_item": row,
        "createdAt": iso(row["created_at"]),
        "creator": context.actor(row["creator_id"]),
        "databaseId": row["id"],
        "id": node_ids.of_item("ProjectV2Item", project["owner_id"], row["id"]),
        "isArchived": bool(row["archived"]),
        "project": lambda _info: project_node(context, project),
        "type": "PULL_REQUEST" if issue["is_pull"] else "ISSUE",
        "updatedAt": iso(row["updated_at"]),
    }


def value_node(context: Context, row: Row, item: Json) -> Json:
    """Return an item's value in one field."""
    field = context.world.get("project_fields", row["field_id"])
    name = f"ProjectV2ItemField{_KINDS[field['kind']]}Value"
    owner = context.world.get("projects", field["project_id"])["owner_id"]
    value = json.loads(row["value"])
    shape: Json = {
        "__typename": name,
        "createdAt": iso(row["created_at"]),
        "creator": context.actor(row["creator_id"]),
        "databaseId": row["id"],
        "field": field_node(context, field),
        "id": node_ids.of_item(name, owner, row["id"]),
        "item": item,
        "updatedAt": iso(row["updated_at"]),
    }
    if field["kind"] == "SINGLE_SELECT":
        return shape | {"optionId": value, "name": projects.options_of(field)[value], "color": "GRAY"}
    return shape | {"date" if field["kind"] == "DATE" else _KINDS[field["kind"]].lower(): value}


def _may(context: Context, project: Row, writes: bool = False) -> None:
    with acting():
        projects.may(context.world, context.viewer, project, writes)


def project(source: Json, info: Info, number: int) -> Json:
    """Resolve an account's project by its number."""
    context = info.context
    sql = "SELECT * FROM projects WHERE owner_id = ? AND number = ?"
    row = context.world.one(sql, source["databaseId"], number)
    if row is None or not projects.can_see(context.world, context.viewer, row):
        raise GraphError("NOT_FOUND", f"Could not resolve to a ProjectV2 with the number {number}.")
    _may(context, row)
    return project_node(context, row)


def list_projects(source: Json, info: Info, **args: Any) -> Json:
    """Resolve an account's projects, by their titles if asked."""
    context = info.context
    rows = context.world.all("SELECT * FROM projects WHERE owner_id = ? ORDER BY id", source["databaseId"])
    seen = [row for row in rows if projects.can_see(context.world, context.viewer, row)]
    for row in seen:
        _may(context, row)
    wanted = [row for row in seen if (args.get("query") or "").lower() in row["title"].lower()]
    return of_rows("projectsV2", wanted, args, lambda row: (row["id"],), lambda row: project_node(context, row))


def field(source: Json, info: Info, name: str) -> Json | None:
    """Resolve a project's field by its name."""
    rows = projects.fields_of(info.context.world, source["_project"])
    return next((field_node(info.context, row) for row in rows if row["name"].lower() == name.lower()), None)


def fields(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a project's fields."""
    context = info.context
    rows = projects.fields_of(context.world, source["_project"])
    return of_rows("fields", rows, args, lambda row: (row["id"],), lambda row: field_node(context, row))


def items(source: Json, info: Info, **args: Any) -> Json:
    """Resolve what is in a project."""
    context = info.context
    rows = projects.items_of(context.world, source["_project"])
    return of_rows("items", rows, args, lambda row: (row["id"],), lambda row: item_node(context, row))


def content(source: Json, info: Info) -> Json | None:
    """Resolve the issue or pull request that an item stands for; null where the viewer may not see it."""
    context = info.context
    issue = context.world.get("issues", source["_item"]["issue_id"])
    seen = access.can_see(context.world, context.viewer, context.repo(issue["repo_id"]))
    return subject(context, issue["id"]) if seen and not issue["deleted"] else None


def value(source: Json, info: Info, name: str) -> Json | None:
    """Resolve an item's value in the field of this name."""
    rows = projects.values_of(info.context.world, source["_item"])
    return next((value_node(info.context, row, source) for row in rows if row["name"].lower() == name.lower()), None)


def values(source: Json, info: Info, **args: Any) -> Json:
    """Resolve an item's values."""
    context = info.context
    rows = projects.values_of(context.world, source["_item"])
    return of_rows("fieldValues", rows, args, lambda row: (row["id"],), lambda row: value_node(context, row, source))


def items_of_issue(source: Json, info: Info, **args: Any) -> Json:
    """Resolve in which projects an issue or a pull request is, as far as the viewer's token reaches them."""
    context = info.context
    rows = context.world.all("SELECT * FROM project_items WHERE issue_id = ? ORDER BY id", source["_row"]["id"])
    reached = []
    for row in rows:
        try:
            projects.may(context.world, context.viewer, context.world.get("projects", row["project_id"]), writes=False)
        except Problem:
            continue
        reached.append(row)
    return of_rows("projectItems", reached, args, lambda row: (row["id"],), lambda row: item_node(context, row))


def look_up(context: Context, name: str, owner_id: int, key: int) -> Json | None:
    """Return the project, or the part of one, that a node id names, if the viewer's token reaches it."""
    tables = {
        "ProjectV2": ("projects", project_node),
        "ProjectV2Field": ("project_fields", field_node),
        "ProjectV2SingleSelectField": ("project_fields", field_node),
        "ProjectV2Item": ("project_items", item_node),
    }
    if name not in tables:
        return None
    table, shape = tables[name]
    row = context.world.one(f"SELECT * FROM {table} WHERE id = ?", key)  # noqa: S608 - names are literals above
    if row is None:
        return None
    home = row if table == "projects" else context.world.get("projects", row["project_id"])
    if home["owner_id"] != owner_id or not projects.can_see(context.world, context.viewer, home):
        return None
    _may(context, home)
    return shape(context, row)


def _named(context: Context, node_id: str, *names: str) -> Row:
    """Return the row of a project, a field or an item."""
    read = node_ids.read(node_id)
    shape = None if read is None or isinstance(read[2], str) else look_up(context, *read[:2], read[2])
    if shape is None or shape["__typename"] not in names:
        raise GraphError("NOT_FOUND", f"Could not resolve to {names[0]} node with the global id of '{node_id}'")
    assert read is not None
    table = {"ProjectV2": "projects", "ProjectV2Item": "project_items"}.get(names[0], "project_fields")
    return context.world.get(table, int(read[2]))


def _item_of(context: Context, given: Json) -> tuple[Row, Row]:
    project_row = _named(context, given["projectId"], "ProjectV2")
    item = _named(context, given["itemId"], "ProjectV2Item")
    if item["project_id"] != project_row["id"]:
        raise GraphError("NOT_FOUND", "The item does not exist in the project")
    return project_row, item


def add_item(_source: object, info: Info, **args: Any) -> Json:
    """Add an issue or a pull request to a project."""
    context, given = info.context, args["input"]
    project_row = _named(context, given["projectId"], "ProjectV2")
    target = node(context, given["contentId"])
    if target["__typename"] not in ("Issue", "PullRequest"):
        raise GraphError("NOT_FOUND", "Could not resolve to an Issue or PullRequest")
    with acting():
        row = projects.add_item(context.world, context.viewer, project_row, target["_row"])
    return answered(given, item=item_node(context, row))


def delete_item(_source: object, info: Info, **args: Any) -> Json:
    """Take an item out of a project."""
    context, given = info.context, args["input"]
    project_row, item = _item_of(context, given)
    with acting():
        projects.delete_item(context.world, context.viewer, project_row, item)
    return answered(given, deletedItemId=given["itemId"])


def archive_item(_source: object, info: Info, **args: Any) -> Json:
    """Archive an item, or bring it back."""
    context, given = info.context, args["input"]
    project_row, item = _item_of(context, given)
    with acting():
        archived = info.field_name == "archiveProjectV2Item"
        projects.archive_item(context.world, context.viewer, project_row, item, archived)
    return answered(given, item=item_node(context, context.world.get("project_items", item["id"])))


def change_project(_source: object, info: Info, **args: Any) -> Json:
    """Close a project or open it again, rename it, show it to everybody or not."""
    context, given = info.context, args["input"]
    project_row = _named(context, given["projectId"], "ProjectV2")
    with acting():
        projects.change(context.world, context.viewer, project_row, given)
    return answered(given, projectV2=project_node(context, context.world.get("projects", project_row["id"])))


def change_value(_source: object, info: Info, **args: Any) -> Json:
    """Give an item a value in a field, or take it away."""
    context, given = info.context, args["input"]
    project_row, item = _item_of(context, given)
    field_row = _named(context, given["fieldId"], "ProjectV2Field", "ProjectV2SingleSelectField")
    if field_row["project_id"] != project_row["id"]:
        raise GraphError("NOT_FOUND", "The field does not exist in the project")
    with acting():
        if info.field_name == "clearProjectV2ItemFieldValue":
            projects.clear_value(context.world, context.viewer, project_row, item, field_row)
        else:
            projects.set_value(context.world, context.viewer, project_row, item, field_row, given["value"])
    return answered(given, projectV2Item=item_node(context, context.world.get("project_items", item["id"])))


OF_OWNERS: dict[str, Any] = {"projectV2": project, "projectsV2": list_projects}
FIELDS: dict[str, dict[str, Any]] = {
    "ProjectV2": {"field": field, "fields": fields, "items": items},
    "ProjectV2Item": {"content": content, "fieldValueByName": value, "fieldValues": values},
}
MUTATIONS: dict[str, Any] = {
    "addProjectV2ItemById": add_item,
    "archiveProjectV2Item": archive_item,
    "clearProjectV2ItemFieldValue": change_value,
    "deleteProjectV2Item": delete_item,
    "unarchiveProjectV2Item": archive_item,
    "updateProjectV2": change_project,
    "updateProjectV2ItemFieldValue": change_value,
}
