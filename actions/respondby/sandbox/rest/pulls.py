"""Routes of pull requests, their files, commits and merging."""

from __future__ import annotations

from respondby.sandbox.domain import issues, merges, pulls
from respondby.sandbox.rest.http import OLD, Answer, Call, Routes, page
from respondby.sandbox.shapes import diffs, git
from respondby.sandbox.shapes import pulls as shapes
from respondby.sandbox.shapes.people import user
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import invalid, not_found, sign_in
from respondby.sandbox.store.values import Json, Row

_SORTS = {"created": "i.created_at", "updated": "i.updated_at", "popularity": "i.id", "long-running": "i.created_at"}


def pull_of(call: Call) -> tuple[Row, Row, Row]:
    """Return the repository and the pull request in the path, readable by the viewer: as an issue, and the rest."""
    repo = call.repo
    access.may_read(call.viewer, repo, pulls.SCOPE)
    return repo, *pulls.need(call.world, repo, call.params["number"])


def _full(call: Call, repo: Row, issue_id: int) -> Json:
    row = call.world.get("issues", issue_id)
    shape = shapes.full(call.world, repo, row)
    return shape | shapes.old_fields(call.world, row) if call.version == OLD else shape


def _simple(call: Call, repo: Row, row: Row) -> Json:
    shape = shapes.simple(call.world, repo, row)
    return shape | shapes.old_fields(call.world, row) if call.version == OLD else shape


def list_pulls(call: Call) -> Answer:
    """List a repository's pull requests, by state, head (`owner:branch`) and base; newest first."""
    repo, query = call.repo, call.query
    access.may_read(call.viewer, repo, pulls.SCOPE)
    where, values = ["i.repo_id = ?", "NOT i.deleted"], [repo["id"]]
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("PullRequest", "state", "invalid", value=state)
    if state != "all":
        where.append("i.state = ?")
        values.append(state)
    if query.get("base"):
        where.append("p.base_ref = ?")
        values.append(query["base"])
    login, colon, branch = query.get("head", "").partition(":")
    if colon:  # GitHub leaves out a head without an owner
        where.append("p.head_ref = ? AND u.login = ?")
        values += [branch, login]
    column = _SORTS.get(query.get("sort", "created"))
    if column is None:
        raise invalid("PullRequest", "sort", "invalid", value=query["sort"])
    usual = "desc" if query.get("sort", "created") == "created" else "asc"
    direction = "ASC" if query.get("direction", usual) == "asc" else "DESC"
    # Every fragment is a literal of this module; what comes from the query is bound.
    sql = (
        "SELECT i.* FROM issues i JOIN pulls p ON p.issue_id = i.id JOIN repos h ON h.id = p.head_repo_id"  # noqa: S608
        " JOIN users u ON u.id = h.owner_id"
        f" WHERE {' AND '.join(where)} ORDER BY {column} {direction}, i.id {direction}"
    )
    return page(call, call.world.all(sql, *values), lambda row: _simple(call, repo, row))


def create_pull(call: Call) -> Answer:
    """Open a pull request."""
    repo = call.repo
    viewer = call.writing(repo, pulls.SCOPE, Role.READ)
    row = pulls.create(
        call.world,
        repo,
        viewer,
        call.text("PullRequest", "title"),
        call.maybe_text("PullRequest", "body"),
        call.text("PullRequest", "head"),
        call.text("PullRequest", "base"),
        call.body.get("draft") is True,
    )
    shape = _full(call, repo, row["id"])
    return Answer(201, shape, {"location": shape["url"]})


def get_pull(call: Call) -> Answer:
    """Return one pull request, or what it changes as a diff or as patches."""
    repo, row, pull = pull_of(call)
    if call.media in ("diff", "patch"):
        text = diffs.diff(call.world, pull) if call.media == "diff" else diffs.patch(call.world, pull)
        return Answer(200, raw=text.encode(), kind=f"application/vnd.github.{call.media}; charset=utf-8")
    return Answer(200, _full(call, repo, row["id"]))


