"""Whatever JSON is sent, it is answered: done or refused, never a fault of the sandbox's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.desk import FILES, REPO

from respondby.sandbox.server import Sandbox

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["open", "closed", "ann", "main"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "login", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
ROUTES: dict[tuple[str, str], list[str]] = {
    ("POST", "/issues"): ["title", "body", "labels", "assignees"],
    ("PATCH", "/issues/1"): ["title", "body", "labels", "assignees", "state", "state_reason"],
    ("PUT", "/issues/1/lock"): ["lock_reason"],
    ("POST", "/issues/1/comments"): ["body"],
    ("POST", "/issues/1/labels"): ["labels"],
    ("PUT", "/issues/1/labels"): ["labels"],
    ("POST", "/issues/1/assignees"): ["assignees"],
    ("POST", "/issues/1/reactions"): ["content"],
    ("POST", "/labels"): ["name", "color", "description"],
    ("PATCH", "/labels/late"): ["new_name", "color", "description"],
    ("PUT", "/contents/a/b.txt"): ["message", "content", "sha", "branch"],
    ("DELETE", "/contents/README.md"): ["message", "sha", "branch"],
    ("POST", "/git/refs"): ["ref", "sha"],
    ("POST", "/dispatches"): ["event_type", "client_payload"],
    ("POST", "/actions/workflows/duty.yml/dispatches"): ["ref", "inputs"],
}
QUERY = 'query($x: Int) { repository(owner: "acme", name: "desk") { issues(first: $x) { totalCount } } }'
RUNNING: list[tuple[Sandbox, str]] = []


@pytest.fixture(scope="module", autouse=True)
def running() -> Iterator[None]:
    with Sandbox() as sandbox:
        sandbox.repo("acme", "desk", files=FILES)
        sandbox.member("acme/desk", "ann", "MEMBER", "admin")
        token = sandbox.token("ann")
        sandbox.call("POST", f"{REPO}/issues", token, {"title": "x", "labels": ["late"]})
        RUNNING.append((sandbox, token))
        yield


def _send(method: str, path: str, body: Any) -> int:
    sandbox, token = RUNNING[-1]
    return sandbox.call(method, path, token, body)[0]


@given(
    st.sampled_from(sorted(ROUTES)).flatmap(
        lambda route: st.tuples(st.just(route), st.fixed_dictionaries({}, optional=dict.fromkeys(ROUTES[route], JSON)))
    )
)
@settings(max_examples=300)
def test_any_json_to_a_route_is_done_or_refused(sent: tuple[tuple[str, str], dict[str, Any]]) -> None:
    (method, path), body = sent

    assert _send(method, REPO + path, body) in (200, 201, 204, 404, 409, 422)


@given(
    st.fixed_dictionaries(
        {"query": st.just(QUERY) | JSON},
        optional={"variables": JSON, "operationName": JSON},
    )
)
def test_any_json_to_graphql_is_answered(body: dict[str, Any]) -> None:
    assert _send("POST", "/graphql", body) == 200


@pytest.mark.parametrize("text", ["\ud800", "\0", "a\nb", "‮", "😀"], ids=ascii)
def test_odd_characters_are_kept_or_refused(text: str) -> None:
    assert _send("POST", f"{REPO}/issues/1/comments", {"body": f"x{text}"}) in (201, 400, 422)
