"""Mutations of issues, of what is said on them and of what is put on them."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import (
    branches,
    comments,
    editing,
    issues,
    labels,
    milestones,
    pinning,
    references,
    relations,
)
from respondby.sandbox.graph.acts import (
    acting,
    answered,
    found,
    issue_found,
    labels_found,
    logins_found,
    milestone_found,
)
from respondby.sandbox.graph.connections import encode
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issues import comment_node
from respondby.sandbox.graph.linked import linked_branch
from respondby.sandbox.graph.nodes import node
from respondby.sandbox.graph.pulls import subject
from respondby.sandbox.store import access, people
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.values import Json, Row

EITHER = ("Issue", "PullRequest")


def add_comment(_source: object, info: Info, **args: Any) -> Json:
    """Comment on an issue or a pull request."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["subjectId"], *EITHER)
    with acting():
        made = comments.create(context.world, repo, context.viewer, row, given["body"])
    where = subject(context, row["id"])
    edge = {"cursor": encode((made["created_at"], made["id"])), "node": comment_node(context, made, where)}
    return answered(given, commentEdge=edge, subject=where)


def update_comment(_source: object, info: Info, **args: Any) -> Json:
    """Give a comment a new text."""
    context, given = info.context, args["input"]
    target = found(context, given["id"], "IssueComment")
    issue = target["_home"]["_row"]
    with acting():
        comments.edit(
            context.world, context.repo(issue["repo_id"]), context.viewer, issue, target["_row"], given["body"]
        )
    return answered(given, issueComment=node(context, given["id"]))


def delete_comment(_source: object, info: Info, **args: Any) -> Json:
    """Delete a comment."""
    context, given = info.context, args["input"]
    target = found(context, given["id"], "IssueComment")
    issue = target["_home"]["_row"]
    with acting():
        comments.delete(context.world, context.repo(issue["repo_id"]), context.viewer, issue, target["_row"])
    return answered(given)


def no_classic_projects(given: Json) -> None:
    """Refuse projects of the old kind, which GitHub has no more."""
    for project_id in given.get("projectIds") or ():
        raise GraphError("NOT_FOUND", f"Could not resolve to a node with the global id of '{project_id}'.")


def create_issue(_source: object, info: Info, **args: Any) -> Json:
    """Open an issue."""
    context, given = info.context, args["input"]
    no_classic_projects(given)
    repo: Row = found(context, given["repositoryId"], "Repository")["_repo"]
    names, logins = (
        labels_found(context, given.get("labelIds") or ()),
        logins_found(context, given.get("assigneeIds") or ()),
    )
    above = issue_found(context, given["parentIssueId"])[1] if given.get("parentIssueId") else None
    with acting():
        row = issues.create(context.world, repo, context.viewer, given["title"], given.get("body"), names, logins)
        number = milestone_found(context, given.get("milestoneId"))
        if number is not None and access.role(context.world, context.viewer, repo) >= Role.TRIAGE:
            milestones.put(context.world, repo, context.viewer, row, number)
        if above is not None:
            relations.add_sub_issue(context.world, context.viewer, above, row)
    return answered(given, issue=subject(context, row["id"]))


def changes_of(context: Context, given: Json) -> Json:
    """Return what an update names, as `editing.edit` takes it."""
    changes: Json = {name: given[name] for name in ("title", "body") if given.get(name) is not None}
    if given.get("labelIds") is not None:
        changes["labels"] = labels_found(context, given["labelIds"])
    if given.get("assigneeIds") is not None:
        changes["assignees"] = logins_found(context, given["assigneeIds"])
    if "milestoneId" in given:
        changes["milestone"] = milestone_found(context, given["milestoneId"])
    if given.get("state") is not None:
        changes["state"] = given["state"].lower()
    return changes


def update_issue(_source: object, info: Info, **args: Any) -> Json:
    """Change whatever is named of an issue."""
    context, given = info.context, args["input"]
    no_classic_projects(given)
    repo, row = issue_found(context, given["id"])
    with acting():
        editing.edit(context.world, repo, context.viewer, row, changes_of(context, given))
    return answered(given, issue=subject(context, row["id"]))


