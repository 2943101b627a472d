"""Real clients run against the sandbox unchanged, each through one story."""

from collections.abc import Iterator
from datetime import UTC, datetime

import github3
import pytest
from github import Auth, Github, GithubException, UnknownObjectException
from githubkit import GitHub, TokenAuthStrategy
from tests.sandbox.desk import REPO, People
from tests.sandbox.pulling import propose

from respondby.sandbox.server import Sandbox


def _github(sandbox: Sandbox, token: str) -> Github:
    return Github(
        auth=Auth.Token(token),
        base_url=sandbox.url,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )


@pytest.fixture
def carla(sandbox: Sandbox, people: People) -> Iterator[Github]:
    with _github(sandbox, people.carla) as client:
        yield client


@pytest.fixture
def workflow(sandbox: Sandbox, people: People) -> Iterator[Github]:
    with _github(sandbox, people.workflow) as client:
        yield client


@pytest.fixture
def ann(sandbox: Sandbox, people: People) -> Iterator[Github]:
    with _github(sandbox, people.ann) as client:
        yield client


def test_pygithub_opens_labels_comments_edits_assigns_and_closes(
    sandbox: Sandbox, carla: Github, workflow: Github, ann: Github
) -> None:
    opened = carla.get_repo("acme/desk").create_issue(title="Printer on fire", body="### Priority\n\nhigh")
    repo = workflow.get_repo("acme/desk")
    issue = repo.get_issue(opened.number)
    issue.add_to_labels("priority: high", "triaged")
    card = issue.create_comment("You will hear from us by 12:00")
    sandbox.clock("2026-01-05T11:00:00Z")
    card.edit("You will hear from us by 11:30")
    issue.remove_from_labels("triaged")
    with pytest.raises(GithubException) as refused:
        repo.create_file("docs/x.md", "message", "text")
    staff = ann.get_repo("acme/desk").get_issue(1)
    staff.add_to_assignees("ann")
    staff.create_comment("On my way")
    staff.edit(state="closed", state_reason="completed")

    again = repo.get_issue(1)
    comments = list(again.get_comments())
    assert refused.value.status == 403
    assert (again.state, again.state_reason, again.closed_by.login) == ("closed", "completed", "ann")
    assert again.closed_at == datetime(2026, 1, 5, 11, tzinfo=UTC)
    assert [label.name for label in again.labels] == ["priority: high"]
    assert [person.login for person in again.assignees] == ["ann"]
    assert [(comment.user.login, comment.body) for comment in comments] == [
        ("github-actions[bot]", "You will hear from us by 11:30"),
        ("ann", "On my way"),
    ]
    assert [event.event for event in again.get_timeline()] == [
        "labeled",
        "labeled",
        "commented",
        "unlabeled",
        "assigned",
        "commented",
        "closed",
    ]


def test_pygithub_reads_files_pages_and_people(sandbox: Sandbox, ann: Github) -> None:
    repo = ann.get_repo("acme/desk")
    for number in range(7):
        repo.create_issue(title=f"Issue {number}")
    ann.per_page = 3
    written = repo.create_file("docs/incidents/one.md", "Draft", "# One\n", branch="main")["commit"].sha

    assert ann.get_user().login == "ann"
    assert [issue.number for issue in repo.get_issues(state="all", sort="created", direction="asc")] == list(
        range(1, 8)
    )
    assert repo.get_contents(".github/support.yml").decoded_content == b"version: 1\n"  # type: ignore[union-attr]
    assert {item.path for item in repo.get_contents("docs")} == {"docs/incidents"}  # type: ignore[union-attr]
    assert repo.get_commits(path="docs/incidents/one.md")[0].sha == written
    assert repo.get_collaborator_permission("ann") == "write"
    assert repo.create_repository_dispatch("alert", {"key": "disk"})
    with pytest.raises(UnknownObjectException):
        repo.get_issue(99)
    assert sandbox.deliveries()[-1]["payload"]["client_payload"] == {"key": "disk"}


def test_pygithub_sends_a_query(sandbox: Sandbox, ann: Github) -> None:
    query = (
        'query($n: Int!) { repository(owner: "acme", name: "desk") { nameWithOwner issues(first: $n) { totalCount } } }'
    )
    headers, data = ann.requester.graphql_query(query, {"n": 5})

    assert data == {"data": {"repository": {"nameWithOwner": "acme/desk", "issues": {"totalCount": 0}}}}
    assert headers["date"] == "Mon, 05 Jan 2026 09:00:00 GMT"


