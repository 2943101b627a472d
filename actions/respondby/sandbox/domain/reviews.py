"""Reviews of pull requests.

Rules of GitHub held here: nobody approves or rejects their own pull request; a review without a verdict is pending and
seen by its author only; giving one answers a request for it; staff may dismiss a verdict, with a reason.
"""

from __future__ import annotations

from respondby.sandbox.domain import deliveries, issues, pulls
from respondby.sandbox.shapes.pulls import of
from respondby.sandbox.store import access, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

VERDICTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def listing(world: World, viewer: Viewer | None, issue_id: int) -> list[Row]:
    """Return the reviews of a pull request, oldest first; of pending ones, the viewer's own only."""
    return world.all(
        "SELECT * FROM reviews WHERE issue_id = ? AND (submitted_at IS NOT NULL OR author_id = ?) ORDER BY id",
        issue_id,
        None if viewer is None else viewer.id,
    )


def need(world: World, viewer: Viewer | None, issue_id: int, review_id: int) -> Row:
    """Return a review that the viewer may see, or refuse with 404."""
    for row in listing(world, viewer, issue_id):
        if row["id"] == review_id:
            return row
    raise not_found()


def create(world: World, repo: Row, actor: Viewer, row: Row, verdict: str | None, body: str, commit: str | None) -> Row:
    """Write a review and return it; without a verdict it is pending."""
    access.may_write(world, actor, repo, pulls.SCOPE, Role.READ)
    review_id = world.insert(
        "reviews",
        issue_id=row["id"],
        author_id=actor.id,
        state="PENDING",
        body=body,
        commit_sha=commit or of(world, row["id"])["head_sha"],
    )
    review = world.get("reviews", review_id)
    return review if verdict is None else submit(world, repo, actor, row, review, verdict, body)


def submit(world: World, repo: Row, actor: Viewer, row: Row, review: Row, verdict: str, body: str) -> Row:
    """Give a pending review its verdict and return it."""
    if verdict not in VERDICTS:
        raise Problem(
            422, "Unprocessable Entity", ["Variable $event of type PullRequestReviewEvent was provided invalid value"]
        )
    if review["author_id"] != actor.id or review["state"] != "PENDING":
        raise Problem(422, "Unprocessable Entity", ["Could not submit review: it is not pending"])
    if verdict != "COMMENT" and row["author_id"] == actor.id:
        act = "approve" if verdict == "APPROVE" else "request changes on"
        raise Problem(422, "Unprocessable Entity", [f"Can not {act} your own pull request"])
    if verdict == "APPROVE" and actor.is_workflow and not repo["workflows_open_pulls"]:
        raise Problem(422, "Unprocessable Entity", ["GitHub Actions is not permitted to approve pull requests."])
    if verdict != "APPROVE" and not body.strip():
        raise Problem(422, "Unprocessable Entity", ["Body can't be blank"])
    now = world.clock.now()
    world.run(
        "UPDATE reviews SET state = ?, body = ?, submitted_at = ? WHERE id = ?",
        VERDICTS[verdict],
        body,
        now,
        review["id"],
    )
    world.run("DELETE FROM review_requests WHERE issue_id = ? AND user_id = ?", row["id"], actor.id)
    timeline.happened(world, row["id"], "reviewed", actor.id, review=review["id"])
    issues.touch(world, row["id"])
    given = world.get("reviews", review["id"])
    deliveries.review(world, repo, actor, "submitted", row, given)
    return given


def dismiss(world: World, repo: Row, actor: Viewer, row: Row, review: Row, message: str) -> Row:
    """Take a verdict out of force and return the review."""
    access.may_write(world, actor, repo, pulls.SCOPE, Role.WRITE)
    if review["state"] not in ("APPROVED", "CHANGES_REQUESTED"):
        raise Problem(422, "Unprocessable Entity", ["Can not dismiss a commented pull request review"])
    world.run("UPDATE reviews SET state = 'DISMISSED' WHERE id = ?", review["id"])
    state = str(review["state"]).lower()
    timeline.happened(world, row["id"], "review_dismissed", actor.id, review=review["id"], state=state, message=message)
    issues.touch(world, row["id"])
    dismissed = world.get("reviews", review["id"])
    deliveries.review(world, repo, actor, "dismissed", row, dismissed)
    return dismissed
