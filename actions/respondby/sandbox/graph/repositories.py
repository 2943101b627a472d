"""Repositories and their labels in GraphQL."""

from __future__ import annotations

import json
from typing import Any

from respondby.sandbox.domain import moves
from respondby.sandbox.graph.connections import connection, cut
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import label_connection, label_node
from respondby.sandbox.store import access, node_ids
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row


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
        "forkCount": context.world.count("SELECT count(*) FROM repos WHERE fork_of = ?", repo["id"]),
        "hasDiscussionsEnabled": False,
        "hasIssuesEnabled": bool(repo["has_issues"]),
        "hasProjectsEnabled": True,
        "hasWikiEnabled": True,
        "homepageUrl": None,
        "mergeCommitAllowed": True,
        "rebaseMergeAllowed": True,
        "squashMergeAllowed": True,
        "sshUrl": f"git@{context.world.url.partition('://')[2]}:{path[1:]}.git",
        "stargazerCount": 0,
        "id": node_ids.of_person("Repository", repo["id"]),
        "isArchived": bool(repo["archived"]),
        "isEmpty": False,
        "isInOrganization": owner["type"] == "Organization",
        "isFork": repo["fork_of"] is not None,
        "isPrivate": bool(repo["private"]),
        "isTemplate": False,
        "name": repo["name"],
        "nameWithOwner": path[1:],
        "owner": context.account(owner),
        "pushedAt": iso(repo["pushed_at"]),
        "resourcePath": path,
        "updatedAt": iso(repo["updated_at"]),
        "url": context.world.url + path,
        "viewerCanAdminister": role is Role.ADMIN,
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


def source_of_fork(source: Json, info: Info) -> Json | None:
    """Resolve the repository that a fork was made from; null where there is none that the viewer may see."""
    context, number = info.context, source["_repo"]["fork_of"]
    row = None if number is None else context.repo(number)
    return (
        repository_node(context, row)
        if row is not None and access.can_see(context.world, context.viewer, row)
        else None
    )


def parent(source: Json, info: Info) -> Json:
    """Resolve the repository that something belongs to."""
    context = info.context
    if "_repo" in source:
        return repository_node(context, source["_repo"])
    issue = source.get("_home", source)
    return repository_node(context, context.repo(issue["_row"]["repo_id"]))


def labels(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's labels; `query` looks into names and descriptions."""
    context = info.context
    rows = context.world.all("SELECT * FROM labels WHERE repo_id = ? ORDER BY id", source["_repo"]["id"])
    wanted = (args.get("query") or "").lower()
    found = [row for row in rows if wanted in row["name"].lower() or wanted in (row["description"] or "").lower()]
    return label_connection(context, found, args)


def topics(source: Json, _info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's topics, in the order in which they were given."""
    names = json.loads(source["_repo"]["topics"])
    page = cut("repositoryTopics", [(index,) for index in range(len(names))], args)
    topics = [{"__typename": "Topic", "name": names[key[0]]} for key in page.keys]
    return connection(page, [{"__typename": "RepositoryTopic", "topic": topic} for topic in topics])


def label(source: Json, info: Info, name: str) -> Json | None:
    """Resolve a label by its name."""
    context = info.context
    row = context.world.one("SELECT * FROM labels WHERE repo_id = ? AND name = ?", source["_repo"]["id"], name)
    return None if row is None else label_node(context, row)
