"""Pull requests: from a branch to a merge, with what each step does to files, issues, timelines and deliveries."""

import base64
from typing import Any

import pytest
from tests.sandbox.desk import REPO, People
from tests.sandbox.pulling import coded, propose, push

from respondby.sandbox.server import Sandbox

LINES = "one\ntwo\nthree\nfour\nfive\n"
PULL = f"{REPO}/pulls/2"


@pytest.fixture
def pull(sandbox: Sandbox, people: People) -> Sandbox:
    """Issue 1 by carla, and pull request 2, which fixes it: a new post-mortem and a changed line of a list."""
    sandbox.files("acme/desk", {"list.txt": LINES})
    sandbox.member("acme/desk", "bob", "MEMBER")
    sandbox.call("POST", f"{REPO}/issues", people.carla, {"title": "Broken"})
    files = {"docs/one.md": "# One\n", "list.txt": LINES.replace("five", "FIVE")}
    assert propose(sandbox, people.ann, "post-mortem", files, body="Fixes #1") == 2
    return sandbox


def _text(sandbox: Sandbox, path: str, ref: str = "main") -> str | None:
    status, value = sandbox.call("GET", f"{REPO}/contents/{path}?ref={ref}")
    return base64.b64decode(value["content"]).decode() if status == 200 else None


def _events(sandbox: Sandbox, number: int) -> list[str]:
    return [item["event"] for item in sandbox.call("GET", f"{REPO}/issues/{number}/timeline")[1]]


def test_files_and_commits_are_what_the_branch_adds(pull: Sandbox, people: People) -> None:
    files = pull.call("GET", f"{PULL}/files")[1]
    commits = pull.call("GET", f"{PULL}/commits")[1]

    assert [(file["filename"], file["status"], file["changes"]) for file in files] == [
        ("docs/one.md", "added", 1),
        ("list.txt", "modified", 2),
    ]
    assert files[1]["patch"] == "@@ -2,4 +2,4 @@ one\n two\n three\n four\n-five\n+FIVE".replace("@@ one", "@@")
    assert [commit["commit"]["message"] for commit in commits] == ["Write docs/one.md", "Write list.txt"]
    assert pull.call("GET", PULL)[1]["changed_files"] == 2


def test_a_file_that_moved_as_it_is_was_renamed(pull: Sandbox, people: People) -> None:
    start = pull.call("GET", f"{REPO}/git/ref/heads/main")[1]["object"]["sha"]
    pull.call("POST", f"{REPO}/git/refs", people.ann, {"ref": "refs/heads/move", "sha": start})
    push(pull, people.ann, "move", "new.txt", LINES)
    sha = pull.call("GET", f"{REPO}/contents/list.txt?ref=move")[1]["sha"]
    body = {"message": "Move", "sha": sha, "branch": "move"}
    pull.call("DELETE", f"{REPO}/contents/list.txt", people.ann, body)
    pull.call("POST", f"{REPO}/pulls", people.ann, {"title": "Move", "head": "move", "base": "main"})

    files = pull.call("GET", f"{REPO}/pulls/3/files")[1]

    assert [(file["filename"], file["status"], file["previous_filename"]) for file in files] == [
        ("new.txt", "renamed", "list.txt")
    ]


