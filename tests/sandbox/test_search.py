"""Searching: GitHub's qualifiers, its limit of 1,000, and an index that lags behind."""

from urllib.parse import quote

import pytest
from tests.sandbox.desk import REPO, Ask, People
from tests.sandbox.pulling import propose

from respondby.sandbox.server import Sandbox


@pytest.fixture
def desk(sandbox: Sandbox, people: People, issues: None) -> Sandbox:
    """The five issues (3 is a closed duplicate, odd ones are late), and pull request 6."""
    sandbox.clock("2026-01-06T09:00:00Z")
    sandbox.call("PATCH", f"{REPO}/issues/2", people.ann, {"assignees": ["ann"], "body": "The printer burns"})
    sandbox.call("POST", f"{REPO}/issues/4/comments", people.carla, {"body": "Smoke too"})
    sandbox.call("POST", f"{REPO}/milestones", people.ann, {"title": "1.0"})
    sandbox.call("PATCH", f"{REPO}/issues/5", people.ann, {"milestone": 1})
    propose(sandbox, people.ann, "late", {"a.md": "x\n"})
    sandbox.user("dora")
    sandbox.member("acme/desk", "dora", "COLLABORATOR")
    asked = sandbox.call("POST", f"{REPO}/pulls/6/requested_reviewers", people.ann, {"reviewers": ["dora"]})
    assert asked[0] == 201
    return sandbox


def _find(sandbox: Sandbox, query: str, token: str | None = None, more: str = "") -> list[int]:
    status, value = sandbox.call("GET", f"/search/issues?q={quote(query)}{more}", token)
    assert status == 200, value
    return [item["number"] for item in value["items"]]


@pytest.mark.parametrize(
    "query, found",
    [
        ("is:issue", [5, 4, 3, 2, 1]),
        ("is:pr", [6]),
        ("is:issue is:pr state:open", [6, 5, 4, 2, 1]),
        ("is:issue is:closed", [3]),
        ("is:issue reason:duplicate", [3]),
        ("is:issue label:late is:open", [5, 1]),
        ("is:issue -label:late", [4, 2]),
        ("is:issue assignee:@me", [2]),
        ("is:pr author:@me", [6]),
        ("is:pr review-requested:@me", []),
        ("is:pr review-requested:dora", [6]),
        ("is:issue no:label", [4, 2]),
        ("is:issue assignee:ann", [2]),
        ("is:issue no:assignee state:closed", [3]),
        ("is:issue author:carla", []),
        ("is:issue commenter:carla", [4]),
        ("is:issue involves:carla", [4]),
        ("is:issue milestone:1.0", [5]),
        ("is:issue comments:>=1", [4]),
        ("is:issue printer", [2]),
        ('is:issue "printer burns"', [2]),
        ("is:issue smoke", [4]),
        ("is:issue smoke in:title,body", []),
        ("is:issue created:2026-01-05T09:02:00Z..2026-01-05T09:04:00Z", [4, 3, 2]),
        ("is:issue updated:>=2026-01-06", [5, 4, 2]),
        ("is:issue updated:<2026-01-06", [3, 1]),
        ("is:issue closed:2026-01-05", [3]),
        ("is:issue repo:acme/desk", [5, 4, 3, 2, 1]),
        ("is:issue org:acme label:late", [5, 3, 1]),
        ("is:issue repo:acme/other", []),
        ("( printer ) is:issue", [2]),
        ("(printer OR smoke) is:issue", [4, 2]),
        ("is:issue (label:late AND is:open) OR assignee:ann is:issue", [5, 2, 1]),
        ("is:issue ((label:late) (milestone:1.0))", [5]),
        ("is:issue ()", [5, 4, 3, 2, 1]),
    ],
)
def test_a_query_finds_what_its_qualifiers_say(query: str, found: list[int], desk: Sandbox, people: People) -> None:
    assert _find(desk, query, people.ann) == found


def test_results_come_sorted_and_by_pages(desk: Sandbox, people: People) -> None:
    assert _find(desk, "is:issue", people.ann, "&sort=updated&order=asc") == [1, 3, 2, 4, 5]
    _, headers, value = desk.exchange("GET", "/search/issues?q=is:issue&per_page=2&page=2", people.ann)
    assert ([item["number"] for item in value["items"]], value["total_count"]) == ([3, 2], 5)
    assert 'rel="next"' in headers["link"]


