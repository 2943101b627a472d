"""Our executor answers any query as graphql-core's own does: data, errors and their paths."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    execute_sync,
    get_named_type,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st
from tests.sandbox.desk import FILES, REPO

from respondby.sandbox.graph.context import Context
from respondby.sandbox.graph.run import format_error, operation_of, run
from respondby.sandbox.graph.schema import schema
from respondby.sandbox.server import Sandbox
from respondby.sandbox.store import people

WORLDS: list[Context] = []
VARIABLES = {"yes": True, "no": False, "two": 2}
HEAD = "query($yes: Boolean!, $no: Boolean!, $two: Int!)"
ARGUMENTS = {
    "issue": ["(number: 1)", "(number: 2)", "(number: 99)"],
    "issueOrPullRequest": ["(number: 1)", "(number: 99)"],
    "label": ['(name: "late")', '(name: "nothing")'],
    "object": ['(expression: "HEAD:README.md")', '(expression: "HEAD:nothing")', '(expression: "HEAD")'],
    "ref": ['(qualifiedName: "main")'],
    "file": ['(path: "README.md")'],
    "repository": ['(owner: "acme", name: "desk")', '(owner: "acme", name: "nothing")'],
    "user": ['(login: "ann")', '(login: "nobody")'],
    "node": ['(id: "nonsense")'],
}
PAGES = ["(first: 2)", "(last: $two)", "(first: $two)", "(first: 200)", ""]


@pytest.fixture(scope="module", autouse=True)
def context() -> Iterator[None]:
    with Sandbox() as running:
        running.repo("acme", "desk", files=FILES)
        running.member("acme/desk", "ann", "MEMBER")
        token = running.token("ann")
        for title in ("One", "Two"):
            body = {"title": title, "labels": ["late"], "assignees": ["ann"], "body": "Text"}
            running.call("POST", f"{REPO}/issues", token, body)
            running.call("POST", f"{REPO}/issues/1/comments", token, {"body": "Text"})
        running.call("PATCH", f"{REPO}/issues/1", token, {"state": "closed", "title": "New", "body": "New"})
        viewer = people.viewer_of(running._world, f"bearer {token}")
        assert viewer is not None
        ann = running.call("GET", "/user", token)[1]["node_id"]
        ARGUMENTS["node"].append(f'(id: "{ann}")')
        ARGUMENTS["nodes"] = [f'(ids: ["nonsense", "{ann}"])']
        WORLDS.append(Context(running._world, viewer, 1, 1, (5000, 1, 4999, 0)))
        yield


def _leaf(kind: GraphQLNamedType) -> bool:
    return not isinstance(kind, GraphQLObjectType | GraphQLUnionType | GraphQLInterfaceType)


@st.composite
def selections(draw: st.DrawFn, kind: GraphQLNamedType, depth: int) -> str:
    """A few fields of a type, some under an alias, some twice, some skipped, some in a fragment."""
    if isinstance(kind, GraphQLUnionType):
        found = draw(st.lists(st.sampled_from(kind.types), min_size=1, max_size=2, unique_by=lambda one: one.name))
        return "__typename " + " ".join(f"... on {one.name} {{ {draw(selections(one, depth))} }}" for one in found)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    fitting = [name for name, field in kind.fields.items() if depth > 0 or _leaf(get_named_type(field.type))]
    parts = ["__typename"]
    for name in draw(st.lists(st.sampled_from(fitting), max_size=4)) if fitting else []:
        field = kind.fields[name]
        inner = get_named_type(field.type)
        chosen = ARGUMENTS.get(name, [""]) if field.args else [""]
        arguments = draw(st.sampled_from(PAGES if "first" in field.args else chosen))
        directive = draw(st.sampled_from(["", "", "@include(if: $yes)", "@skip(if: $yes)", "@skip(if: $no)"]))
        alias = draw(st.sampled_from(["", "", f"{kind.name.lower()}_{name}_{abs(hash(arguments)) % 997}: "]))
        body = "" if _leaf(inner) else f"{{ {draw(selections(inner, depth - 1))} }}"
        part = f"{alias}{name}{arguments} {directive} {body}"
        parts.append(draw(st.sampled_from([part, part, f"... on {kind.name} {{ {part} }}", f"... {{ {part} }}"])))
    return " ".join(parts)


@given(selections(schema().query_type, 5))  # type: ignore[arg-type]
def test_a_query_is_answered_as_graphql_core_answers_it(selection: str) -> None:
    document = parse(f"{HEAD} {{ {selection} yes: __typename @include(if: $yes) no: __typename @skip(if: $no) }}")
    mistakes = [error for error in validate(schema(), document) if "never used" not in error.message]
    if mistakes:
        return
    operation = operation_of(document, None)
    assert operation is not None
    theirs = execute_sync(schema(), document, context_value=WORLDS[-1], variable_values=VARIABLES)

    data, errors = run(document, operation, WORLDS[-1], VARIABLES)

    assert data == theirs.data
    ours = [{**format_error(error), "locations": None} for error in errors]
    expected = [{**format_error(error), "locations": None} for error in theirs.errors or []]
    assert sorted(ours, key=repr) == sorted(expected, key=repr)


def test_questions_about_the_schema_are_answered(sandbox: Sandbox) -> None:
    token = sandbox.token("ann")
    status, answer = sandbox.call("POST", "/graphql", token, {"query": '{ __type(name: "Issue") { name kind } }'})

    assert (status, answer) == (200, {"data": {"__type": {"name": "Issue", "kind": "OBJECT"}}})


def test_a_variable_of_a_wrong_type_is_an_error_without_data(sandbox: Sandbox) -> None:
    query = "query($login: String!) { user(login: $login) { id } }"
    token = sandbox.token("ann")

    _, answer = sandbox.call("POST", "/graphql", token, {"query": query, "variables": {"login": 1}})

    assert answer["data"] is None
    assert "login" in answer["errors"][0]["message"]
