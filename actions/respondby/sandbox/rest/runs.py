"""Routes of workflows, of their runs, and of what a token has left of its rate limits."""

from __future__ import annotations

from respondby.sandbox.domain import runs
from respondby.sandbox.domain.searching import created_within
from respondby.sandbox.rest.http import OLD, Answer, Call, Handler, Routes, page
from respondby.sandbox.shapes import runs as shapes
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.values import Row


def _workflow_of(call: Call) -> tuple[Row, Row]:
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    return repo, runs.need(call.world, repo, call.params["workflow"])


def get_workflow(call: Call) -> Answer:
    """Return a workflow, by its file's name or its number."""
    repo, row = _workflow_of(call)
    return Answer(200, shapes.workflow(call.world, repo, row))


def list_workflows(call: Call) -> Answer:
    """List the workflows of the default branch."""
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    rows = runs.workflows(call.world, repo)
    answer = page(call, rows, lambda row: shapes.workflow(call.world, repo, row))
    answer.value = {"total_count": len(rows), "workflows": answer.value}
    return answer


def _set_state(state: str) -> Handler:
    def handler(call: Call) -> Answer:
        repo = call.repo
        call.writing(repo, "actions", Role.WRITE)
        runs.set_state(call.world, repo, call.params["workflow"], state)
        return Answer(204)

    return handler


def list_all_runs(call: Call) -> Answer:
    """List the runs of all workflows, newest first, by event and status."""
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    found = [
        (workflow, row)
        for workflow in runs.workflows(call.world, repo)
        for row in runs.listing(call.world, workflow, call.query.get("event"), call.query.get("status"))
    ]
    found.sort(key=lambda pair: (pair[1]["created_at"], pair[1]["id"]), reverse=True)
    answer = page(call, found, lambda pair: shapes.run(call.world, repo, *pair))
    answer.value = {"total_count": len(found), "workflow_runs": answer.value}
    return answer


def get_run(call: Call) -> Answer:
    """Return one run."""
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    workflow, row = runs.need_run(call.world, repo, call.params["id"])
    return Answer(200, shapes.run(call.world, repo, workflow, row))


def list_runs(call: Call) -> Answer:
    """List a workflow's runs, newest first, by event, status and the span in which they were created."""
    repo, workflow = _workflow_of(call)
    rows = runs.listing(call.world, workflow, call.query.get("event"), call.query.get("status"))
    if "created" in call.query:
        lies_within = created_within(call.query["created"])
        rows = [row for row in rows if lies_within({"created": row["created_at"]})]
    answer = page(call, rows, lambda row: shapes.run(call.world, repo, workflow, row))
    answer.value = {"total_count": len(rows), "workflow_runs": answer.value}
    return answer


def rate_limit(call: Call) -> Answer:
    """Return what the token has left; asking costs nothing."""
    resources = {}
    for name in ("core", "graphql", "search"):
        limit, used, remaining, reset = call.limits.spend(call.viewer, name, 0)
        resources[name] = {"limit": limit, "used": used, "remaining": remaining, "reset": reset}
    value = {"resources": resources}
    return Answer(200, value | {"rate": resources["core"]} if call.version == OLD else value, free=True)


_WORKFLOW = "/repos/{owner}/{repo}/actions/workflows/{workflow}"
ROUTES: Routes = [
    ("GET", "/repos/{owner}/{repo}/actions/workflows", list_workflows),
    ("GET", "/repos/{owner}/{repo}/actions/runs", list_all_runs),
    ("GET", "/repos/{owner}/{repo}/actions/runs/{id:int}", get_run),
    ("GET", _WORKFLOW, get_workflow),
    ("PUT", _WORKFLOW + "/enable", _set_state("active")),
    ("PUT", _WORKFLOW + "/disable", _set_state("disabled_manually")),
    ("GET", _WORKFLOW + "/runs", list_runs),
    ("GET", "/rate_limit", rate_limit),
]
