"""Sub-issues and dependencies, by REST and by GraphQL, and what GitHub refuses of them."""

from itertools import pairwise
from typing import Any

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox


def opened(sandbox: Sandbox, token: str, times: int, repo: str = REPO) -> list[dict[str, Any]]:
    """New issues, as REST shows them."""
    return [sandbox.call("POST", f"{repo}/issues", token, {"title": f"Issue {n}"})[1] for n in range(times)]


def under(sandbox: Sandbox, token: str, parent: dict[str, Any], child: dict[str, Any], **more: Any) -> tuple[int, Any]:
    """Makes an issue a sub-issue."""
    path = f"{REPO}/issues/{parent['number']}/sub_issues"
    return sandbox.call("POST", path, token, {"sub_issue_id": child["id"], **more})


def numbers(sandbox: Sandbox, path: str, token: str) -> list[int]:
    return [issue["number"] for issue in sandbox.call("GET", f"{REPO}/issues/{path}", token)[1]]


def test_sub_issues_are_counted_ordered_moved_and_let_go(sandbox: Sandbox, people: People, ask: Ask) -> None:
    parent, one, two, three = opened(sandbox, people.ann, 4)
    for child in (one, two, three):
        assert under(sandbox, people.ann, parent, child)[0] == 201
    sandbox.call("PATCH", f"{REPO}/issues/2", people.ann, {"state": "closed"})
    priority = f"{REPO}/issues/1/sub_issues/priority"
    moved = sandbox.call("PATCH", priority, people.ann, {"sub_issue_id": one["id"], "after_id": three["id"]})[1]
    order = numbers(sandbox, "1/sub_issues", people.ann)
    sandbox.call("PATCH", priority, people.ann, {"sub_issue_id": three["id"], "before_id": two["id"]})
    gone = sandbox.call("DELETE", f"{REPO}/issues/1/sub_issue", people.ann, {"sub_issue_id": two["id"]})

    assert moved["sub_issues_summary"] == {"total": 3, "completed": 1, "percent_completed": 33}
    assert (order, numbers(sandbox, "1/sub_issues", people.ann)) == ([3, 4, 2], [4, 2])
    assert (gone[0], gone[1]["number"]) == (200, 1)
    assert sandbox.call("GET", f"{REPO}/issues/2/parent", people.ann)[1]["number"] == 1
    assert sandbox.call("GET", f"{REPO}/issues/3/parent", people.ann)[0] == 404
    assert sandbox.call("GET", f"{REPO}/issues/2", people.ann)[1]["parent_issue_url"] == f"{sandbox.url}{REPO}/issues/1"
    assert ask("""issue(number: 1) { parent { number }
        subIssues(first: 9) { totalCount nodes { number parent { number } } }
        subIssuesSummary { total completed percentCompleted } }""")["data"]["repository"]["issue"] == {
        "parent": None,
        "subIssues": {
            "totalCount": 2,
            "nodes": [{"number": 4, "parent": {"number": 1}}, {"number": 2, "parent": {"number": 1}}],
        },
        "subIssuesSummary": {"total": 2, "completed": 1, "percentCompleted": 50},
    }


def test_sub_issues_are_changed_by_graphql_as_well(sandbox: Sandbox, people: People, ask: Ask) -> None:
    parent, one, two = opened(sandbox, people.ann, 3)

    def sent(name: str, given: str) -> Any:
        shown = "issue { subIssues(first: 9) { nodes { number } } }"
        answer = ask(f"mutation {{ {name}(input: {{ {given} }}) {{ {shown} }} }}", people.ann)
        assert "errors" not in answer, answer
        return [node["number"] for node in answer["data"][name]["issue"]["subIssues"]["nodes"]]

    ids = [f'"{issue["node_id"]}"' for issue in (parent, one, two)]
    assert sent("addSubIssue", f"issueId: {ids[0]}, subIssueId: {ids[1]}") == [2]
    assert sent("addSubIssue", f'issueId: {ids[0]}, subIssueUrl: "{two["html_url"]}"') == [2, 3]
    assert sent("reprioritizeSubIssue", f"issueId: {ids[0]}, subIssueId: {ids[2]}, beforeId: {ids[1]}") == [3, 2]
    assert sent("removeSubIssue", f"issueId: {ids[0]}, subIssueId: {ids[1]}") == [3]
    given = f'repositoryId: "{_repository(sandbox)}", title: "New", parentIssueId: {ids[0]}'
    shown = "issue { number parent { number } }"
    made = ask(f"mutation {{ createIssue(input: {{ {given} }}) {{ {shown} }} }}", people.ann)
    assert made["data"]["createIssue"]["issue"] == {"number": 4, "parent": {"number": 1}}


