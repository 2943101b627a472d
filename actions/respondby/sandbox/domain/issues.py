"""Issues: opening, editing, closing, assigning, locking, deleting.

Rules of GitHub held here:
- Every change leaves an event with its actor in the timeline and moves `updated_at`; a new body leaves a
  revision instead of an event.
- Labels and assignees that come with an issue from somebody without the role for them are dropped in silence.
- An author may close their issue, and reopen it only if nobody else closed it.
- A deleted issue answers 410 and keeps its number.
"""

from __future__ import annotations

from collections.abc import Sequence

from respondby.sandbox.domain import deliveries, labels, references
from respondby.sandbox.shapes import issues as shapes
from respondby.sandbox.shapes.people import user
from respondby.sandbox.store import access, people, revisions, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Moved, Problem, invalid, no_rights, not_found, unprocessable
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

LONGEST_BODY = 65_536
LONGEST_TITLE = 256
REASONS = {"open": ("reopened",), "closed": ("completed", "not_planned", "duplicate")}
LOCK_REASONS = ("off-topic", "too heated", "resolved", "spam")


def need(world: World, repo: Row, number: int) -> Row:
    """Return the issue of this number; 404 for none, 410 for a deleted one, a redirect for one that was moved."""
    row = world.one("SELECT * FROM issues WHERE repo_id = ? AND number = ?", repo["id"], number)
    if row is None:
        raise not_found()
    if row["moved_to"] is not None:
        new = world.get("issues", row["moved_to"])
        raise Moved(f"{world.api}/repositories/{new['repo_id']}/issues/{new['number']}")
    if row["deleted"]:
        raise Problem(410, "This issue was deleted")
    return row


def check_body(resource: str, body: object) -> None:
    """Refuse a body that is no text or longer than 65,536 characters."""
    if body is not None and not isinstance(body, str):
        raise invalid(resource, "body", "invalid")
    if body is not None and len(body) > LONGEST_BODY:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {LONGEST_BODY} characters)")


def check_title(title: object) -> None:
    """Refuse a title that is no text, blank, or longer than 256 characters."""
    if not isinstance(title, str) or not title.strip():
        raise invalid("Issue", "title", "missing_field")
    if len(title) > LONGEST_TITLE:
        raise invalid("Issue", "title", "custom", f"title is too long (maximum is {LONGEST_TITLE} characters)")


def create(
    world: World,
    repo: Row,
    actor: Viewer,
    title: str,
    body: str | None,
    with_labels: Sequence[str] = (),
    assign_to: Sequence[str] = (),
    by_form: bool = False,
) -> Row:
    """Open an issue and return it.

    The labels of a form are put on it whoever opens it, but only those that the repository has.
    """
    access.may_write(world, actor, repo, "issues", Role.READ)
    check_title(title)
    check_body("Issue", body)
    issue_id = insert(world, repo, actor, title, body)
    names, users = [], []
    if by_form:
        names = [name for name in with_labels if labels.find(world, repo, name) is not None]
    elif access.role(world, actor, repo) >= Role.TRIAGE:
        names, users = list(with_labels), checked(world, repo, issue_id, assign_to)
    labelled = labels.put(world, repo, actor, issue_id, names)
    assigned = _hand_over(world, issue_id, users)
    deliveries.issue(world, repo, actor, "opened", issue_id)
    for label in labelled:
        labels.tell(world, repo, actor, issue_id, "labeled", label)
    for user_id in assigned:
        _tell_assignment(world, repo, actor, issue_id, "assigned", user_id)
    row = world.get("issues", issue_id)
    references.follow(world, actor, repo, row, f"{title}\n{body or ''}")
    return row


def insert(world: World, repo: Row, actor: Viewer, title: str, body: str | None, is_pull: bool = False) -> int:
    """Keep a new issue, or pull request, under the repository's next number and return its id."""
    now = world.clock.now()
    world.run("UPDATE repos SET last_number = last_number + 1, updated_at = ? WHERE id = ?", now, repo["id"])
    return world.insert(
        "issues",
        repo_id=repo["id"],
        number=world.get("repos", repo["id"])["last_number"],
        is_pull=int(is_pull),
        author_id=actor.id,
        title=title,
        body=body,
        created_at=now,
        updated_at=now,
    )


def touch(world: World, issue_id: int) -> None:
    """Move an issue's `updated_at` to now."""
    world.run("UPDATE issues SET updated_at = ? WHERE id = ?", world.clock.now(), issue_id)


def retitle(world: World, repo: Row, actor: Viewer, row: Row, title: str, body: str | None) -> None:
    """Give an issue a new title and body; whichever stays the same is left alone."""
    check_title(title)
    check_body("Issue", body)
    changes: Json = {}
    if title != row["title"]:
        timeline.happened(world, row["id"], "renamed", actor.id, **{"from": row["title"], "to": title})
        world.run("UPDATE issues SET title = ? WHERE id = ?", title, row["id"])
        changes["title"] = {"from": row["title"]}
    if body != row["body"]:
        revisions.write(world, "issues", row, body or "", actor)
        world.run("UPDATE issues SET body = ? WHERE id = ?", body, row["id"])
        changes["body"] = {"from": row["body"] or ""}
        references.follow(world, actor, repo, row, body)
    if changes:
        touch(world, row["id"])
        deliveries.issue(world, repo, actor, "edited", row["id"], changes=changes)


