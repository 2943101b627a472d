"""Searching in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import searching
from respondby.sandbox.graph.connections import connection, cut
from respondby.sandbox.graph.context import GraphError, Info
from respondby.sandbox.graph.issues import Siblings
from respondby.sandbox.graph.pulls import subject_node
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json


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
