"""The control API: clock, people, repositories, tokens, deliveries, the log of requests, a database that stays."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO

from respondby.sandbox.server import Sandbox


def test_the_clock_stands_still_unless_it_is_to_run(sandbox: Sandbox) -> None:
    assert sandbox.call("GET", "/_sandbox/clock")[1] == {"now": "2026-01-05T09:00:00Z"}
    assert sandbox.call("POST", "/_sandbox/clock", body={"now": "2026-01-05T10:00:00+01:00"})[1] == {
        "now": "2026-01-05T09:00:00Z"
    }
    assert sandbox.call("POST", "/_sandbox/clock", body={"now": "noon"})[0] == 422
    sandbox.set_clock("2026-01-05T10:00:00Z", running=True)
    assert sandbox.now() >= "2026-01-05T10:00:00Z"


def test_the_control_api_does_what_the_methods_do(sandbox: Sandbox) -> None:
    def control(method: str, path: str, body: Any = None) -> Any:
        status, value = sandbox.call(method, f"/_sandbox{path}", body=body)
        assert status in (200, 204), value
        return value

    assert control("GET", "/health") == {"status": "ok"}
    control("POST", "/users", {"login": "dora"})
    assert control("POST", "/users", {"login": "robot", "type": "Bot"})["login"] == "robot[bot]"
    control("POST", "/repos", {"owner": "dora", "name": "own", "files": {"a.txt": "a"}})
    control("POST", "/repos/dora/own/members", {"login": "ann", "association": "COLLABORATOR", "permission": "triage"})
    token = control("POST", "/tokens", {"login": "dora"})["token"]
    bot = control(
        "POST", "/tokens", {"login": "robot[bot]", "permissions": {"issues": "write"}, "repository": "dora/own"}
    )
    sha = control("POST", "/repos/dora/own/files", {"files": {"a.txt": None, "b.txt": "b"}, "message": "Swap"})["sha"]

    assert sandbox.call("GET", "/repos/dora/own/git/commits/" + sha, token)[1]["message"] == "Swap"
    assert [item["name"] for item in sandbox.call("GET", "/repos/dora/own/contents/", token)[1]] == ["b.txt"]
    assert sandbox.call("POST", "/repos/dora/own/issues", bot["token"], {"title": "x"})[0] == 201
    first, second = control("GET", "/deliveries")
    assert (first["event"], second["event"], second["actor"], second["by_workflow_token"]) == (
        "push",
        "issues",
        "robot[bot]",
        False,
    )
    assert control("GET", f"/deliveries?after={first['id']}") == [second]
    last = control("GET", "/requests")[-1]
    assert last == {
        "id": 3,
        "method": "POST",
        "path": "/repos/dora/own/issues",
        "status": 201,
        "actor": "robot[bot]",
        "operation": None,
    }
    assert control("GET", "/requests?after=2") == [last]
    form = {"login": "ann", "title": "Asked", "body": "Text", "labels": ["none"]}
    assert control("POST", "/repos/dora/own/form-issues", form) == {"number": 2}
    control("DELETE", "/users/dora")
    assert sandbox.call("GET", "/repos/dora/own", token)[0] == 401


@pytest.mark.parametrize(
    "path, body",
    [
        ("/users", {}),
        ("/users", {"login": "x", "type": "Robot"}),
        ("/repos", {"owner": "acme"}),
        ("/repos", {"owner": "acme", "name": "desk"}),
        ("/repos/acme/desk/members", {"login": "ann", "association": "FRIEND"}),
        ("/tokens", {"login": "ann", "permissions": {"issues": "write"}}),
    ],
)
def test_the_control_api_says_what_is_wrong(path: str, body: Any, sandbox: Sandbox) -> None:
    assert sandbox.call("POST", f"/_sandbox{path}", body=body)[0] == 422


def test_a_sandbox_on_a_file_is_the_same_after_a_restart(tmp_path: Any) -> None:
    path = tmp_path / "forge.sqlite"
    with Sandbox(path) as first:
        first.repo("acme", "desk", files={"a": "b"})
        first.member("acme/desk", "ann", "MEMBER")
        token = first.token("ann")
        number = first.call("POST", f"{REPO}/issues", token, {"title": "Kept"})[1]["id"]
    with Sandbox(path) as second:
        status, issue = second.call("GET", f"{REPO}/issues/1", token)
        again = second.call("POST", f"{REPO}/issues", token, {"title": "New"})[1]["id"]

    assert (status, issue["title"], issue["id"], again > number) == (200, "Kept", number, True)
