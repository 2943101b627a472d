"""Timelines in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph import git, pulls
from respondby.sandbox.graph.connections import Key, connection, cut
from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.graph.issues import comment_node, enum, instant, label_node
from respondby.sandbox.graph.repositories import repository_node
from respondby.sandbox.store import access, node_ids
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.timeline import TYPE_NAMES, Item
from respondby.sandbox.store.values import Json

_ITEM_TYPES = {
    "commented": "ISSUE_COMMENT",
    "labeled": "LABELED_EVENT",
    "unlabeled": "UNLABELED_EVENT",
    "assigned": "ASSIGNED_EVENT",
    "unassigned": "UNASSIGNED_EVENT",
    "closed": "CLOSED_EVENT",
    "reopened": "REOPENED_EVENT",
    "renamed": "RENAMED_TITLE_EVENT",
    "locked": "LOCKED_EVENT",
    "unlocked": "UNLOCKED_EVENT",
    "pinned": "PINNED_EVENT",
    "unpinned": "UNPINNED_EVENT",
    "comment_deleted": "COMMENT_DELETED_EVENT",
    "marked_as_duplicate": "MARKED_AS_DUPLICATE_EVENT",
    "unmarked_as_duplicate": "UNMARKED_AS_DUPLICATE_EVENT",
    "cross-referenced": "CROSS_REFERENCED_EVENT",
    "transferred": "TRANSFERRED_EVENT",
    "milestoned": "MILESTONED_EVENT",
    "demilestoned": "DEMILESTONED_EVENT",
    "connected": "CONNECTED_EVENT",
    "disconnected": "DISCONNECTED_EVENT",
    "parent_issue_added": "PARENT_ISSUE_ADDED_EVENT",
    "parent_issue_removed": "PARENT_ISSUE_REMOVED_EVENT",
    "sub_issue_added": "SUB_ISSUE_ADDED_EVENT",
    "sub_issue_removed": "SUB_ISSUE_REMOVED_EVENT",
    "committed": "PULL_REQUEST_COMMIT",
    "reviewed": "PULL_REQUEST_REVIEW",
    "merged": "MERGED_EVENT",
    "review_requested": "REVIEW_REQUESTED_EVENT",
    "review_request_removed": "REVIEW_REQUEST_REMOVED_EVENT",
    "review_dismissed": "REVIEW_DISMISSED_EVENT",
    "ready_for_review": "READY_FOR_REVIEW_EVENT",
    "convert_to_draft": "CONVERT_TO_DRAFT_EVENT",
    "head_ref_deleted": "HEAD_REF_DELETED_EVENT",
    "head_ref_force_pushed": "HEAD_REF_FORCE_PUSHED_EVENT",
}


def timeline_items(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of an issue's timeline, of some types and since some instant if asked."""
    context = info.context
    items = source["_siblings"].timeline(source["_row"]["id"])
    types = args.get("itemTypes")
    if types is not None:
        items = [item for item in items if _ITEM_TYPES[item.kind] in types]
    if args.get("since"):
        since = instant(args["since"])
        items = [item for item in items if item.at >= since]
    by_key: dict[Key, Item] = {(item.at, item.id): item for item in items}
    page = cut("timelineItems", list(by_key), args)
    nodes = [timeline_node(context, by_key[key], source) for key in page.keys]
    return {**connection(page, nodes), "updatedAt": source["updatedAt"]}


