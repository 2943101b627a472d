"""Who owns repositories, and who can be assigned to what is in them."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph.connections import Key, connection, cut, of_rows
from respondby.sandbox.graph.context import Info
from respondby.sandbox.graph.milestones import milestone_node
from respondby.sandbox.graph.repositories import repository_node
from respondby.sandbox.store import access, people
from respondby.sandbox.store.values import Json, Row

_COLUMNS = {"CREATED_AT": "created_at", "NAME": "name", "PUSHED_AT": "pushed_at", "UPDATED_AT": "updated_at"}


def owner(_source: object, info: Info, login: str) -> Json | None:
    """Resolve an organisation or a person by login; null for none."""
    row = people.find(info.context.world, login)
    return None if row is None or row["type"] == "Bot" else info.context.account(row)


def repositories(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of an account's repositories; the oldest first unless asked otherwise."""
    context = info.context
    rows = [
        row
        for row in context.world.all("SELECT * FROM repos WHERE owner_id = ?", source["databaseId"])
        if access.can_see(context.world, context.viewer, row)
        and args.get("isFork") in (None, row["fork_of"] is not None)
        and args.get("privacy") in (None, "PRIVATE" if row["private"] else "PUBLIC")
    ]
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    down = order["direction"] == "DESC"
    by_key: dict[Key, Row] = {(row[_COLUMNS[order["field"]]], row["id"]): row for row in rows}
    page = cut("repositories", sorted(by_key, reverse=down), args, down)
    return connection(page, [repository_node(context, by_key[key]) for key in page.keys])


def assignable(source: Json, info: Info, **args: Any) -> Json:
    """Resolve whom issues of a repository may be assigned to, by what their login starts with if asked."""
    context = info.context
    wanted = (args.get("query") or "").lower()
    names = {name.lower() for name in (args.get("loginNames") or "").split(",") if name}
    rows = [
        row
        for row in access.assignables(context.world, source["_repo"])
        if row["login"].lower().startswith(wanted) and (not names or row["login"].lower() in names)
    ]
    return of_rows(info.field_name, rows, args, lambda row: (row["id"],), lambda row: context.account(row))


def milestones(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a repository's milestones, by their states if asked."""
    context = info.context
    rows = context.world.all("SELECT * FROM milestones WHERE repo_id = ? ORDER BY id", source["_repo"]["id"])
    wanted = [row for row in rows if not args.get("states") or row["state"].upper() in args["states"]]
    return of_rows("milestones", wanted, args, lambda row: (row["id"],), lambda row: milestone_node(context, row))


OF_REPOSITORIES: dict[str, Any] = {
    "assignableUsers": assignable,
    "milestones": milestones,
    "suggestedActors": assignable,
}
