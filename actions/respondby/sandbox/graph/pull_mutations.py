"""Mutations of pull requests and their reviews."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.domain import branches, editing, merges, pulls, reviews
from respondby.sandbox.graph.acts import acting, answered, found, issue_found, logins_found
from respondby.sandbox.graph.context import Context, GraphError, Info
from respondby.sandbox.graph.issue_mutations import changes_of, no_classic_projects
from respondby.sandbox.graph.nodes import node
from respondby.sandbox.graph.pulls import review_node, subject
from respondby.sandbox.shapes.pulls import owner, reviewers_of
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.values import Json, Row


def create_pull(_source: object, info: Info, **args: Any) -> Json:
    """Open a pull request."""
    context, given = info.context, args["input"]
    repo: Row = found(context, given["repositoryId"], "Repository")["_repo"]
    head = given["headRefName"]
    if given.get("headRepositoryId") and ":" not in head:
        head = f"{owner(context.world, found(context, given['headRepositoryId'], 'Repository')['_repo'])}:{head}"
    with acting():
        row = pulls.create(
            context.world,
            repo,
            context.viewer,
            given["title"],
            given.get("body"),
            head,
            given["baseRefName"].removeprefix("refs/heads/"),
            bool(given["draft"]),
        )
    return answered(given, pullRequest=subject(context, row["id"]))


def update_pull(_source: object, info: Info, **args: Any) -> Json:
    """Change whatever is named of a pull request."""
    context, given = info.context, args["input"]
    no_classic_projects(given)
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        editing.edit(context.world, repo, context.viewer, row, changes_of(context, given))
        if given.get("baseRefName") is not None:
            access.may_write(context.world, context.viewer, repo, pulls.SCOPE, pulls.least_for(row, context.viewer))
            pulls.rebase_onto(context.world, repo, row, given["baseRefName"])
    return answered(given, pullRequest=subject(context, row["id"]))


def close_pull(_source: object, info: Info, **args: Any) -> Json:
    """Close a pull request, or open it again."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    state = "closed" if info.field_name == "closePullRequest" else "open"
    with acting():
        editing.close(context.world, repo, context.viewer, row, None, state)
    return answered(given, pullRequest=subject(context, row["id"]))


def merge_pull(_source: object, info: Info, **args: Any) -> Json:
    """Merge a pull request."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        merges.merge(
            context.world,
            repo,
            context.viewer,
            row,
            given["mergeMethod"].lower(),
            given.get("commitHeadline"),
            given.get("commitBody"),
            given.get("expectedHeadOid"),
        )
    return answered(given, pullRequest=subject(context, row["id"]))


def request_reviews(_source: object, info: Info, **args: Any) -> Json:
    """Ask people for a review: these too (`union`), or exactly these."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    _ask(context, repo, row, logins_found(context, given.get("userIds") or ()), bool(given["union"]))
    return answered(given, pullRequest=subject(context, row["id"]))


def _ask(context: Context, repo: Row, row: Row, logins: list[str], union: bool) -> None:
    world, viewer = context.world, context.viewer
    with acting():
        access.may_write(world, viewer, repo, pulls.SCOPE, Role.TRIAGE)
        pulls.ask_review(world, repo, viewer, row, logins)
        if not union:
            asked = [world.get("users", user_id)["login"] for user_id in reviewers_of(world, row["id"])]
            others = [login for login in asked if login.lower() not in {name.lower() for name in logins}]
            pulls.ask_review(world, repo, viewer, row, others, asked=False)


def request_by_login(_source: object, info: Info, **args: Any) -> Json:
    """Ask people, named by their logins, for a review: these too (`union`), or exactly these."""
    context, given = info.context, args["input"]
    if given.get("botLogins") or given.get("teamSlugs"):
        raise GraphError("UNPROCESSABLE", "Only people are asked for reviews here, neither bots nor teams.")
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    _ask(context, repo, row, list(given.get("userLogins") or ()), bool(given["union"]))
    return answered(given, pullRequest=subject(context, row["id"]))


def revert(_source: object, info: Info, **args: Any) -> Json:
    """Open a pull request that undoes a merged one."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        made = branches.revert(
            context.world, repo, context.viewer, row, given.get("title"), given.get("body"), bool(given.get("draft"))
        )
    return answered(given, pullRequest=subject(context, row["id"]), revertPullRequest=subject(context, made["id"]))


def merge_when_ready(_source: object, info: Info, **args: Any) -> Json:
    """Refuse to merge later: no repository here allows that, as its settings say."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        access.may_write(context.world, context.viewer, repo, "contents", pulls.least_for(row, context.viewer))
    raise GraphError("UNPROCESSABLE", "Pull request Auto merge is not allowed for this repository")


def update_branch(_source: object, info: Info, **args: Any) -> Json:
    """Bring a pull request's branch up to its base."""
    context, given = info.context, args["input"]
    if given.get("updateMethod") == "REBASE":
        raise GraphError("UNPROCESSABLE", "A branch is brought up to its base by a merge only here.")
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        branches.catch_up(context.world, repo, context.viewer, row, given.get("expectedHeadOid"))
    return answered(given, pullRequest=subject(context, row["id"]))


def add_review(_source: object, info: Info, **args: Any) -> Json:
    """Review a pull request; without an event the review is pending."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        made = reviews.create(
            context.world, repo, context.viewer, row, given.get("event"), given.get("body") or "", None
        )
    return answered(given, pullRequestReview=review_node(context, made, subject(context, row["id"])))


def set_draft(_source: object, info: Info, **args: Any) -> Json:
    """Mark a pull request as ready for review, or as a draft again."""
    context, given = info.context, args["input"]
    repo, row = issue_found(context, given["pullRequestId"], "PullRequest")
    with acting():
        pulls.set_draft(context.world, repo, context.viewer, row, info.field_name == "convertPullRequestToDraft")
    return answered(given, pullRequest=node(context, given["pullRequestId"]))


MUTATIONS: dict[str, Any] = {
    "addPullRequestReview": add_review,
    "closePullRequest": close_pull,
    "convertPullRequestToDraft": set_draft,
    "createPullRequest": create_pull,
    "markPullRequestReadyForReview": set_draft,
    "mergePullRequest": merge_pull,
    "enablePullRequestAutoMerge": merge_when_ready,
    "reopenPullRequest": close_pull,
    "requestReviewsByLogin": request_by_login,
    "revertPullRequest": revert,
    "updatePullRequestBranch": update_branch,
    "requestReviews": request_reviews,
    "updatePullRequest": update_pull,
}