@pytest.mark.parametrize("method, parents", [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_a_merge_brings_both_sides_changes_together(method: str, parents: int, pull: Sandbox, people: People) -> None:
    pull.files("acme/desk", {"list.txt": LINES.replace("one", "ONE")})

    status, merged = pull.call("PUT", f"{PULL}/merge", people.ann, {"merge_method": method})

    assert (status, merged["merged"]) == (200, True)
    assert _text(pull, "list.txt") == "ONE\ntwo\nthree\nfour\nFIVE\n"
    assert _text(pull, "docs/one.md") == "# One\n"
    head = pull.call("GET", f"{REPO}/git/commits/{merged['sha']}")[1]
    assert len(head["parents"]) == parents
    assert pull.call("GET", f"{REPO}/git/ref/heads/main")[1]["object"]["sha"] == merged["sha"]
    assert pull.call("GET", f"{PULL}/merge")[0] == 204
    assert "# One" in str(_text(pull, "docs/one.md"))
    paths = [commit["sha"] for commit in pull.call("GET", f"{REPO}/commits?path=docs/one.md")[1]]
    assert len(paths) == 1


def test_a_merge_closes_the_issue_that_it_fixes_and_tells_of_all_that(pull: Sandbox, people: People) -> None:
    before = len(pull.deliveries())
    pull.call("PUT", f"{PULL}/merge", people.ann, {})
    pull.call("DELETE", f"{REPO}/git/refs/heads/post-mortem", people.ann)

    told = [(item["event"], item["action"]) for item in pull.deliveries()[before:]]
    assert told == [("push", None), ("pull_request", "closed"), ("issues", "closed")]
    assert pull.deliveries()[-2]["payload"]["pull_request"]["merged"] is True
    assert _events(pull, 1) == ["cross-referenced", "closed"]
    assert _events(pull, 2) == ["committed", "committed", "merged", "closed", "head_ref_deleted"]
    assert pull.call("GET", f"{REPO}/issues/1")[1]["closed_by"]["login"] == "ann"
    assert pull.call("PATCH", PULL, people.ann, {"state": "open"})[0] == 422


def test_a_merge_into_another_branch_closes_nothing(pull: Sandbox, people: People) -> None:
    start = pull.call("GET", f"{REPO}/git/ref/heads/main")[1]["object"]["sha"]
    pull.call("POST", f"{REPO}/git/refs", people.ann, {"ref": "refs/heads/release", "sha": start})
    assert pull.call("PATCH", PULL, people.ann, {"base": "release"})[0] == 200
    pull.call("PUT", f"{PULL}/merge", people.ann, {})

    assert pull.call("GET", f"{REPO}/issues/1")[1]["state"] == "open"
    assert (_text(pull, "docs/one.md"), _text(pull, "docs/one.md", "release")) == (None, "# One\n")


def test_changes_of_one_line_are_a_conflict_until_the_branch_gives_way(pull: Sandbox, people: People) -> None:
    pull.files("acme/desk", {"list.txt": LINES.replace("five", "5")})

    shape = pull.call("GET", PULL)[1]
    assert (shape["mergeable"], shape["mergeable_state"]) == (False, "dirty")
    assert pull.call("PUT", f"{PULL}/merge", people.ann, {})[0] == 405
    assert _text(pull, "list.txt") == LINES.replace("five", "5")

    push(pull, people.ann, "post-mortem", "list.txt", LINES)
    assert pull.call("GET", PULL)[1]["mergeable_state"] == "clean"
    assert pull.call("PUT", f"{PULL}/merge", people.ann, {})[0] == 200
    assert _text(pull, "list.txt") == LINES.replace("five", "5")


@pytest.mark.parametrize(
    "who, body, status, message",
    [
        ("ann", {"sha": "0" * 40}, 409, "Head branch was modified. Review and try the merge again."),
        ("ann", {"merge_method": "octopus"}, 422, "Invalid merge method: octopus"),
        ("carla", {}, 403, None),
        ("workflow", {}, 403, "Resource not accessible by integration"),
    ],
)
def test_a_merge_that_may_not_be_is_refused(
    who: str, body: Any, status: int, message: str | None, pull: Sandbox, people: People
) -> None:
    answered, value = pull.call("PUT", f"{PULL}/merge", getattr(people, who), body)

    assert answered == status
    assert message in (None, value["message"])
    assert pull.call("GET", f"{PULL}/merge")[0] == 404


def test_a_draft_waits(pull: Sandbox, people: People) -> None:
    node = pull.call("GET", PULL)[1]["node_id"]
    query = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
    pull.call("POST", "/graphql", people.ann, {"query": query, "variables": {"id": node}})

    assert pull.call("GET", PULL)[1]["mergeable_state"] == "draft"
    assert pull.call("PUT", f"{PULL}/merge", people.ann, {})[1]["message"] == "Pull Request is still a draft"


@pytest.mark.parametrize(
    "change, field, message",
    [
        ({"head": "nothing"}, "head", None),
        ({"head": "bob:main"}, "head", None),
        ({"base": "nothing"}, "base", None),
        ({"head": "main"}, None, "No commits between main and main"),
        ({"head": "acme:post-mortem"}, None, "A pull request already exists for acme:post-mortem."),
    ],
)
def test_a_pull_request_that_cannot_be_is_refused(
    change: dict[str, str], field: str | None, message: str | None, pull: Sandbox, people: People
) -> None:
    body = {"title": "x", "head": "post-mortem", "base": "main", **change}
    status, value = pull.call("POST", f"{REPO}/pulls", people.ann, body)

    assert (status, value["errors"][0].get("field"), value["errors"][0].get("message")) == (422, field, message)


def test_a_workflow_opens_one_with_the_permission_and_the_setting(pull: Sandbox, people: People) -> None:
    token = pull.workflow_token("acme/desk", {"pull-requests": "write", "contents": "write"})
    assert propose(pull, token, "by-a-workflow", {"docs/two.md": "2\n"}) == 3
    assert pull.deliveries()[-1]["by_workflow_token"] is True

    pull.settings("acme/desk", workflows_open_pulls=False)
    body = {"title": "x", "head": "by-a-workflow", "base": "main"}
    for given, words in ((token, "GitHub Actions is not permitted to create"), (people.workflow, "Resource not acc")):
        status, value = pull.call("POST", f"{REPO}/pulls", given, body)
        assert (status, value["message"].startswith(words)) == (403, True)


def test_a_fork_brings_its_branch_and_says_so(pull: Sandbox, people: People) -> None:
    assert pull.fork("acme/desk", "carla") == "carla/desk"
    assert propose(pull, people.carla, "from-afar", {"docs/far.md": "Far\n"}, base="/repos/carla/desk") == 3

    payload = pull.deliveries()[-1]["payload"]["pull_request"]
    assert (payload["head"]["repo"]["fork"], payload["head"]["label"]) == (True, "carla:from-afar")
    assert pull.call("PUT", f"{REPO}/pulls/3/merge", people.carla, {})[0] == 403
    assert pull.call("PUT", f"{REPO}/pulls/3/merge", people.ann, {})[0] == 200
    assert _text(pull, "docs/far.md") == "Far\n"


def test_a_pull_request_is_an_issue_in_rest_and_none_in_graphql(pull: Sandbox, people: People) -> None:
    listed = pull.call("GET", f"{REPO}/issues?state=all")[1]
    query = '{ repository(owner: "acme", name: "desk") { issues(first: 9) { totalCount } issue(number: 2) { id } } }'
    answer = pull.call("POST", "/graphql", people.ann, {"query": query})[1]

    assert ["pull_request" in issue for issue in listed] == [True, False]
    assert listed[0]["html_url"].endswith("/acme/desk/pull/2")
    assert answer["data"]["repository"] == {"issues": {"totalCount": 1}, "issue": None}
    assert answer["errors"][0]["message"] == "Could not resolve to an Issue with the number of 2."


@pytest.mark.parametrize("permissions", [{"issues": "write"}, {"pull-requests": "write"}])
def test_either_permission_serves_the_conversation(permissions: dict[str, str], pull: Sandbox) -> None:
    token = pull.workflow_token("acme/desk", permissions)

    assert pull.call("POST", f"{REPO}/issues/2/labels", token, {"labels": ["x"]})[0] == 200
    assert pull.call("POST", f"{REPO}/issues/2/comments", token, {"body": "x"})[0] == 201
    assert pull.call("POST", f"{REPO}/issues/1/comments", token, {"body": "x"})[0] == (
        201 if "issues" in permissions else 403
    )


def test_reviews_are_given_by_others_answer_requests_and_can_be_dismissed(pull: Sandbox, people: People) -> None:
    bob = pull.token("bob")
    asked = pull.call("POST", f"{PULL}/requested_reviewers", people.ann, {"reviewers": ["bob"]})[1]
    assert [person["login"] for person in asked["requested_reviewers"]] == ["bob"]
    assert pull.call("POST", f"{PULL}/requested_reviewers", people.ann, {"reviewers": ["carla"]})[0] == 422
    assert pull.call("POST", f"{PULL}/reviews", people.ann, {"event": "APPROVE"})[1]["errors"] == [
        "Can not approve your own pull request"
    ]
    review = pull.call("POST", f"{PULL}/reviews", bob, {"event": "REQUEST_CHANGES", "body": "No"})[1]
    pull.call("PUT", f"{PULL}/reviews/{review['id']}/dismissals", people.ann, {"message": "Mended"})
    pending = pull.call("POST", f"{PULL}/reviews", bob, {"body": "Later"})[1]

    def states(token: str) -> list[str]:
        return [item["state"] for item in pull.call("GET", f"{PULL}/reviews", token)[1]]

    assert pull.call("GET", PULL)[1]["requested_reviewers"] == []
    assert (states(people.ann), states(bob)) == (["DISMISSED"], ["DISMISSED", "PENDING"])
    assert pull.call("POST", f"{PULL}/reviews/{pending['id']}/events", bob, {"event": "APPROVE"})[0] == 200
    assert states(people.ann) == ["DISMISSED", "APPROVED"]


def test_a_branch_that_is_deleted_closes_its_pull_request(pull: Sandbox, people: People) -> None:
    assert pull.call("DELETE", f"{REPO}/git/refs/heads/post-mortem", people.ann)[0] == 204

    assert _events(pull, 2) == ["committed", "committed", "head_ref_deleted", "closed"]
    assert pull.call("GET", PULL)[1]["mergeable"] is None
    assert pull.call("DELETE", f"{REPO}/git/refs/heads/main", people.ann)[0] == 422


@pytest.mark.parametrize(
    "query, numbers",
    [
        ("", [3, 2]),
        ("?head=acme:post-mortem", [2]),
        ("?base=release", []),
        ("?state=closed", []),
        ("?sort=created&direction=asc", [2, 3]),
        ("?per_page=1&page=2", [2]),
    ],
)
def test_pull_requests_are_listed_and_filtered(query: str, numbers: list[int], pull: Sandbox, people: People) -> None:
    propose(pull, people.ann, "other", {"docs/other.md": coded("x")})

    assert [item["number"] for item in pull.call("GET", f"{REPO}/pulls{query}")[1]] == numbers


def test_graphql_tells_what_a_pull_request_closes_and_who_closed_an_issue(pull: Sandbox, people: People) -> None:
    pull.call("POST", f"{REPO}/issues", people.ann, {"title": "Linked by hand"})
    pull.link("acme/desk", 2, 3, "ann")
    fields = """query { repository(owner: "acme", name: "desk") {
        pullRequest(number: 2) { state mergedAt files(first: 5) { nodes { path changeType } }
            closingIssuesReferences(first: 5) { nodes { number } } }
        pullRequests(first: 5, states: [OPEN, MERGED]) { nodes { number } }
        one: issue(number: 1) { timelineItems(first: 5) { nodes { __typename
            ... on CrossReferencedEvent { willCloseTarget source { ... on PullRequest { number merged } } }
            ... on ClosedEvent { closer { ... on PullRequest { number } } } } } }
        three: issue(number: 3) { closedByPullRequestsReferences(first: 5, includeClosedPrs: true) { nodes { number } }
            timelineItems(first: 5) { nodes { ... on ConnectedEvent { source { ... on PullRequest { number } } } } } }
    } }"""
    pull.call("PUT", f"{PULL}/merge", people.ann, {})

    answer = pull.call("POST", "/graphql", people.ann, {"query": fields})[1]

    assert "errors" not in answer
    found = answer["data"]["repository"]
    assert found["pullRequest"] == {
        "state": "MERGED",
        "mergedAt": "2026-01-05T09:00:00Z",
        "files": {
            "nodes": [{"path": "docs/one.md", "changeType": "ADDED"}, {"path": "list.txt", "changeType": "MODIFIED"}]
        },
        "closingIssuesReferences": {"nodes": [{"number": 1}, {"number": 3}]},
    }
    assert found["pullRequests"]["nodes"] == [{"number": 2}]
    assert found["one"]["timelineItems"]["nodes"] == [
        {"__typename": "CrossReferencedEvent", "willCloseTarget": True, "source": {"number": 2, "merged": True}},
        {"__typename": "ClosedEvent", "closer": {"number": 2}},
    ]
    assert found["three"]["closedByPullRequestsReferences"]["nodes"] == [{"number": 2}]
    assert found["three"]["timelineItems"]["nodes"][0] == {"source": {"number": 2}}
