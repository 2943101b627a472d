"""Who may do what: people by their role, tokens by their permissions, and nobody what they may not see."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox

INTEGRATION = "Resource not accessible by integration"
ADMIN = "Must have admin rights to Repository."


@pytest.fixture
def world(sandbox: Sandbox, people: People) -> Sandbox:
    """Issue 1 is the stranger's, issue 2 the member's, each with a comment by its author."""
    for number, token in enumerate((people.carla, people.ann), start=1):
        sandbox.call("POST", f"{REPO}/issues", token, {"title": "Title"})
        sandbox.call("POST", f"{REPO}/issues/{number}/comments", token, {"body": "Text"})
    sandbox.repo("acme", "secret", private=True)
    return sandbox


@pytest.mark.parametrize(
    "who, method, path, body, status, message",
    [
        (None, "GET", "/issues/1", None, 200, None),
        (None, "POST", "/issues", {"title": "x"}, 401, "Requires authentication"),
        ("nonsense", "GET", "/issues/1", None, 401, "Bad credentials"),
        ("carla", "POST", "/issues", {"title": "x"}, 201, None),
        ("carla", "POST", "/issues/2/comments", {"body": "x"}, 201, None),
        ("carla", "PATCH", "/issues/1", {"title": "x", "state": "closed"}, 200, None),
        ("carla", "PATCH", "/issues/2", {"title": "x"}, 403, ADMIN),
        ("carla", "POST", "/issues/1/labels", {"labels": ["x"]}, 403, ADMIN),
        ("carla", "POST", "/issues/1/assignees", {"assignees": ["ann"]}, 403, ADMIN),
        ("carla", "POST", "/labels", {"name": "x"}, 404, "Not Found"),
        ("carla", "PUT", "/issues/1/lock", {}, 403, ADMIN),
        ("carla", "POST", "/dispatches", {"event_type": "x"}, 403, ADMIN),
        ("ann", "PATCH", "/issues/1", {"title": "x", "labels": ["y"], "assignees": ["ann"]}, 200, None),
        ("workflow", "POST", "/issues/1/labels", {"labels": ["x"]}, 200, None),
        ("workflow", "GET", "/contents/README.md", None, 200, None),
        (
            "workflow",
            "PUT",
            "/contents/x",
            {"message": "m", "content": ""},
            403,
            INTEGRATION,
        ),
        ("workflow", "POST", "/dispatches", {"event_type": "x"}, 403, INTEGRATION),
        ("reader", "POST", "/issues/1/comments", {"body": "x"}, 403, INTEGRATION),
        ("reader", "GET", "/issues/1", None, 200, None),
        ("reader", "GET", "/collaborators/ann/permission", None, 200, None),
        (
            "carla",
            "GET",
            "/collaborators/ann/permission",
            None,
            403,
            "Must have push access to view collaborator permission.",
        ),
        (
            "fine-grained",
            "POST",
            "/issues/1/comments",
            {"body": "x"},
            403,
            "Resource not accessible by personal access token",
        ),
    ],
)
def test_a_request_is_answered_by_what_its_sender_may_do(
    who: str | None, method: str, path: str, body: Any, status: int, message: str | None, world: Sandbox, people: People
) -> None:
    tokens = {
        None: None,
        "nonsense": "ghp_nonsense",
        "carla": people.carla,
        "ann": people.ann,
        "workflow": people.workflow,
        "reader": world.workflow_token("acme/desk", {"issues": "read"}),
        "fine-grained": world.token("ann", {"issues": "read"}, "acme/desk"),
    }

    answered, value = world.call(method, REPO + path, tokens[who], body)

    assert answered == status
    if message is not None:
        assert value["message"] == message


def test_a_refusal_names_the_permissions_that_would_do(world: Sandbox) -> None:
    token = world.workflow_token("acme/desk", {"contents": "read"})

    def wanted(method: str, path: str, body: Any) -> str:
        return world.exchange(method, REPO + path, token, body)[1]["x-accepted-github-permissions"]

    assert wanted("POST", "/issues/1/comments", {"body": "x"}) == "issues=write"
    assert wanted("PUT", "/contents/x", {"message": "m", "content": ""}) == "contents=write"


@pytest.mark.parametrize("method, path", [("GET", ""), ("GET", "/issues"), ("POST", "/issues")])
@pytest.mark.parametrize("who", ["carla", "workflow"])
def test_a_private_repository_is_not_there_for_strangers(
    who: str, method: str, path: str, world: Sandbox, people: People
) -> None:
    status, _ = world.call(
        method, f"/repos/acme/secret{path}", getattr(people, who), {"title": "x"} if method == "POST" else None
    )

    assert status == 404


def test_a_workflow_reads_of_a_private_repository_only_what_it_was_granted(world: Sandbox) -> None:
    token = world.workflow_token("acme/secret", {"issues": "read"})

    assert world.call("GET", "/repos/acme/secret/issues", token)[0] == 200
    assert world.call("GET", "/repos/acme/secret/commits", token)[0] == 403


def test_labels_and_assignees_from_somebody_without_the_role_are_dropped_in_silence(
    world: Sandbox, people: People
) -> None:
    status, issue = world.call(
        "POST", f"{REPO}/issues", people.carla, {"title": "x", "labels": ["urgent"], "assignees": ["ann"]}
    )

    assert (status, issue["labels"], issue["assignees"]) == (201, [], [])


def test_a_token_of_an_app_has_no_user(world: Sandbox, people: People) -> None:
    assert world.call("GET", "/user", people.workflow) == (
        403,
        {"message": INTEGRATION, "documentation_url": "https://docs.github.com/rest", "status": "403"},
    )
    assert world.call("GET", "/user", people.ann)[1]["login"] == "ann"


@pytest.mark.parametrize(
    "closer, reopened", [("carla", 200), ("ann", 403), ("workflow", 403)], ids=["themselves", "staff", "a workflow"]
)
def test_an_author_reopens_only_what_nobody_else_closed(
    closer: str, reopened: int, world: Sandbox, people: People
) -> None:
    world.call("PATCH", f"{REPO}/issues/1", getattr(people, closer), {"state": "closed"})

    assert world.call("PATCH", f"{REPO}/issues/1", people.carla, {"state": "open"})[0] == reopened
    assert world.call("PATCH", f"{REPO}/issues/1", people.ann, {"state": "open"})[0] == 200


def test_a_locked_conversation_takes_staffs_comments_only(world: Sandbox, people: People) -> None:
    world.call("PUT", f"{REPO}/issues/1/lock", people.ann, {"lock_reason": "too heated"})

    assert world.call("POST", f"{REPO}/issues/1/comments", people.carla, {"body": "x"})[0] == 403
    assert world.call("POST", f"{REPO}/issues/1/comments", people.ann, {"body": "x"})[0] == 201
    assert world.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "x"})[0] == 201


def test_who_wrote_and_how_they_belong_is_told(world: Sandbox, people: People) -> None:
    def author(number: int) -> tuple[str, str]:
        issue = world.call("GET", f"{REPO}/issues/{number}", people.carla)[1]
        return issue["user"]["login"], issue["author_association"]

    assert author(1) == ("carla", "NONE")
    assert author(2) == ("ann", "MEMBER")


def test_a_deleted_account_is_ghost_and_no_actor(world: Sandbox, people: People) -> None:
    world.delete_user("carla")
    query = '{ repository(owner: "acme", name: "desk") { issue(number: 1) { author { login } viewerDidAuthor } } }'

    issue = world.call("POST", "/graphql", people.ann, {"query": query})[1]["data"]["repository"]["issue"]

    assert issue == {"author": None, "viewerDidAuthor": False}
    assert world.call("GET", f"{REPO}/issues/1", people.ann)[1]["user"]["login"] == "ghost"
    assert world.call("GET", f"{REPO}/issues/1", people.carla)[0] == 401
