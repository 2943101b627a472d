"""GitHub's own command line, `gh`, works against the sandbox unchanged: every call of issue, pr, label and api, also
those that ask git to fetch.

It asks for the host `github.localhost`, for which it knows a plain HTTP address; the sandbox is its proxy.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.desk import FILES, REPO
from tests.sandbox.pulling import propose

from respondby.sandbox.server import Sandbox

GH = Path(sys.executable).parent / "gh"
Gh = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def desk() -> Iterator[Sandbox]:
    """Two issues with what is said on them, an open pull request 3 by bob and a draft 4 by ann."""
    with Sandbox(now="2026-11-30T10:00:00Z") as running:
        running.user("olga")
        running.repo("acme", "desk", files=FILES)
        running.repo("acme", "other")
        for login, association in (("olga", "OWNER"), ("bob", "COLLABORATOR")):
            running.member("acme/desk", login, association)
        for repository in ("acme/desk", "acme/other"):
            running.member(repository, "ann", "MEMBER", "admin")
        ann, bob = running.token("ann"), running.token("bob")
        for method, path, body in (
            (
                "POST",
                "/issues",
                {"title": "Printer on fire", "labels": ["late"], "body": "See it, @ann", "assignees": ["bob"]},
            ),
            ("POST", "/issues/1/comments", {"body": "On my way"}),
            ("POST", "/issues", {"title": "Paper jam"}),
            ("POST", "/milestones", {"title": "1.0"}),
            ("PATCH", "/issues/2", {"milestone": 1}),
        ):
            assert running.call(method, REPO + path, ann, body)[0] < 300
        propose(running, bob, "fix", {"fix.md": "fixed\n"}, body="Fixes #2")
        propose(running, ann, "side", {"side.md": "side\n"}, draft=True)
        running.run("acme/desk", "duty.yml", "2026-11-30T08:57:00Z")
        yield running


@pytest.fixture
def gh(desk: Sandbox, tmp_path: Path) -> Gh:
    """Runs one call of gh as ann, in an empty folder, and returns what came of it."""
    token = desk.token("ann")
    home, here = tmp_path / "home", tmp_path / "here"
    for folder in (home, here):
        folder.mkdir()
    own = {
        "GH_CONFIG_DIR": str(home),
        "GH_HOST": "github.localhost",
        "GH_PROMPT_DISABLED": "1",
        "GH_REPO": "github.localhost/acme/desk",
        "GH_TOKEN": token,
        "HOME": str(home),
        "HTTP_PROXY": desk.url,
        "NO_COLOR": "1",
        "PATH": os.environ["PATH"],
        "http_proxy": desk.url,  # git knows this name alone
        "TZ": "UTC",
    }

    def run(line: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [GH, *shlex.split(line)],
            cwd=here,
            env=own,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == code, f"gh {line}\n{done.stdout}{done.stderr}"
        return done

    return run


ISSUE = ("number,title,labels,stateReason,isPinned,projectItems,reactionGroups,closedByPullRequestsReferences",)
PULL = (
    "number,reviewDecision,statusCheckRollup,additions,files,commits,mergeStateStatus,closingIssuesReferences",
    "latestReviews,reviewRequests,potentialMergeCommit,autoMergeRequest,mergeCommit,headRepositoryOwner,projectItems",
)
PAGES = """query($endCursor: String) { repository(owner: "acme", name: "desk") {
  issues(first: 1, after: $endCursor) { nodes { title } pageInfo { hasNextPage endCursor } } } }"""
READS = [
    ("issue list", ["1\tOPEN\tPrinter on fire\tlate", "2\tOPEN\tPaper jam"]),
    ("issue list --state all --label late", ["1\tOPEN"]),
    ("issue list --assignee bob", ["1\tOPEN"]),
    ("issue list --author ann --limit 1", ["2\tOPEN"]),
    ("issue list --mention ann", ["1\tOPEN"]),
    ("issue list --mention bob", []),
    ("issue list --milestone 1.0", ["2\tOPEN"]),
    ('issue list --search "fire in:title sort:created-asc"', ["1\tOPEN"]),
    ("issue list --state closed --app github-actions", []),
    (f"issue list --json {','.join(ISSUE)}", ['"isPinned":false', '"number":3']),
    ("issue status", ["Printer on fire"]),
    ("issue view 1", ["title:\tPrinter on fire", "labels:\tlate", "assignees:\tbob", "See it, @ann"]),
    ("issue view 1 --comments", ["On my way"]),
    ("issue view 1 --json author,assignees,comments,milestone,id,closedAt,updatedAt", ['"login":"ann"']),
    ("label list", ["late"]),
    ("label list --search lat --json name,color,description,id,isDefault,createdAt,updatedAt,url", ['"name":"late"']),
    ("pr list", ["3\tPull fix\tfix\tOPEN", "4\tPull side\tside\tDRAFT"]),
    ('pr list --search "is:open fix" --author bob', ["3\tPull fix"]),
    ("pr list --head fix --base main", ["3\tPull fix"]),
    (f"pr list --json {','.join(PULL)}", ['"mergeStateStatus":"CLEAN"', '"additions":1', '"path":"fix.md"']),
    ("pr view 3", ["title:\tPull fix", "state:\tOPEN", "Fixes #2"]),
    ("pr view 3 --json comments,reviews", ['"comments":[]']),
    ("pr diff 3", ["diff --git a/fix.md b/fix.md", "new file mode 100644", "+++ b/fix.md", "+fixed"]),
    ("pr diff 3 --patch", ["Subject: [PATCH] Write fix.md", "+fixed"]),
    ("pr diff 3 --name-only", ["fix.md"]),
    ("pr update-branch 3", ["already up-to-date"]),
    ("api user --jq .login", ["ann"]),
    ("api repos/{owner}/{repo} --jq .full_name", ["acme/desk"]),
    ("api 'repos/{owner}/{repo}/issues?per_page=1' --paginate --jq .[].number", ["4\n3\n2\n1"]),
    ("api repos/acme/desk/readme -H 'Accept: application/vnd.github.raw+json'", ["# Desk"]),
    ("api repos/acme/desk/contents/README.md -H 'Accept: application/vnd.github.html'", ["<h1>Desk</h1>"]),
    ("api rate_limit --jq .resources.core.limit", ["5000"]),
    ("api --method GET search/issues -f q='repo:acme/desk is:issue fire' --jq .items[0].number", ["1"]),
    ("api repos/acme/desk/events --jq .[].type", ["PullRequestEvent\nPushEvent", "IssuesEvent"]),
    ("api orgs/acme/events --jq .[0].repo.name", ["acme/desk"]),
    (f"api graphql --paginate -f query='{PAGES}'", ["Printer on fire", "Paper jam"]),
    ("api graphql -F owner={owner} -f query='query($owner: String!) { repositoryOwner(login: $owner) { login } }'",
     ['{"login":"acme"}']),
    ("repo view acme/desk --json hasWikiEnabled,isFork,parent,defaultBranchRef,visibility", ['"visibility":"PUBLIC"']),
    ("repo list acme", ["acme/desk", "acme/other"]),
    ("search issues --repo acme/desk fire", ["Printer on fire"]),
    ("search prs --repo acme/desk --state open fix", ["Pull fix"]),
    ("run list", ["completed\tsuccess", "duty.yml"]),
    ("workflow list", ["active", "duty.yml"]),
    ("workflow view duty.yml", ["duty.yml"]),
    ("release list", []),
    ("cache list", []),
]  # fmt: skip


@pytest.mark.parametrize("line, words", READS, ids=[line[:60] for line, _ in READS])
def test_gh_reads(line: str, words: list[str], gh: Gh) -> None:
    shown = gh(line).stdout

    assert [word for word in words if word not in shown] == []
    assert words or not shown.strip()


WRITES = [
    ("issue create --title New --body Text", "/issues/5", {"title": "New", "body": "Text"}),
    ("issue create --title New --body x --label late --assignee @me --milestone 1.0", "/issues/5", {"comments": 0}),
    ("issue comment 1 --body Hello", "/issues/comments/{last}", {"body": "Hello"}),
    ("issue comment 1 --edit-last --body Edited", "/issues/comments/{last}", {"body": "Edited"}),
    ("issue comment 1 --delete-last --yes", "/issues/1", {"comments": 0}),
    ("issue edit 1 --title Renamed --body Other", "/issues/1", {"title": "Renamed", "body": "Other"}),
    ("issue edit 2 --add-label late --add-assignee @me", "/issues/2/labels/", {"name": "late"}),
    ("issue edit 1 --remove-label late --remove-assignee bob", "/issues/1", {"labels": [], "assignees": []}),
    ("issue edit 2 --remove-milestone", "/issues/2", {"milestone": None}),
    ("issue close 1 --comment Done", "/issues/1", {"state": "closed", "state_reason": "completed", "comments": 2}),
    ("issue close 1 --reason 'not planned'", "/issues/1", {"state_reason": "not_planned"}),
    ("issue close 2 --duplicate-of 1", "/issues/2", {"state": "closed", "state_reason": "duplicate"}),
    ("issue lock 1 --reason spam", "/issues/1", {"locked": True, "active_lock_reason": "spam"}),
    ("issue transfer 2 acme/other", "/../other/issues/1", {"title": "Paper jam"}),
    ("issue develop 1 --name printer", "/git/ref/heads/printer", {"ref": "refs/heads/printer"}),
    ("label create urgent --color FF0000 --description Now", "/labels/urgent", {"description": "Now"}),
    ("label create late --color 00FF00 --force", "/labels/late", {"color": "00ff00"}),
    ("label edit late --name later --description Later", "/labels/later", {"description": "Later"}),
    ("label clone acme/other", "/labels/late", {"name": "late"}),
    ("pr comment 3 --body Hi", "/issues/comments/{last}", {"body": "Hi"}),
    ("pr edit 3 --title 'Fix it' --add-label late --add-assignee ann", "/pulls/3", {"title": "Fix it"}),
    ("pr edit 3 --add-reviewer olga", "/pulls/3/requested_reviewers", {"teams": []}),
    ("pr ready 4", "/pulls/4", {"draft": False}),
    ("pr ready 3 --undo", "/pulls/3", {"draft": True}),
    ("pr review 3 --approve --body Good", "/pulls/3/reviews/", {"state": "APPROVED", "body": "Good"}),
    ("pr review 3 --comment --body Hm", "/pulls/3/reviews/", {"state": "COMMENTED"}),
    ("pr review 3 --request-changes --body No", "/pulls/3/reviews/", {"state": "CHANGES_REQUESTED"}),
    ("pr lock 3 --reason resolved", "/issues/3", {"active_lock_reason": "resolved"}),
    ("pr close 3 --comment No", "/pulls/3", {"state": "closed", "merged": False}),
    ("pr merge 3 --squash", "/pulls/3", {"merged": True, "state": "closed"}),
    ("pr create --title Another --body Text --head fix --base side --reviewer bob --label late --draft", "/pulls/5",
     {"title": "Another", "draft": True}),
    ("api repos/{owner}/{repo}/issues -f title=Api -f 'labels[]=late'", "/issues/5", {"title": "Api"}),
    ("api -X PATCH repos/acme/desk/issues/1 -f title=Again", "/issues/1", {"title": "Again"}),
    ("workflow disable duty.yml", "/actions/workflows/duty.yml", {"state": "disabled_manually"}),
    ("workflow run duty.yml", "/actions/workflows/duty.yml/runs", {"total_count": 2}),
]  # fmt: skip


@pytest.mark.parametrize("line, path, shown", WRITES, ids=[line[:60] for line, _, _ in WRITES])
def test_gh_changes(line: str, path: str, shown: dict[str, Any], desk: Sandbox, gh: Gh) -> None:
    gh(line)
    token = desk.token("ann")
    if "{last}" in path:
        comments = desk.call("GET", f"{REPO}/issues/comments", token)[1]
        path = path.replace("{last}", str(comments[-1]["id"]))
    status, found = desk.call("GET", f"{REPO}{path}".replace("/desk/../", "/").rstrip("/"), token)
    found = found[-1] if isinstance(found, list) else found

    assert status == 200
    assert {name: found[name] for name in shown} == shown


def test_gh_undoes_what_it_did(desk: Sandbox, gh: Gh) -> None:
    token = desk.token("ann")
    for line in ("issue close 1", "issue lock 1", "issue pin 1", "pr close 4", "pr lock 4"):
        gh(line)
    pinned = json.loads(gh("issue view 1 --json isPinned").stdout)
    for line in ("issue reopen 1 --comment Again", "issue unlock 1", "issue unpin 1", "pr reopen 4", "pr unlock 4"):
        gh(line)
    for line in ("issue delete 2 --yes", "label delete late --yes", "pr close 4 --delete-branch"):
        gh(line)

    issue = desk.call("GET", f"{REPO}/issues/1", token)[1]
    assert (pinned, issue["state"], issue["locked"], issue["comments"]) == ({"isPinned": True}, "open", False, 2)
    assert json.loads(gh("issue view 1 --json isPinned").stdout) == {"isPinned": False}
    assert desk.call("GET", f"{REPO}/issues/2", token)[0] == 410
    assert desk.call("GET", f"{REPO}/labels/late", token)[0] == 404
    assert desk.call("GET", f"{REPO}/git/ref/heads/side", token)[0] == 404


def test_gh_undoes_a_merge_by_another_pull_request(desk: Sandbox, gh: Gh) -> None:
    gh("pr merge 3 --merge")
    gh("pr revert 3")
    token = desk.token("ann")
    made = desk.call("GET", f"{REPO}/pulls/5", token)[1]
    files = desk.call("GET", f"{REPO}/pulls/5/files", token)[1]

    assert (made["title"], made["head"]["ref"]) == ('Revert "Pull fix"', "revert-3-fix")
    assert "Reverts acme/desk#3" in made["body"]
    assert [(file["filename"], file["status"]) for file in files] == [("fix.md", "removed")]


def test_gh_sees_checks_once_they_are_told(desk: Sandbox, gh: Gh) -> None:
    assert "no checks reported" in gh("pr checks 3", code=1).stderr
    token = desk.token("ann")
    sha = desk.call("GET", f"{REPO}/pulls/3", token)[1]["head"]["sha"]
    desk.call("POST", f"{REPO}/statuses/{sha}", token, {"state": "success", "context": "build"})

    assert "build\tpass" in gh("pr checks 3").stdout


@pytest.mark.parametrize(
    "line, words",
    [
        ("issue view 99", "Could not resolve to an issue or pull request with the number of 99."),
        ("pr merge 4 --merge --auto", "Auto merge is not allowed for this repository"),
        ("pr review 4 --approve", "Can not approve your own pull request"),
        ("api repos/acme/nothing", "Not Found (HTTP 404)"),
    ],
)
def test_what_github_refuses_is_refused_to_gh(line: str, words: str, gh: Gh) -> None:
    assert words in gh(line, code=1).stderr


@pytest.fixture
def clone(gh: Gh, tmp_path: Path) -> Path:
    """The repository as gh clones it, in the folder where its calls are made."""
    gh("repo clone acme/desk .")
    return tmp_path / "here"


def test_gh_clones_a_repository_and_checks_out_a_proposal_by_its_number(gh: Gh, clone: Path) -> None:
    assert not (clone / "fix.md").exists()
    gh("pr checkout 3")
    assert (clone / "fix.md").read_text() == "fixed\n"
    assert gh("pr view --json number").stdout == '{"number":3}\n'
    gh("pr checkout 4 --detach")
    assert (clone / "side.md").read_text() == "side\n"


def test_gh_shows_how_proposals_stand_here_and_everywhere(gh: Gh, clone: Path, desk: Sandbox) -> None:
    asked = {"reviewers": ["ann"]}
    assert desk.call("POST", f"{REPO}/pulls/3/requested_reviewers", desk.token("bob"), asked)[0] == 201
    gh("pr checkout 3")
    here, mine, others = gh("pr status").stdout.split("\n\n")[1:4]
    assert here == "Current branch\n  #3  Pull fix [fix]"
    assert mine.startswith("Created by you\n  #4  ")
    assert others.startswith("Requesting a code review from you\n  #3  ")


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, env=environment)


def test_git_itself_clones_what_it_may_see_and_finds_nothing_wrong_with_it(desk: Sandbox, tmp_path: Path) -> None:
    assert git("clone", "--mirror", f"{desk.url}/acme/desk.git", str(tmp_path / "all")).returncode == 0
    assert git("-C", str(tmp_path / "all"), "fsck", "--strict").returncode == 0
    assert "refs/pull/3/head" in git("-C", str(tmp_path / "all"), "for-each-ref").stdout
    assert git("clone", f"{desk.url}/acme/nothing.git", str(tmp_path / "nothing")).returncode != 0


def test_a_private_repository_is_cloned_with_a_token_that_may_see_it_alone(desk: Sandbox, tmp_path: Path) -> None:
    desk.repo("acme", "secret", files={"a.md": "a"}, private=True)
    desk.member("acme/secret", "ann", "MEMBER")
    desk.user("mallory")
    host = desk.url.removeprefix("http://")

    def cloned(name: str, secret: str) -> bool:
        return git("clone", f"http://{secret}{host}/acme/secret.git", str(tmp_path / name)).returncode == 0

    assert cloned("ann", f"x:{desk.token('ann')}@")
    assert not cloned("nobody", "")
    assert not cloned("mallory", f"x:{desk.token('mallory')}@")
    assert not cloned("wrong", "x:wrong@")
