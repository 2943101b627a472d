"""Repositories, what they list, and looking things up by node id."""

from __future__ import annotations

from typing import Any

from respondby.sandbox import access, moves, node_ids, timeline
from respondby.sandbox.access import Role
from respondby.sandbox.clock import iso
from respondby.sandbox.graph import git
from respondby.sandbox.graph.connections import Key, connection, cut
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import (
    Siblings,
    comment_node,
    edit_node,
    instant,
    issue_node,
    label_connection,
    label_node,
)
from respondby.sandbox.graph.pulls import review_node, subject_node
from respondby.sandbox.graph.search import milestone_node
from respondby.sandbox.graph.timeline import timeline_node
from respondby.sandbox.problems import Problem
from respondby.sandbox.values import Json, Row
from respondby.sandbox.world import listed

_BY_LABEL = (
    "EXISTS (SELECT 1 FROM issue_labels x JOIN labels l ON l.id = x.label_id WHERE x.issue_id = i.id AND l.name {})"
)
_BY_IDS = "SELECT * FROM issues WHERE id IN (SELECT value FROM json_each(?))"
_SORTS = {"CREATED_AT": "i.created_at", "UPDATED_AT": "i.updated_at", "COMMENTS": "comments"}


def repository_node(context: Context, repo: Row) -> Json:
    """Return a repository."""
    path = context.path(repo)
    owner = context.world.get("users", repo["owner_id"])
    role = context.role(repo)
    return {
        "__typename": "Repository",
        "_repo": repo,
        "createdAt": iso(repo["created_at"]),
        "databaseId": repo["id"],
        "description": None,
        "hasIssuesEnabled": True,
        "id": node_ids.of_person("Repository", repo["id"]),
        "isArchived": False,
        "isEmpty": False,
        "isInOrganization": owner["type"] == "Organization",
        "isPrivate": bool(repo["private"]),
        "name": repo["name"],
        "nameWithOwner": path[1:],
        "owner": context.account(owner),
        "pushedAt": iso(repo["pushed_at"]),
        "resourcePath": path,
        "updatedAt": iso(repo["updated_at"]),
        "url": context.world.url + path,
        "viewerPermission": None if role is Role.NONE else role.name,
        "visibility": "PRIVATE" if repo["private"] else "PUBLIC",
    }


def repository(_source: object, info: Info, **args: Any) -> Json:
    """Resolve a repository by owner and name."""
    context = info.context
    row: Row | None = None
    try:
        row = access.repository(context.world, context.viewer, args["owner"], args["name"])
    except Problem:
        if args["followRenames"]:
            row = moves.renamed(context.world, context.viewer, args["owner"], args["name"])
    if row is None:
        name = f"{args['owner']}/{args['name']}"
        raise GraphError("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.") from None
    return repository_node(context, row)


def parent(source: Json, info: Info) -> Json:
    """Resolve the repository that something belongs to."""
    context = info.context
    if "_repo" in source:
        return repository_node(context, source["_repo"])
    issue = source.get("_home", source)
    return repository_node(context, context.repo(issue["_row"]["repo_id"]))


def issue(source: Json, info: Info, number: int) -> Json:
    """Resolve an issue, or whichever it is, by its number."""
    context = info.context
    repo: Row = source["_repo"]
    either = info.field_name == "issueOrPullRequest"
    context.may_read(repo, "issues or pull_requests" if either else "issues")
    row = context.world.one("SELECT * FROM issues WHERE repo_id = ? AND number = ? AND NOT deleted", repo["id"], number)
    if row is None or (row["is_pull"] and not either):
        kind = "an issue or pull request" if either else "an Issue"
        raise GraphError("NOT_FOUND", f"Could not resolve to {kind} with the number of {number}.")
    context.may_read(repo, access.scope_of(row))
    return subject_node(context, row, Siblings(context, [row["id"]]))


def issues(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's issues."""
    context = info.context
    repo: Row = source["_repo"]
    context.may_read(repo, "issues")
    chosen = args.get("filterBy") or {}
    where, values = ["i.repo_id = ?", "NOT i.deleted", "NOT i.is_pull"], [repo["id"]]
    states = chosen.get("states") or args.get("states")
    if states:
        where.append("i.state IN (SELECT value FROM json_each(?))")
        values.append(listed(state.lower() for state in states))
    if args.get("labels"):
        where.append(_BY_LABEL.format("COLLATE NOCASE IN (SELECT value FROM json_each(?))"))
        values.append(listed(args["labels"]))
    for name in chosen.get("labels") or []:
        where.append(_BY_LABEL.format("= ?"))
        values.append(name)
    if chosen.get("since"):
        where.append("i.updated_at >= ?")
        values.append(instant(chosen["since"]))
    if chosen.get("createdBy"):
        where.append("i.author_id = (SELECT id FROM users WHERE login = ? AND NOT gone)")
        values.append(chosen["createdBy"])
    if "assignee" in chosen:
        assigned = "EXISTS (SELECT 1 FROM assignees a JOIN users u ON u.id = a.user_id WHERE a.issue_id = i.id{})"
        if chosen["assignee"] in (None, "*"):
            where.append(("NOT " if chosen["assignee"] is None else "") + assigned.format(""))
        else:
            where.append(assigned.format(" AND u.login = ?"))
            values.append(chosen["assignee"])
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    down = order["direction"] == "DESC"
    way = "DESC" if down else "ASC"
    sort = _SORTS[order["field"]]
    column = "(SELECT count(*) FROM comments c WHERE c.issue_id = i.id)" if sort == "comments" else sort
    # Every fragment is a literal of this module; what comes from the query is bound.
    sql = f"SELECT {column}, i.id FROM issues i WHERE {' AND '.join(where)} ORDER BY 1 {way}, 2 {way}"  # noqa: S608
    keys: list[Key] = [(row[0], row[1]) for row in context.world.all(sql, *values)]
    page = cut("issues", keys, args, down)
    ids = [key[1] for key in page.keys]
    rows = {row["id"]: row for row in context.world.all(_BY_IDS, listed(ids))}
    siblings = Siblings(context, ids)
    return connection(page, [issue_node(context, rows[issue_id], siblings) for issue_id in ids])


def labels(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's labels; `query` looks into names and descriptions."""
    context = info.context
    rows = context.world.all("SELECT * FROM labels WHERE repo_id = ? ORDER BY id", source["_repo"]["id"])
    wanted = (args.get("query") or "").lower()
    found = [row for row in rows if wanted in row["name"].lower() or wanted in (row["description"] or "").lower()]
    return label_connection(context, found, args)


def label(source: Json, info: Info, name: str) -> Json | None:
    """Resolve a label by its name."""
    context = info.context
    row = context.world.one("SELECT * FROM labels WHERE repo_id = ? AND name = ?", source["_repo"]["id"], name)
    return None if row is None else label_node(context, row)


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
