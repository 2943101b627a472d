"""GraphQL: edit histories, files and commits, node ids."""

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox

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


def test_what_is_pinned_stands_in_its_order_and_every_timeline_tells_it(
    issues: None, ask: Ask, sandbox: Sandbox, people: People
) -> None:
    ids = [sandbox.call("GET", f"{REPO}/issues/{number}", people.ann)[1]["node_id"] for number in (1, 2)]

    def act(name: str, issue: str) -> None:
        query = f"mutation($id: ID!) {{ {name}(input: {{issueId: $id}}) {{ clientMutationId }} }}"
        sandbox.call("POST", "/graphql", people.ann, {"query": query, "variables": {"id": issue}})

    for name, issue in (("pinIssue", ids[1]), ("pinIssue", ids[0]), ("pinIssue", ids[0]), ("unpinIssue", ids[1])):
        act(name, issue)
    act("pinIssue", ids[1])
    query = """pinnedIssues(first: 3) { totalCount nodes { id pinnedBy { login } issue { number } } }
        issue(number: 2) { timelineItems(first: 9, itemTypes: [PINNED_EVENT, UNPINNED_EVENT]) { nodes {
            __typename ... on PinnedEvent { actor { login } issue { number } } } } }"""
    found = ask(query)["data"]["repository"]
    assert [(one["issue"]["number"], one["pinnedBy"]["login"]) for one in found["pinnedIssues"]["nodes"]] == [
        (1, "ann"),
        (2, "ann"),
    ]
    assert len({one["id"] for one in found["pinnedIssues"]["nodes"]}) == found["pinnedIssues"]["totalCount"] == 2
    told = [node["__typename"] for node in found["issue"]["timelineItems"]["nodes"]]
    assert told == ["PinnedEvent", "UnpinnedEvent", "PinnedEvent"]
    assert found["issue"]["timelineItems"]["nodes"][0]["issue"] == {"number": 2}
    kinds = [event["event"] for event in sandbox.call("GET", f"{REPO}/issues/2/events", people.ann)[1]]
    assert kinds[-3:] == ["pinned", "unpinned", "pinned"]