def edit_pull(call: Call) -> Answer:
    """Change title, text, state or base, as the author or as staff."""
    repo, row, _ = pull_of(call)
    if call.viewer is None:
        raise sign_in()
    own = row["author_id"] == call.viewer.id
    viewer = call.writing(repo, pulls.SCOPE, Role.READ if own else Role.WRITE)
    title = call.maybe_text("PullRequest", "title") or row["title"]
    issues.retitle(call.world, repo, viewer, row, title, call.body.get("body", row["body"]))
    base = call.maybe_text("PullRequest", "base")
    if base is not None:
        pulls.rebase_onto(call.world, repo, row, base)
    state = call.maybe_text("PullRequest", "state")
    if state is not None:
        issues.set_state(call.world, repo, viewer, call.world.get("issues", row["id"]), state, None)
    return Answer(200, _full(call, repo, row["id"]))


def list_files(call: Call) -> Answer:
    """List the files that a pull request changes, with their patches."""
    repo, _, pull = pull_of(call)
    changes = shapes.changes_of(call.world, pull)
    return page(call, changes, lambda change: shapes.file(call.world, repo, pull, change))


def list_commits(call: Call) -> Answer:
    """List the commits of a pull request, oldest first."""
    repo, _, pull = pull_of(call)
    found = shapes.commits_of(call.world, pull)
    return page(call, found, lambda commit: git.commit(call.world, repo, commit))


def is_merged(call: Call) -> Answer:
    """Answer 204 if a pull request was merged, 404 if not."""
    _, _, pull = pull_of(call)
    if pull["merged_at"] is None:
        raise not_found()
    return Answer(204)


def merge(call: Call) -> Answer:
    """Merge a pull request."""
    repo, row, _ = pull_of(call)
    viewer = call.writing(repo, "contents", Role.WRITE)
    oid = merges.merge(
        call.world,
        repo,
        viewer,
        row,
        call.maybe_text("PullRequest", "merge_method") or "merge",
        call.maybe_text("PullRequest", "commit_title"),
        call.maybe_text("PullRequest", "commit_message"),
        call.maybe_text("PullRequest", "sha"),
    )
    return Answer(200, {"sha": oid, "merged": True, "message": "Pull Request successfully merged"})


def list_requested(call: Call) -> Answer:
    """Return who was asked for a review and has not given one."""
    _, row, _ = pull_of(call)
    people = [user(call.world, person) for person in shapes.reviewers_of(call.world, row["id"])]
    return Answer(200, {"users": people, "teams": []})


def ask_review(call: Call) -> Answer:
    """Ask people for a review."""
    return Answer(201, _asking(call, True))


def take_back(call: Call) -> Answer:
    """Ask people for a review no longer."""
    return Answer(200, _asking(call, False))


def _asking(call: Call, asked: bool) -> Json:
    repo, row, _ = pull_of(call)
    viewer = call.writing(repo, pulls.SCOPE, Role.TRIAGE)
    names = call.names("PullRequest", "reviewers", "login") or []
    pulls.ask_review(call.world, repo, viewer, row, names, asked)
    return _simple(call, repo, call.world.get("issues", row["id"]))


_REPO = "/repos/{owner}/{repo}"
_PULL = _REPO + "/pulls/{number:int}"
ROUTES: Routes = [
    ("GET", _REPO + "/pulls", list_pulls),
    ("POST", _REPO + "/pulls", create_pull),
    ("GET", _PULL, get_pull),
    ("PATCH", _PULL, edit_pull),
    ("GET", _PULL + "/files", list_files),
    ("GET", _PULL + "/commits", list_commits),
    ("GET", _PULL + "/merge", is_merged),
    ("PUT", _PULL + "/merge", merge),
    ("GET", _PULL + "/requested_reviewers", list_requested),
    ("POST", _PULL + "/requested_reviewers", ask_review),
    ("DELETE", _PULL + "/requested_reviewers", take_back),
]
