"""Organisations and their teams in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import teams
from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.store import node_ids, people
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row


def organization(_source: object, info: Info, login: str) -> Json:
    """Resolve an organisation by its login."""
    context = info.context
    row = people.find(context.world, login)
    if row is None or row["type"] != "Organization":
        raise GraphError("NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'.")
    return context.account(row)


def _organization(source: Json, info: Info) -> Row:
    context = info.context
    row = context.world.get("users", source["databaseId"])
    try:
        teams.may_read(context.world, context.viewer, row)
    except Problem as problem:
        raise GraphError("FORBIDDEN", problem.message) from None
    return row


def team(source: Json, info: Info, slug: str) -> Json | None:
    """Resolve a team by its slug."""
    org = _organization(source, info)
    row = teams.find(info.context.world, org, slug)
    return None if row is None else team_node(info.context, org, row)


def list_teams(source: Json, info: Info, **args: Any) -> Json:
    """Resolve an organisation's teams."""
    org = _organization(source, info)
    rows = teams.listing(info.context.world, org)
    return of_rows("teams", rows, args, lambda row: (row["slug"],), lambda row: team_node(info.context, org, row))


def team_node(context: Context, org: Row, row: Row) -> Json:
    """Return a team."""
    path = f"/orgs/{org['login']}/teams/{row['slug']}"
    return {
        "__typename": "Team",
        "_row": row,
        "combinedSlug": f"{org['login']}/{row['slug']}",
        "createdAt": iso(row["created_at"]),
        "databaseId": row["id"],
        "description": None,
        "id": node_ids.of_item("Team", org["id"], row["id"]),
        "name": row["name"],
        "organization": context.account(org),
        "resourcePath": path,
        "slug": row["slug"],
        "updatedAt": iso(row["created_at"]),
        "url": context.world.url + path,
    }


def members(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a team's people."""
    context = info.context
    rows = teams.members_of(context.world, source["_row"])
    return of_rows("members", rows, args, lambda row: (row["login"].lower(),), lambda row: context.account(row))
