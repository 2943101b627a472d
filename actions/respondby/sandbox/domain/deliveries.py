"""What GitHub would have delivered: one webhook payload for each thing that happened, in order."""

from __future__ import annotations

import json
from typing import Any

from respondby.sandbox.shapes import issues, people, pulls, repositories, teams
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def record(world: World, repo: Row, actor: Viewer, event: str, action: str | None, **parts: Any) -> None:
    """Record one delivery; `parts` is what its payload holds besides action, repository and sender."""
    owner = world.get("users", repo["owner_id"])
    payload: Json = {} if action is None else {"action": action}
    payload |= {**parts, "repository": repositories.repository(world, repo) | {"custom_properties": {}}}
    if owner["type"] == "Organization":
        payload["organization"] = teams.organization(world, owner)
    payload["sender"] = people.user(world, actor.id)
    world.run(
        "INSERT INTO deliveries (event, action, repository, actor, at, by_workflow_token, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        event,
        action,
        payload["repository"]["full_name"],
        actor.login,
        world.clock.now(),
        actor.is_workflow,
        json.dumps(payload),
    )


def issue(world: World, repo: Row, actor: Viewer, action: str, issue_id: int, **parts: Json | str) -> None:
    """Record that something happened to an issue or a pull request."""
    row = world.get("issues", issue_id)
    if row["is_pull"]:
        shape = pulls.payload(world, repo, row)
        record(world, repo, actor, "pull_request", action, number=row["number"], pull_request=shape, **parts)
    else:
        record(world, repo, actor, "issues", action, issue=issue_shape(world, repo, row), **parts)


def review(world: World, repo: Row, actor: Viewer, action: str, issue_row: Row, review_row: Row) -> None:
    """Record that something happened to a review."""
    found = pulls.review(world, repo, issue_row, review_row)
    found = {**found, "state": found["state"].lower(), "updated_at": iso(world.clock.now())}
    shape = pulls.reviewed(world, repo, issue_row)
    record(world, repo, actor, "pull_request_review", action, pull_request=shape, review=found)


def comment(
    world: World, repo: Row, actor: Viewer, action: str, issue_row: Row, comment_row: Row, **parts: Json
) -> None:
    """Record that something happened to a comment."""
    shape = issues.comment(world, repo, issue_row, comment_row)
    record(
        world, repo, actor, "issue_comment", action, issue=issue_shape(world, repo, issue_row), comment=shape, **parts
    )


def issue_shape(world: World, repo: Row, row: Row) -> Json:
    """Return an issue as a payload holds it: as in REST, but with the first assignee by itself and no closer."""
    shape = issues.issue(world, repo, row)
    del shape["closed_by"]
    shape["assignee"] = next(iter(shape["assignees"]), None)
    shape["labels"] = [issues.label(world, repo, item) for item in issues.labels_of(world, row["id"])]
    return shape


def listing(world: World, after: int) -> list[Json]:
    """Return the deliveries after the one with this id, oldest first."""
    return [
        {
            "id": row["id"],
            "event": row["event"],
            "action": row["action"],
            "repository": row["repository"],
            "actor": row["actor"],
            "at": iso(row["at"]),
            "by_workflow_token": bool(row["by_workflow_token"]),
            "payload": json.loads(row["payload"]),
        }
        for row in world.all("SELECT * FROM deliveries WHERE id > ? ORDER BY id", after)
    ]