def _repository(sandbox: Sandbox) -> str:
    return str(sandbox.call("GET", REPO)[1]["node_id"])


def test_an_issue_has_one_parent_unless_it_is_replaced(sandbox: Sandbox, people: People) -> None:
    first, second, child = opened(sandbox, people.ann, 3)
    under(sandbox, people.ann, first, child)
    again, other = under(sandbox, people.ann, first, child), under(sandbox, people.ann, second, child)
    replaced = under(sandbox, people.ann, second, child, replace_parent=True)

    assert (again[0], "duplicate sub-issues" in again[1]["message"]) == (422, True)
    assert (other[0], "may only have one parent" in other[1]["message"]) == (422, True)
    assert (replaced[0], numbers(sandbox, "1/sub_issues", people.ann)) == (201, [])


def test_no_issue_is_below_itself_and_none_more_than_eight_levels_down(sandbox: Sandbox, people: People) -> None:
    line = opened(sandbox, people.ann, 10)
    codes = [under(sandbox, people.ann, *pair)[0] for pair in pairwise(line)]

    assert codes == [201] * 8 + [422]
    assert under(sandbox, people.ann, line[3], line[0])[0] == 422
    assert under(sandbox, people.ann, line[9], line[9])[0] == 422


def test_a_parent_has_at_most_a_hundred(sandbox: Sandbox, people: People) -> None:
    parent, *children = opened(sandbox, people.ann, 102)
    codes = [under(sandbox, people.ann, parent, child)[0] for child in children]

    assert codes == [201] * 100 + [422]


def test_blocking_is_seen_from_both_sides_and_ended(sandbox: Sandbox, people: People, ask: Ask) -> None:
    issue, one, two = opened(sandbox, people.ann, 3)
    path = f"{REPO}/issues/1/dependencies/blocked_by"
    codes = [
        sandbox.call("POST", path, people.ann, {"issue_id": blocker["id"]})[0] for blocker in (one, two, two, issue)
    ]
    back = sandbox.call("POST", f"{REPO}/issues/2/dependencies/blocked_by", people.ann, {"issue_id": issue["id"]})
    sandbox.call("PATCH", f"{REPO}/issues/2", people.ann, {"state": "closed"})
    shown = sandbox.call("GET", f"{REPO}/issues/1", people.ann)[1]["issue_dependencies_summary"]
    graph = ask("""issue(number: 1) { issueDependenciesSummary { blockedBy totalBlockedBy blocking totalBlocking }
        blockedBy(first: 9) { nodes { number } } }
        other: issue(number: 3) { blocking(first: 9) { nodes { number } } }""")
    ended = sandbox.call("DELETE", f"{path}/{two['id']}", people.ann)[0]

    assert (codes, back[0]) == ([201, 201, 422, 422], 422)
    assert shown == {"blocked_by": 1, "total_blocked_by": 2, "blocking": 0, "total_blocking": 0}
    assert graph["data"]["repository"] == {
        "issue": {
            "issueDependenciesSummary": {"blockedBy": 1, "totalBlockedBy": 2, "blocking": 0, "totalBlocking": 0},
            "blockedBy": {"nodes": [{"number": 3}, {"number": 2}]},
        },
        "other": {"blocking": {"nodes": [{"number": 1}]}},
    }
    assert (ended, numbers(sandbox, "1/dependencies/blocked_by", people.ann)) == (200, [2])
    assert sandbox.call("DELETE", f"{path}/{two['id']}", people.ann)[0] == 404


def test_a_dependency_is_changed_by_graphql_as_well(sandbox: Sandbox, people: People, ask: Ask) -> None:
    issue, blocker = opened(sandbox, people.ann, 2)
    given = f'{{ issueId: "{issue["node_id"]}", blockingIssueId: "{blocker["node_id"]}" }}'

    def sent(name: str) -> Any:
        shown = "issue { blockedBy(first: 9) { totalCount } } blockingIssue { number }"
        return ask(f"mutation {{ {name}(input: {given}) {{ {shown} }} }}", people.ann)["data"][name]

    assert sent("addBlockedBy") == {"issue": {"blockedBy": {"totalCount": 1}}, "blockingIssue": {"number": 2}}
    assert sent("removeBlockedBy") == {"issue": {"blockedBy": {"totalCount": 0}}, "blockingIssue": {"number": 2}}
    assert sent("removeBlockedBy") is None


