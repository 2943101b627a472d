"""One call of githubkit for each route of the sandbox, and a desk on which each of them has something to show."""

import base64
from collections.abc import Callable
from typing import Any

from githubkit_schemas.v2026_03_10.rest import RestNamespace
from tests.sandbox import pulling, relating
from tests.sandbox.desk import FILES, REPO

from respondby.sandbox.server import Sandbox

DESK = ("acme", "desk")
MORE = {"docs/one.md": "1\n", "guide/README.md": "# Guide\n", ".github/workflows/spare.yml": "on: {}\n"}
TEXT = base64.b64encode(b"text\n").decode()


def fill(running: Sandbox) -> None:
    """Lets everything happen on issues 1 and 2 and on pull request 3."""
    running.user("ann")
    running.user("bob")
    running.repo("acme", "desk", files={**FILES, **MORE})
    running.member("acme/desk", "ann", "MEMBER", "admin")
    running.member("acme/desk", "bob", "COLLABORATOR")
    running.team("acme", "On call", ["ann", "bob"])
    ann, bot = running.token("ann"), running.workflow_token("acme/desk", {"issues": "write"})
    for token, method, path, body in (
        (ann, "POST", "/issues", {"title": "One", "body": "Text", "labels": ["bug"], "assignees": ["ann"]}),
        (ann, "POST", "/issues", {"title": "Two", "body": "See #1"}),
        (bot, "POST", "/issues/1/comments", {"body": "A card"}),
        (ann, "POST", "/issues/1/comments", {"body": "To be deleted"}),
        (ann, "POST", "/issues/1/comments", {"body": "Duplicate of #2"}),
        (bot, "POST", "/issues/1/labels", {"labels": ["late"]}),
        (bot, "DELETE", "/issues/1/labels/late", None),
        (ann, "PATCH", "/issues/1", {"title": "New", "body": "New", "assignees": ["bob"], "state": "closed"}),
        (ann, "PATCH", "/issues/1", {"state": "open"}),
        (ann, "PUT", "/issues/1/lock", {"lock_reason": "resolved"}),
        (ann, "DELETE", "/issues/1/lock", None),
        (ann, "POST", "/issues/1/reactions", {"content": "+1"}),
        (ann, "POST", "/milestones", {"title": "1.0"}),
        (ann, "POST", "/milestones", {"title": "Unused"}),
        (ann, "PATCH", "/issues/2", {"milestone": 1}),
        (ann, "PATCH", "/issues/1", {"milestone": 1}),
        (ann, "PATCH", "/issues/1", {"milestone": None}),
    ):
        status, value = running.call(method, REPO + path, token, body)
        assert status < 300, value
    issue = running.call("GET", f"{REPO}/issues/1", ann)[1]["node_id"]
    for name in ("pinIssue", "unpinIssue"):
        query = f'mutation {{ {name}(input: {{issueId: "{issue}"}}) {{ clientMutationId }} }}'
        assert "errors" not in running.call("POST", "/graphql", ann, {"query": query})[1]
    first, second, *_ = [item["id"] for item in running.call("GET", f"{REPO}/issues/1/comments", ann)[1]]
    running.call("POST", f"{REPO}/issues/comments/{first}/reactions", ann, {"content": "hooray"})
    running.call("DELETE", f"{REPO}/issues/comments/{second}", ann)
    running.run("acme/desk", "duty.yml", "2026-01-05T08:57:00Z")
    for key in ("kept", "by-key", "by-id"):
        running.cache("acme/desk", key, size=12)
    for tag in ("v1", "v2"):
        body = {"tag_name": tag, "name": tag, "body": "Text"}
        assert running.call("POST", f"{REPO}/releases", ann, body)[0] == 201
    first = running.call("GET", f"{REPO}/git/ref/heads/main", ann)[1]["object"]["sha"]
    running.call("POST", f"{REPO}/statuses/{first}", ann, {"state": "failure", "context": "build"})
    app = running.workflow_token("acme/desk", {"checks": "write"})
    body = {"name": "test", "head_sha": first, "conclusion": "success", "output": {"title": "T", "summary": "S"}}
    assert running.call("POST", f"{REPO}/check-runs", app, body)[0] == 201
    pulling.fill_pull(running, ann, running.token("bob"))
    running.repo("acme", "elsewhere")
    running.member("acme/elsewhere", "ann", "MEMBER", "admin")
    move(running, ann, running.call("POST", "/repos/acme/elsewhere/issues", ann, {"title": "Moved"})[1]["node_id"])


