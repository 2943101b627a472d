"""Releases in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.store import access, node_ids, releases
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.values import Json, Row


def release_node(context: Context, repo: Row, row: Row) -> Json:
    """Return a release."""
    path = f"{context.path(repo)}/releases/tag/{row['tag']}"
    newest = releases.latest(context.world, repo)
    return {
        "__typename": "Release",
        "author": context.actor(row["author_id"]),
        "createdAt": iso(row["created_at"]),
        "databaseId": row["id"],
        "description": row["body"],
        "id": node_ids.of_item("Release", repo["id"], row["id"]),
        "isDraft": bool(row["draft"]),
        "isLatest": newest is not None and newest["id"] == row["id"],
        "isPrerelease": bool(row["prerelease"]),
        "name": row["name"],
        "publishedAt": maybe_iso(row["published_at"]),
        "resourcePath": path,
        "tagName": row["tag"],
        "updatedAt": iso(row["created_at"]),
        "url": context.world.url + path,
    }


def _seen(source: Json, info: Info) -> list[Row]:
    context, repo = info.context, source["_repo"]
    drafts = access.role(context.world, context.viewer, repo, "contents") >= Role.WRITE
    return releases.listing(context.world, repo, drafts)


def list_releases(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's releases; the oldest first unless asked otherwise."""
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    column = "tag" if order["field"] == "NAME" else "created_at"
    rows = sorted(_seen(source, info), key=lambda row: (row[column], row["id"]), reverse=order["direction"] == "DESC")
    numbered = list(enumerate(rows))
    context = info.context
    return of_rows(
        "releases",
        numbered,
        args,
        lambda pair: (pair[0],),
        lambda pair: release_node(context, source["_repo"], pair[1]),
    )


def latest(source: Json, info: Info) -> Json | None:
    """Resolve a repository's latest release."""
    row = releases.latest(info.context.world, source["_repo"])
    return None if row is None else release_node(info.context, source["_repo"], row)


def by_tag(source: Json, info: Info, **args: Any) -> Json | None:
    """Resolve a release by its tag."""
    rows = [row for row in _seen(source, info) if row["tag"] == args["tagName"]]
    return release_node(info.context, source["_repo"], rows[0]) if rows else None


FIELDS: dict[str, Any] = {"latestRelease": latest, "release": by_tag, "releases": list_releases}
