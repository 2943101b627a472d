"""The issues of a repository in GraphQL: one by its number, or a page of them."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph.connections import Key, connection, cut, of_rows
from respondby.sandbox.graph.context import GraphError, Info
from respondby.sandbox.graph.issues import Siblings, instant, issue_node
from respondby.sandbox.graph.pulls import subject_node
from respondby.sandbox.store import access, node_ids
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import listed

_BY_LABEL = (
    "EXISTS (SELECT 1 FROM issue_labels x JOIN labels l ON l.id = x.label_id WHERE x.issue_id = i.id AND l.name {})"
)
_MILESTONES = {
    "milestone": "i.milestone_id = ?",
    "milestoneNumber": "i.milestone_id = (SELECT id FROM milestones WHERE repo_id = i.repo_id AND number = ?)",
}
_BY_IDS = "SELECT * FROM issues WHERE id IN (SELECT value FROM json_each(?))"
_SORTS = {"CREATED_AT": "i.created_at", "UPDATED_AT": "i.updated_at", "COMMENTS": "comments"}


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
    if chosen.get("mentioned"):
        where.append(
            "(mentions(i.body, ?) OR EXISTS (SELECT 1 FROM comments c WHERE c.issue_id = i.id AND mentions(c.body, ?)))"
        )
        values += [chosen["mentioned"]] * 2
    for name, matches in _MILESTONES.items():
        wanted = chosen.get(name, "")
        if wanted in (None, "*"):
            where.append(f"i.milestone_id IS {'NOT ' if wanted else ''}NULL")
        elif wanted:
            where.append(matches)
            values.append(wanted)
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


def pinned_issues(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a page of the issues that stand on top of a repository's list, those first that were put there first."""
    context, repo = info.context, source["_repo"]
    found = "SELECT p.rowid AS pin, p.pinned_by, i.* FROM pins p JOIN issues i ON i.id = p.issue_id"
    rows = context.world.all(f"{found} WHERE i.repo_id = ? AND NOT i.deleted ORDER BY 1", repo["id"])
    siblings = Siblings(context, [row["id"] for row in rows])

    def pinned(row: Row) -> Json:
        return {
            "__typename": "PinnedIssue",
            "_repo": repo,
            "id": node_ids.of_item("PinnedIssue", repo["id"], row["pin"]),
            "issue": issue_node(context, context.world.get("issues", row["id"]), siblings),
            "pinnedBy": context.actor(row["pinned_by"]),
        }

    return of_rows("pinnedIssues", rows, args, lambda row: (row["pin"], row["id"]), pinned)
