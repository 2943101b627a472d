"""Changing whatever is named of an issue or a pull request at once, as one request of either API does.

Rules of GitHub held here: the author may change title, text and state; labels, assignees and the milestone from
anybody without the role for them are dropped in silence.
"""

from __future__ import annotations

from respondby.sandbox.domain import issues, labels, milestones
from respondby.sandbox.store import access
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def edit(world: World, repo: Row, actor: Viewer, row: Row, changes: Json) -> Row:
    """Make changes and return the issue; what is no key of them stays as it is.

    The keys are `title`, `body`, `labels` (names), `assignees` (logins), `milestone` (a number or None), `state` and
    `state_reason`. Raises Problem for what is refused.
    """
    own = row["author_id"] == actor.id
    scope = access.scope_of(row)
    access.may_write(world, actor, repo, scope, Role.READ if own else Role.TRIAGE)
    if "title" in changes or "body" in changes:
        access.may_write(world, actor, repo, scope, Role.READ if own else Role.WRITE)
        title = changes.get("title")
        issues.retitle(
            world, repo, actor, row, row["title"] if title is None else title, changes.get("body", row["body"])
        )
    if access.role(world, actor, repo, scope) >= Role.TRIAGE:
        if changes.get("labels") is not None:
            labels.replace(world, repo, actor, row["id"], changes["labels"])
        if changes.get("assignees") is not None:
            users = issues.checked(world, repo, row["id"], changes["assignees"])
            issues.reassign(world, repo, actor, row["id"], users)
        if "milestone" in changes:
            milestones.put(world, repo, actor, row, changes["milestone"])
    reason = changes.get("state_reason")
    state = changes.get("state") or (row["state"] if reason else None)
    if state is not None:
        issues.set_state(world, repo, actor, world.get("issues", row["id"]), state, reason)
    return world.get("issues", row["id"])


def close(world: World, repo: Row, actor: Viewer, row: Row, reason: str | None, state: str = "closed") -> Row:
    """Close an issue or a pull request, or open it again, and return it."""
    return edit(world, repo, actor, row, {"state": state, "state_reason": reason})
