"""Routes of workflows, of their runs, and of what a token has left of its rate limits."""

from __future__ import annotations

from respondby.sandbox.domain import runs
from respondby.sandbox.rest.http import OLD, Answer, Call, Routes, page
from respondby.sandbox.shapes import runs as shapes
from respondby.sandbox.store import access
from respondby.sandbox.store.values import Row


def _workflow_of(call: Call) -> tuple[Row, Row]:
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    return repo, runs.need(call.world, repo, call.params["workflow"])


def get_workflow(call: Call) -> Answer:
    """Return a workflow, by its file's name or its number."""
    repo, row = _workflow_of(call)
    return Answer(200, shapes.workflow(call.world, repo, row))


def list_runs(call: Call) -> Answer:
    """List a workflow's runs, newest first, by event and status."""
    repo, workflow = _workflow_of(call)
    rows = runs.listing(call.world, workflow, call.query.get("event"), call.query.get("status"))
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
    ("GET", _WORKFLOW, get_workflow),
    ("GET", _WORKFLOW + "/runs", list_runs),
    ("GET", "/rate_limit", rate_limit),
]
