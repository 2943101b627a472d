"""Routes of what happened lately, in a repository or in all public ones of an organisation.

GitHub tells of less here than webhooks do, of the last 300 events at most, and the newest first.
"""

from __future__ import annotations

import json

from respondby.sandbox.domain import teams
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes.people import AVATAR
from respondby.sandbox.shapes.repositories import full_name
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json, Row

MOST = 300
_ISSUES = ("opened", "edited", "closed", "reopened", "assigned", "unassigned", "labeled", "unlabeled")
_TYPES: dict[str, tuple[str, tuple[str | None, ...], tuple[str, ...]]] = {
    "issues": ("IssuesEvent", _ISSUES, ("action", "issue", "changes", "assignee", "label")),
    "issue_comment": ("IssueCommentEvent", ("created", "edited", "deleted"), ("action", "issue", "comment", "changes")),
    "pull_request": (
        "PullRequestEvent",
        (*_ISSUES, "review_requested", "review_request_removed", "synchronize"),
        ("action", "number", "pull_request"),
    ),
    "pull_request_review": ("PullRequestReviewEvent", ("submitted",), ("action", "pull_request", "review")),
    "push": ("PushEvent", (None,), ("ref", "before")),
}
"""A webhook's event → its type here, the actions that are told of, and what of its payload is."""


def _event(call: Call, repo: Row, row: Row) -> Json:
    payload = json.loads(row["payload"])
    kind, _, kept = _TYPES[row["event"]]
    shape = {name: payload[name] for name in kept if name in payload}
    if row["event"] == "push":
        shape |= {"repository_id": repo["id"], "push_id": row["id"], "head": payload["after"]}
    actor, name = payload["sender"], full_name(call.world, repo)
    found: Json = {
        "id": str(row["id"]),
        "type": kind,
        "actor": {
            "id": actor["id"],
            "login": actor["login"],
            "display_login": actor["login"],
            "gravatar_id": "",
            "url": actor["url"],
            "avatar_url": AVATAR,
        },
        "repo": {"id": repo["id"], "name": name, "url": f"{call.world.api}/repos/{name}"},
        "payload": shape,
        "public": not repo["private"],
        "created_at": iso(row["at"]),
    }
    if "organization" in payload:
        org = payload["organization"]
        address = f"{call.world.api}/orgs/{org['login']}"
        found["org"] = {
            "id": org["id"],
            "login": org["login"],
            "gravatar_id": "",
            "url": address,
            "avatar_url": AVATAR,
        }
    return found


def _listed(call: Call, repos: list[Row]) -> Answer:
    by_name = {full_name(call.world, repo): repo for repo in repos}
    rows = call.world.all("SELECT * FROM deliveries ORDER BY id DESC")
    events = [
        (by_name[row["repository"]], row)
        for row in rows
        if row["repository"] in by_name and row["event"] in _TYPES and row["action"] in _TYPES[row["event"]][1]
    ]
    return page(call, events[:MOST], lambda pair: _event(call, *pair))


def list_of_repository(call: Call) -> Answer:
    """List what happened in a repository."""
    return _listed(call, [call.repo])


def list_of_organization(call: Call) -> Answer:
    """List what happened in an organisation's public repositories."""
    org = teams.organization(call.world, call.params["org"])
    return _listed(call, call.world.all("SELECT * FROM repos WHERE owner_id = ? AND NOT private", org["id"]))


ROUTES: Routes = [
    ("GET", "/repos/{owner}/{repo}/events", list_of_repository),
    ("GET", "/orgs/{org}/events", list_of_organization),
]
