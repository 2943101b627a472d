"""The queries are valid for the schema that the sandbox shares with GitHub."""

from __future__ import annotations

from functools import cache

import graphql
import pytest

from respondby.forge import issue_mutations, mutations, pinned, queries, repository_queries
from respondby.sandbox.graph.schema import text


@cache
def schema() -> graphql.GraphQLSchema:
    return graphql.build_schema(text())


@pytest.mark.parametrize(
    "query",
    [
        queries.CASE,
        queries.OPEN,
        queries.OPEN_MORE,
        repository_queries.LABELS_MORE,
        repository_queries.STANDING,
        pinned.PINNED,
        repository_queries.HISTORY,
        queries.timelines_more(1),
        queries.timelines_more(10),
        queries.edits(1),
        queries.edits(100),
        repository_queries.files(1),
        repository_queries.files(30),
        repository_queries.folders(1),
        repository_queries.folders(3),
        issue_mutations.document(list(issue_mutations.PARTS)),
        issue_mutations.document(["pin"]),
        mutations.document(["add", "remove", "edit"]),
        mutations.document(["add", "write"]),
        mutations.document(["remove", "edit"]),
    ],
    ids=lambda query: query.split("(")[0],
)
def test_a_query_asks_only_for_what_there_is_and_uses_all_that_it_declares(query: str) -> None:
    assert graphql.validate(schema(), graphql.parse(query)) == []


def test_every_happening_that_is_asked_for_is_read() -> None:
    (items,) = {
        argument.value
        for definition in graphql.parse(queries.CASE).definitions
        for argument in _arguments(definition, "itemTypes")
    }
    assert isinstance(items, graphql.ListValueNode)
    named = {"".join(part.title() for part in item.value.split("_")) for item in items.values}
    fragments = {
        node.type_condition.name.value
        for definition in graphql.parse(queries.CASE).definitions
        if getattr(definition.name, "value", "") == "happenings"
        for selection in definition.selection_set.selections
        if selection.selection_set is not None
        for node in selection.selection_set.selections
        if isinstance(node, graphql.InlineFragmentNode)
    }
    assert named == fragments


def _arguments(node, name):
    found = []

    class Finder(graphql.Visitor):
        def enter_argument(self, argument, *_):
            if argument.name.value == name:
                found.append(argument)

    graphql.visit(node, Finder())
    return found