def close_issue(_source: object, info: Info, **args: Any) -> Json:
    """Close an issue, perhaps as a duplicate of another."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["issueId"])
    reason = given.get("stateReason")
    with acting():
        if given.get("duplicateIssueId"):
            _, canonical = issue_found(context, given["duplicateIssueId"])
            references.mark_as_duplicate(context.world, context.viewer, repo, row, canonical)
            reason = reason or "DUPLICATE"
        editing.close(context.world, repo, context.viewer, row, reason.lower() if reason else None)
    return answered(given, issue=subject(context, row["id"]))


def reopen_issue(_source: object, info: Info, **args: Any) -> Json:
    """Open a closed issue again."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["issueId"])
    with acting():
        editing.close(context.world, repo, context.viewer, row, None, "open")
    return answered(given, issue=subject(context, row["id"]))


def lock(_source: object, info: Info, **args: Any) -> Json:
    """Lock a conversation, or unlock it."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["lockableId"], *EITHER)
    with acting():
        access.may_write(context.world, context.viewer, repo, access.scope_of(row), Role.WRITE)
        if info.field_name == "unlockLockable":
            issues.unlock(context.world, repo, context.viewer, row)
            return answered(given, unlockedRecord=subject(context, row["id"]))
        reason = given.get("lockReason")
        words = (
            None
            if reason is None
            else {"OFF_TOPIC": "off-topic", "TOO_HEATED": "too heated"}.get(reason, reason.lower())
        )
        issues.lock(context.world, repo, context.viewer, row, words)
    return answered(given, lockedRecord=subject(context, row["id"]))


def pin(_source: object, info: Info, **args: Any) -> Json:
    """Pin an issue, or unpin it."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["issueId"])
    act = pinning.pin if info.field_name == "pinIssue" else pinning.unpin
    with acting():
        act(context.world, repo, context.viewer, row)
    return answered(given, issue=subject(context, row["id"]))


def change_labels(_source: object, info: Info, **args: Any) -> Json:
    """Put labels on an issue or a pull request, or take them off."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["labelableId"], *EITHER)
    names = labels_found(context, given["labelIds"])
    with acting():
        access.may_write(context.world, context.viewer, repo, access.scope_of(row), Role.TRIAGE)
        if info.field_name == "addLabelsToLabelable":
            labels.add(context.world, repo, context.viewer, row["id"], names)
        else:
            labels.take(context.world, repo, context.viewer, row["id"], names)
    return answered(given, labelable=subject(context, row["id"]))


def change_assignees(_source: object, info: Info, **args: Any) -> Json:
    """Assign an issue or a pull request to more people, to fewer, or to exactly these."""
    context, given = info.context, args["input"]
    world = context.world
    repo, row = issue_found(context, given["assignableId"], *EITHER)
    logins = logins_found(context, given.get("assigneeIds") or given.get("actorIds") or ())
    logins += given.get("actorLogins") or []
    with acting():
        access.may_write(world, context.viewer, repo, access.scope_of(row), Role.TRIAGE)
        if info.field_name == "removeAssigneesFromAssignable":
            ids = [person["id"] for login in logins if (person := people.find(world, login)) is not None]
            issues.unassign(world, repo, context.viewer, row["id"], ids)
        else:
            users = issues.checked(world, repo, row["id"], logins)
            act = issues.assign if info.field_name == "addAssigneesToAssignable" else issues.reassign
            act(world, repo, context.viewer, row["id"], users)
    return answered(given, assignable=subject(context, row["id"]))


def create_branch(_source: object, info: Info, **args: Any) -> Json:
    """Make a branch for an issue."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["issueId"])
    if given.get("repositoryId"):
        repo = found(context, given["repositoryId"], "Repository")["_repo"]
    name = given.get("name")
    with acting():
        made = branches.link(
            context.world, repo, context.viewer, row, given["oid"], name.removeprefix("refs/heads/") if name else None
        )
    return answered(given, issue=subject(context, row["id"]), linkedBranch=linked_branch(context, made))


MUTATIONS: dict[str, Any] = {
    "addAssigneesToAssignable": change_assignees,
    "addComment": add_comment,
    "addLabelsToLabelable": change_labels,
    "closeIssue": close_issue,
    "createIssue": create_issue,
    "createLinkedBranch": create_branch,
    "deleteIssueComment": delete_comment,
    "lockLockable": lock,
    "pinIssue": pin,
    "removeAssigneesFromAssignable": change_assignees,
    "removeLabelsFromLabelable": change_labels,
    "reopenIssue": reopen_issue,
    "replaceActorsForAssignable": change_assignees,
    "unlockLockable": lock,
    "unpinIssue": pin,
    "updateIssue": update_issue,
    "updateIssueComment": update_comment,
}
