"""Workflows and their runs, as REST shows them."""

from __future__ import annotations

import re

from respondby.sandbox.shapes import people
from respondby.sandbox.shapes.repositories import api_url, minimal_repository, web_url
from respondby.sandbox.store import node_ids, objects
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

_NAME = re.compile(r"(?m)^name:[ \t]*(\S.*?)[ \t]*$")


def workflow(world: World, repo: Row, row: Row) -> Json:
    """Return a workflow."""
    file = row["path"].rpartition("/")[2]
    page = web_url(world, repo)
    return {
        "id": row["id"],
        "node_id": node_ids.of_item("Workflow", repo["id"], row["id"]),
        "name": _name(world, repo, row["path"]),
        "path": row["path"],
        "state": row["state"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "url": f"{api_url(world, repo)}/actions/workflows/{row['id']}",
        "html_url": f"{page}/blob/{repo['default_branch']}/{row['path']}",
        "badge_url": f"{page}/actions/workflows/{file}/badge.svg",
    }


def run(world: World, repo: Row, workflow_row: Row, row: Row) -> Json:
    """Return a run."""
    base, page = api_url(world, repo), web_url(world, repo)
    url, suite = f"{base}/actions/runs/{row['id']}", row["id"]
    actor = people.user(world, row["actor_id"])
    name = _name(world, repo, workflow_row["path"])
    return {
        "id": row["id"],
        "name": name,
        "node_id": node_ids.of_item("WorkflowRun", repo["id"], row["id"]),
        "check_suite_id": suite,
        "check_suite_node_id": node_ids.of_item("CheckSuite", repo["id"], suite),
        "head_branch": repo["default_branch"],
        "head_sha": row["head_sha"],
        "path": workflow_row["path"],
        "display_title": name,
        "run_number": row["number"],
        "run_attempt": 1,
        "referenced_workflows": [],
        "event": row["event"],
        "status": "in_progress" if row["conclusion"] is None else "completed",
        "conclusion": row["conclusion"],
        "workflow_id": workflow_row["id"],
        "url": url,
        "html_url": f"{page}/actions/runs/{row['id']}",
        "pull_requests": [],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "run_started_at": iso(row["created_at"]),
        "actor": actor,
        "triggering_actor": actor,
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{base}/check-suites/{suite}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{base}/actions/workflows/{workflow_row['id']}",
        "head_commit": _head_commit(world, row["head_sha"]),
        "repository": minimal_repository(world, repo),
        "head_repository": minimal_repository(world, repo),
    }


def _head_commit(world: World, oid: str) -> Json:
    commit = objects.read_commit(world, oid)
    who = {"name": commit.author, "email": commit.email}
    return {
        "id": commit.oid,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": iso(commit.at),
        "author": who,
        "committer": who,
    }


def _name(world: World, repo: Row, path: str) -> str:
    """Return the name that the workflow's file gives it, else its path."""
    head = objects.head(world, repo, repo["default_branch"])
    entry = None if head is None else objects.at_path(world, objects.read_commit(world, head).tree, path)
    found = None if entry is None else _NAME.search(objects.content(world, entry.oid).decode(errors="replace"))
    return path if found is None else found[1].strip("\"'")
