"""Every delivered payload fits githubkit's model of its event and action."""

import re
from collections.abc import Iterator

import pytest
from githubkit_schemas.v2026_03_10.webhooks import WebhookNamespace
from tests.sandbox.calls import move
from tests.sandbox.contract import dump, lost
from tests.sandbox.desk import FILES, REPO
from tests.sandbox.pulling import fill_pull

from respondby.sandbox.server import Sandbox

# Where githubkit's webhook models lag behind: they know these fields in some events' users, labels and pull requests,
# not in all.
LAGGING = re.compile(r"\.user_view_type|\.labels\[\d+\]\.archived_(at|by)|\.pull_request\.assignee")
# githubkit's models of dependencies know organisations' repositories only; a person's has none to tell of.
ORGANISATION = {"id": 1, "description": None} | dict.fromkeys(
    (
        *("login", "node_id", "url", "repos_url", "events_url", "hooks_url", "issues_url", "members_url"),
        *("public_members_url", "avatar_url"),
    ),
    "text",
)
HAPPENINGS = [
    ("issues", "opened"),
    ("issues", "labeled"),
    ("issues", "assigned"),
    ("issues", "edited"),
    ("issues", "unlabeled"),
    ("issues", "unassigned"),
    ("issues", "closed"),
    ("issues", "reopened"),
    ("issues", "locked"),
    ("issues", "unlocked"),
    ("issues", "deleted"),
    ("issue_comment", "created"),
    ("issue_comment", "edited"),
    ("issue_comment", "deleted"),
    ("label", "created"),
    ("label", "edited"),
    ("label", "deleted"),
    ("repository_dispatch", "alert"),
    ("workflow_dispatch", None),
    ("push", None),
    *(
        ("pull_request", action)
        for action in (
            *(
                "opened",
                "edited",
                "closed",
                "reopened",
                "synchronize",
                "labeled",
                "unlabeled",
                "assigned",
                "unassigned",
            ),
            *("locked", "unlocked", "review_requested", "review_request_removed", "ready_for_review"),
            "converted_to_draft",
        )
    ),
    ("status", None),
    ("check_run", "created"),
    ("check_run", "completed"),
    ("repository", "renamed"),
    *(("milestone", action) for action in ("created", "edited", "closed", "opened", "deleted")),
    *(("issues", action) for action in ("milestoned", "demilestoned", "transferred")),
    *(("pull_request", action) for action in ("milestoned", "demilestoned")),
    *(("issues", action) for action in ("pinned", "unpinned")),
    *(("sub_issues", f"{end}_issue_{what}") for end in ("sub", "parent") for what in ("added", "removed")),
    *(("issue_dependencies", f"{side}_{what}") for side in ("blocking", "blocked_by") for what in ("added", "removed")),
    ("pull_request_review", "submitted"),
    ("pull_request_review", "dismissed"),
]