def test_nobody_finds_what_they_may_not_see(desk: Sandbox, people: People) -> None:
    desk.repo("acme", "secret", private=True)
    desk.call("POST", "/repos/acme/secret/issues", people.owner, {"title": "Hidden"})
    desk.member("acme/secret", "ann", "MEMBER")

    assert _find(desk, "is:issue hidden", people.carla) == []
    assert _find(desk, "is:issue hidden", people.workflow) == []


@pytest.mark.parametrize(
    "query", ["printer", "is:issue is:purple", "is:issue no:body", "is:issue created:soon", 'is:issue "open', " "]
)
def test_a_query_that_github_does_not_take_is_refused(query: str, desk: Sandbox, people: People) -> None:
    assert desk.call("GET", f"/search/issues?q={quote(query)}", people.ann)[0] == 422


def test_no_more_than_the_first_thousand_can_be_read(sandbox: Sandbox, people: People, ask: Ask) -> None:
    for number in range(1001):
        sandbox.open_by_form("acme/desk", "ann", f"Issue {number}", "")
    status, value = sandbox.call("GET", "/search/issues?q=is:issue&per_page=100&page=10", people.ann)
    assert (status, value["total_count"], len(value["items"])) == (200, 1001, 100)
    status, value = sandbox.call("GET", "/search/issues?q=is:issue&per_page=100&page=11", people.ann)
    assert (status, value["message"]) == (422, "Only the first 1000 search results are available")
    query = 'query { search(query: "is:issue", type: ISSUE, last: 1) { issueCount nodes { ... on Issue { number } } } }'
    assert ask(query)["data"]["search"] == {"issueCount": 1001, "nodes": [{"number": 2}]}


def test_an_index_that_lags_finds_an_issue_by_what_it_was(desk: Sandbox, people: People) -> None:
    desk.search_lag(60)
    desk.clock("2026-01-06T10:00:00Z")
    assert _find(desk, "is:issue is:open", people.ann) == [5, 4, 2, 1]
    desk.call("PATCH", f"{REPO}/issues/1", people.ann, {"state": "closed"})
    desk.call("POST", f"{REPO}/issues", people.ann, {"title": "New"})

    assert _find(desk, "is:issue is:open", people.ann) == [5, 4, 2, 1]
    desk.clock("2026-01-06T10:01:00Z")
    assert _find(desk, "is:issue is:open", people.ann) == [7, 5, 4, 2]
    assert desk.call("POST", "/_sandbox/search-lag", body={"seconds": 5})[0] == 204


def test_graphql_finds_issues_and_pull_requests_alike(desk: Sandbox, ask: Ask, people: People) -> None:
    query = """query { search(query: "repo:acme/desk label:late sort:created-asc", type: ISSUE, first: 2) { issueCount
        pageInfo { hasNextPage } nodes { ... on Issue { number } ... on PullRequest { number } } } }"""

    assert ask(query, people.ann)["data"]["search"] == {
        "issueCount": 3,
        "pageInfo": {"hasNextPage": True},
        "nodes": [{"number": 1}, {"number": 3}],
    }
    bad = ask('query { search(query: "is:purple", type: ISSUE, first: 2) { issueCount } }', people.ann)
    assert bad["data"] is None


def test_an_issue_belongs_to_one_milestone_until_it_is_deleted(desk: Sandbox, people: People) -> None:
    assert desk.call("GET", f"{REPO}/milestones/1", people.ann)[1]["open_issues"] == 1
    assert desk.call("PATCH", f"{REPO}/issues/5", people.ann, {"milestone": 9})[0] == 422
    assert desk.call("POST", f"{REPO}/milestones", people.ann, {"title": "1.0"})[0] == 422
    assert desk.call("POST", f"{REPO}/milestones", people.carla, {"title": "2.0"})[0] == 403
    assert [issue["number"] for issue in desk.call("GET", f"{REPO}/issues?milestone=1", people.ann)[1]] == [5]
    assert [issue["number"] for issue in desk.call("GET", f"{REPO}/issues?milestone=none", people.ann)[1]] == [
        6,
        4,
        2,
        1,
    ]
    assert desk.call("DELETE", f"{REPO}/milestones/1", people.ann)[0] == 204
    assert desk.call("GET", f"{REPO}/issues/5", people.ann)[1]["milestone"] is None


@pytest.mark.parametrize("query", ["is:issue (printer", "is:issue printer)", 'is:issue "printer'])
def test_a_query_that_is_not_closed_is_refused(query: str, sandbox: Sandbox) -> None:
    status, value = sandbox.call("GET", f"/search/issues?q={quote(query)}")

    assert (status, "The search is not valid" in value["errors"][0]["message"]) == (422, True)