def move(running: Sandbox, token: str, issue: str, repository: str = "/repos/acme/desk") -> None:
    """Moves an issue, by its node id, to another repository."""
    place = running.call("GET", repository, token)[1]["node_id"]
    query = """mutation($issue: ID!, $place: ID!) {
        transferIssue(input: {issueId: $issue, repositoryId: $place}) { issue { number } } }"""
    sent = {"query": query, "variables": {"issue": issue, "place": place}}
    answer = running.call("POST", "/graphql", token, sent)[1]
    assert "errors" not in answer, answer


def first_comment(rest: RestNamespace) -> int:
    """The id of issue 1's first comment."""
    return int(rest.issues.list_comments(*DESK, 1).json()[0]["id"])


def _labelled(rest: RestNamespace) -> int:
    """Issue 1, with the label `a` on it."""
    rest.issues.add_labels(*DESK, 1, labels=["a"])
    return 1


def told(rest: RestNamespace) -> str:
    """A commit with a status and a check run."""
    return str(rest.repos.list_commits(*DESK).json()[-1]["sha"])


def run_of(rest: RestNamespace) -> int:
    """That commit's check run."""
    return int(rest.checks.list_for_ref(*DESK, told(rest)).json()["check_runs"][0]["id"])


def head(rest: RestNamespace) -> str:
    """The commit that the default branch points to."""
    return str(rest.git.get_ref(*DESK, "heads/main").json()["object"]["sha"])


def cache_of(rest: RestNamespace, key: str) -> int:
    """The id of the cache of a key."""
    return int(rest.actions.get_actions_cache_list(*DESK, key=key).json()["actions_caches"][0]["id"])


