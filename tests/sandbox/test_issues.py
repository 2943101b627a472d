"""Issues, labels, assignees and comments, as GitHub keeps and refuses them."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox


@pytest.fixture
def desk(sandbox: Sandbox, people: People) -> Sandbox:
    sandbox.call("POST", f"{REPO}/issues", people.carla, {"title": "Title", "body": "Body"})
    return sandbox


def _events(sandbox: Sandbox, number: int = 1) -> list[str]:
    items = sandbox.call("GET", f"{REPO}/issues/{number}/timeline?per_page=100", sandbox.token("ann"))[1]
    return [item["event"] for item in items]


@pytest.mark.parametrize(
    "method, path, body, error",
    [
        ("POST", "/issues", {}, {"resource": "Issue", "code": "missing_field", "field": "title"}),
        ("POST", "/issues", {"title": " "}, {"resource": "Issue", "code": "missing_field", "field": "title"}),
        (
            "POST",
            "/issues",
            {"title": "x" * 257},
            {
                "resource": "Issue",
                "code": "custom",
                "field": "title",
                "message": "title is too long (maximum is 256 characters)",
            },
        ),
        (
            "POST",
            "/issues",
            {"title": "x", "body": "x" * 65_537},
            {
                "resource": "Issue",
                "code": "custom",
                "field": "body",
                "message": "body is too long (maximum is 65536 characters)",
            },
        ),
        (
            "POST",
            "/issues",
            {"title": "x", "assignees": ["nobody"]},
            {"resource": "Issue", "code": "invalid", "field": "assignees", "value": "nobody"},
        ),
        (
            "PATCH",
            "/issues/1",
            {"state": "ajar"},
            {"resource": "Issue", "code": "invalid", "field": "state", "value": "ajar"},
        ),
        (
            "POST",
            "/issues/1/comments",
            {"body": ""},
            {
                "resource": "IssueComment",
                "code": "unprocessable",
                "field": "data",
                "message": "Body cannot be blank",
            },
        ),
        (
            "POST",
            "/labels",
            {"name": "x" * 51},
            {
                "resource": "Label",
                "code": "custom",
                "field": "name",
                "message": "name is too long (maximum is 50 characters)",
            },
        ),
        ("POST", "/labels", {"name": "x", "color": "red"}, {"resource": "Label", "code": "invalid", "field": "color"}),
    ],
)
def test_what_breaks_a_rule_is_refused_field_by_field(
    method: str, path: str, body: Any, error: dict[str, str], desk: Sandbox, people: People
) -> None:
    status, value = desk.call(method, REPO + path, people.ann, body)

    assert (status, value["message"], value["errors"]) == (422, "Validation Failed", [error])
    assert len(desk.call("GET", f"{REPO}/issues", people.ann)[1]) == 1


def test_a_body_of_65536_characters_is_kept_whole(desk: Sandbox, people: People) -> None:
    body = "é" * 65_536
    number = desk.call("POST", f"{REPO}/issues", people.carla, {"title": "Long", "body": body})[1]["number"]

    assert desk.call("GET", f"{REPO}/issues/{number}", people.carla)[1]["body"] == body


def test_a_label_that_the_repository_lacks_is_created_in_grey(desk: Sandbox, people: People) -> None:
    desk.call("POST", f"{REPO}/issues/1/labels", people.workflow, {"labels": ["Late"]})

    assert desk.call("GET", f"{REPO}/labels/late", people.ann)[1]["color"] == "ededed"


def test_labels_differ_in_more_than_case(desk: Sandbox, people: People) -> None:
    desk.call("POST", f"{REPO}/labels", people.ann, {"name": "Late"})
    desk.call("POST", f"{REPO}/issues/1/labels", people.ann, {"labels": ["late", "LATE"]})

    assert desk.call("POST", f"{REPO}/labels", people.ann, {"name": "LATE"})[0] == 422
    labels = desk.call("GET", f"{REPO}/issues/1", people.ann)[1]["labels"]
    assert [label["name"] for label in labels] == ["Late"]


def test_a_label_with_a_slash_in_its_name_can_be_taken_off(desk: Sandbox, people: People) -> None:
    desk.call("POST", f"{REPO}/issues/1/labels", people.ann, {"labels": ["area/network", "late"]})
    status, left = desk.call("DELETE", f"{REPO}/issues/1/labels/area%2Fnetwork", people.ann)

    assert (status, [label["name"] for label in left]) == (200, ["late"])
    assert desk.call("DELETE", f"{REPO}/issues/1/labels/area%2Fnetwork", people.ann)[0] == 404


@pytest.mark.parametrize(
    "body",
    [{"labels": ["a"]}, {"assignees": ["ann"]}, {"state": "closed"}, {"title": "New"}],
    ids=lambda body: next(iter(body)),
)
def test_doing_a_thing_twice_leaves_one_event(body: Any, desk: Sandbox, people: People) -> None:
    desk.call("PATCH", f"{REPO}/issues/1", people.ann, body)
    once = _events(desk)
    desk.call("PATCH", f"{REPO}/issues/1", people.ann, body)

    assert len(once) == 1
    assert _events(desk) == once


def test_closing_and_reopening_tell_who_when_and_why(desk: Sandbox, people: People) -> None:
    desk.clock("2026-01-05T10:00:00Z")
    closed = desk.call("PATCH", f"{REPO}/issues/1", people.ann, {"state": "closed", "state_reason": "not_planned"})[1]
    reopened = desk.call("PATCH", f"{REPO}/issues/1", people.ann, {"state": "open"})[1]

    assert (closed["closed_at"], closed["closed_by"]["login"]) == ("2026-01-05T10:00:00Z", "ann")
    assert (closed["state"], closed["state_reason"]) == ("closed", "not_planned")
    assert (reopened["closed_at"], reopened["closed_by"], reopened["state_reason"]) == (None, None, "reopened")
    assert _events(desk) == ["closed", "reopened"]


def test_every_change_moves_updated_at_and_an_assignment_of_nobody_new_does_not(desk: Sandbox, people: People) -> None:
    def updated() -> str:
        return str(desk.call("GET", f"{REPO}/issues/1", people.ann)[1]["updated_at"])

    changes: list[tuple[str, str, Any]] = [
        ("POST", "/issues/1/comments", {"body": "x"}),
        ("POST", "/issues/1/labels", {"labels": ["x"]}),
        ("POST", "/issues/1/assignees", {"assignees": ["ann"]}),
        ("PATCH", "/issues/1", {"body": "y"}),
        ("PATCH", "/issues/1", {"state": "closed"}),
    ]
    for minute, (method, path, body) in enumerate(changes, start=1):
        now = desk.clock(f"2026-01-05T09:{minute:02}:00Z")
        desk.call(method, REPO + path, people.ann, body)
        assert updated() == now
    desk.clock("2026-01-05T11:00:00Z")
    desk.call("POST", f"{REPO}/issues/1/assignees", people.ann, {"assignees": ["ann"]})
    assert updated() == now


def test_a_deleted_issue_answers_410_and_keeps_its_number(desk: Sandbox, people: People) -> None:
    node = desk.call("GET", f"{REPO}/issues/1", people.ann)[1]["node_id"]
    query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { repository { name } } }"
    refused = desk.call("POST", "/graphql", people.ann, {"query": query, "variables": {"id": node}})[1]
    desk.call("POST", "/graphql", people.owner, {"query": query, "variables": {"id": node}})

    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert desk.call("GET", f"{REPO}/issues/1", people.ann)[0] == 410
    assert desk.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "x"})[0] == 410
    assert desk.call("GET", f"{REPO}/issues", people.ann)[1] == []
    assert desk.call("POST", f"{REPO}/issues", people.carla, {"title": "x"})[1]["number"] == 2


def test_a_deleted_comment_leaves_who_wrote_it_and_who_deleted_it(desk: Sandbox, people: People) -> None:
    comment = desk.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "A card"})[1]["id"]
    desk.call("DELETE", f"{REPO}/issues/comments/{comment}", people.ann)
    query = """{ repository(owner: "acme", name: "desk") { issue(number: 1) { timelineItems(first: 5) { nodes {
        ... on CommentDeletedEvent { actor { login } deletedCommentAuthor { login } } } } } } }"""

    issue = desk.call("POST", "/graphql", people.ann, {"query": query})[1]["data"]["repository"]["issue"]

    assert issue["timelineItems"]["nodes"] == [
        {"actor": {"login": "ann"}, "deletedCommentAuthor": {"login": "github-actions"}}
    ]
    assert desk.call("GET", f"{REPO}/issues/comments/{comment}", people.ann)[0] == 404


@pytest.mark.parametrize(
    "text, referenced",
    [
        ("See #1", True),
        ("See acme/desk#1 for more", True),
        ("See {url}/acme/desk/issues/1", True),
        ("`#1` and\n```\n#1\n```", False),
        ("colour &#1; and path a/b/#1x", False),
        ("See #99", False),
    ],
)
def test_a_text_that_names_an_issue_leaves_a_reference_there(
    text: str, referenced: bool, desk: Sandbox, people: People
) -> None:
    body = text.format(url=desk.url)
    desk.call("POST", f"{REPO}/issues", people.carla, {"title": "Other", "body": body})
    desk.call("POST", f"{REPO}/issues/2/comments", people.carla, {"body": body})

    assert _events(desk) == (["cross-referenced"] if referenced else [])


def test_a_comment_that_says_so_marks_a_duplicate_if_staff_wrote_it(desk: Sandbox, people: People) -> None:
    for token in (people.carla, people.ann):
        desk.call("POST", f"{REPO}/issues", people.carla, {"title": "Other"})
        number = desk.call("GET", f"{REPO}/issues", people.carla)[1][0]["number"]
        desk.call("POST", f"{REPO}/issues/{number}/comments", token, {"body": "Duplicate of #1"})

    assert _events(desk, 2) == ["commented"]
    assert _events(desk, 3) == ["commented", "marked_as_duplicate"]


@pytest.mark.parametrize(
    "query, numbers",
    [
        ("", [3, 1]),
        ("state=all", [3, 2, 1]),
        ("state=all&sort=created&direction=asc", [1, 2, 3]),
        ("state=closed", [2]),
        ("state=all&labels=late,Urgent", [3]),
        ("state=all&since=2026-01-05T10:30:00Z", [3, 2]),
        ("state=all&creator=ann", [3, 2]),
        ("state=all&assignee=ann", [2]),
        ("state=all&assignee=none", [3, 1]),
        ("state=all&sort=updated", [2, 3, 1]),
        ("state=all&sort=comments", [1, 3, 2]),
    ],
)
def test_a_list_of_issues_is_filtered_and_sorted(query: str, numbers: list[int], desk: Sandbox, people: People) -> None:
    desk.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "x"})
    desk.clock("2026-01-05T10:00:00Z")
    desk.call("POST", f"{REPO}/issues", people.ann, {"title": "Two", "labels": ["late"], "assignees": ["ann"]})
    desk.clock("2026-01-05T11:00:00Z")
    desk.call("POST", f"{REPO}/issues", people.ann, {"title": "Three", "labels": ["late", "urgent"]})
    desk.clock("2026-01-05T12:00:00Z")
    desk.call("PATCH", f"{REPO}/issues/2", people.ann, {"state": "closed"})

    found = desk.call("GET", f"{REPO}/issues?{query}", people.ann)[1]

    assert [issue["number"] for issue in found] == numbers


def test_a_form_puts_its_labels_on_whoever_opens_but_makes_none(desk: Sandbox, people: People) -> None:
    desk.call("POST", f"{REPO}/labels", people.ann, {"name": "type: change"})
    number = desk.open_by_form("acme/desk", "carla", "Title", "### What\n\nText", ["type: change", "unknown"])
    issue = desk.call("GET", f"{REPO}/issues/{number}", people.ann)[1]
    opened, labelled = desk.deliveries()[-2:]

    assert (issue["user"]["login"], [label["name"] for label in issue["labels"]]) == ("carla", ["type: change"])
    assert (opened["action"], labelled["action"]) == ("opened", "labeled")
    assert [label["name"] for label in opened["payload"]["issue"]["labels"]] == ["type: change"]
    assert desk.call("GET", f"{REPO}/labels/unknown", people.ann)[0] == 404


def test_the_payload_of_an_opened_issue_holds_the_labels_and_assignees_that_it_came_with(
    desk: Sandbox, people: People
) -> None:
    desk.call("POST", f"{REPO}/issues", people.ann, {"title": "x", "labels": ["late"], "assignees": ["ann"]})
    happened = [item for item in desk.deliveries() if item["payload"].get("issue", {}).get("number") == 2]
    issue = happened[0]["payload"]["issue"]

    assert [item["action"] for item in happened] == ["opened", "labeled", "assigned"]
    assert ([label["name"] for label in issue["labels"]], issue["assignee"]["login"]) == (["late"], "ann")
