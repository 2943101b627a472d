"""Routes of sub-issues and of dependencies between issues."""

from __future__ import annotations

from respondby.sandbox.domain import relations
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.rest.issues import issue_of, issue_shape
from respondby.sandbox.store import access
from respondby.sandbox.store import relations as known
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found, sign_in
from respondby.sandbox.store.values import Json, Row


def _shape(call: Call, row: Row) -> Json:
    return issue_shape(call, call.world.get("repos", row["repo_id"]), row)


def _list(call: Call, rows: list[Row]) -> Answer:
    seen = [row for row in rows if access.can_see(call.world, call.viewer, call.world.get("repos", row["repo_id"]))]
    return page(call, seen, lambda row: _shape(call, row))


def _viewer(call: Call) -> Viewer:
    if call.viewer is None:
        raise sign_in()
    return call.viewer


def _number(call: Call, name: str) -> int | None:
    value = call.body.get(name)
    if value is not None and type(value) is not int:
        raise invalid("Issue", name, "invalid", value=str(value))
    return value


def _named(call: Call, issue_id: int | None, name: str) -> Row:
    """Return the issue of this id, of any repository that the viewer may see; the id is not its number."""
    if issue_id is None:
        raise Problem(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    row = call.world.one("SELECT * FROM issues WHERE id = ? AND NOT deleted AND NOT is_pull", issue_id)
    if row is None or not access.can_see(call.world, call.viewer, call.world.get("repos", row["repo_id"])):
        raise not_found()
    return row


def get_parent(call: Call) -> Answer:
    """Return the issue that an issue is a sub-issue of."""
    _, row = issue_of(call)
    parent = known.parent_of(call.world, row["id"])
    if parent is None or not access.can_see(call.world, call.viewer, call.world.get("repos", parent["repo_id"])):
        raise not_found()
    return Answer(200, _shape(call, parent))


def list_sub_issues(call: Call) -> Answer:
    """List an issue's sub-issues, in their order."""
    _, row = issue_of(call)
    return _list(call, known.sub_issues_of(call.world, row["id"]))


def add_sub_issue(call: Call) -> Answer:
    """Make an issue, named by its id, a sub-issue; answers with the parent."""
    repo, row = issue_of(call)
    child = _named(call, _number(call, "sub_issue_id"), "sub_issue_id")
    relations.add_sub_issue(call.world, _viewer(call), row, child, call.body.get("replace_parent") is True)
    shape = issue_shape(call, repo, call.world.get("issues", row["id"]))
    return Answer(201, shape, {"location": shape["url"]})


def remove_sub_issue(call: Call) -> Answer:
    """End that an issue is a sub-issue; answers with the parent."""
    repo, row = issue_of(call)
    child = _named(call, _number(call, "sub_issue_id"), "sub_issue_id")
    relations.remove_sub_issue(call.world, _viewer(call), row, child)
    return Answer(200, issue_shape(call, repo, call.world.get("issues", row["id"])))


def move_sub_issue(call: Call) -> Answer:
    """Put a sub-issue after or before another; answers with the parent."""
    repo, row = issue_of(call)
    child = _named(call, _number(call, "sub_issue_id"), "sub_issue_id")
    after, before = _number(call, "after_id"), _number(call, "before_id")
    relations.move_sub_issue(call.world, _viewer(call), row, child, after, before)
    return Answer(200, issue_shape(call, repo, call.world.get("issues", row["id"])))


def list_blockers(call: Call) -> Answer:
    """List the issues that block an issue."""
    _, row = issue_of(call)
    return _list(call, known.blockers_of(call.world, row["id"]))


def list_blocked(call: Call) -> Answer:
    """List the issues that an issue blocks."""
    _, row = issue_of(call)
    return _list(call, known.blocked_by(call.world, row["id"]))


def block(call: Call) -> Answer:
    """Say that an issue is blocked by another, named by its id; answers with the blocked one."""
    repo, row = issue_of(call)
    relations.block(call.world, _viewer(call), row, _named(call, _number(call, "issue_id"), "issue_id"))
    shape = issue_shape(call, repo, call.world.get("issues", row["id"]))
    return Answer(201, shape, {"location": shape["url"]})


def unblock(call: Call) -> Answer:
    """Say that an issue is no longer blocked by another; answers with the issue."""
    repo, row = issue_of(call)
    relations.unblock(call.world, _viewer(call), row, _named(call, call.params["id"], "issue_id"))
    return Answer(200, issue_shape(call, repo, call.world.get("issues", row["id"])))


_ISSUE = "/repos/{owner}/{repo}/issues/{number:int}"
ROUTES: Routes = [
    ("GET", _ISSUE + "/parent", get_parent),
    ("GET", _ISSUE + "/sub_issues", list_sub_issues),
    ("POST", _ISSUE + "/sub_issues", add_sub_issue),
    ("DELETE", _ISSUE + "/sub_issue", remove_sub_issue),
    ("PATCH", _ISSUE + "/sub_issues/priority", move_sub_issue),
    ("GET", _ISSUE + "/dependencies/blocked_by", list_blockers),
    ("POST", _ISSUE + "/dependencies/blocked_by", block),
    ("DELETE", _ISSUE + "/dependencies/blocked_by/{id:int}", unblock),
    ("GET", _ISSUE + "/dependencies/blocking", list_blocked),
]
