"""Pull requests, their commits, files and reviews in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import pulls, reviews
from respondby.sandbox.graph import git
from respondby.sandbox.graph.connections import Key, connection, cut, of_rows
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import Siblings, conversation, issue_node
from respondby.sandbox.graph.repositories import repository_node
from respondby.sandbox.shapes import pulls as shapes
from respondby.sandbox.store import merging, node_ids
from respondby.sandbox.store.clock import maybe_iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import listed

_CHANGES = {"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}


def subject_node(context: Context, row: Row, siblings: Siblings) -> Json:
    """Return an issue or a pull request, whichever it is."""
    return pull_node(context, row, siblings) if row["is_pull"] else issue_node(context, row, siblings)


def subject(context: Context, issue_id: int) -> Json:
    """Return an issue or a pull request by its issue's id."""
    return subject_node(context, context.world.get("issues", issue_id), Siblings(context, [issue_id]))


def pull_node(context: Context, row: Row, siblings: Siblings) -> Json:
    """Return a pull request; `row` is its issue."""
    repo = context.repo(row["repo_id"])
    pull = shapes.of(context.world, row["id"])
    return {
        **conversation(context, row, siblings, f"{context.path(repo)}/pull/{row['number']}"),
        "__typename": "PullRequest",
        "_pull": pull,
        "autoMergeRequest": None,
        "baseRefName": pull["base_ref"],
        "baseRefOid": pull["base_sha"],
        "databaseId": pull["id"],
        "fullDatabaseId": str(pull["id"]),
        "headRefName": pull["head_ref"],
        "headRefOid": pull["head_sha"],
        "id": node_ids.of_item("PullRequest", repo["id"], pull["id"]),
        "isCrossRepository": pull["head_repo_id"] != repo["id"],
        "isDraft": bool(pull["draft"]),
        "maintainerCanModify": pull["head_repo_id"] != repo["id"],
        "merged": pull["merged_at"] is not None,
        "mergedAt": maybe_iso(pull["merged_at"]),
        "mergedBy": context.actor(pull["merged_by"]),
        "potentialMergeCommit": None,
        "state": "MERGED" if pull["merged_at"] is not None else row["state"].upper(),
    }


def _repo(source: Json, info: Info) -> Row:
    return info.context.repo(source["_row"]["repo_id"])


def head_repository(source: Json, info: Info) -> Json:
    """Resolve the repository, perhaps a fork, that the branch is in; or its owner."""
    found = repository_node(info.context, info.context.repo(source["_pull"]["head_repo_id"]))
    return found["owner"] if info.field_name == "headRepositoryOwner" else found


def ref(source: Json, info: Info) -> Json | None:
    """Resolve either end as a branch; null for one that is gone."""
    pull = source["_pull"]
    if info.field_name == "baseRef":
        return git.ref_node(info.context, _repo(source, info), f"refs/heads/{pull['base_ref']}")
    return git.ref_node(info.context, info.context.repo(pull["head_repo_id"]), f"refs/heads/{pull['head_ref']}")


def merge_commit(source: Json, info: Info) -> Json | None:
    """Resolve the commit that the merge made."""
    oid = source["_pull"]["merge_sha"]
    return None if oid is None else git.object_node(info.context, _repo(source, info), oid)


def mergeable(source: Json, info: Info) -> str:
    """Resolve whether a pull request can be merged."""
    can, _ = merging.state(info.context.world, _repo(source, info), source["_row"], source["_pull"])
    return "UNKNOWN" if can is None else "MERGEABLE" if can else "CONFLICTING"


def merge_state(source: Json, info: Info) -> str:
    """Resolve how a pull request stands, as `mergeable_state` tells it in REST."""
    return shapes.merge_state(info.context.world, _repo(source, info), source["_row"], source["_pull"])[1].upper()


def review_decision(source: Json, info: Info) -> str | None:
    """Resolve what the newest verdict of each reviewer comes to; null while nobody gave one."""
    rows = [row for row in _given(source, info) if row["state"] in ("APPROVED", "CHANGES_REQUESTED")]
    verdicts = {row["author_id"]: row["state"] for row in rows}
    return next((state for state in ("CHANGES_REQUESTED", "APPROVED") if state in verdicts.values()), None)


