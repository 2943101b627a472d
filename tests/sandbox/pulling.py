"""A pull request to which everything has happened, and calls of githubkit for each of the routes about them."""

import base64
from collections.abc import Callable
from itertools import count
from typing import Any

from githubkit_schemas.v2026_03_10.rest import RestNamespace
from tests.sandbox.desk import REPO

from respondby.sandbox.server import Sandbox

DESK = ("acme", "desk")
_NUMBERS = count(1)


def coded(text: str) -> str:
    """A text as the API takes a file's content."""
    return base64.b64encode(text.encode()).decode()


def propose(
    running: Sandbox, token: str, branch: str, files: dict[str, str], base: str = REPO, into: str = REPO, **more: Any
) -> int:
    """Opens a pull request from a new branch of `base` with these files, and returns its number."""
    start = running.call("GET", f"{base}/git/ref/heads/main", token)[1]["object"]["sha"]
    running.call("POST", f"{base}/git/refs", token, {"ref": f"refs/heads/{branch}", "sha": start})
    for path, text in files.items():
        push(running, token, branch, path, text, base)
    owner = base.split("/")[2]
    body = {"title": f"Pull {branch}", "head": f"{owner}:{branch}", "base": "main", **more}
    status, value = running.call("POST", f"{into}/pulls", token, body)
    assert status == 201, value
    return int(value["number"])


def push(running: Sandbox, token: str, branch: str, path: str, text: str, base: str = REPO) -> None:
    """Commits one file to a branch."""
    found = running.call("GET", f"{base}/contents/{path}?ref={branch}", token)[1]
    body = {"branch": branch, "message": f"Write {path}", "content": coded(text), "sha": found.get("sha")}
    status, value = running.call("PUT", f"{base}/contents/{path}", token, body)
    assert status < 300, value


def fill_pull(running: Sandbox, ann: str, bob: str, repository: str = "acme/desk") -> int:
    """Lets everything happen on a new pull request, which closes issue 2 and is merged in the end."""
    base = f"/repos/{repository}"
    number = propose(running, ann, "lively", {"docs/pull.md": "1\n"}, base, base, body="Fixes #2", draft=True)
    pull, issue = f"/pulls/{number}", f"/issues/{number}"
    running.link(repository, number, 1, "ann")
    running.link(repository, number, 1, "ann", connected=False)
    node = running.call("GET", base + pull, ann)[1]["node_id"]
    for name in ("markPullRequestReadyForReview", "convertPullRequestToDraft", "markPullRequestReadyForReview"):
        query = f"mutation($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ pullRequest {{ isDraft }} }} }}"
        answer = running.call("POST", "/graphql", ann, {"query": query, "variables": {"id": node}})[1]
        assert "errors" not in answer, answer
    second = running.call("GET", f"{base}/git/ref/heads/lively", ann)[1]["object"]["sha"]
    first = running.call("GET", f"{base}/git/commits/{second}", ann)[1]["parents"][0]["sha"]
    for token, method, path, body in (
        (ann, "POST", f"{pull}/requested_reviewers", {"reviewers": ["bob"]}),
        (ann, "DELETE", f"{pull}/requested_reviewers", {"reviewers": ["bob"]}),
        (ann, "POST", f"{issue}/comments", {"body": "Text"}),
        (ann, "POST", f"{issue}/labels", {"labels": ["late"]}),
        (ann, "DELETE", f"{issue}/labels/late", None),
        (ann, "POST", f"{issue}/assignees", {"assignees": ["bob"]}),
        (ann, "DELETE", f"{issue}/assignees", {"assignees": ["bob"]}),
        (ann, "PATCH", pull, {"title": "New"}),
        (ann, "PATCH", pull, {"state": "closed"}),
        (ann, "PATCH", pull, {"state": "open"}),
        (ann, "PUT", f"{issue}/lock", {"lock_reason": "resolved"}),
        (ann, "DELETE", f"{issue}/lock", None),
        (ann, "PATCH", "/git/refs/heads/lively", {"sha": second}),
    ):
        status, value = running.call(method, base + path, token, body)
        assert status < 300, (path, value)
    push(running, ann, "lively", "docs/pull.md", "2\n", base)
    body = {"title": "Elsewhere", "body": f"See #{number}"}
    assert running.call("POST", f"{base}/issues", ann, body)[0] == 201
    running.call("POST", f"{base}{issue}/comments", ann, {"body": "Duplicate of #1"})
    deleted = running.call("POST", f"{base}{issue}/comments", ann, {"body": "x"})[1]["id"]
    running.call("DELETE", f"{base}/issues/comments/{deleted}", ann)
    review = running.call("POST", f"{base}{pull}/reviews", bob, {"event": "REQUEST_CHANGES", "body": "No"})[1]["id"]
    running.call("PUT", f"{base}{pull}/reviews/{review}/dismissals", ann, {"message": "Done"})
    running.call("POST", f"{base}{pull}/reviews", bob, {"event": "APPROVE", "body": "Yes"})
    running.call("PATCH", f"{base}/git/refs/heads/lively", ann, {"sha": first, "force": True})
    push(running, ann, "lively", "docs/pull.md", "3\n", base)
    status, value = running.call("PUT", f"{base}{pull}/merge", ann, {})
    assert status == 200, value
    running.call("DELETE", f"{base}/git/refs/heads/lively", ann)
    return number


