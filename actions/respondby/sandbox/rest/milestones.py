"""Routes of milestones."""

from __future__ import annotations

from respondby.sandbox.domain import milestones
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import invalid
from respondby.sandbox.store.values import Row


def _of(call: Call) -> tuple[Row, Row]:
    repo = call.repo
    access.may_read(call.viewer, repo, "issues")
    return repo, milestones.need(call.world, repo, call.params["number"])


def list_milestones(call: Call) -> Answer:
    """List a repository's milestones, open ones unless asked otherwise, by due date."""
    repo = call.repo
    access.may_read(call.viewer, repo, "issues")
    state = call.query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("Milestone", "state", "invalid", value=state)
    rows = call.world.all(
        "SELECT * FROM milestones WHERE repo_id = ?1 AND (?2 = 'all' OR state = ?2)"
        " ORDER BY due_on IS NULL, due_on, id",
        repo["id"],
        state,
    )
    return page(call, rows, lambda row: shapes.milestone(call.world, repo, row))


def create_milestone(call: Call) -> Answer:
    """Create a milestone."""
    repo = call.repo
    viewer = call.writing(repo, "issues", Role.TRIAGE)
    about, due = call.maybe_text("Milestone", "description"), call.maybe_text("Milestone", "due_on")
    row = milestones.create(call.world, repo, viewer, call.text("Milestone", "title"), about, due)
    shape = shapes.milestone(call.world, repo, row)
    return Answer(201, shape, {"location": shape["url"]})


def get_milestone(call: Call) -> Answer:
    """Return one milestone."""
    repo, row = _of(call)
    return Answer(200, shapes.milestone(call.world, repo, row))


def update_milestone(call: Call) -> Answer:
    """Change a milestone."""
    repo, row = _of(call)
    viewer = call.writing(repo, "issues", Role.TRIAGE)
    row = milestones.update(call.world, repo, viewer, row, call.body)
    return Answer(200, shapes.milestone(call.world, repo, row))


def delete_milestone(call: Call) -> Answer:
    """Delete a milestone."""
    repo, row = _of(call)
    milestones.delete(call.world, repo, call.writing(repo, "issues", Role.TRIAGE), row)
    return Answer(204)


_REPO = "/repos/{owner}/{repo}"
_MILESTONE = _REPO + "/milestones/{number:int}"
ROUTES: Routes = [
    ("GET", _REPO + "/milestones", list_milestones),
    ("POST", _REPO + "/milestones", create_milestone),
    ("GET", _MILESTONE, get_milestone),
    ("PATCH", _MILESTONE, update_milestone),
    ("DELETE", _MILESTONE, delete_milestone),
]
