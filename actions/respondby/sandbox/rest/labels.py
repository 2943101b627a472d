"""Routes of a repository's labels and of the labels on an issue."""

from __future__ import annotations

from respondby.sandbox.domain import labels
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.rest.issues import issue_of
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Row


def list_labels(call: Call) -> Answer:
    """List a repository's labels by name."""
    repo = call.repo
    access.may_read(call.viewer, repo, "issues")
    rows = call.world.all("SELECT * FROM labels WHERE repo_id = ? ORDER BY name", repo["id"])
    return page(call, rows, lambda row: shapes.label(call.world, repo, row))


def get_label(call: Call) -> Answer:
    """Return one label."""
    repo = call.repo
    access.may_read(call.viewer, repo, "issues")
    return Answer(200, shapes.label(call.world, repo, labels.need(call.world, repo, call.params["name"])))


def _managing(call: Call, repo: Row) -> Viewer:
    """Return the viewer if they may change the repository's labels; for people who may not, there are none."""
    viewer = call.writing(repo, "issues", Role.NONE)
    if access.role(call.world, viewer, repo) < Role.WRITE:
        raise not_found()
    return viewer


def create_label(call: Call) -> Answer:
    """Create a label."""
    repo = call.repo
    viewer = _managing(call, repo)
    color = call.maybe_text("Label", "color") or labels.DEFAULT_COLOR
    about = call.maybe_text("Label", "description")
    row = labels.create(call.world, repo, viewer, call.body.get("name") or "", color, about)
    shape = shapes.label(call.world, repo, row)
    return Answer(201, shape, {"location": shape["url"]})


def update_label(call: Call) -> Answer:
    """Change a label."""
    repo = call.repo
    viewer = _managing(call, repo)
    row = labels.need(call.world, repo, call.params["name"])
    row = labels.update(
        call.world,
        repo,
        viewer,
        row,
        call.maybe_text("Label", "new_name") or row["name"],
        call.maybe_text("Label", "color") or row["color"],
        call.body.get("description", row["description"]),
    )
    return Answer(200, shapes.label(call.world, repo, row))


def delete_label(call: Call) -> Answer:
    """Delete a label."""
    repo = call.repo
    viewer = _managing(call, repo)
    labels.delete(call.world, repo, viewer, labels.need(call.world, repo, call.params["name"]))
    return Answer(204)


def _on_issue(call: Call, repo: Row, issue: Row) -> Answer:
    rows = shapes.labels_of(call.world, issue["id"])
    return Answer(200, [shapes.label(call.world, repo, row) for row in rows])


def _names(call: Call) -> list[str]:
    if "" in call.body:
        call.body["labels"] = call.body[""]
    names = call.names("Issue", "labels")
    if names is None:
        raise invalid("Issue", "labels", "missing_field")
    return names


def list_on_issue(call: Call) -> Answer:
    """List an issue's labels."""
    repo, issue = issue_of(call)
    rows = shapes.labels_of(call.world, issue["id"])
    return page(call, rows, lambda row: shapes.label(call.world, repo, row))


def add_to_issue(call: Call) -> Answer:
    """Put labels on an issue."""
    repo, issue = issue_of(call)
    labels.add(call.world, repo, call.writing_to(repo, issue, Role.TRIAGE), issue["id"], _names(call))
    return _on_issue(call, repo, issue)


def set_on_issue(call: Call) -> Answer:
    """Leave exactly these labels on an issue."""
    repo, issue = issue_of(call)
    labels.replace(call.world, repo, call.writing_to(repo, issue, Role.TRIAGE), issue["id"], _names(call))
    return _on_issue(call, repo, issue)


def clear_issue(call: Call) -> Answer:
    """Take all labels off an issue."""
    repo, issue = issue_of(call)
    labels.replace(call.world, repo, call.writing_to(repo, issue, Role.TRIAGE), issue["id"], [])
    return Answer(204)


def remove_from_issue(call: Call) -> Answer:
    """Take one label off an issue; 404 if it is not there."""
    repo, issue = issue_of(call)
    viewer = call.writing_to(repo, issue, Role.TRIAGE)
    name = call.params["name"].lower()
    rows = [row for row in shapes.labels_of(call.world, issue["id"]) if row["name"].lower() == name]
    if not rows:
        raise Problem(404, "Label does not exist")
    labels.remove(call.world, repo, viewer, issue["id"], rows)
    return _on_issue(call, repo, issue)


_ISSUE = "/repos/{owner}/{repo}/issues/{number:int}"
ROUTES: Routes = [
    ("GET", _ISSUE + "/labels", list_on_issue),
    ("POST", _ISSUE + "/labels", add_to_issue),
    ("PUT", _ISSUE + "/labels", set_on_issue),
    ("DELETE", _ISSUE + "/labels", clear_issue),
    ("DELETE", _ISSUE + "/labels/{name:path}", remove_from_issue),
    ("GET", "/repos/{owner}/{repo}/labels", list_labels),
    ("POST", "/repos/{owner}/{repo}/labels", create_label),
    ("GET", "/repos/{owner}/{repo}/labels/{name:path}", get_label),
    ("PATCH", "/repos/{owner}/{repo}/labels/{name:path}", update_label),
    ("DELETE", "/repos/{owner}/{repo}/labels/{name:path}", delete_label),
]