@pytest.fixture(scope="module", params=["acme", "olga"], ids=["of an organisation", "of a person"])
def payloads(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str | None], dict[str, object]]]:
    """The last payload of each kind, after everything that is delivered has happened."""
    with Sandbox() as running:
        running.user("olga")
        running.repo(request.param, "desk", files=FILES)
        running.member(f"{request.param}/desk", "ann", "MEMBER", "admin")
        token, base = running.token("ann"), REPO.replace("acme", request.param)
        for method, path, body in (
            ("POST", "/issues", {"title": "One", "labels": ["late"], "assignees": ["ann"]}),
            ("POST", "/issues/1/comments", {"body": "Text"}),
            ("PATCH", "/issues/1", {"title": "New", "body": "New", "labels": [], "assignees": [], "state": "closed"}),
            ("PATCH", "/issues/1", {"state": "open"}),
            ("PUT", "/issues/1/lock", {}),
            ("DELETE", "/issues/1/lock", None),
            ("PATCH", "/labels/late", {"new_name": "later"}),
            ("DELETE", "/labels/later", None),
            ("POST", "/dispatches", {"event_type": "alert", "client_payload": {"key": "disk"}}),
            ("POST", "/actions/workflows/duty.yml/dispatches", {"ref": "main", "inputs": {"week": "2"}}),
        ):
            status, value = running.call(method, base + path, token, body)
            assert status < 300, value
        comment = running.call("GET", f"{base}/issues/1/comments", token)[1][0]["id"]
        running.call("PATCH", f"{base}/issues/comments/{comment}", token, {"body": "Edited"})
        running.call("DELETE", f"{base}/issues/comments/{comment}", token)
        running.files(f"{request.param}/desk", {"README.md": None, "docs/new.md": "new\n"})
        running.call("POST", f"{base}/issues", token, {"title": "Two"})
        running.member(f"{request.param}/desk", "bob", "MEMBER")
        fill_pull(running, token, running.token("bob"), f"{request.param}/desk")
        running.call("DELETE", f"{base}/labels/late", token)
        sha = running.call("GET", f"{base}/git/ref/heads/main", token)[1]["object"]["sha"]
        running.call("POST", f"{base}/statuses/{sha}", token, {"state": "pending"})
        app = running.workflow_token(f"{request.param}/desk", {"checks": "write"})
        run = running.call("POST", f"{base}/check-runs", app, {"name": "test", "head_sha": sha})[1]["id"]
        running.call("PATCH", f"{base}/check-runs/{run}", app, {"conclusion": "failure"})
        first, second = (running.call("GET", f"{base}/issues/{number}", token)[1] for number in (1, 2))
        for name in ("pinIssue", "unpinIssue"):
            query = f"mutation($id: ID!) {{ {name}(input: {{issueId: $id}}) {{ clientMutationId }} }}"
            running.call("POST", "/graphql", token, {"query": query, "variables": {"id": first["node_id"]}})
        for method, path, body in (
            ("POST", "/issues/1/sub_issues", {"sub_issue_id": second["id"]}),
            ("DELETE", "/issues/1/sub_issue", {"sub_issue_id": second["id"]}),
            ("POST", "/issues/1/dependencies/blocked_by", {"issue_id": second["id"]}),
            ("DELETE", f"/issues/1/dependencies/blocked_by/{second['id']}", None),
            ("POST", "/milestones", {"title": "1.0"}),
            *(("PATCH", f"/issues/{number}", {"milestone": kept}) for kept in (1, None) for number in (2, 3)),
            ("PATCH", "/milestones/1", {"title": "1.1"}),
            ("PATCH", "/milestones/1", {"state": "closed"}),
            ("PATCH", "/milestones/1", {"state": "open"}),
            ("DELETE", "/milestones/1", None),
            ("PATCH", "", {"name": "old"}),
        ):
            status, value = running.call(method, base + path, token, body)
            assert status < 300, (path, value)
        base = base.replace("desk", "old")
        running.repo(request.param, "desk")
        running.member(f"{request.param}/desk", "ann", "MEMBER", "admin")
        moved = running.call("POST", f"{base}/issues", token, {"title": "Moved"})[1]["node_id"]
        move(running, token, moved, base.replace("old", "desk"))
        issue = running.call("GET", f"{base}/issues/1", token)[1]["node_id"]
        query = "mutation($id: ID!) { deleteIssue(input: {issueId: $id}) { clientMutationId } }"
        running.call("POST", "/graphql", token, {"query": query, "variables": {"id": issue}})
        yield {(item["event"], item["action"]): item["payload"] for item in running.deliveries()}


@pytest.mark.parametrize("event, action", HAPPENINGS)
def test_a_payload_holds_all_that_its_model_requires_and_nothing_that_it_does_not_know(
    event: str, action: str | None, payloads: dict[tuple[str, str | None], dict[str, object]]
) -> None:
    payload = payloads[event, action]
    if event == "issue_dependencies":
        payload = {"organization": ORGANISATION, **payload}
    understood = dump(WebhookNamespace.parse_obj(event, payload))

    assert [field for field in lost(payload, understood) if not LAGGING.search(field)] == []


def test_everything_that_is_delivered_is_in_the_table(
    payloads: dict[tuple[str, str | None], dict[str, object]],
) -> None:
    assert set(payloads) == set(HAPPENINGS)
