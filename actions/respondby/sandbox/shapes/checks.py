"""Statuses and check runs, as REST and webhooks show them."""

from __future__ import annotations

from respondby.sandbox.shapes import git
from respondby.sandbox.shapes.people import AVATAR, app, user
from respondby.sandbox.shapes.repositories import api_url, minimal_repository, web_url
from respondby.sandbox.store import node_ids, objects
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def simple_status(world: World, repo: Row, row: Row) -> Json:
    """Return a status as the combined one lists it."""
    return {
        "url": f"{api_url(world, repo)}/statuses/{row['sha']}",
        "avatar_url": AVATAR,
        "id": row["id"],
        "node_id": node_ids.of_item("StatusContext", repo["id"], row["id"]),
        "state": row["state"],
        "description": row["description"],
        "target_url": row["target_url"],
        "context": row["context"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
    }


def status(world: World, repo: Row, row: Row) -> Json:
    """Return a status."""
    return {**simple_status(world, repo, row), "creator": user(world, row["creator_id"])}


def combined(world: World, repo: Row, sha: str, rows: list[Row]) -> Json:
    """Return what all contexts of a commit say together; nothing said is pending."""
    url = f"{api_url(world, repo)}/commits/{sha}"
    states = {row["state"] for row in rows}
    bad = states & {"error", "failure"}
    return {
        "state": "failure" if bad else "pending" if not states or "pending" in states else "success",
        "statuses": [simple_status(world, repo, row) for row in rows],
        "sha": sha,
        "total_count": len(rows),
        "repository": minimal_repository(world, repo),
        "commit_url": url,
        "url": f"{url}/status",
    }


def status_payload(world: World, repo: Row, row: Row) -> Json:
    """Return what a delivery about a status holds."""
    shape = simple_status(world, repo, row)
    kept = ("id", "avatar_url", "state", "description", "target_url", "context", "created_at", "updated_at")
    return {
        **{name: shape[name] for name in kept},
        "sha": row["sha"],
        "name": shape["url"].partition("/repos/")[2].partition("/statuses/")[0],
        "commit": git.commit(world, repo, objects.read_commit(world, row["sha"])),
        "branches": [],
    }


def check_run(world: World, repo: Row, row: Row) -> Json:
    """Return a check run."""
    url, page = f"{api_url(world, repo)}/check-runs/{row['id']}", f"{web_url(world, repo)}/runs/{row['id']}"
    return {
        "id": row["id"],
        "head_sha": row["sha"],
        "node_id": node_ids.of_item("CheckRun", repo["id"], row["id"]),
        "external_id": "",
        "url": url,
        "html_url": page,
        "details_url": page,
        "status": row["status"],
        "conclusion": row["conclusion"],
        "started_at": iso(row["started_at"]),
        "completed_at": maybe_iso(row["completed_at"]),
        "output": {
            "title": row["title"],
            "summary": row["summary"],
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{url}/annotations",
        },
        "name": row["name"],
        "check_suite": {"id": row["id"]},
        "app": app(world, row["app_id"]),
        "pull_requests": [],
    }