#: Routes that only an app may use: test_checks.py holds their answers against the model.
BY_APPS = {"POST …/check-runs", "PATCH …/check-runs/{id:int}"}
Calling = Callable[[RestNamespace], Any]
ANSWERED: dict[str, Calling] = {
    **pulling.ANSWERED,
    **relating.ANSWERED,
    "GET /": lambda rest: rest.meta.root(),
    "GET /meta": lambda rest: rest.meta.get(),
    "GET /user": lambda rest: rest.users.get_authenticated(),
    "GET /orgs/{org}/teams": lambda rest: rest.teams.list("acme"),
    "GET /orgs/{org}/teams/{team}": lambda rest: rest.teams.get_by_name("acme", "on-call"),
    "GET /orgs/{org}/teams/{team}/members": lambda rest: rest.teams.list_members_in_org("acme", "on-call"),
    "GET /search/issues": lambda rest: rest.search.issues_and_pull_requests(q="repo:acme/desk is:issue is:pr"),
    "PATCH …": lambda rest: rest.repos.update(*DESK, name="desk"),
    "GET …/milestones": lambda rest: rest.issues.list_milestones(*DESK),
    "POST …/milestones": lambda rest: rest.issues.create_milestone(*DESK, title="2.0", due_on="2026-03-01T00:00:00Z"),
    "GET …/milestones/{number:int}": lambda rest: rest.issues.get_milestone(*DESK, 1),
    "PATCH …/milestones/{number:int}": lambda rest: rest.issues.update_milestone(*DESK, 1, description="d"),
    "POST …/statuses/{sha}": lambda rest: rest.repos.create_commit_status(*DESK, head(rest), state="success"),
    "GET …/commits/{ref}/statuses": lambda rest: rest.repos.list_commit_statuses_for_ref(*DESK, told(rest)),
    "GET …/commits/{ref}/status": lambda rest: rest.repos.get_combined_status_for_ref(*DESK, told(rest)),
    "GET …/commits/{ref}/check-runs": lambda rest: rest.checks.list_for_ref(*DESK, told(rest)),
    "GET …/check-runs/{id:int}": lambda rest: rest.checks.get(*DESK, run_of(rest)),
    "GET …/events": lambda rest: rest.activity.list_repo_events(*DESK, per_page=100),
    "GET /orgs/{org}/events": lambda rest: rest.activity.list_public_org_events("acme"),
    "GET …/actions/caches": lambda rest: rest.actions.get_actions_cache_list(*DESK),
    "DELETE …/actions/caches": lambda rest: rest.actions.delete_actions_cache_by_key(*DESK, key="by-key"),
    "GET …/releases": lambda rest: rest.repos.list_releases(*DESK),
    "POST …/releases": lambda rest: rest.repos.create_release(*DESK, tag_name="v3", draft=True),
    "GET …/releases/latest": lambda rest: rest.repos.get_latest_release(*DESK),
    "GET …/releases/tags/{tag:path}": lambda rest: rest.repos.get_release_by_tag(*DESK, "v1"),
    "GET …/releases/{id:int}": lambda rest: rest.repos.get_release(
        *DESK, rest.repos.get_latest_release(*DESK).json()["id"]
    ),
    "GET …/branches": lambda rest: rest.repos.list_branches(*DESK),
    "GET …/branches/{branch:path}": lambda rest: rest.repos.get_branch(*DESK, "main"),
    "GET …/readme": lambda rest: rest.repos.get_readme(*DESK),
    "GET …/readme/{path:path}": lambda rest: rest.repos.get_readme_in_directory(*DESK, "guide"),
    "GET …/actions/workflows": lambda rest: rest.actions.list_repo_workflows(*DESK),
    "GET …/actions/runs": lambda rest: rest.actions.list_workflow_runs_for_repo(*DESK),
    "GET …/actions/runs/{id:int}": lambda rest: rest.actions.get_workflow_run(
        *DESK, rest.actions.list_workflow_runs_for_repo(*DESK).json()["workflow_runs"][0]["id"]
    ),
    "GET /rate_limit": lambda rest: rest.rate_limit.get(),
    "GET …/actions/workflows/{workflow}": lambda rest: rest.actions.get_workflow(*DESK, "duty.yml"),
    "GET …/actions/workflows/{workflow}/runs": lambda rest: rest.actions.list_workflow_runs(*DESK, "duty.yml"),
    "GET /users/{login}": lambda rest: rest.users.get_by_username("bob"),
    "GET …": lambda rest: rest.repos.get(*DESK),
    "GET …/collaborators/{login}/permission": lambda rest: rest.repos.get_collaborator_permission_level(*DESK, "bob"),
    "GET …/issues": lambda rest: rest.issues.list_for_repo(*DESK, state="all"),
    "POST …/issues": lambda rest: rest.issues.create(*DESK, title="x", labels=["bug"], assignees=["ann"]),
    "GET …/issues/{number:int}": lambda rest: rest.issues.get(*DESK, 1),
    "PATCH …/issues/{number:int}": lambda rest: rest.issues.update(
        *DESK, 2, state="closed", state_reason="not_planned"
    ),
    "GET …/issues/{number:int}/comments": lambda rest: rest.issues.list_comments(*DESK, 1),
    "POST …/issues/{number:int}/comments": lambda rest: rest.issues.create_comment(*DESK, 1, body="x"),
    "GET …/issues/comments": lambda rest: rest.issues.list_comments_for_repo(*DESK),
    "GET …/issues/comments/{id:int}": lambda rest: rest.issues.get_comment(*DESK, first_comment(rest)),
    "PATCH …/issues/comments/{id:int}": lambda rest: rest.issues.update_comment(*DESK, first_comment(rest), body="y"),
    "POST …/issues/{number:int}/assignees": lambda rest: rest.issues.add_assignees(*DESK, 1, assignees=["ann"]),
    "DELETE …/issues/{number:int}/assignees": lambda rest: rest.issues.remove_assignees(*DESK, 1, assignees=["ann"]),
    "GET …/assignees": lambda rest: rest.issues.list_assignees(*DESK),
    "GET …/labels": lambda rest: rest.issues.list_labels_for_repo(*DESK),
    "POST …/labels": lambda rest: rest.issues.create_label(*DESK, name="n/1", color="FF0000", description="d"),
    "GET …/labels/{name:path}": lambda rest: rest.issues.get_label(*DESK, "bug"),
    "PATCH …/labels/{name:path}": lambda rest: rest.issues.update_label(*DESK, "late", color="00ff00"),
    "GET …/issues/{number:int}/labels": lambda rest: rest.issues.list_labels_on_issue(*DESK, 1),
    "POST …/issues/{number:int}/labels": lambda rest: rest.issues.add_labels(*DESK, 1, labels=["a", "b"]),
    "PUT …/issues/{number:int}/labels": lambda rest: rest.issues.set_labels(*DESK, 1, labels=["a", "c"]),
    "DELETE …/issues/{number:int}/labels/{name:path}": lambda rest: rest.issues.remove_label(
        *DESK, _labelled(rest), "a"
    ),
    "GET …/issues/{number:int}/reactions": lambda rest: rest.reactions.list_for_issue(*DESK, 1),
    "POST …/issues/{number:int}/reactions": lambda rest: rest.reactions.create_for_issue(*DESK, 1, content="eyes"),
    "GET …/issues/comments/{id:int}/reactions": lambda rest: rest.reactions.list_for_issue_comment(
        *DESK, first_comment(rest)
    ),
    "POST …/issues/comments/{id:int}/reactions": lambda rest: rest.reactions.create_for_issue_comment(
        *DESK, first_comment(rest), content="rocket"
    ),
    "POST …/actions/workflows/{workflow}/dispatches": lambda rest: rest.actions.create_workflow_dispatch(
        *DESK, "duty.yml", ref="main"
    ),
    "GET …/contents/{path:path} (the root)": lambda rest: rest.repos.get_content(*DESK, ""),
    "GET …/contents/{path:path}": lambda rest: rest.repos.get_content(*DESK, "README.md"),
    "GET …/contents/{path:path} (a folder)": lambda rest: rest.repos.get_content(*DESK, "docs"),
    "PUT …/contents/{path:path}": lambda rest: rest.repos.create_or_update_file_contents(
        *DESK, "docs/two.md", message="m", content=TEXT
    ),
    "DELETE …/contents/{path:path}": lambda rest: rest.repos.delete_file(
        *DESK, "docs/one.md", message="m", sha=rest.repos.get_content(*DESK, "docs/one.md").json()["sha"]
    ),
    "GET …/commits": lambda rest: rest.repos.list_commits(*DESK, path="README.md"),
    "GET …/git/ref/{name:path}": lambda rest: rest.git.get_ref(*DESK, "heads/main"),
    "POST …/git/refs": lambda rest: rest.git.create_ref(*DESK, ref="refs/heads/side", sha=head(rest)),
    "GET …/git/matching-refs/{name:path}": lambda rest: rest.git.list_matching_refs(*DESK, "heads/"),
    "PATCH …/git/refs/{name:path}": lambda rest: rest.git.update_ref(*DESK, "heads/main", sha=head(rest)),
    "POST …/forks": lambda rest: rest.repos.create_fork(*DESK),
    "GET …/git/commits/{sha}": lambda rest: rest.git.get_commit(*DESK, head(rest)),
    "GET …/git/trees/{sha:path}": lambda rest: rest.git.get_tree(*DESK, "main", recursive="1"),
    "GET …/git/blobs/{sha}": lambda rest: rest.git.get_blob(
        *DESK, rest.git.get_tree(*DESK, "main").json()["tree"][1]["sha"]
    ),
}
EMPTY: dict[str, Calling] = {
    "DELETE …/milestones/{number:int}": lambda rest: rest.issues.delete_milestone(
        *DESK, rest.issues.create_milestone(*DESK, title="Gone").json()["number"]
    ),
    **pulling.EMPTY,
    "DELETE …/actions/caches/{id:int}": lambda rest: rest.actions.delete_actions_cache_by_id(
        *DESK, cache_of(rest, "by-id")
    ),
    "DELETE …/releases/{id:int}": lambda rest: rest.repos.delete_release(
        *DESK, rest.repos.create_release(*DESK, tag_name="gone").json()["id"]
    ),
    "PUT …/actions/workflows/{workflow}/disable": lambda rest: rest.actions.disable_workflow(*DESK, "spare.yml"),
    "PUT …/actions/workflows/{workflow}/enable": lambda rest: rest.actions.enable_workflow(*DESK, "duty.yml"),
    "GET …/collaborators/{login}": lambda rest: rest.repos.check_collaborator(*DESK, "bob"),
    "GET …/assignees/{login}": lambda rest: rest.issues.check_user_can_be_assigned(*DESK, "bob"),
    "GET …/issues/{number:int}/assignees/{login}": lambda rest: rest.issues.check_user_can_be_assigned_to_issue(
        *DESK, 1, "bob"
    ),
    "PUT …/issues/{number:int}/lock": lambda rest: rest.issues.lock(*DESK, 2, lock_reason="spam"),
    "DELETE …/issues/{number:int}/lock": lambda rest: rest.issues.unlock(*DESK, 2),
    "DELETE …/issues/{number:int}/labels": lambda rest: rest.issues.remove_all_labels(*DESK, 2),
    "DELETE …/labels/{name:path}": lambda rest: rest.issues.delete_label(*DESK, "bug"),
    "DELETE …/issues/comments/{id:int}": lambda rest: rest.issues.delete_comment(*DESK, first_comment(rest)),
    "DELETE …/git/refs/{name:path}": lambda rest: rest.git.delete_ref(
        *DESK, rest.git.create_ref(*DESK, ref="refs/heads/gone", sha=head(rest)).json()["ref"].removeprefix("refs/")
    ),
    "POST …/dispatches": lambda rest: rest.repos.create_dispatch_event(*DESK, event_type="alert"),
    "DELETE …/issues/comments/{id:int}/reactions/{reaction:int}": lambda rest: rest.reactions.delete_for_issue_comment(
        *DESK,
        (comment := rest.issues.create_comment(*DESK, 1, body="x").json()["id"]),
        rest.reactions.create_for_issue_comment(*DESK, comment, content="heart").json()["id"],
    ),
    "DELETE …/issues/{number:int}/reactions/{reaction:int}": lambda rest: rest.reactions.delete_for_issue(
        *DESK, 1, rest.reactions.list_for_issue(*DESK, 1).json()[0]["id"]
    ),
}
