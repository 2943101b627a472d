"""Pull requests: opening, pushing to, asking for review; merging is `merges`.

Rules of GitHub held here:
- A pull request is an issue with branches: it shares its numbers, labels, assignees and conversation.
- It is opened from a branch of the repository or of a fork of it, that has commits which the base lacks; one at a time.
- A push to its branch is a commit in its timeline; deleting the branch closes it.
- A workflow may open one only if the repository's settings allow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from respondby.sandbox.domain import deliveries, issues, references
from respondby.sandbox.shapes.people import user
from respondby.sandbox.shapes.pulls import of, owner, reviewers_of
from respondby.sandbox.store import access, merging, objects, people, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found, unprocessable
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

SCOPE = "pull_requests"
_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+)/([\w.-]+))?#(\d{1,9})\b", re.IGNORECASE
)


def need(world: World, repo: Row, number: int) -> tuple[Row, Row]:
    """Return the pull request of this number, as an issue and as what it has besides; 404 for none."""
    row = issues.need(world, repo, number)
    if not row["is_pull"]:
        raise not_found()
    return row, of(world, row["id"])


def create(
    world: World, repo: Row, actor: Viewer, title: str, body: str | None, head: str, base: str, draft: bool = False
) -> Row:
    """Open a pull request from `branch` or `owner:branch` and return it as an issue."""
    access.may_write(world, actor, repo, SCOPE, Role.READ)
    if actor.is_workflow and not repo["workflows_open_pulls"]:
        raise Problem(403, "GitHub Actions is not permitted to create or approve pull requests.")
    issues.check_title(title)
    issues.check_body("PullRequest", body)
    base_sha = objects.head(world, repo, base)
    if base_sha is None:
        raise invalid("PullRequest", "base", "invalid")
    source, branch = _source(world, actor, repo, head)
    head_sha = objects.head(world, source, branch)
    if head_sha is None:
        raise invalid("PullRequest", "head", "invalid")
    if any(_open_on(world, source, branch, repo, base)):
        raise unprocessable("PullRequest", f"A pull request already exists for {owner(world, source)}:{branch}.")
    commits = merging.ahead(world, head_sha, base_sha)
    if not commits:
        raise unprocessable("PullRequest", f"No commits between {base} and {branch}")
    issue_id = issues.insert(world, repo, actor, title, body, is_pull=True)
    world.insert(
        "pulls",
        issue_id=issue_id,
        base_ref=base,
        base_sha=base_sha,
        head_repo_id=source["id"],
        head_ref=branch,
        head_sha=head_sha,
        draft=int(draft),
    )
    for commit in commits:
        timeline.happened(world, issue_id, "committed", actor.id, oid=commit.oid)
    deliveries.issue(world, repo, actor, "opened", issue_id)
    row = world.get("issues", issue_id)
    references.follow(world, actor, repo, row, f"{title}\n{body or ''}")
    return row


def _source(world: World, actor: Viewer, repo: Row, head: str) -> tuple[Row, str]:
    login, colon, branch = head.rpartition(":")
    if not colon or login.lower() == owner(world, repo).lower():
        return repo, branch
    account = people.find(world, login)
    fork = account and world.one(
        "SELECT * FROM repos WHERE owner_id = ? AND (fork_of = ? OR id = ?)",
        account["id"],
        repo["id"],
        repo["fork_of"],
    )
    if not fork or not access.can_see(world, actor, fork):
        raise invalid("PullRequest", "head", "invalid")
    return fork, branch


def _open_on(world: World, source: Row, branch: str, repo: Row | None = None, base: str | None = None) -> Iterator[Row]:
    """Yield the open pull requests of a branch, into one repository's base only if asked."""
    for row in world.all("SELECT * FROM pulls WHERE head_repo_id = ? AND head_ref = ?", source["id"], branch):
        issue = world.get("issues", row["issue_id"])
        wanted = repo is None or (issue["repo_id"] == repo["id"] and row["base_ref"] == base)
        if issue["state"] == "open" and not issue["deleted"] and wanted:
            yield row


def pushed(world: World, repo: Row, actor: Viewer, branch: str, before: str, after: str) -> None:
    """Tell the open pull requests of a branch that it moved."""
    for row in _open_on(world, repo, branch):
        issue = world.get("issues", row["issue_id"])
        home = world.get("repos", issue["repo_id"])
        base = objects.head(world, home, row["base_ref"]) or row["base_sha"]
        world.run("UPDATE pulls SET head_sha = ?, base_sha = ? WHERE id = ?", after, base, row["id"])
        if merging.parted(world, after, before) != before:
            timeline.happened(world, issue["id"], "head_ref_force_pushed", actor.id, oid=after)
        else:
            for commit in merging.ahead(world, after, before):
                timeline.happened(world, issue["id"], "committed", actor.id, oid=commit.oid)
        issues.touch(world, issue["id"])
        deliveries.issue(world, home, actor, "synchronize", issue["id"], before=before, after=after)