@pytest.mark.parametrize("who, status", [("carla", 403), ("workflow", 201), ("owner", 201), (None, 401)])
def test_who_may_triage_makes_relations(who: str | None, status: int, sandbox: Sandbox, people: People) -> None:
    parent, child = opened(sandbox, people.ann, 2)
    token = None if who is None else getattr(people, who)
    path = f"{REPO}/issues/{parent['number']}"

    assert sandbox.call("POST", f"{path}/sub_issues", token, {"sub_issue_id": child["id"]})[0] == status
    assert sandbox.call("POST", f"{path}/dependencies/blocked_by", token, {"issue_id": child["id"]})[0] == status


def test_relations_stay_within_one_owner_and_what_the_viewer_may_see(sandbox: Sandbox, people: People) -> None:
    sandbox.repo("acme", "secret", private=True)
    sandbox.member("acme/secret", "olga", "OWNER")
    sandbox.repo("globex", "desk")
    sandbox.member("globex/desk", "ann", "MEMBER")
    hidden = opened(sandbox, people.owner, 1, "/repos/acme/secret")[0]
    foreign = opened(sandbox, people.ann, 1, "/repos/globex/desk")[0]
    parent = opened(sandbox, people.ann, 1)[0]

    assert under(sandbox, people.ann, parent, hidden)[0] == 404
    assert under(sandbox, people.ann, parent, foreign)[0] == 422
    assert under(sandbox, people.owner, parent, hidden)[0] == 201
    assert numbers(sandbox, "1/sub_issues", people.owner) == [1]
    assert numbers(sandbox, "1/sub_issues", people.ann) == []


def test_both_ends_are_told_of_in_their_own_repositories(sandbox: Sandbox, people: People) -> None:
    parent, child = opened(sandbox, people.ann, 2)
    last = sandbox.deliveries()[-1]["id"]
    under(sandbox, people.ann, parent, child)
    sandbox.call("POST", f"{REPO}/issues/1/dependencies/blocked_by", people.ann, {"issue_id": child["id"]})

    assert [(item["event"], item["action"]) for item in sandbox.deliveries(last)] == [
        ("sub_issues", "sub_issue_added"),
        ("sub_issues", "parent_issue_added"),
        ("issue_dependencies", "blocking_added"),
        ("issue_dependencies", "blocked_by_added"),
    ]


EVENTS = """query($id: ID!) { node(id: $id) { ... on Issue { timelineItems(first: 9, itemTypes: [
  PARENT_ISSUE_ADDED_EVENT, PARENT_ISSUE_REMOVED_EVENT, SUB_ISSUE_ADDED_EVENT, SUB_ISSUE_REMOVED_EVENT]) {
  nodes { __typename ... on ParentIssueAddedEvent { actor { login } parent { number } }
  ... on ParentIssueRemovedEvent { parent { number } } ... on SubIssueAddedEvent { subIssue { number } }
  ... on SubIssueRemovedEvent { subIssue { number } } } } } } }"""


def test_both_timelines_tell_of_a_parent(sandbox: Sandbox, people: People, ask: Ask) -> None:
    parent, child = (
        sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": title})[1] for title in ("Incident", "Request")
    )
    assert under(sandbox, people.ann, parent, child)[0] == 201
    gone = sandbox.call(
        "DELETE", f"{REPO}/issues/{parent['number']}/sub_issue", people.ann, {"sub_issue_id": child["id"]}
    )
    assert gone[0] == 200
    told = [ask(EVENTS, id=issue["node_id"])["data"]["node"]["timelineItems"]["nodes"] for issue in (child, parent)]
    number = {"number": parent["number"]}
    assert told[0] == [
        {"__typename": "ParentIssueAddedEvent", "actor": {"login": "ann"}, "parent": number},
        {"__typename": "ParentIssueRemovedEvent", "parent": number},
    ]
    assert [(node["__typename"], node["subIssue"]["number"]) for node in told[1]] == [
        ("SubIssueAddedEvent", child["number"]),
        ("SubIssueRemovedEvent", child["number"]),
    ]
    status, rest = sandbox.call("GET", f"{REPO}/issues/{child['number']}/timeline", people.ann)
    assert (status, [item["event"] for item in rest]) == (200, ["parent_issue_added", "parent_issue_removed"])
