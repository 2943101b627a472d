"""A workflow proposes a document: a branch, a file, a pull request, reviewers, updates; and what it is refused."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People
from tests.sandbox.pulling import coded

from respondby.sandbox.server import Sandbox

NEEDED = {"contents": "write", "pull-requests": "write", "issues": "write"}
PATH = "docs/incidents/one.md"


@pytest.fixture
def bot(sandbox: Sandbox) -> str:
    return sandbox.workflow_token("acme/desk", NEEDED)


def head(sandbox: Sandbox, token: str, branch: str = "main") -> str:
    return str(sandbox.call("GET", f"{REPO}/git/ref/heads/{branch}", token)[1]["object"]["sha"])


def write(sandbox: Sandbox, token: str, text: str, branch: str, path: str = PATH, **more: Any) -> tuple[int, Any]:
    """Creates or updates a file on a branch."""
    body = {"message": f"Write {path}", "content": coded(text), "branch": branch, **more}
    return sandbox.call("PUT", f"{REPO}/contents/{path}", token, body)


def proposed(sandbox: Sandbox, token: str, branch: str = "incident-1", text: str = "# One\n") -> int:
    """Opens a pull request with the document on a new branch and returns its number."""
    assert (
        sandbox.call("POST", f"{REPO}/git/refs", token, {"ref": f"refs/heads/{branch}", "sha": head(sandbox, token)})[0]
        == 201
    )
    assert write(sandbox, token, text, branch)[0] == 201
    status, value = sandbox.call(
        "POST", f"{REPO}/pulls", token, {"title": "Incident 1", "head": branch, "base": "main"}
    )
    assert status == 201, value
    return int(value["number"])


def test_a_document_is_proposed_found_updated_reviewed_and_merged(sandbox: Sandbox, people: People, bot: str) -> None:
    number = proposed(sandbox, bot)
    asked = sandbox.call("POST", f"{REPO}/pulls/{number}/requested_reviewers", bot, {"reviewers": ["ann"]})
    found = sandbox.call("GET", f"{REPO}/pulls?head=acme:incident-1&state=all", bot)[1]
    sha = sandbox.call("GET", f"{REPO}/contents/{PATH}?ref=incident-1", bot)[1]["sha"]
    unnamed = write(sandbox, bot, "# Two\n", "incident-1")
    stale = write(sandbox, bot, "# Two\n", "incident-1", sha="0" * 40)
    updated = write(sandbox, bot, "# Two\n", "incident-1", sha=sha)
    sandbox.call("POST", f"{REPO}/pulls/{number}/reviews", people.ann, {"event": "APPROVE"})
    merged = sandbox.call("PUT", f"{REPO}/pulls/{number}/merge", people.ann, {"merge_method": "squash"})

    assert (asked[0], [user["login"] for user in asked[1]["requested_reviewers"]]) == (201, ["ann"])
    assert [pull["number"] for pull in found] == [number]
    assert (unnamed[0], '"sha" wasn\'t supplied' in unnamed[1]["message"]) == (422, True)
    assert (stale[0], updated[0], merged[0]) == (409, 200, 200)
    assert sandbox.call("GET", f"{REPO}/contents/{PATH}", bot)[0] == 200
    assert sandbox.call("GET", f"{REPO}/pulls/{number}", bot)[1]["merged_by"]["login"] == "ann"


def test_a_proposal_in_conflict_is_not_merged_and_one_that_is_closed_stays_unmerged(
    sandbox: Sandbox, people: People, bot: str
) -> None:
    number = proposed(sandbox, bot)
    write(sandbox, people.ann, "# Another\n", "main")
    shown = sandbox.call("GET", f"{REPO}/pulls/{number}", bot)[1]
    refused = sandbox.call("PUT", f"{REPO}/pulls/{number}/merge", people.ann, {})
    sandbox.call("PATCH", f"{REPO}/pulls/{number}", bot, {"state": "closed"})
    closed = sandbox.call("GET", f"{REPO}/pulls/{number}", bot)[1]

    assert (shown["mergeable"], shown["mergeable_state"]) == (False, "dirty")
    assert (refused[0], refused[1]["message"]) == (405, "Pull Request is not mergeable")
    assert (closed["state"], closed["merged"], closed["merged_at"]) == ("closed", False, None)


def test_a_branch_is_forced_elsewhere_and_deleted(sandbox: Sandbox, people: People, bot: str) -> None:
    number = proposed(sandbox, bot)
    write(sandbox, people.ann, "x\n", "main", "x.md")
    path, target = f"{REPO}/git/refs/heads/incident-1", {"sha": head(sandbox, bot)}
    refused, forced = (sandbox.call("PATCH", path, bot, target | more) for more in ({}, {"force": True}))
    gone = sandbox.call("DELETE", path, bot)[0]
    events = [item["event"] for item in sandbox.call("GET", f"{REPO}/issues/{number}/timeline", bot)[1]]

    assert (refused[0], refused[1]["message"]) == (422, "Update is not a fast forward")
    assert (forced[0], gone) == (200, 204)
    assert events == ["committed", "head_ref_force_pushed", "head_ref_deleted", "closed"]
    assert sandbox.call("GET", f"{REPO}/pulls/{number}", bot)[1]["state"] == "closed"
    assert sandbox.call("GET", f"{REPO}/branches/incident-1", bot)[0] == 404


def test_a_repositorys_branches_are_listed_and_shown(sandbox: Sandbox, bot: str) -> None:
    proposed(sandbox, bot)
    listed = sandbox.call("GET", f"{REPO}/branches", bot)[1]

    assert [branch["name"] for branch in listed] == ["incident-1", "main"]
    assert sandbox.call("GET", f"{REPO}/branches/main", bot)[1]["commit"]["sha"] == head(sandbox, bot)


@pytest.mark.parametrize(
    "lacks, method, path, body",
    [
        ("contents", "POST", "/git/refs", {"ref": "refs/heads/new", "sha": ""}),
        ("contents", "PUT", f"/contents/{PATH}", {"message": "m", "content": "", "branch": "main"}),
        ("contents", "PATCH", "/git/refs/heads/incident-1", {"sha": ""}),
        ("contents", "DELETE", "/git/refs/heads/incident-1", None),
        ("contents", "PUT", "/pulls/1/merge", {}),
        ("contents", "POST", "/dispatches", {"event_type": "alert"}),
        ("pull-requests", "POST", "/pulls", {"title": "t", "head": "incident-1", "base": "main"}),
        ("pull-requests", "PATCH", "/pulls/1", {"title": "t"}),
        ("pull-requests", "POST", "/pulls/1/requested_reviewers", {"reviewers": ["ann"]}),
        ("pull-requests", "POST", "/pulls/1/reviews", {"event": "COMMENT", "body": "b"}),
        ("issues", "POST", "/issues", {"title": "t"}),
        ("issues", "POST", "/issues/2/sub_issues", {"sub_issue_id": 1}),
    ],
)
def test_a_token_without_the_permission_is_refused_in_githubs_words(
    lacks: str, method: str, path: str, body: dict[str, Any] | None, sandbox: Sandbox, people: People, bot: str
) -> None:
    proposed(sandbox, bot)
    related = [sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "t"})[1]["id"] for _ in range(2)]
    given = body and {
        key: related[1] if key == "sub_issue_id" else value or head(sandbox, bot) for key, value in body.items()
    }
    for level in ("none", "read"):
        token = sandbox.workflow_token("acme/desk", NEEDED | {lacks: level})
        status, headers, value = sandbox.exchange(method, REPO + path, token, given)

        assert (status, value["message"]) == (403, "Resource not accessible by integration")
        assert f"{lacks.replace('-', '_')}=write" in headers["x-accepted-github-permissions"]
    assert sandbox.call(method, REPO + path, bot, given)[0] != 403


def test_a_workflow_opens_no_pull_request_where_the_settings_forbid_it(sandbox: Sandbox, bot: str) -> None:
    sandbox.settings("acme/desk", workflows_open_pulls=False)
    sandbox.call("POST", f"{REPO}/git/refs", bot, {"ref": "refs/heads/new", "sha": head(sandbox, bot)})
    write(sandbox, bot, "x\n", "new")
    status, value = sandbox.call("POST", f"{REPO}/pulls", bot, {"title": "t", "head": "new", "base": "main"})

    assert (status, value["message"]) == (
        403,
        "GitHub Actions is not permitted to create or approve pull requests.",
    )


@pytest.mark.parametrize(
    "body, status, words",
    [
        ({"event_type": "e" * 100, "client_payload": {str(n): n for n in range(10)}}, 204, ""),
        ({"event_type": "e" * 101}, 422, "Validation Failed"),
        ({"event_type": ""}, 422, "Validation Failed"),
        ({"client_payload": {}}, 422, "Validation Failed"),
        ({"event_type": "e", "client_payload": {str(n): n for n in range(11)}}, 422, "No more than 10 properties"),
        ({"event_type": "e", "client_payload": {"text": "x" * 65_524}}, 204, ""),
        ({"event_type": "e", "client_payload": {"text": "x" * 65_525}}, 422, "client_payload is too large."),
        ({"event_type": "e", "client_payload": {"text": "é" * 32_763}}, 422, "client_payload is too large."),
        ({"event_type": "e", "client_payload": [1]}, 422, "Invalid request."),
    ],
)
def test_a_dispatch_is_held_to_githubs_limits(
    body: dict[str, Any], status: int, words: str, sandbox: Sandbox, bot: str
) -> None:
    before = len(sandbox.deliveries())
    answer = sandbox.call("POST", f"{REPO}/dispatches", bot, body)

    assert (answer[0], words in (answer[1] or {"message": ""})["message"]) == (status, True)
    assert len(sandbox.deliveries()) - before == (status == 204)


def test_a_workflow_that_was_dispatched_is_a_run_until_it_ends(sandbox: Sandbox, people: People) -> None:
    path = f"{REPO}/actions/workflows/duty.yml"
    _, _, made = sandbox.exchange(
        "POST", f"{path}/dispatches", people.ann, {"ref": "main"}, {"X-GitHub-Api-Version": "2026-03-10"}
    )
    run = f"{REPO}/actions/runs/{made['workflow_run_id']}"
    started = sandbox.call("GET", run)[1]
    sandbox.finish_run("acme/desk", made["workflow_run_id"], "failure")
    listed = sandbox.call("GET", f"{REPO}/actions/runs?event=workflow_dispatch&status=failure")[1]

    assert (started["status"], started["event"], started["actor"]["login"]) == (
        "in_progress",
        "workflow_dispatch",
        "ann",
    )
    assert (listed["total_count"], listed["workflow_runs"][0]["id"]) == (1, made["workflow_run_id"])
    assert sandbox.call("GET", f"{path}/runs?status=in_progress")[1]["total_count"] == 0


def test_a_disabled_workflow_is_not_dispatched(sandbox: Sandbox, people: People) -> None:
    path = f"{REPO}/actions/workflows/duty.yml"
    codes = [sandbox.call("PUT", f"{path}/disable", token)[0] for token in (people.carla, people.ann)]
    refused = sandbox.call("POST", f"{path}/dispatches", people.ann, {"ref": "main"})
    sandbox.call("PUT", f"{path}/enable", people.ann)

    assert (codes, refused[0], "disabled workflow" in refused[1]["message"]) == ([403, 204], 422, True)
    assert sandbox.call("POST", f"{path}/dispatches", people.ann, {"ref": "main"})[0] == 204


@pytest.mark.parametrize(
    "path",
    ["/issues?state=all", "/issues/1/comments", "/issues/1/timeline", "/labels", "/pulls", "/actions/runs", "/events"],
)
def test_a_list_that_is_the_same_is_a_304(path: str, sandbox: Sandbox, people: People) -> None:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "t", "labels": ["late"]})
    _, first, _ = sandbox.exchange("GET", REPO + path, people.ann)
    known = {"If-None-Match": first["etag"]}
    same = sandbox.exchange("GET", REPO + path, people.ann, headers=known)
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "b"})
    sandbox.call("POST", f"{REPO}/labels", people.ann, {"name": "new"})
    sandbox.run("acme/desk", "duty.yml", "2026-01-05T09:00:00Z")
    other = sandbox.exchange("GET", REPO + path, people.ann, headers=known)

    assert (same[0], same[2], same[1]["x-ratelimit-used"]) == (304, None, first["x-ratelimit-used"])
    assert other[0] == (304 if path == "/pulls" else 200)
