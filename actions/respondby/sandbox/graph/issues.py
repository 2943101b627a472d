"""Issues, comments, labels and edit histories in GraphQL.

A node is a dict of the fields that cost nothing, so that the default resolver answers most of a query; what
needs a look-up is loaded once for all the siblings of a page (`Siblings`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from respondby.sandbox.domain import pinning
from respondby.sandbox.graph.connections import Key, connection, cut, of_rows
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.store import node_ids, revisions, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso, maybe_iso, parse
from respondby.sandbox.store.timeline import Item
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import listed


class Siblings:
    """The issues of one page: what any of them needs is loaded for all of them at once."""

    def __init__(self, context: Context, ids: Sequence[int]) -> None:
        self._context = context
        self._ids = list(ids)
        self._timelines: dict[int, list[Item]] | None = None
        self._revisions: dict[int, list[Row]] | None = None
        self._comment_revisions: dict[int, list[Row]] | None = None
        self._labels: dict[int, list[Row]] | None = None
        self._assignees: dict[int, list[int]] | None = None

    def timeline(self, issue_id: int) -> list[Item]:
        """Return an issue's timeline."""
        if self._timelines is None:
            self._timelines = timeline.items_of(self._context.world, self._ids)
        return self._timelines.get(issue_id, [])

    def revisions(self, subject_id: int, of_comment: bool) -> list[Row]:
        """Return the revisions of an issue or of one of their comments, newest first."""
        world = self._context.world
        if not of_comment:
            if self._revisions is None:
                self._revisions = revisions.of(world, self._ids)
            return self._revisions.get(subject_id, [])
        if self._comment_revisions is None:
            self._comment_revisions = {}
            for row in world.all(
                "SELECT r.* FROM revisions r JOIN comments c ON c.id = r.subject_id"
                " WHERE c.issue_id IN (SELECT value FROM json_each(?)) ORDER BY r.id DESC",
                listed(self._ids),
            ):
                self._comment_revisions.setdefault(row["subject_id"], []).append(row)
        return self._comment_revisions.get(subject_id, [])

    def labels(self, issue_id: int) -> list[Row]:
        """Return an issue's labels."""
        if self._labels is None:
            self._labels = {}
            for row in self._context.world.all(
                "SELECT i.issue_id, l.* FROM issue_labels i JOIN labels l ON l.id = i.label_id"
                " WHERE i.issue_id IN (SELECT value FROM json_each(?))",
                listed(self._ids),
            ):
                self._labels.setdefault(row["issue_id"], []).append(row)
        return self._labels.get(issue_id, [])

    def assignees(self, issue_id: int) -> list[int]:
        """Return the ids of whom an issue is assigned to, in the order of assignment."""
        if self._assignees is None:
            self._assignees = {}
            for row in self._context.world.all(
                "SELECT * FROM assignees WHERE issue_id IN (SELECT value FROM json_each(?)) ORDER BY rowid",
                listed(self._ids),
            ):
                self._assignees.setdefault(row["issue_id"], []).append(row["user_id"])
        return self._assignees.get(issue_id, [])


def issue_node(context: Context, row: Row, siblings: Siblings) -> Json:
    """Return an issue; for a pull request, the issue that it is as well."""
    repo = context.repo(row["repo_id"])
    node = conversation(context, row, siblings, f"{context.path(repo)}/issues/{row['number']}")
    node["__typename"] = "Issue"
    node["databaseId"] = row["id"]
    node["fullDatabaseId"] = str(row["id"])
    node["id"] = node_ids.of_item("Issue", repo["id"], row["id"])
    node["isPinned"] = lambda _info: pinning.is_pinned(context.world, row["id"])
    node["issueType"] = None
    node["state"] = row["state"].upper()
    return node


def conversation(context: Context, row: Row, siblings: Siblings, path: str) -> Json:
    """Return what issues and pull requests have alike; `path` is their page's."""
    repo = context.repo(row["repo_id"])
    return {
        "_row": row,
        "_siblings": siblings,
        "activeLockReason": enum(row["lock_reason"]),
        "author": context.actor(row["author_id"]),
        "authorAssociation": context.association(repo, row["author_id"]),
        "body": row["body"] or "",
        "closed": row["state"] == "closed",
        "closedAt": maybe_iso(row["closed_at"]),
        "createdAt": iso(row["created_at"]),
        "editor": context.actor(row["editor_id"]),
        "includesCreatedEdit": row["edited_at"] is not None,
        "lastEditedAt": maybe_iso(row["edited_at"]),
        "locked": bool(row["locked"]),
        "number": row["number"],
        "publishedAt": iso(row["created_at"]),
        "resourcePath": path,
        "title": row["title"],
        "updatedAt": iso(row["updated_at"]),
        "url": context.world.url + path,
        "viewerDidAuthor": row["author_id"] == context.viewer.id,
    }


def enum(text: str | None) -> str | None:
    """Return REST's text as GraphQL's enum value: `too heated` → `TOO_HEATED`."""
    return None if text is None else text.upper().replace(" ", "_").replace("-", "_")


