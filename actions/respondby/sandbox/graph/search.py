"""Searching in GraphQL, and what a milestone is there."""

from __future__ import annotations

from typing import Any

from respondby.sandbox import node_ids, searching
from respondby.sandbox.clock import iso, maybe_iso
from respondby.sandbox.graph.connections import connection, cut
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import Siblings
from respondby.sandbox.graph.pulls import subject_node
from respondby.sandbox.problems import Problem
from respondby.sandbox.values import Json, Row


def search(_source: object, info: Info, **args: Any) -> Json:
    """Resolve a search for issues and pull requests; of more than 1,000 the rest cannot be read."""
    context = info.context
    world = context.world
    if args["type"] != "ISSUE":
        raise GraphError("UNPROCESSABLE", f"Only issues are searched here, not {args['type']}.")
    query, sort, order = args["query"], None, "desc"
    for term in [term for term in query.split() if term.startswith("sort:")]:
        sort, _, order = term.removeprefix("sort:").partition("-")
        query = query.replace(term, "")
    try:
        ids = searching.search(world, context.viewer, query, sort, order or "desc")
    except Problem as problem:
        if not problem.errors and "is:issue" in problem.message:  # GraphQL finds both then
            ids = searching.search(world, context.viewer, f"{query} is:issue", sort, order or "desc")
            ids += searching.search(world, context.viewer, f"{query} is:pr", sort, order or "desc")
        else:
            raise GraphError("UNPROCESSABLE", problem.message) from None
    places = list(enumerate(ids[: searching.MOST]))
    page = cut("search", [(place,) for place, _ in places], args)
    chosen = [ids[key[0]] for key in page.keys]
    siblings = Siblings(context, chosen)
    nodes = [subject_node(context, row, siblings) for row in searching.rows_of(world, chosen)]
    return {**connection(page, nodes), "issueCount": len(ids)}


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
