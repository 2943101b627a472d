"""The schema with its resolvers, and the fields of Query and Mutation."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, cast

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from respondby.sandbox.graph import (
    checks,
    git,
    issues,
    linked,
    lists,
    milestones,
    mutations,
    owners,
    projects,
    pulls,
    reactions,
    relations,
    releases,
    repositories,
    search,
    teams,
)
from respondby.sandbox.graph import nodes as look_up
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.timeline import timeline_items
from respondby.sandbox.store import node_ids, people
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json


def node(_source: object, info: Info, **args: Any) -> Json:
    """Resolve one node id."""
    return anything(info.context, args["id"])


def anything(context: Context, node_id: str) -> Json:
    """Return whatever has this node id, a project or a part of one too; otherwise refuse with NOT_FOUND."""
    read = node_ids.read(node_id)
    if read is not None and read[0].startswith("ProjectV2") and not isinstance(read[2], str):
        shape = projects.look_up(context, *read[:2], read[2])
        if shape is not None:
            return shape
    return look_up.node(context, node_id)


def nodes(_source: object, info: Info, ids: list[str]) -> list[Json | GraphError]:
    """Resolve several node ids; an unknown one is null and an error, and the others are answered."""
    found: list[Json | GraphError] = []
    for node_id in ids:
        try:
            found.append(anything(info.context, node_id))
        except GraphError as error:
            found.append(error)
    return found


def rate_limit(_source: object, info: Info, **_args: Any) -> Json:
    """Resolve what this query costs and what is left."""
    context = info.context
    limit, used, remaining, reset = context.rate
    return {
        "cost": context.cost,
        "limit": limit,
        "nodeCount": context.node_count,
        "remaining": remaining,
        "resetAt": iso(reset),
        "used": used,
    }


def viewer(_source: object, info: Info) -> Json:
    """Resolve who asks. An app's token is shown as a user whose login keeps its suffix."""
    context = info.context
    row = context.world.get("users", context.viewer.id)
    return {**context.account(row), "__typename": "User", "login": row["login"]}


def user(_source: object, info: Info, login: str) -> Json:
    """Resolve a person by login."""
    context = info.context
    row = people.find(context.world, login)
    if row is None or row["type"] != "User":
        raise GraphError("NOT_FOUND", f"Could not resolve to a User with the login of '{login}'.")
    return context.account(row)


_ISSUE_FIELDS: dict[str, Any] = {
    "assignedActors": issues.assignees,
    "assignees": issues.assignees,
    "comments": issues.comments,
    "labels": issues.issue_labels,
    "milestone": milestones.milestone,
    "projectItems": projects.items_of_issue,
    "stateReason": issues.state_reason,
    "timelineItems": timeline_items,
}
_CONTENT_FIELDS: dict[str, Any] = {
    "reactionGroups": reactions.reaction_groups,
    "repository": repositories.parent,
    "userContentEdits": issues.user_content_edits,
    **dict.fromkeys(
        ("viewerCanClose", "viewerCanDelete", "viewerCanLabel", "viewerCanReopen", "viewerCanUpdate"),
        issues.viewer_can,
    ),
}
_RESOLVERS: dict[str, dict[str, Any]] = {
    "Query": {
        "node": node,
        "organization": teams.organization,
        "nodes": nodes,
        "rateLimit": rate_limit,
        "repository": repositories.repository,
        "repositoryOwner": owners.owner,
        "search": search.search,
        "user": user,
        "viewer": viewer,
    },
    "Mutation": mutations.MUTATIONS,
    "Repository": {
        **owners.OF_REPOSITORIES,
        **releases.FIELDS,
        "parent": repositories.source_of_fork,
        "defaultBranchRef": git.default_branch,
        "issue": lists.issue,
        "issueOrPullRequest": lists.issue,
        "issues": lists.issues,
        "label": repositories.label,
        "labels": repositories.labels,
        "repositoryTopics": repositories.topics,
        "object": git.object_at,
        "pullRequest": pulls.pull_request,
        "pullRequests": pulls.pull_requests,
        "pinnedIssues": lists.pinned_issues,
        "ref": git.ref,
    },
    "PinnedIssue": {"repository": repositories.parent},
    "Issue": _ISSUE_FIELDS
    | _CONTENT_FIELDS
    | relations.FIELDS
    | {"linkedBranches": linked.linked_branches}
    | {"closedByPullRequestsReferences": pulls.closing_pulls},
    "PullRequest": {name: resolve for name, resolve in _ISSUE_FIELDS.items() if name != "stateReason"}
    | {name: resolve for name, resolve in _CONTENT_FIELDS.items() if name != "viewerCanDelete"}
    | {
        **dict.fromkeys(("additions", "changedFiles", "deletions"), pulls.totals),
        **dict.fromkeys(("baseRef", "headRef"), pulls.ref),
        **dict.fromkeys(("headRepository", "headRepositoryOwner"), pulls.head_repository),
        "baseRepository": repositories.parent,
        "closingIssuesReferences": pulls.closing_issues,
        "commits": pulls.commits,
        "files": pulls.files,
        "mergeCommit": pulls.merge_commit,
        "mergeable": pulls.mergeable,
        "latestReviews": pulls.latest_reviews,
        "mergeStateStatus": pulls.merge_state,
        "reviewDecision": pulls.review_decision,
        "reviewRequests": pulls.review_requests,
        "reviews": pulls.list_reviews,
        "statusCheckRollup": git.rollup,
    },
    "PullRequestReview": {"repository": repositories.parent, "reactionGroups": reactions.reaction_groups},
    "IssueComment": {name: resolve for name, resolve in _CONTENT_FIELDS.items() if "Can" not in name}
    | dict.fromkeys(("viewerCanDelete", "viewerCanMinimize", "viewerCanUpdate"), issues.viewer_can),
    "Label": {"repository": repositories.parent},
    "Organization": {
        "team": teams.team,
        "teams": teams.list_teams,
        "repositories": owners.repositories,
        **projects.OF_OWNERS,
    },
    "User": {"repositories": owners.repositories, **projects.OF_OWNERS},
    **projects.FIELDS,
    "CheckRun": {"isRequired": checks.is_required},
    "StatusContext": {"isRequired": checks.is_required},
    "StatusCheckRollup": {"contexts": checks.contexts},
    "Milestone": {"repository": repositories.parent},
    "Team": {"members": teams.members},
    "Ref": {"compare": git.compare, "repository": repositories.parent},
    "Blob": {"repository": repositories.parent},
    "Tree": {"repository": repositories.parent, "entries": git.tree_entries},
    "TreeEntry": {"repository": repositories.parent},
    "Commit": {
        "repository": repositories.parent,
        "authors": git.authors,
        "file": git.commit_file,
        "history": git.history,
        "statusCheckRollup": git.rollup,
        "tree": git.commit_tree,
    },
}


def text() -> str:
    """Return the schema as it is written."""
    return files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8")


@cache
def schema() -> GraphQLSchema:
    """Return the schema, built once per process. That it is a valid one is a test, and is not looked at again."""
    built = build_schema(text(), assume_valid=True, no_location=True)
    for name, fields in _RESOLVERS.items():
        kind = cast(GraphQLObjectType, built.type_map[name])
        for field, resolve in fields.items():
            kind.fields[field].resolve = resolve
    return built