def comment_node(context: Context, row: Row, issue: Json) -> Json:
    """Return a comment of an issue or a pull request."""
    pull = issue if issue["__typename"] == "PullRequest" else None
    repo = context.repo(issue["_row"]["repo_id"])
    anchor = f"{issue['resourcePath']}#issuecomment-{row['id']}"
    return {
        "__typename": "IssueComment",
        "_row": row,
        "_home": issue,
        "issue": issue if pull is None else issue_node(context, issue["_row"], issue["_siblings"]),
        "pullRequest": pull,
        "_siblings": issue["_siblings"],
        "author": context.actor(row["author_id"]),
        "authorAssociation": context.association(repo, row["author_id"]),
        "body": row["body"],
        "createdAt": iso(row["created_at"]),
        "databaseId": row["id"],
        "editor": context.actor(row["editor_id"]),
        "fullDatabaseId": str(row["id"]),
        "id": node_ids.of_item("IssueComment", repo["id"], row["id"]),
        "includesCreatedEdit": row["edited_at"] is not None,
        "isMinimized": row["minimized"] is not None,
        "lastEditedAt": maybe_iso(row["edited_at"]),
        "minimizedReason": None if row["minimized"] is None else row["minimized"].lower().replace("_", "-"),
        "publishedAt": iso(row["created_at"]),
        "resourcePath": anchor,
        "updatedAt": iso(row["updated_at"]),
        "url": context.world.url + anchor,
        "viewerDidAuthor": row["author_id"] == context.viewer.id,
    }


def label_node(context: Context, row: Row) -> Json:
    """Return a label."""
    repo = context.repo(row["repo_id"])
    path = f"{context.path(repo)}/labels/{row['name']}"
    return {
        "__typename": "Label",
        "_repo": repo,
        "color": row["color"],
        "createdAt": iso(row["created_at"]),
        "description": row["description"],
        "id": node_ids.of_item("Label", repo["id"], row["id"]),
        "isDefault": bool(row["is_default"]),
        "name": row["name"],
        "resourcePath": path,
        "updatedAt": iso(row["updated_at"]),
        "url": context.world.url + path,
    }


def edit_node(context: Context, row: Row, repo_id: int) -> Json:
    """Return one revision; its `diff` is the whole text as it was then."""
    at = iso(row["edited_at"])
    return {
        "__typename": "UserContentEdit",
        "createdAt": at,
        "deletedAt": None,
        "deletedBy": None,
        "diff": row["body"],
        "editedAt": at,
        "editor": context.actor(row["editor_id"]),
        "id": node_ids.of_item("UserContentEdit", repo_id, row["id"]),
        "updatedAt": at,
    }


def user_content_edits(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the edit history of an issue or comment, newest first."""
    context = info.context
    of_comment = source["__typename"] == "IssueComment"
    rows = source["_siblings"].revisions(source["_row"]["id"], of_comment)
    repo_id = (source["_home"] if of_comment else source)["_row"]["repo_id"]
    return of_rows(
        "userContentEdits", rows, args, lambda row: (-row["id"],), lambda row: edit_node(context, row, repo_id)
    )


def issue_labels(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the labels of an issue."""
    return label_connection(info.context, source["_siblings"].labels(source["_row"]["id"]), args)


def label_connection(context: Context, rows: Sequence[Row], args: Json) -> Json:
    """Return a connection of labels in the asked order."""
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    down = order["direction"] == "DESC"

    def key(row: Row) -> Key:
        return (row["name"].lower() if order["field"] == "NAME" else row["created_at"], row["id"])

    by_key = {key(row): row for row in rows}
    page = cut("labels", sorted(by_key, reverse=down), args, down)
    return connection(page, [label_node(context, by_key[key]) for key in page.keys])


def assignees(source: Json, info: Info, **args: Any) -> Json:
    """Resolve whom an issue is assigned to."""
    ids = list(enumerate(source["_siblings"].assignees(source["_row"]["id"])))
    return of_rows(info.field_name, ids, args, lambda pair: (pair[0],), lambda pair: info.context.actor(pair[1]))


def comments(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the comments of an issue."""
    context = info.context
    rows = [item.row for item in source["_siblings"].timeline(source["_row"]["id"]) if item.kind == "commented"]
    if not args.get("orderBy"):
        return of_rows(
            "comments",
            rows,
            args,
            lambda row: (row["created_at"], row["id"]),
            lambda row: comment_node(context, row, source),
        )
    down = args["orderBy"]["direction"] == "DESC"
    by_key: dict[Key, Row] = {(row["updated_at"], row["id"]): row for row in rows}
    page = cut("comments", sorted(by_key, reverse=down), args, down)
    return connection(page, [comment_node(context, by_key[key], source) for key in page.keys])


def state_reason(source: Json, _info: Info, **args: Any) -> str | None:
    """Resolve why an issue is in its state; a duplicate is told only to who asks for it."""
    reason: str | None = enum(source["_row"]["state_reason"])
    return "NOT_PLANNED" if reason == "DUPLICATE" and not args["enableDuplicate"] else reason


def viewer_can(source: Json, info: Info) -> bool:
    """Resolve every `viewerCan…` field of an issue or comment."""
    context = info.context
    issue = source.get("_home", source)
    role = context.role(context.repo(issue["_row"]["repo_id"]))
    own = bool(source["viewerDidAuthor"])
    if info.field_name == "viewerCanDelete" and source is issue:
        return role >= Role.ADMIN
    if info.field_name == "viewerCanReopen":
        return role >= Role.TRIAGE or (own and source["_row"]["closed_by"] == context.viewer.id)
    if info.field_name in ("viewerCanLabel", "viewerCanClose"):
        return role >= Role.TRIAGE or (own and info.field_name == "viewerCanClose")
    return role >= Role.WRITE or (own and info.field_name != "viewerCanMinimize")


def instant(text: str) -> int:
    """Return the instant in a `DateTime` argument, or refuse."""
    try:
        return parse(text)
    except (ValueError, TypeError):
        raise GraphError("UNPROCESSABLE", f"{text} is not a valid DateTime") from None
