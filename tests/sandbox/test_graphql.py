"""GraphQL: pages by cursor, GitHub's limits and errors, edit histories, files and commits, node ids."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox

Ask = Any


@pytest.fixture
def ask(sandbox: Sandbox, people: People) -> Ask:
    """Sends a query as the workflow, with `repository { … }` around it unless it is whole; returns the answer."""

    def asking(query: str, token: str | None = None, **variables: Any) -> Any:
        if not query.startswith(("query", "mutation", "{")):
            query = f'query {{ repository(owner: "acme", name: "desk") {{ {query} }} }}'
        body = {"query": query, "variables": variables}
        status, answer = sandbox.call("POST", "/graphql", token or people.workflow, body)
        assert status == 200
        return answer

    return asking


@pytest.fixture
def issues(sandbox: Sandbox, people: People) -> None:
    """Five issues, one a minute; the third is closed, the odd ones are labelled late."""
    for number in range(1, 6):
        sandbox.clock(f"2026-01-05T09:0{number}:00Z")
        labels = ["late"] if number % 2 else []
        sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": f"Issue {number}", "labels": labels})
    sandbox.call("PATCH", f"{REPO}/issues/3", people.ann, {"state": "closed", "state_reason": "duplicate"})


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
            "issues { totalCount }",
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


HISTORY = """{ body createdAt lastEditedAt includesCreatedEdit editor { login }
    userContentEdits(first: 10) { totalCount nodes { diff editedAt editor { login } } } }"""


def test_an_edit_keeps_every_text_newest_first_with_its_editor(
    issues: None, ask: Ask, sandbox: Sandbox, people: People
) -> None:
    comment = sandbox.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "One"})[1]["id"]
    query = f"issue(number: 1) {{ comments(first: 1) {{ nodes {HISTORY} }} }}"
    before = ask(query)["data"]["repository"]["issue"]["comments"]["nodes"][0]
    for hour, token, body in ((10, people.workflow, "Two"), (11, people.ann, "Three"), (12, people.ann, "Three")):
        sandbox.clock(f"2026-01-05T{hour}:00:00Z")
        sandbox.call("PATCH", f"{REPO}/issues/comments/{comment}", token, {"body": body})
    after = ask(query)["data"]["repository"]["issue"]["comments"]["nodes"][0]

    assert before == {
        "body": "One",
        "createdAt": "2026-01-05T09:05:00Z",
        "lastEditedAt": None,
        "includesCreatedEdit": False,
        "editor": None,
        "userContentEdits": {"totalCount": 0, "nodes": []},
    }
    assert after == {
        "body": "Three",
        "createdAt": "2026-01-05T09:05:00Z",
        "lastEditedAt": "2026-01-05T11:00:00Z",
        "includesCreatedEdit": True,
        "editor": {"login": "ann"},
        "userContentEdits": {
            "totalCount": 3,
            "nodes": [
                {"diff": "Three", "editedAt": "2026-01-05T11:00:00Z", "editor": {"login": "ann"}},
                {"diff": "Two", "editedAt": "2026-01-05T10:00:00Z", "editor": {"login": "github-actions"}},
                {"diff": "One", "editedAt": "2026-01-05T09:05:00Z", "editor": {"login": "github-actions"}},
            ],
        },
    }


def test_a_new_title_is_an_event_and_no_edit_of_the_body(
    issues: None, ask: Ask, sandbox: Sandbox, people: People
) -> None:
    sandbox.call("PATCH", f"{REPO}/issues/2", people.ann, {"title": "Renamed"})
    query = """issue(number: 2) { lastEditedAt userContentEdits(first: 1) { totalCount }
        timelineItems(first: 1) { nodes { ... on RenamedTitleEvent { previousTitle currentTitle } } } }"""

    assert ask(query)["data"]["repository"]["issue"] == {
        "lastEditedAt": None,
        "userContentEdits": {"totalCount": 0},
        "timelineItems": {"nodes": [{"previousTitle": "Issue 2", "currentTitle": "Renamed"}]},
    }


@pytest.mark.parametrize("name", ["HEAD:.github/support.yml", "main:.github/support.yml", "{oid}:.github/support.yml"])
def test_a_file_is_read_at_a_commit(name: str, ask: Ask, sandbox: Sandbox) -> None:
    oid = ask("defaultBranchRef { target { oid } }")["data"]["repository"]["defaultBranchRef"]["target"]["oid"]
    query = f'object(expression: "{name.format(oid=oid)}") {{ ... on Blob {{ text byteSize isBinary isTruncated }} }}'
    first = ask(query)["data"]["repository"]["object"]
    sandbox.files("acme/desk", {".github/support.yml": "version: 2\n"})
    second = ask(query)["data"]["repository"]["object"]

    assert first == {"text": "version: 1\n", "byteSize": 11, "isBinary": False, "isTruncated": False}
    assert second["text"] == ("version: 1\n" if name.startswith("{oid}") else "version: 2\n")


@pytest.mark.parametrize("name", ["HEAD:nothing", "nothing:README.md", "HEAD:README.md/x"])
def test_a_file_that_is_not_there_is_null_and_no_error(name: str, ask: Ask) -> None:
    assert ask(f'object(expression: "{name}") {{ oid }}') == {"data": {"repository": {"object": None}}}


def test_the_history_of_a_path_holds_the_commits_that_changed_it(ask: Ask, sandbox: Sandbox) -> None:
    for hour, path in ((10, ".github/support.yml"), (11, "README.md"), (12, ".github/support.yml")):
        sandbox.clock(f"2026-01-05T{hour}:00:00Z")
        sandbox.files("acme/desk", {path: f"At {hour}\n"}, f"Commit at {hour}")
    query = """defaultBranchRef { target { ... on Commit { history(first: 2, path: ".github/support.yml") {
        totalCount pageInfo { hasNextPage }
        nodes { messageHeadline committedDate author { user { login } name } } } } } }"""

    assert ask(query)["data"]["repository"]["defaultBranchRef"]["target"]["history"] == {
        "totalCount": 3,
        "pageInfo": {"hasNextPage": True},
        "nodes": [
            {
                "messageHeadline": f"Commit at {hour}",
                "committedDate": f"2026-01-05T{hour}:00:00Z",
                "author": {"user": None, "name": "acme"},
            }
            for hour in (12, 10)
        ],
    }


def test_a_node_is_found_by_the_id_that_rest_gives(issues: None, ask: Ask, sandbox: Sandbox, people: People) -> None:
    comment = sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "Text"})[1]
    issue = sandbox.call("GET", f"{REPO}/issues/1", people.ann)[1]
    event = sandbox.call("GET", f"{REPO}/issues/1/events", people.ann)[1][0]
    ids = [
        comment["node_id"],
        issue["node_id"],
        event["node_id"],
        issue["user"]["node_id"],
        issue["labels"][0]["node_id"],
    ]
    ids += [sandbox.call("GET", REPO, people.ann)[1]["node_id"], "I_kwDOAAAAAc4AAAAB", "nonsense"]

    answer = ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)

    names = ["IssueComment", "Issue", "LabeledEvent", "User", "Label", "Repository"]
    assert answer["data"]["nodes"] == [
        *({"__typename": name, "id": node} for name, node in zip(names, ids, strict=False)),
        None,
        None,
    ]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 6], ["nodes", 7]]


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
