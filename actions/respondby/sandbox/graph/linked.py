"""Branches that were made for an issue, in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import branches
from respondby.sandbox.graph import git
from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.store import node_ids
from respondby.sandbox.store.values import Json, Row


def linked_branch(context: Context, row: Row) -> Json:
    """Return the link of a branch to an issue."""
    ref = git.ref_node(context, context.repo(row["repo_id"]), row["name"])
    number = node_ids.of_item("LinkedBranch", row["repo_id"], row["id"])
    return {"__typename": "LinkedBranch", "id": number, "ref": ref}


def linked_branches(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the branches that were made for an issue."""
    context = info.context
    rows = branches.linked_to(context.world, source["_row"]["id"])
    return of_rows("linkedBranches", rows, args, lambda row: (row["id"],), lambda row: linked_branch(context, row))
