"""Routes of what actions/cache has stored."""

from __future__ import annotations

from respondby.sandbox.domain import caches
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.problems import Problem, invalid
from respondby.sandbox.store.values import Json, Row


def _shape(row: Row) -> Json:
    return {
        "id": row["id"],
        "ref": row["ref"],
        "key": row["key"],
        "version": row["version"],
        "last_accessed_at": iso(row["used_at"]),
        "created_at": iso(row["created_at"]),
        "size_in_bytes": row["size"],
    }


def list_caches(call: Call) -> Answer:
    """List caches by what their keys start with and by ref."""
    repo = call.repo
    access.may_read(call.viewer, repo, "actions")
    sort = call.query.get("sort", "last_accessed_at")
    if sort not in caches.SORTS:
        raise invalid("Cache", "sort", "invalid", value=sort)
    ascending = call.query.get("direction") == "asc"
    rows = caches.listing(call.world, repo, call.query.get("key", ""), call.query.get("ref"), sort, ascending)
    answer = page(call, rows, _shape)
    answer.value = {"total_count": len(rows), "actions_caches": answer.value}
    return answer


def delete_by_key(call: Call) -> Answer:
    """Delete the caches of a key, and answer with them."""
    repo = call.repo
    call.writing(repo, "actions", Role.WRITE)
    key = call.query.get("key")
    if not key:
        raise Problem(422, 'Invalid request.\n\n"key" wasn\'t supplied.')
    gone = caches.delete_key(call.world, repo, key, call.query.get("ref"))
    return Answer(200, {"total_count": len(gone), "actions_caches": [_shape(row) for row in gone]})


def delete(call: Call) -> Answer:
    """Delete one cache."""
    repo = call.repo
    call.writing(repo, "actions", Role.WRITE)
    caches.delete(call.world, repo, call.params["id"])
    return Answer(204)


_CACHES = "/repos/{owner}/{repo}/actions/caches"
ROUTES: Routes = [
    ("GET", _CACHES, list_caches),
    ("DELETE", _CACHES, delete_by_key),
    ("DELETE", _CACHES + "/{id:int}", delete),
]
