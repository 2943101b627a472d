"""Milestones in GraphQL."""

from __future__ import annotations

from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.store import node_ids
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.values import Json, Row


def milestone_node(context: Context, row: Row) -> Json:
    """Return a milestone."""
    repo = context.repo(row["repo_id"])
    path = f"{context.path(repo)}/milestone/{row['number']}"
    return {
        "__typename": "Milestone",
        "_repo": repo,
        "closed": row["state"] == "closed",
        "closedAt": maybe_iso(row["closed_at"]),
        "createdAt": iso(row["created_at"]),
        "creator": context.actor(row["creator_id"]),
        "description": row["description"],
        "dueOn": maybe_iso(row["due_on"]),
        "id": node_ids.of_item("Milestone", repo["id"], row["id"]),
        "number": row["number"],
        "resourcePath": path,
        "state": row["state"].upper(),
        "title": row["title"],
        "updatedAt": iso(row["updated_at"]),
        "url": context.world.url + path,
    }


def milestone(source: Json, info: Info) -> Json | None:
    """Resolve the milestone of an issue or a pull request."""
    number = source["_row"]["milestone_id"]
    return None if number is None else milestone_node(info.context, info.context.world.get("milestones", number))
