"""Statuses and check runs in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.store import checks, node_ids
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.values import Json, Row


def contexts(source: Json, info: Info, **args: Any) -> Json:
    """Resolve what is told of a commit: check runs, then the newest status of each context."""
    context = info.context
    repo, oid = source["_repo"], source["_oid"]
    found = [_run(context, repo, row) for row in checks.runs_of(context.world, repo, oid)]
    found += [_status(context, repo, row) for row in checks.newest(checks.statuses_of(context.world, repo, oid))]
    numbered = list(enumerate(found))
    return of_rows("contexts", numbered, args, lambda pair: (pair[0],), lambda pair: pair[1])


def is_required(_source: Json, _info: Info, **_args: Any) -> bool:
    """Resolve whether a pull request cannot be merged without this: no branch is protected here."""
    return False


def _run(context: Context, repo: Row, row: Row) -> Json:
    path = f"{context.path(repo)}/runs/{row['id']}"
    suite = node_ids.of_item("CheckSuite", repo["id"], row["id"])
    return {
        "__typename": "CheckRun",
        "checkSuite": {"__typename": "CheckSuite", "id": suite, "workflowRun": None},
        "completedAt": maybe_iso(row["completed_at"]),
        "conclusion": None if row["conclusion"] is None else row["conclusion"].upper(),
        "databaseId": row["id"],
        "detailsUrl": context.world.url + path,
        "id": node_ids.of_item("CheckRun", repo["id"], row["id"]),
        "name": row["name"],
        "startedAt": iso(row["started_at"]),
        "status": row["status"].upper(),
        "summary": row["summary"],
        "text": None,
        "title": row["title"],
        "url": context.world.url + path,
    }


def _status(context: Context, repo: Row, row: Row) -> Json:
    return {
        "__typename": "StatusContext",
        "context": row["context"],
        "createdAt": iso(row["created_at"]),
        "creator": context.actor(row["creator_id"]),
        "description": row["description"],
        "id": node_ids.of_item("StatusContext", repo["id"], row["id"]),
        "state": row["state"].upper(),
        "targetUrl": row["target_url"],
    }
