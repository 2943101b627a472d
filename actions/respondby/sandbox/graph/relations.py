"""Sub-issues and dependencies in GraphQL: reading and changing them."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import relations as acts
from respondby.sandbox.graph.acts import acting, answered, found, issue_found
from respondby.sandbox.graph.connections import connection, cut
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import Siblings, issue_node
from respondby.sandbox.graph.pulls import subject
from respondby.sandbox.store import access, relations
from respondby.sandbox.store.values import Json, Row


def parent(source: Json, info: Info) -> Json | None:
    """Resolve the issue that an issue is a sub-issue of."""
    context = info.context
    row = relations.parent_of(context.world, source["_row"]["id"])
    if row is None or not access.can_see(context.world, context.viewer, context.repo(row["repo_id"])):
        return None
    return issue_node(context, row, Siblings(context, [row["id"]]))


def _listed(context: Context, name: str, rows: list[Row], args: Json) -> Json:
    seen = [row for row in rows if access.can_see(context.world, context.viewer, context.repo(row["repo_id"]))]
    page = cut(name, [(place,) for place in range(len(seen))], args)
    siblings = Siblings(context, [seen[key[0]]["id"] for key in page.keys])
    return connection(page, [issue_node(context, seen[key[0]], siblings) for key in page.keys])


def sub_issues(source: Json, info: Info, **args: Any) -> Json:
    """Resolve an issue's sub-issues, in their order."""
    rows = relations.sub_issues_of(info.context.world, source["_row"]["id"])
    return _listed(info.context, "subIssues", rows, args)


def summary(source: Json, info: Info) -> Json:
    """Resolve how many sub-issues an issue has, and how many are done."""
    total, done, percent = relations.summary(relations.sub_issues_of(info.context.world, source["_row"]["id"]))
    return {"total": total, "completed": done, "percentCompleted": percent}


def dependencies(source: Json, info: Info, **args: Any) -> Json:
    """Resolve what blocks an issue, or what it blocks; the newest dependency first unless asked otherwise."""
    context = info.context
    look_up = relations.blockers_of if info.field_name == "blockedBy" else relations.blocked_by
    rows = look_up(context.world, source["_row"]["id"])
    order = args.get("orderBy") or {"field": "DEPENDENCY_ADDED_AT", "direction": "DESC"}
    if order["field"] == "CREATED_AT":
        rows.sort(key=lambda row: (row["created_at"], row["id"]))
    return _listed(context, info.field_name, rows[::-1] if order["direction"] == "DESC" else rows, args)


def dependencies_summary(source: Json, info: Info) -> Json:
    """Resolve how many issues block an issue and are blocked by it: those still open, and all."""
    world, number = info.context.world, source["_row"]["id"]
    blockers, blocked = relations.blockers_of(world, number), relations.blocked_by(world, number)
    return {
        "blockedBy": relations.still_open(blockers),
        "totalBlockedBy": len(blockers),
        "blocking": relations.still_open(blocked),
        "totalBlocking": len(blocked),
    }


def change_sub_issue(_source: object, info: Info, **args: Any) -> Json:
    """Add a sub-issue, named by its id or its page, or remove one."""
    context, given = info.context, args["input"]
    _, above = issue_found(context, given["issueId"])
    child = _child(context, given)
    with acting():
        if info.field_name == "addSubIssue":
            acts.add_sub_issue(context.world, context.viewer, above, child, bool(given.get("replaceParent")))
        else:
            acts.remove_sub_issue(context.world, context.viewer, above, child)
    return answered(given, issue=subject(context, above["id"]), subIssue=subject(context, child["id"]))


def _child(context: Context, given: Json) -> Row:
    if given.get("subIssueId"):
        return issue_found(context, given["subIssueId"])[1]
    url = str(given.get("subIssueUrl") or "")
    parts = url.removeprefix(context.world.url).strip("/").split("/")
    if len(parts) == 4 and parts[2] == "issues" and parts[3].isdecimal():
        with acting():
            repo = access.repository(context.world, context.viewer, parts[0], parts[1])
        sql = "SELECT * FROM issues WHERE repo_id = ? AND number = ? AND NOT is_pull AND NOT deleted"
        row = context.world.one(sql, repo["id"], int(parts[3]))
        if row is not None:
            return row
    raise GraphError("NOT_FOUND", f"Could not resolve to an issue at {url!r}" if url else "subIssueId is missing")


def move_sub_issue(_source: object, info: Info, **args: Any) -> Json:
    """Put a sub-issue after or before another."""
    context, given = info.context, args["input"]
    _, above = issue_found(context, given["issueId"])
    _, child = issue_found(context, given["subIssueId"])
    after, before = (
        found(context, given[name], "Issue")["_row"]["id"] if given.get(name) else None
        for name in ("afterId", "beforeId")
    )
    with acting():
        acts.move_sub_issue(context.world, context.viewer, above, child, after, before)
    return answered(given, issue=subject(context, above["id"]))


def change_dependency(_source: object, info: Info, **args: Any) -> Json:
    """Say that an issue is blocked by another, or no longer."""
    context, given = info.context, args["input"]
    _, row = issue_found(context, given["issueId"])
    _, blocker = issue_found(context, given["blockingIssueId"])
    with acting():
        act = acts.block if info.field_name == "addBlockedBy" else acts.unblock
        act(context.world, context.viewer, row, blocker)
    return answered(given, issue=subject(context, row["id"]), blockingIssue=subject(context, blocker["id"]))


FIELDS: dict[str, Any] = {
    "blockedBy": dependencies,
    "blocking": dependencies,
    "issueDependenciesSummary": dependencies_summary,
    "parent": parent,
    "subIssues": sub_issues,
    "subIssuesSummary": summary,
}
MUTATIONS: dict[str, Any] = {
    "addBlockedBy": change_dependency,
    "addSubIssue": change_sub_issue,
    "removeBlockedBy": change_dependency,
    "removeSubIssue": change_sub_issue,
    "reprioritizeSubIssue": move_sub_issue,
}