def timeline_node(context: Context, item: Item, issue: Json) -> Json:
    """Return any item of an issue's timeline."""
    if item.kind == "commented":
        return comment_node(context, item.row, issue)
    if item.kind == "committed":
        return pulls.commit_node(context, issue, item.data["oid"])
    if item.kind == "reviewed":
        return pulls.review_node(context, context.world.get("reviews", item.data["review"]), issue)
    name = TYPE_NAMES[item.kind]
    node: Json = {
        "__typename": name,
        "id": node_ids.of_item(name, issue["_row"]["repo_id"], item.id),
        "actor": context.actor(item.row["actor_id"]),
        "createdAt": iso(item.at),
    }
    data = item.data
    match item.kind:
        case "labeled" | "unlabeled":
            node |= {"label": _label(context, issue, item), "labelable": issue}
        case "assigned" | "unassigned":
            node |= {"assignee": context.actor(data["assignee"]), "assignable": issue}
        case "closed" | "reopened":
            anchor = f"{issue['resourcePath']}#event-{item.id}"
            reason = enum(data["state_reason"])
            node |= {"stateReason": reason, "closable": issue, "resourcePath": anchor}
            node["closer"] = None if data.get("closer") is None else pulls.subject(context, data["closer"])
            node["url"] = context.world.url + anchor
        case "renamed":
            node |= {"previousTitle": data["from"], "currentTitle": data["to"], "subject": issue}
        case "locked" | "unlocked":
            node |= {"lockReason": enum(data.get("lock_reason")), "lockable": issue}
        case "pinned" | "unpinned":
            node["issue"] = issue
        case "comment_deleted":
            node |= {"databaseId": item.id, "deletedCommentAuthor": context.actor(data["author"])}
        case "marked_as_duplicate" | "unmarked_as_duplicate":
            canonical = pulls.subject(context, data["canonical"])
            node |= {"canonical": canonical, "duplicate": issue, "isCrossRepository": _apart(canonical, issue)}
        case "cross-referenced":
            other = pulls.subject(context, data["source"])
            node |= {"source": other, "target": issue, "isCrossRepository": _apart(other, issue)}
            closes = other["__typename"] == "PullRequest" and pulls.will_close(
                context, other["_row"], issue["_row"]["id"]
            )
            node |= {"referencedAt": node["createdAt"], "willCloseTarget": closes}
            node |= {"resourcePath": other["resourcePath"], "url": other["url"]}
        case "milestoned" | "demilestoned":
            node |= {"milestoneTitle": data["title"], "subject": issue}
        case "transferred":
            node |= {"fromRepository": _home(context, data["repo"]), "issue": issue}
        case "connected" | "disconnected":
            other = pulls.subject(context, data["other"])
            node |= {"source": other, "subject": issue, "isCrossRepository": _apart(other, issue)}
        case "parent_issue_added" | "parent_issue_removed":
            node["parent"] = _other_end(context, data["other"])
        case "sub_issue_added" | "sub_issue_removed":
            node["subIssue"] = _other_end(context, data["other"])
        case _:
            node |= _of_pull(context, item, issue)
    return node


def _other_end(context: Context, issue_id: int) -> Json | None:
    """The issue at the other end of a relation; null for one that is gone or that the viewer may not see."""
    row = context.world.get("issues", issue_id)
    seen = access.can_see(context.world, context.viewer, context.repo(row["repo_id"]))
    return pulls.subject(context, issue_id) if seen and not row["deleted"] else None


def _label(context: Context, issue: Json, item: Item) -> Json:
    world = context.world
    row = world.one("SELECT * FROM labels WHERE id = ?", item.data["id"])
    if row is not None:
        return label_node(context, row)
    repo = context.repo(issue["_row"]["repo_id"])
    path = f"{context.path(repo)}/labels/{item.data['name']}"
    return {
        "__typename": "Label",
        "_repo": repo,
        "id": node_ids.of_item("Label", repo["id"], item.data["id"]),
        "name": item.data["name"],
        "color": item.data["color"],
        "isDefault": False,
        "resourcePath": path,
        "url": world.url + path,
    }


def _home(context: Context, repo_id: int) -> Json | None:
    repo = context.repo(repo_id)
    return repository_node(context, repo) if access.can_see(context.world, context.viewer, repo) else None


def _of_pull(context: Context, item: Item, pull: Json) -> Json:
    """Return what only an event of a pull request has."""
    data = item.data
    repo = context.repo(pull["_row"]["repo_id"])
    anchor = f"{pull['resourcePath']}#event-{item.id}"
    node: Json = {"pullRequest": pull, "resourcePath": anchor, "url": context.world.url + anchor}
    match item.kind:
        case "merged":
            node |= {"commit": git.object_node(context, repo, data["oid"]), "mergeRefName": pull["baseRefName"]}
        case "review_requested" | "review_request_removed":
            node["requestedReviewer"] = context.actor(data["reviewer"])
        case "review_dismissed":
            review = pulls.review_node(context, context.world.get("reviews", data["review"]), pull)
            node |= {"databaseId": item.id, "dismissalMessage": data["message"], "review": review}
            node["previousReviewState"] = data["state"].upper()
        case "head_ref_deleted":
            node["headRefName"] = pull["headRefName"]
        case "head_ref_force_pushed":
            node["afterCommit"] = git.object_node(context, repo, data["oid"])
    return node


def _apart(one: Json, other: Json) -> bool:
    return bool(one["_row"]["repo_id"] != other["_row"]["repo_id"])
