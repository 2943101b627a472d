"""A timeline's items, as REST's timeline and list of events show them."""

from __future__ import annotations

from respondby.sandbox.shapes import git, issues, pulls
from respondby.sandbox.shapes.people import app, user
from respondby.sandbox.shapes.repositories import api_url, repository
from respondby.sandbox.store import node_ids, objects
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.timeline import TYPE_NAMES, Item
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def event(world: World, repo: Row, item: Item, in_timeline: bool) -> Json:
    """Return an event that is neither a comment nor a cross-reference.

    A timeline leaves out who assigned somebody, which is the actor.
    """
    data = item.data
    shape: Json = {
        "id": item.id,
        "node_id": node_ids.of_item(TYPE_NAMES[item.kind], repo["id"], item.id),
        "url": f"{api_url(world, repo)}/issues/events/{item.id}",
        "actor": user(world, item.row["actor_id"]),
        "event": item.kind,
        "commit_id": None,
        "commit_url": None,
        "created_at": iso(item.at),
        "performed_via_github_app": app(world, item.row["actor_id"]),
    }
    if item.kind in ("labeled", "unlabeled"):
        name, color = label_now(world, item)
        shape["label"] = {"name": name, "color": color}
    elif item.kind in ("assigned", "unassigned"):
        shape["assignee"] = user(world, data["assignee"])
        if not in_timeline:
            shape["assigner"] = shape["actor"]
    elif item.kind == "renamed":
        shape["rename"] = {"from": data["from"], "to": data["to"]}
    elif item.kind in ("closed", "reopened"):
        shape["state_reason"] = data["state_reason"]
    elif item.kind in ("merged", "head_ref_force_pushed"):
        shape |= {"commit_id": data["oid"], "commit_url": f"{api_url(world, repo)}/commits/{data['oid']}"}
    elif item.kind in ("review_requested", "review_request_removed"):
        shape |= {"review_requester": shape["actor"], "requested_reviewer": user(world, data["reviewer"])}
    elif item.kind == "review_dismissed":
        shape["dismissed_review"] = {
            "state": data["state"],
            "review_id": data["review"],
            "dismissal_message": data["message"],
        }
    elif item.kind in ("milestoned", "demilestoned"):
        shape["milestone"] = {"title": data["title"]}
    elif item.kind == "locked":
        shape["lock_reason"] = data["lock_reason"]
    return shape


def label_now(world: World, item: Item) -> tuple[str, str]:
    """Return the name and colour of an event's label as it is now, or as it was if it is gone."""
    row = world.one("SELECT name, color FROM labels WHERE id = ?", item.data["id"])
    return (item.data["name"], item.data["color"]) if row is None else (row["name"], row["color"])


def timeline_item(world: World, repo: Row, issue_row: Row, item: Item) -> Json:
    """Return any item of a timeline."""
    if item.kind == "commented":
        shape = issues.comment(world, repo, issue_row, item.row)
        return {**shape, "event": "commented", "actor": shape["user"]}
    if item.kind == "cross-referenced":
        source = world.get("issues", item.data["source"])
        source_repo = world.get("repos", source["repo_id"])
        return {
            "actor": user(world, item.row["actor_id"]),
            "created_at": iso(item.at),
            "updated_at": iso(item.at),
            "source": {"type": "issue", "issue": referencing_issue(world, source_repo, source)},
            "event": "cross-referenced",
        }
    if item.kind == "committed":
        found = git.git_commit(world, repo, objects.read_commit(world, item.data["oid"]))
        return {**found, "event": "committed"}
    if item.kind == "reviewed":
        review = world.get("reviews", item.data["review"])
        return {**pulls.review(world, repo, issue_row, review), "event": "reviewed"}
    return event(world, repo, item, in_timeline=True)


def referencing_issue(world: World, repo: Row, row: Row) -> Json:
    """Return the issue that a cross-reference comes from, with the repository it is in."""
    return {**issues.issue(world, repo, row), "repository": repository(world, repo)}
