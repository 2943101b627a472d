"""Routes of the reviews of pull requests."""

from __future__ import annotations

from respondby.sandbox.domain import pulls, reviews
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.rest.pulls import pull_of
from respondby.sandbox.shapes import pulls as shapes
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.values import Row


def list_reviews(call: Call) -> Answer:
    """List the reviews of a pull request, oldest first."""
    repo, row, _ = pull_of(call)
    found = reviews.listing(call.world, call.viewer, row["id"])
    return page(call, found, lambda review: shapes.review(call.world, repo, row, review))


def create_review(call: Call) -> Answer:
    """Write a review; without `event` it is pending."""
    repo, row, _ = pull_of(call)
    viewer = call.writing(repo, pulls.SCOPE, Role.READ)
    verdict, body = call.maybe_text("PullRequestReview", "event"), call.maybe_text("PullRequestReview", "body")
    commit = call.maybe_text("PullRequestReview", "commit_id")
    review = reviews.create(call.world, repo, viewer, row, verdict, body or "", commit)
    return Answer(200, shapes.review(call.world, repo, row, review))


def _review_of(call: Call) -> tuple[Row, Row, Row]:
    repo, row, _ = pull_of(call)
    return repo, row, reviews.need(call.world, call.viewer, row["id"], call.params["review"])


def get_review(call: Call) -> Answer:
    """Return one review."""
    repo, row, review = _review_of(call)
    return Answer(200, shapes.review(call.world, repo, row, review))


def submit_review(call: Call) -> Answer:
    """Give a pending review its verdict."""
    repo, row, review = _review_of(call)
    viewer = call.writing(repo, pulls.SCOPE, Role.READ)
    body = call.maybe_text("PullRequestReview", "body") or review["body"]
    given = reviews.submit(call.world, repo, viewer, row, review, call.text("PullRequestReview", "event"), body)
    return Answer(200, shapes.review(call.world, repo, row, given))


def dismiss_review(call: Call) -> Answer:
    """Take a verdict out of force."""
    repo, row, review = _review_of(call)
    viewer = call.writing(repo, pulls.SCOPE, Role.WRITE)
    done = reviews.dismiss(call.world, repo, viewer, row, review, call.text("PullRequestReview", "message"))
    return Answer(200, shapes.review(call.world, repo, row, done))


_REVIEWS = "/repos/{owner}/{repo}/pulls/{number:int}/reviews"
ROUTES: Routes = [
    ("GET", _REVIEWS, list_reviews),
    ("POST", _REVIEWS, create_review),
    ("GET", _REVIEWS + "/{review:int}", get_review),
    ("POST", _REVIEWS + "/{review:int}/events", submit_review),
    ("PUT", _REVIEWS + "/{review:int}/dismissals", dismiss_review),
]