def test_githubkit_works_a_case_and_reads_it_by_pages(sandbox: Sandbox, people: People) -> None:
    auth = TokenAuthStrategy(people.workflow)
    with GitHub(auth, base_url=sandbox.url, http_cache=False, auto_retry=False) as client:
        rest = client.rest("2026-03-10")
        for number in range(3):
            rest.issues.create("acme", "desk", title=f"Issue {number}", labels=["late"])
        rest.issues.create_comment("acme", "desk", 1, body="A card")
        pages = list(client.rest.paginate(rest.issues.list_for_repo, owner="acme", repo="desk", per_page=2))
        query = """query { repository(owner: "acme", name: "desk") {
            issue(number: 1) { comments(first: 1) { nodes { body } } } } }"""
        answer = client.graphql(query)

    assert [issue.number for issue in pages] == [3, 2, 1]
    assert answer["repository"]["issue"]["comments"]["nodes"] == [{"body": "A card"}]


def test_pygithub_opens_reviews_and_merges_a_pull_request(sandbox: Sandbox, ann: Github) -> None:
    repo = ann.get_repo("acme/desk")
    issue = repo.create_issue("Broken")
    repo.create_git_ref("refs/heads/fix", repo.get_git_ref("heads/main").object.sha)
    repo.create_file("fix.md", "Fix", "# Fixed\n", branch="fix")
    pull = repo.create_pull(base="main", head="fix", title="Fix", body=f"Fixes #{issue.number}")

    assert [file.filename for file in pull.get_files()] == ["fix.md"]
    assert [commit.commit.message for commit in pull.get_commits()] == ["Fix"]
    assert pull.create_review(body="Looks good", event="COMMENT").state == "COMMENTED"
    assert pull.mergeable
    assert pull.merge(merge_method="squash").merged
    assert (repo.get_pull(pull.number).merged, repo.get_issue(issue.number).state) == (True, "closed")
    assert [found.number for found in ann.search_issues("repo:acme/desk is:pr is:merged")] == [pull.number]


def test_github3_searches_and_measures_issues_as_issue_metrics_does(sandbox: Sandbox, people: People) -> None:
    """The calls of github/issue-metrics: github3.py wants `assignee`, and texts as HTML, in every answer."""
    auth = TokenAuthStrategy(people.carla)
    with GitHub(auth, base_url=sandbox.url, http_cache=False, auto_retry=False) as client:
        client.rest.issues.create("acme", "desk", title="Printer", body="**On** fire")
        client.rest.issues.create("acme", "desk", title="Empty")
    propose(sandbox, people.ann, "fix", {"fix.md": "fixed\n"}, body="Fixes #1")
    for method, path, body in (
        ("POST", "/issues/1/comments", {"body": "On *my* way"}),
        ("POST", "/issues/1/labels", {"labels": ["late"]}),
        ("POST", "/issues/1/assignees", {"assignees": ["ann"]}),
        ("PATCH", "/issues/1", {"state": "closed"}),
        ("POST", "/pulls/3/reviews", {"event": "COMMENT", "body": "Looks good"}),
    ):
        assert sandbox.call(method, REPO + path, people.ann, body)[0] < 300
    session = github3.session.GitHubSession()
    session.base_url = sandbox.url
    hub = github3.GitHub(token=people.ann, session=session)

    found = list(hub.search_issues("repo:acme/desk is:issue", per_page=100))
    issue = next(result.issue for result in found if result.issue.number == 1)
    pull = next(hub.search_issues("repo:acme/desk is:pr", per_page=100)).issue.pull_request()

    assert [(result.issue.title, result.issue.body_html) for result in found] == [
        ("Empty", None),
        ("Printer", "<p><strong>On</strong> fire</p>\n"),
    ]
    assert (issue.assignee.login, issue.user.login, issue.closed_at is not None) == ("ann", "carla", True)
    assert [(comment.user.login, comment.body_text) for comment in issue.comments(number=20, sort="created")] == [
        ("ann", "On my way")
    ]
    assert [event.event for event in issue.events(number=50)] == ["labeled", "assigned", "closed"]
    assert [event.label["name"] for event in issue.events() if event.event == "labeled"] == ["late"]
    assert [review.user.login for review in pull.reviews(number=50) if review.submitted_at] == ["ann"]
    assert (pull.merged_at, pull.draft, pull.number) == (None, False, 3)
    assert hub.repository("acme", "desk").full_name == "acme/desk"
    assert hub.rate_limit()["resources"]["core"]["limit"] == 5000