def _given(source: Json, info: Info) -> list[Row]:
    found = reviews.listing(info.context.world, info.context.viewer, source["_row"]["id"])
    return [row for row in found if row["submitted_at"] is not None]


def latest_reviews(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the newest review of each reviewer."""
    context = info.context
    rows = sorted({row["author_id"]: row for row in _given(source, info)}.values(), key=lambda row: int(row["id"]))
    return of_rows("latestReviews", rows, args, lambda row: (row["id"],), lambda row: review_node(context, row, source))


def review_requests(source: Json, info: Info, **args: Any) -> Json:
    """Resolve who was asked for a review and has not given one."""
    context, number = info.context, source["_row"]["id"]
    sql = "SELECT rowid AS id, user_id FROM review_requests WHERE issue_id = ? ORDER BY rowid"
    return of_rows(
        "reviewRequests",
        context.world.all(sql, number),
        args,
        lambda row: (row["id"],),
        lambda row: {
            "asCodeOwner": False,
            "databaseId": row["id"],
            "id": node_ids.of_item("ReviewRequest", source["_row"]["repo_id"], row["id"]),
            "pullRequest": source,
            "requestedReviewer": context.actor(row["user_id"]),
        },
    )


def totals(source: Json, info: Info) -> int:
    """Resolve how many files or lines a pull request changes."""
    changes = shapes.changes_of(info.context.world, source["_pull"])
    if info.field_name == "changedFiles":
        return len(changes)
    return sum(change.added if info.field_name == "additions" else change.removed for change in changes)


def files(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the files that a pull request changes."""
    changes = list(enumerate(shapes.changes_of(info.context.world, source["_pull"])))
    return of_rows(
        "files",
        changes,
        args,
        lambda pair: (pair[0],),
        lambda pair: {
            "additions": pair[1].added,
            "changeType": _CHANGES[pair[1].status],
            "deletions": pair[1].removed,
            "path": pair[1].path,
        },
    )


def commits(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the commits of a pull request, oldest first."""
    found = list(enumerate(shapes.commits_of(info.context.world, source["_pull"])))
    return of_rows(
        "commits",
        found,
        args,
        lambda pair: (pair[0],),
        lambda pair: commit_node(info.context, source, pair[1].oid),
    )


def commit_node(context: Context, pull: Json, oid: str) -> Json:
    """Return a commit as part of a pull request."""
    repo = context.repo(pull["_row"]["repo_id"])
    path = f"{pull['resourcePath']}/commits/{oid}"
    return {
        "__typename": "PullRequestCommit",
        "commit": git.object_node(context, repo, oid),
        "id": node_ids.of_hash("PullRequestCommit", repo["id"], oid),
        "pullRequest": pull,
        "resourcePath": path,
        "url": context.world.url + path,
    }


def review_node(context: Context, row: Row, pull: Json) -> Json:
    """Return a review."""
    repo = context.repo(pull["_row"]["repo_id"])
    path = f"{pull['resourcePath']}#pullrequestreview-{row['id']}"
    at = maybe_iso(row["submitted_at"])
    return {
        "__typename": "PullRequestReview",
        "_home": pull,
        "author": context.actor(row["author_id"]),
        "authorAssociation": context.association(repo, row["author_id"]),
        "body": row["body"],
        "commit": git.object_node(context, repo, row["commit_sha"]),
        "createdAt": at or pull["createdAt"],
        "databaseId": row["id"],
        "fullDatabaseId": str(row["id"]),
        "_row": row,
        "id": node_ids.of_item("PullRequestReview", repo["id"], row["id"]),
        "includesCreatedEdit": False,
        "publishedAt": at,
        "pullRequest": pull,
        "resourcePath": path,
        "state": row["state"],
        "submittedAt": at,
        "updatedAt": at or pull["createdAt"],
        "url": context.world.url + path,
        "viewerDidAuthor": row["author_id"] == context.viewer.id,
    }


def list_reviews(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the reviews of a pull request, by author and states if asked."""
    context = info.context
    rows = reviews.listing(context.world, context.viewer, source["_row"]["id"])
    if args.get("states"):
        rows = [row for row in rows if row["state"] in args["states"]]
    if args.get("author"):
        rows = [row for row in rows if (context.actor(row["author_id"]) or {}).get("login") == args["author"]]
    return of_rows("reviews", rows, args, lambda row: (row["id"],), lambda row: review_node(context, row, source))


def closing_issues(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the issues that merging a pull request closes."""
    context = info.context
    rows = pulls.closes(context.world, context.viewer, _repo(source, info), source["_row"])
    if args.get("userLinkedOnly"):
        by_hand = pulls.linked_by_hand(context.world, source["_row"]["id"])
        rows = [row for row in rows if row["id"] in by_hand]
    siblings = Siblings(context, [row["id"] for row in rows])
    return of_rows(
        "closingIssuesReferences", rows, args, lambda row: (row["id"],), lambda row: issue_node(context, row, siblings)
    )


def closing_pulls(source: Json, info: Info, **args: Any) -> Json:
    """Resolve the pull requests that close an issue when they are merged; closed ones only if asked."""
    context = info.context
    world = context.world
    timeline = source["_siblings"].timeline(source["_row"]["id"])
    near = {item.data["source"] for item in timeline if item.kind == "cross-referenced"}
    near |= set(pulls.linked_by_hand(world, source["_row"]["id"]))
    rows = world.all("SELECT * FROM issues WHERE is_pull AND id IN (SELECT value FROM json_each(?))", listed(near))
    found = [
        row
        for row in rows
        if (row["state"] == "open" or args["includeClosedPrs"]) and will_close(context, row, source["_row"]["id"])
    ]
    siblings = Siblings(context, [row["id"] for row in found])
    return of_rows(
        "closedByPullRequestsReferences",
        found,
        args,
        lambda row: (row["id"],),
        lambda row: pull_node(context, row, siblings),
    )


def will_close(context: Context, pull: Row, issue_id: int) -> bool:
    """Return whether merging a pull request closes an issue."""
    found = pulls.closes(context.world, context.viewer, context.repo(pull["repo_id"]), pull)
    return any(row["id"] == issue_id for row in found)


def pull_request(source: Json, info: Info, number: int) -> Json:
    """Resolve a pull request by its number."""
    context = info.context
    repo: Row = source["_repo"]
    context.may_read(repo, pulls.SCOPE)
    row = context.world.one(
        "SELECT * FROM issues WHERE repo_id = ? AND number = ? AND is_pull AND NOT deleted", repo["id"], number
    )
    if row is None:
        raise GraphError("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return pull_node(context, row, Siblings(context, [row["id"]]))


def pull_requests(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of a repository's pull requests, by state, branches and labels if asked."""
    context = info.context
    repo: Row = source["_repo"]
    context.may_read(repo, pulls.SCOPE)
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    column = "updated_at" if order["field"] == "UPDATED_AT" else "created_at"
    rows = context.world.all(
        "SELECT i.*, p.base_ref, p.head_ref, iif(p.merged_at IS NULL, upper(i.state), 'MERGED') AS how FROM issues i"
        " JOIN pulls p ON p.issue_id = i.id WHERE i.repo_id = ? AND NOT i.deleted",
        repo["id"],
    )
    siblings = Siblings(context, [row["id"] for row in rows])
    wanted = {name.lower() for name in args.get("labels") or ()}
    by_key: dict[Key, Row] = {
        (row[column], row["id"]): row
        for row in rows
        if row["how"] in (args.get("states") or (row["how"],))
        and row["base_ref"] == (args.get("baseRefName") or row["base_ref"])
        and row["head_ref"] == (args.get("headRefName") or row["head_ref"])
        and (not wanted or any(label["name"].lower() in wanted for label in siblings.labels(row["id"])))
    }
    down = order["direction"] == "DESC"
    page = cut("pullRequests", sorted(by_key, reverse=down), args, down)
    return connection(page, [pull_node(context, by_key[key], siblings) for key in page.keys])
