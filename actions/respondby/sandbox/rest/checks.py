"""Routes of statuses and check runs."""

from __future__ import annotations

from respondby.sandbox.domain import checks
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import checks as shapes
from respondby.sandbox.store import access
from respondby.sandbox.store import checks as told
from respondby.sandbox.store.access import Role


def set_status(call: Call) -> Answer:
    """Tell how one context stands for a commit."""
    repo = call.repo
    viewer = call.writing(repo, "statuses", Role.WRITE)
    row = checks.set_status(call.world, repo, viewer, call.params["sha"], call.body)
    shape = shapes.status(call.world, repo, row)
    return Answer(201, shape, {"location": shape["url"]})


def list_statuses(call: Call) -> Answer:
    """List every status of a commit, newest first."""
    repo = call.repo
    access.may_read(call.viewer, repo, "statuses")
    sha = checks.commit_of(call.world, repo, call.params["ref"])
    return page(call, told.statuses_of(call.world, repo, sha), lambda row: shapes.status(call.world, repo, row))


def combined_status(call: Call) -> Answer:
    """Return what the contexts of a commit say together."""
    repo = call.repo
    access.may_read(call.viewer, repo, "statuses")
    sha = checks.commit_of(call.world, repo, call.params["ref"])
    rows = told.newest(told.statuses_of(call.world, repo, sha))
    return Answer(200, shapes.combined(call.world, repo, sha, rows))


def create_run(call: Call) -> Answer:
    """Start, or report, a check run."""
    repo = call.repo
    viewer = call.writing(repo, "checks", Role.WRITE)
    row = checks.create_run(call.world, repo, viewer, call.body)
    return Answer(201, shapes.check_run(call.world, repo, row))


def get_run(call: Call) -> Answer:
    """Return one check run."""
    repo = call.repo
    access.may_read(call.viewer, repo, "checks")
    return Answer(200, shapes.check_run(call.world, repo, checks.need_run(call.world, repo, call.params["id"])))


def update_run(call: Call) -> Answer:
    """Change how a check run stands."""
    repo = call.repo
    viewer = call.writing(repo, "checks", Role.WRITE)
    row = checks.need_run(call.world, repo, call.params["id"])
    return Answer(200, shapes.check_run(call.world, repo, checks.update_run(call.world, repo, viewer, row, call.body)))


def list_runs(call: Call) -> Answer:
    """List the check runs of a commit."""
    repo = call.repo
    access.may_read(call.viewer, repo, "checks")
    rows = told.runs_of(call.world, repo, checks.commit_of(call.world, repo, call.params["ref"]))
    answer = page(call, rows, lambda row: shapes.check_run(call.world, repo, row))
    answer.value = {"total_count": len(rows), "check_runs": answer.value}
    return answer


_REPO = "/repos/{owner}/{repo}"
ROUTES: Routes = [
    ("POST", _REPO + "/statuses/{sha}", set_status),
    ("GET", _REPO + "/commits/{ref}/statuses", list_statuses),
    ("GET", _REPO + "/commits/{ref}/status", combined_status),
    ("GET", _REPO + "/commits/{ref}/check-runs", list_runs),
    ("POST", _REPO + "/check-runs", create_run),
    ("GET", _REPO + "/check-runs/{id:int}", get_run),
    ("PATCH", _REPO + "/check-runs/{id:int}", update_run),
]
