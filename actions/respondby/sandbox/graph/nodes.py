"""Whatever has a node id, looked up by it."""

from __future__ import annotations

from respondby.sandbox.graph import git
from respondby.sandbox.graph.context import Context, GraphError
from respondby.sandbox.graph.issues import Siblings, comment_node, edit_node, label_node
from respondby.sandbox.graph.milestones import milestone_node
from respondby.sandbox.graph.pulls import review_node, subject_node
from respondby.sandbox.graph.repositories import repository_node
from respondby.sandbox.graph.timeline import timeline_node
from respondby.sandbox.store import access, node_ids, timeline
from respondby.sandbox.store.values import Json, Row


def node(context: Context, node_id: str) -> Json:
    """Return whatever has this node id and may be seen by the viewer; otherwise refuse with NOT_FOUND."""
    found = node_ids.read(node_id)
    result = None if found is None else _look_up(context, *found)
    if result is None:
        raise GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'.")
    return result


def _look_up(context: Context, name: str, repo_id: int, key: int | str) -> Json | None:
    world = context.world
    if name in ("User", "Organization", "Bot"):
        row = world.one("SELECT * FROM users WHERE id = ? AND type = ? AND NOT gone", key, name)
        return None if row is None else context.account(row)
    if name == "Team":
        return None
    repo = world.one("SELECT * FROM repos WHERE id = ?", key if name == "Repository" else repo_id)
    if repo is None or not access.can_see(world, context.viewer, repo):
        return None
    if name == "Repository":
        return repository_node(context, repo)
    if isinstance(key, str):
        return git.ref_node(context, repo, key) if name == "Ref" else git.object_node(context, repo, key)
    return _item(context, name, repo, key)


def _item(context: Context, name: str, repo: Row, key: int) -> Json | None:
    world = context.world
    if name == "Label":
        row = world.one("SELECT * FROM labels WHERE id = ? AND repo_id = ?", key, repo["id"])
        return None if row is None else label_node(context, row)
    if name == "Milestone":
        row = world.one("SELECT * FROM milestones WHERE id = ? AND repo_id = ?", key, repo["id"])
        return None if row is None else milestone_node(context, row)
    if name == "UserContentEdit":
        row = world.one("SELECT * FROM revisions WHERE id = ?", key)
        return None if row is None else edit_node(context, row, repo["id"])
    row = world.one(
        "SELECT * FROM issues WHERE NOT deleted AND repo_id = ?2 AND id IN (SELECT ?1"
        " UNION SELECT issue_id FROM comments WHERE id = ?1 UNION SELECT issue_id FROM events WHERE id = ?1"
        " UNION SELECT issue_id FROM pulls WHERE id = ?1 UNION SELECT issue_id FROM reviews WHERE id = ?1)",
        key,
        repo["id"],
    )
    if row is None:
        return None
    found = subject_node(context, row, Siblings(context, [row["id"]]))
    if name in ("Issue", "PullRequest"):
        return found if found["__typename"] == name and found["databaseId"] == key else None
    if name == "PullRequestReview":
        review = world.one("SELECT * FROM reviews WHERE id = ?", key)
        return None if review is None else review_node(context, review, found)
    if name == "IssueComment":
        comment = world.one("SELECT * FROM comments WHERE id = ?", key)
        return None if comment is None else comment_node(context, comment, found)
    items = timeline.items(world, row["id"])
    return next((timeline_node(context, item, found) for item in items if item.id == key), None)