def branch_deleted(world: World, repo: Row, actor: Viewer, branch: str) -> None:
    """Tell the pull requests of a branch that it is gone; one that is open is closed."""
    for row in world.all("SELECT * FROM pulls WHERE head_repo_id = ? AND head_ref = ?", repo["id"], branch):
        issue = world.get("issues", row["issue_id"])
        timeline.happened(world, issue["id"], "head_ref_deleted", actor.id)
        issues.set_state(world, world.get("repos", issue["repo_id"]), actor, issue, "closed", None)


def least_for(row: Row, actor: Viewer) -> Role:
    """Return the role that it takes to change a pull request: its author's is enough."""
    return Role.READ if row["author_id"] == actor.id else Role.WRITE


def set_draft(world: World, repo: Row, actor: Viewer, row: Row, draft: bool) -> None:
    """Mark a pull request as a draft, or as ready for review."""
    access.may_write(world, actor, repo, SCOPE, least_for(row, actor))
    if bool(of(world, row["id"])["draft"]) == draft:
        return
    world.run("UPDATE pulls SET draft = ? WHERE issue_id = ?", int(draft), row["id"])
    timeline.happened(world, row["id"], "convert_to_draft" if draft else "ready_for_review", actor.id)
    issues.touch(world, row["id"])
    deliveries.issue(world, repo, actor, "converted_to_draft" if draft else "ready_for_review", row["id"])


def rebase_onto(world: World, repo: Row, row: Row, base: str) -> None:
    """Give an open pull request another base branch."""
    head = objects.head(world, repo, base)
    if head is None or row["state"] != "open":
        raise invalid("PullRequest", "base", "invalid")
    world.run("UPDATE pulls SET base_ref = ?, base_sha = ? WHERE issue_id = ?", base, head, row["id"])


def ask_review(world: World, repo: Row, actor: Viewer, row: Row, logins: Sequence[str], asked: bool = True) -> None:
    """Ask people for a review, or (`asked` false) no longer; only collaborators other than the author can be asked."""
    present = set(reviewers_of(world, row["id"]))
    for login in logins:
        person = people.find(world, login)
        if person is None or people.association(world, repo, person["id"]) not in ("OWNER", "MEMBER", "COLLABORATOR"):
            raise Problem(
                422,
                "Reviews may only be requested from collaborators. One or more of the users or teams you specified"
                f" is not a collaborator of the {owner(world, repo)}/{repo['name']} repository.",
            )
        if person["id"] == row["author_id"]:
            raise Problem(422, "Review cannot be requested from pull request author.")
        if (person["id"] in present) == asked:
            continue
        sql = "INSERT INTO review_requests VALUES (?, ?)"
        if not asked:
            sql = "DELETE FROM review_requests WHERE issue_id = ? AND user_id = ?"
        world.run(sql, row["id"], person["id"])
        kind = "review_requested" if asked else "review_request_removed"
        timeline.happened(world, row["id"], kind, actor.id, reviewer=person["id"])
        issues.touch(world, row["id"])
        deliveries.issue(world, repo, actor, kind, row["id"], requested_reviewer=user(world, person["id"]))


def closes(world: World, viewer: Viewer, repo: Row, row: Row) -> list[Row]:
    """Return the issues that merging a pull request closes: those its text says so of, or that were linked by hand."""
    found: dict[int, Row] = {}
    for match in _CLOSING.finditer(f"{row['title']}\n{row['body'] or ''}"):
        target = references.issue_named(world, viewer, repo, match)
        if target is not None and not target["is_pull"]:
            found[target["id"]] = target
    for linked in linked_by_hand(world, row["id"]):
        found[linked] = world.get("issues", linked)
    return [found[key] for key in sorted(found)]


def linked_by_hand(world: World, issue_id: int) -> list[int]:
    """Return the other ends of links that somebody made in the sidebar and that nobody took away again."""
    ends: dict[int, bool] = {}
    for item in timeline.items(world, issue_id):
        if item.kind in ("connected", "disconnected"):
            ends[item.data["other"]] = item.kind == "connected"
    return [other for other, holds in ends.items() if holds]


def link(world: World, actor: Viewer, pull: Row, issue: Row, connected: bool = True) -> None:
    """Link a pull request and an issue as the sidebar does, or take that link away."""
    kind = "connected" if connected else "disconnected"
    timeline.happened(world, issue["id"], kind, actor.id, other=pull["id"])
    timeline.happened(world, pull["id"], kind, actor.id, other=issue["id"])
