"""Routes of branches; none is protected here."""

from __future__ import annotations

from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import git
from respondby.sandbox.shapes.repositories import api_url, web_url
from respondby.sandbox.store import access, objects
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row

_HEADS = "refs/heads/"


def _readable(call: Call) -> Row:
    repo = call.repo
    access.may_read(call.viewer, repo, "contents")
    return repo


def list_branches(call: Call) -> Answer:
    """List branches by name."""
    repo = _readable(call)
    rows = call.world.all("SELECT * FROM refs WHERE repo_id = ? AND name LIKE 'refs/heads/%' ORDER BY name", repo["id"])

    def shape(row: Row) -> Json:
        commit = {"sha": row["oid"], "url": f"{api_url(call.world, repo)}/commits/{row['oid']}"}
        return {"name": row["name"].removeprefix(_HEADS), "commit": commit, "protected": False}

    return page(call, rows, shape)


def get_branch(call: Call) -> Answer:
    """Return one branch with its newest commit."""
    repo, name = _readable(call), call.params["branch"]
    oid = objects.head(call.world, repo, name)
    if oid is None:
        raise Problem(404, "Branch not found")
    url = f"{api_url(call.world, repo)}/branches/{name}"
    off = {"enforcement_level": "off", "contexts": [], "checks": []}
    return Answer(
        200,
        {
            "name": name,
            "commit": git.commit(call.world, repo, objects.read_commit(call.world, oid)),
            "_links": {"self": url, "html": f"{web_url(call.world, repo)}/tree/{name}"},
            "protected": False,
            "protection": {"enabled": False, "required_status_checks": off},
            "protection_url": f"{url}/protection",
        },
    )


_BRANCHES = "/repos/{owner}/{repo}/branches"
ROUTES: Routes = [
    ("GET", _BRANCHES, list_branches),
    ("GET", _BRANCHES + "/{branch:path}", get_branch),
]
