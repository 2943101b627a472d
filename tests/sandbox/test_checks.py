"""What is told of commits: statuses by context, an app's check runs, and what a pull request makes of them."""

import pytest
from githubkit_schemas.v2026_03_10 import models
from tests.sandbox.contract import unknown_fields
from tests.sandbox.desk import REPO, Ask, People
from tests.sandbox.pulling import propose

from respondby.sandbox.server import Sandbox


@pytest.fixture
def sha(sandbox: Sandbox, people: People) -> str:
    """The last commit of pull request 1."""
    propose(sandbox, people.ann, "side", {"a.md": "x\n"})
    return str(sandbox.call("GET", f"{REPO}/pulls/1")[1]["head"]["sha"])


@pytest.fixture
def app(sandbox: Sandbox) -> str:
    return sandbox.workflow_token("acme/desk", {"checks": "write", "statuses": "write"})


def _how(sandbox: Sandbox, ask: Ask, people: People) -> tuple[str, str | None]:
    rollup = "pullRequest(number: 1) { statusCheckRollup { state } }"
    answer = ask(rollup, people.ann)["data"]["repository"]["pullRequest"]["statusCheckRollup"]
    return sandbox.call("GET", f"{REPO}/pulls/1")[1]["mergeable_state"], answer and answer["state"]


def test_of_a_context_the_newest_status_counts(sandbox: Sandbox, people: People, sha: str, ask: Ask) -> None:
    assert _how(sandbox, ask, people) == ("clean", None)
    for state in ("pending", "failure"):
        body = {"state": state, "context": "build", "description": state}
        assert sandbox.call("POST", f"{REPO}/statuses/{sha}", people.ann, body)[0] == 201
    assert _how(sandbox, ask, people) == ("unstable", "FAILURE")
    sandbox.call("POST", f"{REPO}/statuses/{sha}", people.ann, {"state": "success", "context": "lint"})
    assert sandbox.call("GET", f"{REPO}/commits/side/status")[1]["state"] == "failure"
    sandbox.call("POST", f"{REPO}/statuses/{sha}", people.ann, {"state": "success", "context": "build"})

    told = sandbox.call("GET", f"{REPO}/commits/{sha}/status")[1]
    assert (told["state"], told["total_count"]) == ("success", 2)
    assert len(sandbox.call("GET", f"{REPO}/commits/{sha}/statuses")[1]) == 4
    assert _how(sandbox, ask, people) == ("clean", "SUCCESS")


def test_a_check_run_is_an_apps_and_counts_as_well(
    sandbox: Sandbox, people: People, sha: str, app: str, ask: Ask
) -> None:
    body = {"name": "test", "head_sha": sha, "status": "in_progress"}
    status, value = sandbox.call("POST", f"{REPO}/check-runs", people.ann, body)
    assert (status, value["message"]) == (403, "You must authenticate via a GitHub App.")
    status, made = sandbox.call("POST", f"{REPO}/check-runs", app, body)
    assert (status, unknown_fields(models.CheckRun, made)) == (201, [])
    assert _how(sandbox, ask, people) == ("clean", "PENDING")

    change = {"conclusion": "failure", "output": {"title": "One failed", "summary": "…"}}
    status, done = sandbox.call("PATCH", f"{REPO}/check-runs/{made['id']}", app, change)
    assert (status, unknown_fields(models.CheckRun, done)) == (200, [])
    assert (done["status"], done["conclusion"], done["output"]["title"]) == ("completed", "failure", "One failed")
    assert _how(sandbox, ask, people) == ("unstable", "FAILURE")
    assert sandbox.call("GET", f"{REPO}/commits/{sha}/check-runs")[1]["total_count"] == 1


@pytest.mark.parametrize(
    "path, body",
    [
        ("/statuses/HEAD", {"state": "fine"}),
        ("/statuses/nothing", {"state": "success"}),
        ("/check-runs", {"name": "test"}),
        ("/check-runs", {"head_sha": "HEAD"}),
        ("/check-runs", {"name": "test", "head_sha": "HEAD", "conclusion": "well"}),
        ("/check-runs", {"name": "test", "head_sha": "HEAD", "status": "completed"}),
        ("/check-runs", {"name": "test", "head_sha": "HEAD", "status": "asleep"}),
    ],
)
def test_what_cannot_be_told_is_refused(path: str, body: dict[str, str], sandbox: Sandbox, app: str) -> None:
    assert sandbox.call("POST", REPO + path, app, body)[0] == 422


def test_a_token_without_the_permission_tells_nothing(sandbox: Sandbox, people: People) -> None:
    assert sandbox.call("POST", f"{REPO}/statuses/HEAD", people.workflow, {"state": "success"})[0] == 403
    assert sandbox.call("POST", f"{REPO}/check-runs", people.workflow, {"name": "x", "head_sha": "HEAD"})[0] == 403
    assert sandbox.call("GET", f"{REPO}/check-runs/9", people.ann)[0] == 404
