"""Issues, comments, labels and reactions, as REST and webhooks show them."""

from __future__ import annotations

from urllib.parse import quote

from respondby.sandbox.shapes.people import app, maybe_user, user
from respondby.sandbox.shapes.repositories import api_url, web_url
from respondby.sandbox.store import node_ids, relations
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.people import association
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


def issue_label(world: World, repo: Row, row: Row) -> Json:
    """Return a label as an issue lists it."""
    return {
        "id": row["id"],
        "node_id": node_ids.of_item("Label", repo["id"], row["id"]),
        "url": f"{api_url(world, repo)}/labels/{quote(row['name'], safe='')}",
        "name": row["name"],
        "color": row["color"],
        "default": bool(row["is_default"]),
        "description": row["description"],
    }


def label(world: World, repo: Row, row: Row) -> Json:
    """Return a label as its own routes show it."""
    return {**issue_label(world, repo, row), "archived_at": None, "archived_by": None}


def labels_of(world: World, issue_id: int) -> list[Row]:
    """Return an issue's labels in the order of their names."""
    return world.all(
        "SELECT l.* FROM labels l JOIN issue_labels i ON i.label_id = l.id WHERE i.issue_id = ? ORDER BY l.name",
        issue_id,
    )


def assignees_of(world: World, issue_id: int) -> list[int]:
    """Return the ids of the people an issue is assigned to, in the order of assignment."""
    rows = world.all("SELECT user_id FROM assignees WHERE issue_id = ? ORDER BY rowid", issue_id)
    return [row["user_id"] for row in rows]


def reaction_rollup(world: World, subject_id: int, url: str) -> Json:
    """Return how often each reaction was given."""
    rows = world.all("SELECT content, count(*) AS n FROM reactions WHERE subject_id = ? GROUP BY content", subject_id)
    counts = {row["content"]: row["n"] for row in rows}
    return {
        "url": f"{url}/reactions",
        "total_count": sum(counts.values()),
        **{content: counts.get(content, 0) for content in REACTIONS},
    }


def reaction(world: World, repo: Row, row: Row) -> Json:
    """Return one reaction."""
    return {
        "id": row["id"],
        "node_id": node_ids.of_item("Reaction", repo["id"], row["id"]),
        "user": user(world, row["user_id"]),
        "content": row["content"],
        "created_at": iso(row["created_at"]),
    }


def issue(world: World, repo: Row, row: Row) -> Json:
    """Return an issue; one that is a pull request says so."""
    base = api_url(world, repo)
    url = f"{base}/issues/{row['number']}"
    pull = _pull_request(world, repo, row) if row["is_pull"] else {}
    return {
        "url": url,
        "repository_url": base,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": web_page(world, repo, row),
        "id": row["id"],
        "node_id": node_ids.of_item("Issue", repo["id"], row["id"]),
        "number": row["number"],
        "title": row["title"],
        "user": user(world, row["author_id"]),
        "labels": [issue_label(world, repo, item) for item in labels_of(world, row["id"])],
        "state": row["state"],
        "locked": bool(row["locked"]),
        "assignees": [user(world, person) for person in assignees_of(world, row["id"])],
        "milestone": maybe_milestone(world, repo, row["milestone_id"]),
        "comments": world.count("SELECT count(*) FROM comments WHERE issue_id = ?", row["id"]),
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "closed_at": maybe_iso(row["closed_at"]),
        "author_association": association(world, repo, row["author_id"]),
        "type": None,
        "active_lock_reason": row["lock_reason"],
        **_relations(world, row),
        "body": row["body"],
        "closed_by": maybe_user(world, row["closed_by"]),
        "reactions": reaction_rollup(world, row["id"], url),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": app(world, row["author_id"]),
        "state_reason": row["state_reason"],
        **pull,
    }


def _relations(world: World, row: Row) -> Json:
    """Return how an issue stands to others; its parent is named only where there is one."""
    total, done, percent = relations.summary(relations.sub_issues_of(world, row["id"]))
    blockers, blocked = relations.blockers_of(world, row["id"]), relations.blocked_by(world, row["id"])
    shape: Json = {
        "sub_issues_summary": {"total": total, "completed": done, "percent_completed": percent},
        "issue_dependencies_summary": {
            "blocked_by": relations.still_open(blockers),
            "total_blocked_by": len(blockers),
            "blocking": relations.still_open(blocked),
            "total_blocking": len(blocked),
        },
    }
    parent = relations.parent_of(world, row["id"])
    if parent is not None:
        home = world.get("repos", parent["repo_id"])
        shape["parent_issue_url"] = f"{api_url(world, home)}/issues/{parent['number']}"
    return shape


def maybe_milestone(world: World, repo: Row, milestone_id: int | None) -> Json | None:
    """Return a milestone, or None where there is none."""
    return None if milestone_id is None else milestone(world, repo, world.get("milestones", milestone_id))


def milestone(world: World, repo: Row, row: Row) -> Json:
    """Return a milestone."""
    url = f"{api_url(world, repo)}/milestones/{row['number']}"
    counted = world.all(
        "SELECT state, count(*) AS n FROM issues WHERE milestone_id = ? AND NOT deleted GROUP BY state", row["id"]
    )
    counts = {found["state"]: found["n"] for found in counted}
    return {
        "url": url,
        "html_url": f"{web_url(world, repo)}/milestone/{row['number']}",
        "labels_url": f"{url}/labels",
        "id": row["id"],
        "node_id": node_ids.of_item("Milestone", repo["id"], row["id"]),
        "number": row["number"],
        "title": row["title"],
        "description": row["description"],
        "creator": user(world, row["creator_id"]),
        "open_issues": counts.get("open", 0),
        "closed_issues": counts.get("closed", 0),
        "state": row["state"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "due_on": maybe_iso(row["due_on"]),
        "closed_at": maybe_iso(row["closed_at"]),
    }


def web_page(world: World, repo: Row, row: Row) -> str:
    """Return the page of an issue or pull request."""
    return f"{web_url(world, repo)}/{'pull' if row['is_pull'] else 'issues'}/{row['number']}"


def _pull_request(world: World, repo: Row, row: Row) -> Json:
    pull = world.one("SELECT * FROM pulls WHERE issue_id = ?", row["id"])
    if pull is None:
        return {}
    page = web_page(world, repo, row)
    links = {
        "url": f"{api_url(world, repo)}/pulls/{row['number']}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": maybe_iso(pull["merged_at"]),
    }
    number = node_ids.of_item("PullRequest", repo["id"], pull["id"])
    return {"node_id": number, "draft": bool(pull["draft"]), "pull_request": links}


def comment(world: World, repo: Row, issue_row: Row, row: Row) -> Json:
    """Return an issue's comment."""
    base = api_url(world, repo)
    url = f"{base}/issues/comments/{row['id']}"
    return {
        "url": url,
        "html_url": f"{web_page(world, repo, issue_row)}#issuecomment-{row['id']}",
        "issue_url": f"{base}/issues/{issue_row['number']}",
        "id": row["id"],
        "node_id": node_ids.of_item("IssueComment", repo["id"], row["id"]),
        "user": user(world, row["author_id"]),
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "body": row["body"],
        "author_association": association(world, repo, row["author_id"]),
        "pin": None,
        "minimized": None if row["minimized"] is None else {"reason": row["minimized"].lower()},
        "reactions": reaction_rollup(world, row["id"], url),
        "performed_via_github_app": app(world, row["author_id"]),
    }
