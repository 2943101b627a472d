"""Routes of comments, of timelines and events, and of reactions."""

from __future__ import annotations

from collections.abc import Callable

from respondby.sandbox.domain import comments
from respondby.sandbox.rest.http import Answer, Call, Handler, Routes, page
from respondby.sandbox.rest.issues import issue_of
from respondby.sandbox.shapes import events
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.store import access, clock, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.problems import invalid, not_found
from respondby.sandbox.store.values import Row

_ONLY_IN_TIMELINES = ("commented", "cross-referenced", "committed", "reviewed")


def _since(call: Call) -> int:
    try:
        return clock.parse(call.query["since"]) if "since" in call.query else 0
    except ValueError:
        raise invalid("IssueComment", "since", "invalid", value=call.query["since"]) from None


def list_comments(call: Call) -> Answer:
    """List an issue's comments, oldest first; `since` is about their last change."""
    repo, issue = issue_of(call)
    rows = call.world.all(
        "SELECT * FROM comments WHERE issue_id = ? AND updated_at >= ? ORDER BY id", issue["id"], _since(call)
    )
    return page(call, rows, lambda row: shapes.comment(call.world, repo, issue, row))


def list_all_comments(call: Call) -> Answer:
    """List the comments of all of a repository's issues."""
    repo = call.repo
    access.may_read(call.viewer, repo, "issues")
    column = "updated_at" if call.query.get("sort") == "updated" else "id"
    direction = "DESC" if call.query.get("direction") == "desc" else "ASC"
    sql = (
        "SELECT c.* FROM comments c JOIN issues i ON i.id = c.issue_id WHERE i.repo_id = ? AND NOT i.deleted"  # noqa: S608
        f" AND c.updated_at >= ? ORDER BY c.{column} {direction}"
    )
    rows = call.world.all(sql, repo["id"], _since(call))
    return page(
        call, rows, lambda row: shapes.comment(call.world, repo, call.world.get("issues", row["issue_id"]), row)
    )


def create_comment(call: Call) -> Answer:
    """Write a comment."""
    repo, issue = issue_of(call)
    viewer = call.writing_to(repo, issue, Role.READ)
    row = comments.create(call.world, repo, viewer, issue, call.text("IssueComment", "body"))
    shape = shapes.comment(call.world, repo, issue, row)
    return Answer(201, shape, {"location": shape["url"]})


def _comment_of(call: Call) -> tuple[Row, Row, Row]:
    repo = call.repo
    access.may_read(call.viewer, repo, "issues or pull_requests")
    row, issue = comments.need(call.world, repo, call.params["id"])
    access.may_read(call.viewer, repo, access.scope_of(issue))
    return repo, issue, row


def get_comment(call: Call) -> Answer:
    """Return one comment."""
    repo, issue, row = _comment_of(call)
    return Answer(200, shapes.comment(call.world, repo, issue, row))


def edit_comment(call: Call) -> Answer:
    """Give a comment a new text."""
    repo, issue, row = _comment_of(call)
    viewer = call.writing_to(repo, issue, Role.READ)
    row = comments.edit(call.world, repo, viewer, issue, row, call.text("IssueComment", "body"))
    return Answer(200, shapes.comment(call.world, repo, issue, row))


def delete_comment(call: Call) -> Answer:
    """Delete a comment."""
    repo, issue, row = _comment_of(call)
    comments.delete(call.world, repo, call.writing_to(repo, issue, Role.READ), issue, row)
    return Answer(204)


def list_timeline(call: Call) -> Answer:
    """List everything that happened on an issue, comments included, oldest first."""
    repo, issue = issue_of(call)
    items = timeline.items(call.world, issue["id"])
    return page(call, items, lambda item: events.timeline_item(call.world, repo, issue, item))


def list_events(call: Call) -> Answer:
    """List an issue's events, oldest first."""
    repo, issue = issue_of(call)
    items = [item for item in timeline.items(call.world, issue["id"]) if item.kind not in _ONLY_IN_TIMELINES]
    return page(call, items, lambda item: events.event(call.world, repo, item, in_timeline=False))


def _issue_as_subject(call: Call) -> tuple[Row, Row, Row]:
    repo, issue = issue_of(call)
    return repo, issue, issue


_Subject = Callable[[Call], tuple[Row, Row, Row]]
"""Returns the repository, the issue, and what is reacted to: the issue or a comment of it."""


def _list_reactions(subject_of: _Subject) -> Handler:
    def handler(call: Call) -> Answer:
        repo, _, subject = subject_of(call)
        wanted = call.query.get("content", "%")
        rows = call.world.all(
            "SELECT * FROM reactions WHERE subject_id = ? AND content LIKE ? ORDER BY id", subject["id"], wanted
        )
        return page(call, rows, lambda row: shapes.reaction(call.world, repo, row))

    return handler


def _react(subject_of: _Subject) -> Handler:
    def handler(call: Call) -> Answer:
        repo, issue, subject = subject_of(call)
        viewer = call.writing_to(repo, issue, Role.READ)
        content = call.text("Reaction", "content")
        if content not in shapes.REACTIONS:
            raise invalid("Reaction", "content", "invalid", value=content)
        find = "SELECT * FROM reactions WHERE subject_id = ? AND user_id = ? AND content = ?"
        row = call.world.one(find, subject["id"], viewer.id, content)
        if row is not None:
            return Answer(200, shapes.reaction(call.world, repo, row))
        call.world.insert(
            "reactions",
            subject_id=subject["id"],
            user_id=viewer.id,
            content=content,
            created_at=call.world.clock.now(),
        )
        row = call.world.one(find, subject["id"], viewer.id, content)
        return Answer(201, shapes.reaction(call.world, repo, row) if row is not None else None)

    return handler


def _unreact(subject_of: _Subject) -> Handler:
    def handler(call: Call) -> Answer:
        repo, issue, subject = subject_of(call)
        viewer = call.writing_to(repo, issue, Role.READ)
        least = Role.WRITE if viewer.is_bot else Role.ADMIN
        row = call.world.one(
            "SELECT * FROM reactions WHERE id = ? AND subject_id = ?", call.params["reaction"], subject["id"]
        )
        if row is None:
            raise not_found()
        if row["user_id"] != viewer.id:
            call.writing_to(repo, issue, least)
        call.world.run("DELETE FROM reactions WHERE id = ?", row["id"])
        return Answer(204)

    return handler


_ISSUE = "/repos/{owner}/{repo}/issues/{number:int}"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{id:int}"
ROUTES: Routes = [
    ("GET", _ISSUE + "/comments", list_comments),
    ("POST", _ISSUE + "/comments", create_comment),
    ("GET", _COMMENT, get_comment),
    ("PATCH", _COMMENT, edit_comment),
    ("DELETE", _COMMENT, delete_comment),
    ("GET", "/repos/{owner}/{repo}/issues/comments", list_all_comments),
    ("GET", _ISSUE + "/timeline", list_timeline),
    ("GET", _ISSUE + "/events", list_events),
    ("GET", _ISSUE + "/reactions", _list_reactions(_issue_as_subject)),
    ("POST", _ISSUE + "/reactions", _react(_issue_as_subject)),
    ("DELETE", _ISSUE + "/reactions/{reaction:int}", _unreact(_issue_as_subject)),
    ("GET", _COMMENT + "/reactions", _list_reactions(_comment_of)),
    ("POST", _COMMENT + "/reactions", _react(_comment_of)),
    ("DELETE", _COMMENT + "/reactions/{reaction:int}", _unreact(_comment_of)),
]