def set_state(
    world: World, repo: Row, actor: Viewer, row: Row, state: str, reason: str | None, closer: int | None = None
) -> None:
    """Close or reopen an issue, which the merge of the pull request `closer` does if named.

    Setting the state that it has is nothing, unless the reason differs. A pull request has no reasons, and one that
    was merged is not reopened.
    """
    if state not in REASONS:
        raise invalid("Issue", "state", "invalid", value=str(state))
    if row["is_pull"]:
        reason = None
        if state == "open" and world.one("SELECT 1 FROM pulls WHERE issue_id = ? AND merged_at NOT NULL", row["id"]):
            raise unprocessable("PullRequest", "The pull request cannot be reopened: it was merged.")
    else:
        reason = reason or REASONS[state][0]
        if reason not in REASONS[state]:
            raise invalid("Issue", "state_reason", "invalid", value=reason)
    if state == row["state"] and (state == "open" or reason == row["state_reason"]):
        return
    if state == "open" and not may_reopen(world, repo, actor, row):
        raise no_rights()
    now = world.clock.now()
    closed_at, closed_by = (now, actor.id) if state == "closed" else (None, None)
    world.run(
        "UPDATE issues SET state = ?, state_reason = ?, closed_at = ?, closed_by = ?, updated_at = ? WHERE id = ?",
        state,
        reason,
        closed_at,
        closed_by,
        now,
        row["id"],
    )
    kind = "closed" if state == "closed" else "reopened"
    timeline.happened(world, row["id"], kind, actor.id, state_reason=reason, closer=closer)
    deliveries.issue(world, repo, actor, kind, row["id"])


def may_reopen(world: World, repo: Row, actor: Viewer, row: Row) -> bool:
    """Return whether somebody may reopen an issue: staff, or its author if nobody else closed it."""
    if access.role(world, actor, repo) >= Role.TRIAGE:
        return True
    return bool(row["author_id"] == actor.id == row["closed_by"])


def checked(world: World, repo: Row, issue_id: int, logins: Sequence[str]) -> list[Row]:
    """Return the accounts of these logins; one that the issue cannot be assigned to is refused with 422."""
    rows = []
    for login in logins:
        row = people.find(world, login)
        if row is None or not access.assignable(world, repo, issue_id, row):
            raise invalid("Issue", "assignees", "invalid", value=login)
        rows.append(row)
    return rows


def assign(world: World, repo: Row, actor: Viewer, issue_id: int, users: Sequence[Row]) -> None:
    """Assign an issue to these people as well; more than ten in all are refused."""
    for user_id in _hand_over(world, issue_id, users):
        _tell_assignment(world, repo, actor, issue_id, "assigned", user_id)


def _hand_over(world: World, issue_id: int, users: Sequence[Row]) -> list[int]:
    added = []
    present = set(shapes.assignees_of(world, issue_id))
    for row in users:
        if row["id"] in present:
            continue
        present.add(row["id"])
        if len(present) > 10:
            raise invalid("Issue", "assignees", "custom", "an issue can have up to ten assignees")
        world.run("INSERT INTO assignees VALUES (?, ?)", issue_id, row["id"])
        added.append(row["id"])
    return added


def unassign(world: World, repo: Row, actor: Viewer, issue_id: int, user_ids: Sequence[int]) -> None:
    """Take an issue from these people; those who do not have it are passed over."""
    for user_id in user_ids:
        if world.run("DELETE FROM assignees WHERE issue_id = ? AND user_id = ?", issue_id, user_id):
            _tell_assignment(world, repo, actor, issue_id, "unassigned", user_id)


def reassign(world: World, repo: Row, actor: Viewer, issue_id: int, users: Sequence[Row]) -> None:
    """Leave an issue assigned to exactly these people."""
    wanted = {row["id"] for row in users}
    gone = [person for person in shapes.assignees_of(world, issue_id) if person not in wanted]
    unassign(world, repo, actor, issue_id, gone)
    assign(world, repo, actor, issue_id, users)


def _tell_assignment(world: World, repo: Row, actor: Viewer, issue_id: int, kind: str, user_id: int) -> None:
    timeline.happened(world, issue_id, kind, actor.id, assignee=user_id)
    touch(world, issue_id)
    deliveries.issue(world, repo, actor, kind, issue_id, assignee=user(world, user_id))


def lock(world: World, repo: Row, actor: Viewer, row: Row, reason: str | None) -> None:
    """Lock the conversation: from now on only staff may comment."""
    if reason is not None and reason not in LOCK_REASONS:
        raise invalid("Issue", "lock_reason", "invalid", value=reason)
    if row["locked"]:
        return
    world.run("UPDATE issues SET locked = 1, lock_reason = ? WHERE id = ?", reason, row["id"])
    timeline.happened(world, row["id"], "locked", actor.id, lock_reason=reason)
    touch(world, row["id"])
    deliveries.issue(world, repo, actor, "locked", row["id"])


def unlock(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Unlock the conversation."""
    if not row["locked"]:
        return
    world.run("UPDATE issues SET locked = 0, lock_reason = NULL WHERE id = ?", row["id"])
    timeline.happened(world, row["id"], "unlocked", actor.id)
    touch(world, row["id"])
    deliveries.issue(world, repo, actor, "unlocked", row["id"])


def delete(world: World, repo: Row, actor: Viewer, row: Row) -> None:
    """Delete an issue for good; only an administrator may."""
    access.may_write(world, actor, repo, "issues", Role.ADMIN)
    deliveries.issue(world, repo, actor, "deleted", row["id"])
    world.run("UPDATE issues SET deleted = 1 WHERE id = ?", row["id"])
