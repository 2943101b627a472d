"""All mutations, and those of issues that have no room of their own: deleting, moving, hiding, undoing a mark."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import comments, issues, moves, references
from respondby.sandbox.graph import issue_mutations, projects, pull_mutations, relations
from respondby.sandbox.graph.context import GraphError, Info
from respondby.sandbox.graph.nodes import node
from respondby.sandbox.graph.pulls import subject
from respondby.sandbox.graph.repositories import repository_node
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json


def delete_issue(_source: object, info: Info, **args: Any) -> Json:
    """Delete an issue."""
    context = info.context
    target = node(context, args["input"]["issueId"])
    if target["__typename"] != "Issue":
        raise GraphError("NOT_FOUND", "Could not resolve to Issue node")
    repo = context.repo(target["_row"]["repo_id"])
    try:
        issues.delete(context.world, repo, context.viewer, target["_row"])
    except Problem as problem:
        raise GraphError("FORBIDDEN", problem.message) from None
    return {
        "clientMutationId": args["input"].get("clientMutationId"),
        "repository": repository_node(context, repo),
    }


def transfer_issue(_source: object, info: Info, **args: Any) -> Json:
    """Move an issue to another repository."""
    context, given = info.context, args["input"]
    target = node(context, given["issueId"])
    place = node(context, given["repositoryId"])
    if (target["__typename"], place["__typename"]) != ("Issue", "Repository"):
        raise GraphError("NOT_FOUND", "Could not resolve to Issue node")
    try:
        row = moves.transfer(
            context.world, context.viewer, target["_row"], place["_repo"], given["createLabelsIfMissing"]
        )
    except Problem as problem:
        raise GraphError("FORBIDDEN", problem.message) from None
    return {"clientMutationId": given.get("clientMutationId"), "issue": subject(context, row["id"])}


def minimize(_source: object, info: Info, **args: Any) -> Json:
    """Hide a comment, or show it again."""
    context = info.context
    target = node(context, args["input"]["subjectId"])
    if target["__typename"] != "IssueComment":
        raise GraphError("NOT_FOUND", "Could not resolve to Minimizable node")
    repo = context.repo(target["issue"]["_row"]["repo_id"])
    hide = info.field_name == "minimizeComment"
    try:
        access.may_write(context.world, context.viewer, repo, "issues", Role.WRITE)
    except Problem as problem:
        raise GraphError("FORBIDDEN", problem.message) from None
    comments.minimize(context.world, repo, context.viewer, target["_row"], args["input"].get("classifier"))
    return {
        "clientMutationId": args["input"].get("clientMutationId"),
        "minimizedComment" if hide else "unminimizedComment": node(context, target["id"]),
    }


def unmark_duplicate(_source: object, info: Info, **args: Any) -> Json:
    """Say that an issue is no duplicate after all."""
    context, given = info.context, args["input"]
    duplicate, canonical = (node(context, given[name]) for name in ("duplicateId", "canonicalId"))
    if duplicate["__typename"] != "Issue" or canonical["__typename"] != "Issue":
        raise GraphError("NOT_FOUND", "Could not resolve to Issue node")
    repo = context.repo(duplicate["_row"]["repo_id"])
    try:
        references.unmark_duplicate(context.world, context.viewer, repo, duplicate["_row"], canonical["_row"])
    except Problem as problem:
        raise GraphError("FORBIDDEN", problem.message) from None
    return {"clientMutationId": given.get("clientMutationId"), "duplicate": duplicate}


MUTATIONS: dict[str, Any] = {
    **issue_mutations.MUTATIONS,
    **pull_mutations.MUTATIONS,
    **relations.MUTATIONS,
    **projects.MUTATIONS,
    "deleteIssue": delete_issue,
    "minimizeComment": minimize,
    "transferIssue": transfer_issue,
    "unminimizeComment": minimize,
    "unmarkIssueAsDuplicate": unmark_duplicate,
}
