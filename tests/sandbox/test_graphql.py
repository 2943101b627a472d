"""GraphQL: pages by cursor, GitHub's limits and errors, timelines."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox


@pytest.mark.usefixtures("issues")
@pytest.mark.parametrize(
    "args, numbers",
    [
        ("first: 10", [1, 2, 3, 4, 5]),
        ("last: 2", [4, 5]),
        ("first: 2, orderBy: {field: CREATED_AT, direction: DESC}", [5, 4]),
        ("first: 10, orderBy: {field: UPDATED_AT, direction: ASC}", [1, 2, 4, 3, 5]),
        ("first: 10, states: [CLOSED]", [3]),
        ("first: 10, states: [OPEN, CLOSED]", [1, 2, 3, 4, 5]),
        ('first: 10, labels: ["LATE", "other"]', [1, 3, 5]),
        ('first: 10, filterBy: {labels: ["late"], states: [OPEN]}', [1, 5]),
        ('first: 10, filterBy: {labels: ["late", "other"]}', []),
        ('first: 10, filterBy: {since: "2026-01-05T09:04:30Z"}', [3, 5]),
        ('first: 10, filterBy: {createdBy: "carla"}', []),
        ('first: 10, filterBy: {assignee: "*"}', []),
        ("first: 10, filterBy: {assignee: null}", [1, 2, 3, 4, 5]),
    ],
)
def test_issues_are_filtered_and_ordered(args: str, numbers: list[int], ask: Ask) -> None:
    found = ask(f"issues({args}) {{ totalCount nodes {{ number }} }}")["data"]["repository"]["issues"]

    assert [node["number"] for node in found["nodes"]] == numbers


@pytest.mark.usefixtures("issues")
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_a_reader_of_pages_meets_each_issue_once_though_one_vanishes_meanwhile(
    direction: str, ask: Ask, sandbox: Sandbox, people: People
) -> None:
    query = (
        f"issues(first: 2, after: %s, states: OPEN, orderBy: {{field: CREATED_AT, direction: {direction}}})"
        " { nodes { number } pageInfo { hasNextPage endCursor } }"
    )
    seen: list[int] = []
    cursor, more = "null", True
    while more:
        page = ask(query % cursor)["data"]["repository"]["issues"]
        seen += [node["number"] for node in page["nodes"]]
        more, cursor = page["pageInfo"]["hasNextPage"], f'"{page["pageInfo"]["endCursor"]}"'
        sandbox.call("PATCH", f"{REPO}/issues/{seen[-1]}", people.ann, {"state": "closed"})

    assert seen == ([1, 2, 4, 5] if direction == "ASC" else [5, 4, 2, 1])


@pytest.mark.usefixtures("issues")
def test_pages_can_be_read_backwards(ask: Ask) -> None:
    last = ask("issues(last: 2) { pageInfo { startCursor hasPreviousPage } }")["data"]["repository"]["issues"][
        "pageInfo"
    ]
    before = ask(
        f'issues(last: 9, before: "{last["startCursor"]}") {{ nodes {{ number }} pageInfo {{ hasPreviousPage }} }}'
    )

    assert last["hasPreviousPage"] is True
    assert before["data"]["repository"]["issues"] == {
        "nodes": [{"number": 1}, {"number": 2}, {"number": 3}],
        "pageInfo": {"hasPreviousPage": False},
    }


@pytest.mark.usefixtures("issues")
@pytest.mark.parametrize(
    "query, path, kind, message",
    [
        ("issue(number: 99) { id }", ["issue"], "NOT_FOUND", "Could not resolve to an Issue with the number of 99."),
        (
            "issueOrPullRequest(number: 99) { __typename }",
            ["issueOrPullRequest"],
            "NOT_FOUND",
            "Could not resolve to an issue or pull request with the number of 99.",
        ),
        (
            "issues { nodes { number } }",
            ["issues"],
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `issues` connection.",
        ),
        (
            "issues(first: 101) { totalCount }",
            ["issues"],
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `issues` connection exceeds the `first` limit of 100 records.",
        ),
        (
            'issues(first: 1, after: "x") { totalCount }',
            ["issues"],
            "INVALID_CURSOR_ARGUMENTS",
            "`x` does not appear to be a valid cursor.",
        ),
    ],
)
def test_an_error_comes_inside_a_200_with_its_type_and_path(
    query: str, path: list[str], kind: str, message: str, ask: Ask
) -> None:
    error = ask(query)["errors"][0]

    assert (error["type"], error["path"], error["message"]) == (kind, ["repository", *path], message)


@pytest.mark.usefixtures("issues")
def test_a_count_alone_needs_no_bounds(ask: Ask) -> None:
    assert ask("issues { totalCount } labels { __typename totalCount }")["data"]["repository"] == {
        "issues": {"totalCount": 5},
        "labels": {"__typename": "LabelConnection", "totalCount": 1},
    }


@pytest.mark.usefixtures("issues")
def test_one_name_may_stand_for_fields_of_different_types(ask: Ask) -> None:
    found = ask("issueOrPullRequest(number: 3) { ... on Issue { state } ... on PullRequest { state } }")
    apart = ask("issue(number: 3) { state: title state }")

    assert found["data"]["repository"] == {"issueOrPullRequest": {"state": "CLOSED"}}
    assert "are different fields" in apart["errors"][0]["message"]


@pytest.mark.usefixtures("issues")
def test_what_can_be_answered_is_answered_beside_an_error(ask: Ask) -> None:
    answer = ask("one: issue(number: 1) { title } none: issue(number: 99) { title }")

    assert answer["data"] == {"repository": {"one": {"title": "Issue 1"}, "none": None}}
    assert len(answer["errors"]) == 1


def test_a_repository_that_is_not_there_is_null_and_an_error(ask: Ask) -> None:
    answer = ask('{ repository(owner: "acme", name: "nothing") { id } }')

    assert answer["data"] == {"repository": None}
    assert answer["errors"][0]["message"] == "Could not resolve to a Repository with the name 'acme/nothing'."


@pytest.mark.parametrize("query", ["{ viewer { nothing } }", "{ viewer { login ", "query { a } query { b }"])
def test_a_query_that_is_not_valid_has_errors_and_no_data(query: str, sandbox: Sandbox, people: People) -> None:
    status, answer = sandbox.call("POST", "/graphql", people.ann, {"query": query})

    assert (status, set(answer)) == (200, {"errors"})


def test_a_query_without_a_token_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.call("POST", "/graphql", None, {"query": "{ viewer { login } }"})[0] == 401


def test_a_query_for_too_many_nodes_is_refused(ask: Ask) -> None:
    query = """issues(first: 100) { nodes { comments(first: 100) { nodes {
        userContentEdits(first: 100) { totalCount } } } } }"""

    assert ask(query)["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"


def test_the_cost_of_a_query_is_counted_in_hundreds_of_requests(ask: Ask) -> None:
    query = """query($n: Int!) { rateLimit { cost nodeCount limit } repository(owner: "acme", name: "desk") {
        issues(first: $n) { nodes { labels(first: 10) { totalCount } comments(first: 20) { totalCount } } } } }"""

    assert ask(query, n=100)["data"]["rateLimit"] == {"cost": 2, "nodeCount": 100 + 1000 + 2000, "limit": 1000}


def test_a_reason_for_closing_is_told_and_duplicates_to_who_asks(issues: None, ask: Ask) -> None:
    query = """issue(number: 3) { state stateReason told: stateReason(enableDuplicate: true)
        timelineItems(last: 1) { nodes { ... on ClosedEvent { stateReason } } } }"""

    assert ask(query)["data"]["repository"]["issue"] == {
        "state": "CLOSED",
        "stateReason": "NOT_PLANNED",
        "told": "DUPLICATE",
        "timelineItems": {"nodes": [{"stateReason": "DUPLICATE"}]},
    }


def test_a_timeline_is_filtered_by_type_and_instant_and_paged(
    issues: None, ask: Ask, sandbox: Sandbox, people: People
) -> None:
    for minute in range(10, 15):
        sandbox.clock(f"2026-01-05T09:{minute}:00Z")
        sandbox.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": f"At {minute}"})
    shape = """{ totalCount filteredCount pageCount pageInfo { endCursor hasNextPage }
        nodes { __typename ... on IssueComment { body } } }"""

    def items(args: str) -> Any:
        return ask(f"issue(number: 1) {{ timelineItems({args}) {shape} }}")["data"]["repository"]["issue"][
            "timelineItems"
        ]

    assert [node["__typename"] for node in items("first: 9")["nodes"]] == ["LabeledEvent"] + ["IssueComment"] * 5
    assert [node["__typename"] for node in items("first: 9, itemTypes: [LABELED_EVENT]")["nodes"]] == ["LabeledEvent"]
    since = items('first: 9, since: "2026-01-05T09:13:00Z"')
    assert [node["body"] for node in since["nodes"]] == ["At 13", "At 14"]
    page = items("first: 2, itemTypes: [ISSUE_COMMENT]")
    assert (page["totalCount"], page["filteredCount"], page["pageCount"], page["pageInfo"]["hasNextPage"]) == (
        5,
        5,
        2,
        True,
    )
    rest = items(f'first: 9, itemTypes: [ISSUE_COMMENT], after: "{page["pageInfo"]["endCursor"]}"')
    assert [node["body"] for node in rest["nodes"]] == ["At 12", "At 13", "At 14"]
    assert (rest["totalCount"], rest["filteredCount"]) == (5, 3)
    assert [node["body"] for node in items("last: 1")["nodes"]] == ["At 14"]
    assert [node["body"] for node in items("first: 1, skip: 4")["nodes"]] == ["At 13"]


def test_a_hidden_comment_says_why(issues: None, ask: Ask, sandbox: Sandbox, people: People) -> None:
    node = sandbox.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": "x"})[1]["node_id"]
    hide = """mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
        minimizedComment { isMinimized minimizedReason } } }"""
    show = "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) { unminimizedComment { isMinimized } } }"

    assert ask(hide, people.carla, id=node)["errors"][0]["type"] == "FORBIDDEN"
    assert ask(hide, id=node)["data"]["minimizeComment"]["minimizedComment"] == {
        "isMinimized": True,
        "minimizedReason": "outdated",
    }
    assert ask(show, id=node)["data"]["unminimizeComment"]["unminimizedComment"] == {"isMinimized": False}
