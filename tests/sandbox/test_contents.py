"""Files are read and changed by commits, as GitHub does and refuses it."""

import base64
from typing import Any

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _sha(sandbox: Sandbox, token: str, path: str) -> str:
    return str(sandbox.call("GET", f"{REPO}/contents/{path}", token)[1]["sha"])


@pytest.mark.parametrize(
    "method, path, body, status, word",
    [
        ("PUT", "README.md", {"message": "m", "content": "", "sha": None}, 422, "wasn't supplied"),
        ("PUT", "README.md", {"message": "m", "content": "", "sha": "0" * 40}, 409, "does not match"),
        ("PUT", "new.md", {"message": "m", "content": "no base64!"}, 422, "Base64"),
        ("PUT", "new.md", {"message": "m", "content": "", "branch": "nothing"}, 404, "Branch nothing not found"),
        ("PUT", "a/../b", {"message": "m", "content": ""}, 422, "malformed path"),
        ("PUT", "new.md", {"content": ""}, 422, "Validation Failed"),
        ("DELETE", "nothing.md", {"message": "m"}, 404, "Not Found"),
        ("GET", "README.md?ref=nothing", None, 404, "No commit found"),
        ("GET", "nothing.md", None, 404, "Not Found"),
    ],
)
def test_what_cannot_be_done_to_a_file_is_refused(
    method: str, path: str, body: Any, status: int, word: str, sandbox: Sandbox, people: People
) -> None:
    answered, value = sandbox.call(method, f"{REPO}/contents/{path}", people.ann, body)

    assert answered == status
    assert word in value["message"]
    assert sandbox.deliveries() == []


def test_a_file_is_written_to_a_branch_replaced_and_deleted(sandbox: Sandbox, people: People) -> None:
    head = sandbox.call("GET", f"{REPO}/git/ref/heads/main", people.ann)[1]["object"]["sha"]
    sandbox.call("POST", f"{REPO}/git/refs", people.ann, {"ref": "refs/heads/side", "sha": head})

    def put(text: str, **more: str) -> tuple[int, Any]:
        body = {"message": text, "content": _coded(text), "branch": "side", **more}
        return sandbox.call("PUT", f"{REPO}/contents/docs/one.md", people.ann, body)

    created, first = put("One")
    replaced, second = put("Two", sha=first["content"]["sha"])
    at_side = sandbox.call("GET", f"{REPO}/contents/docs/one.md?ref=side", people.ann)[1]
    at_main = sandbox.call("GET", f"{REPO}/contents/docs/one.md", people.ann)[0]
    body = {"message": "Gone", "sha": second["content"]["sha"], "branch": "side"}
    deleted, last = sandbox.call("DELETE", f"{REPO}/contents/docs/one.md", people.ann, body)

    assert (created, replaced, deleted, at_main) == (201, 200, 200, 404)
    assert base64.b64decode(at_side["content"]) == b"Two"
    assert last["commit"]["parents"][0]["sha"] == second["commit"]["sha"]
    assert [item["payload"]["head_commit"]["message"] for item in sandbox.deliveries()] == ["One", "Two", "Gone"]
    pushed = [item["payload"]["head_commit"] for item in sandbox.deliveries()]
    paths = ["docs/one.md"]
    assert [(commit["added"], commit["modified"], commit["removed"]) for commit in pushed] == [
        (paths, [], []),
        ([], paths, []),
        ([], [], paths),
    ]


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("GET", "/git/ref/heads/nothing", None, 404),
        ("GET", f"/git/commits/{'0' * 40}", None, 404),
        ("GET", f"/git/trees/{'0' * 40}", None, 404),
        ("GET", f"/git/blobs/{'0' * 40}", None, 404),
        ("POST", "/git/refs", {"ref": "refs/heads/main", "sha": "{head}"}, 422),
        ("POST", "/git/refs", {"ref": "refs/tags/one", "sha": "{head}"}, 422),
        ("POST", "/git/refs", {"ref": "refs/heads/one", "sha": "0" * 40}, 422),
        ("POST", "/dispatches", {"event_type": "x" * 101}, 422),
        ("POST", "/dispatches", {"event_type": "x", "client_payload": dict.fromkeys("abcdefghijk")}, 422),
        ("POST", "/actions/workflows/nothing.yml/dispatches", {"ref": "main"}, 404),
        ("POST", "/actions/workflows/duty.yml/dispatches", {"ref": "nothing"}, 422),
    ],
)
def test_what_is_not_there_or_not_allowed_is_refused(
    method: str, path: str, body: Any, status: int, sandbox: Sandbox, people: People
) -> None:
    head = sandbox.call("GET", f"{REPO}/git/ref/heads/main", people.ann)[1]["object"]["sha"]
    if body and body.get("sha") == "{head}":
        body = {**body, "sha": head}

    assert sandbox.call(method, REPO + path, people.ann, body)[0] == status


def test_a_dispatched_workflow_of_the_old_api_version_answers_nothing(sandbox: Sandbox, people: People) -> None:
    path = f"{REPO}/actions/workflows/duty.yml/dispatches"

    assert sandbox.call("POST", path, people.ann, {"ref": "main"}) == (204, None)
    assert sandbox.call("POST", path, people.ann, {"ref": "main", "return_run_details": True})[0] == 200


def test_objects_are_found_by_their_hash_and_node_id(ask: Ask, sandbox: Sandbox, people: People) -> None:
    oid = _sha(sandbox, people.ann, "README.md")
    found = ask(f'object(oid: "{oid}") {{ id oid ... on Blob {{ text }} }}')["data"]["repository"]["object"]
    by_id = ask("query($id: ID!) { node(id: $id) { ... on Blob { oid } } }", id=found["id"])["data"]["node"]
    tree = ask('object(expression: "HEAD:.github") { ... on Tree { entries { name type path size } } }')

    assert (found["oid"], found["text"], by_id) == (oid, "# Desk\n", {"oid": oid})
    assert tree["data"]["repository"]["object"]["entries"] == [
        {"name": "support.yml", "type": "blob", "path": ".github/support.yml", "size": 11},
        {"name": "workflows", "type": "tree", "path": ".github/workflows", "size": 0},
    ]