def fresh(rest: RestNamespace) -> int:
    """Opens a new pull request and returns its number."""
    branch = f"fresh-{next(_NUMBERS)}"
    sha = rest.git.get_ref(*DESK, "heads/main").json()["object"]["sha"]
    rest.git.create_ref(*DESK, ref=f"refs/heads/{branch}", sha=sha)
    rest.repos.create_or_update_file_contents(
        *DESK, f"docs/{branch}.md", message="m", content=coded("text\n"), branch=branch
    )
    return int(rest.pulls.create(*DESK, title="New", head=branch, base="main", body="Text").json()["number"])


def asked(rest: RestNamespace) -> int:
    """A new pull request that bob was asked to review."""
    number = fresh(rest)
    rest.pulls.request_reviewers(*DESK, number, reviewers=["bob"])
    return number


def reviewed(rest: RestNamespace) -> tuple[int, int]:
    """A new pull request with a pending review, and that review."""
    number = fresh(rest)
    return number, int(rest.pulls.create_review(*DESK, number, body="Text").json()["id"])


def _merged(rest: RestNamespace) -> int:
    number = fresh(rest)
    rest.pulls.merge(*DESK, number)
    return number


def _dismiss(rest: RestNamespace) -> Any:
    rejected = rest.pulls.list(*DESK, state="closed").json()[-1]["number"]
    reviews = rest.pulls.list_reviews(*DESK, rejected).json()
    approved = next(review["id"] for review in reviews if review["state"] == "APPROVED")
    return rest.pulls.dismiss_review(*DESK, rejected, approved, message="Late")


_PULL = "…/pulls/{number:int}"
Calling = Callable[[RestNamespace], Any]
ANSWERED: dict[str, Calling] = {
    "GET …/pulls": lambda rest: rest.pulls.list(*DESK, state="all"),
    "POST …/pulls": lambda rest: rest.pulls.get(*DESK, fresh(rest)),
    f"GET {_PULL}": lambda rest: rest.pulls.get(*DESK, _merged(rest)),
    f"GET {_PULL} (open)": lambda rest: rest.pulls.get(*DESK, asked(rest)),
    f"PATCH {_PULL}": lambda rest: rest.pulls.update(*DESK, fresh(rest), title="Newer", state="closed"),
    f"GET {_PULL}/files": lambda rest: rest.pulls.list_files(*DESK, fresh(rest)),
    f"GET {_PULL}/commits": lambda rest: rest.pulls.list_commits(*DESK, fresh(rest)),
    f"PUT {_PULL}/merge": lambda rest: rest.pulls.merge(*DESK, fresh(rest), merge_method="squash"),
    f"GET {_PULL}/requested_reviewers": lambda rest: rest.pulls.list_requested_reviewers(*DESK, asked(rest)),
    f"POST {_PULL}/requested_reviewers": lambda rest: rest.pulls.request_reviewers(
        *DESK, fresh(rest), reviewers=["bob"]
    ),
    f"DELETE {_PULL}/requested_reviewers": lambda rest: rest.pulls.remove_requested_reviewers(
        *DESK, asked(rest), reviewers=["bob"]
    ),
    f"GET {_PULL}/reviews": lambda rest: rest.pulls.list_reviews(*DESK, reviewed(rest)[0]),
    f"POST {_PULL}/reviews": lambda rest: rest.pulls.create_review(*DESK, fresh(rest), event="COMMENT", body="x"),
    f"GET {_PULL}/reviews/{{review:int}}": lambda rest: rest.pulls.get_review(*DESK, *reviewed(rest)),
    f"POST {_PULL}/reviews/{{review:int}}/events": lambda rest: rest.pulls.submit_review(
        *DESK, *reviewed(rest), event="COMMENT", body="x"
    ),
    f"PUT {_PULL}/reviews/{{review:int}}/dismissals": _dismiss,
}
EMPTY: dict[str, Calling] = {f"GET {_PULL}/merge": lambda rest: rest.pulls.check_if_merged(*DESK, _merged(rest))}
