"""Who may do what in a repository.

A person's role counts, and everybody may read a public repository. A token with permissions is held to
them as well, in its own repository only; a bot has no role, so its permissions alone decide.
"""

from __future__ import annotations

from enum import IntEnum

from respondby.sandbox.store import people
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import (
    Problem,
    no_access_for_integration,
    no_access_for_token,
    no_rights,
    not_found,
    sign_in,
)
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


class Role(IntEnum):
    """What somebody may do in a repository, from nothing to everything."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


def role_of(world: World, repo: Row, user_id: int) -> Role:
    """Return a person's role in a repository, reading what is public included."""
    if user_id == repo["owner_id"]:
        return Role.ADMIN
    row = world.one("SELECT permission FROM members WHERE repo_id = ? AND user_id = ?", repo["id"], user_id)
    granted = Role.NONE if row is None else Role[str(row["permission"]).upper()]
    return max(granted, Role.NONE if repo["private"] else Role.READ)


def granted(viewer: Viewer, repo: Row, scope: str) -> str:
    """Return what a token's permissions say for a scope in a repository: write, read or none."""
    if viewer.permissions is None:
        return "write"
    if viewer.repo_id != repo["id"]:
        return "none"
    found = {viewer.permissions.get(name, "none") for name in scope.split(" or ")}
    return next((level for level in ("write", "read") if level in found), "none")


def scope_of(issue: Row) -> str:
    """Return the scope of an issue's conversation; a pull request's is served by either permission."""
    return "issues or pull_requests" if issue["is_pull"] else "issues"


def can_see(world: World, viewer: Viewer | None, repo: Row) -> bool:
    """Return whether the viewer may know that the repository exists."""
    if not repo["private"]:
        return True
    if viewer is None:
        return False
    if viewer.is_bot and viewer.permissions is not None:
        return bool(viewer.repo_id == repo["id"])
    return role_of(world, repo, viewer.id) >= Role.READ


def named(world: World, owner: str, name: str) -> Row | None:
    """Return the repository `owner/name`, whoever may see it."""
    return world.one(
        "SELECT r.* FROM repos r JOIN users u ON u.id = r.owner_id WHERE u.login = ? AND NOT u.gone AND r.name = ?",
        owner,
        name,
    )


def repository(world: World, viewer: Viewer | None, owner: str, name: str) -> Row:
    """Return a repository that the viewer may see, or refuse with 404."""
    row = named(world, owner, name)
    if row is None or not can_see(world, viewer, row):
        raise not_found()
    return row


def role(world: World, viewer: Viewer | None, repo: Row, scope: str = "issues") -> Role:
    """Return the role with which the viewer acts in a scope: the person's, or what a bot's permissions amount to."""
    if viewer is None:
        return Role.NONE if repo["private"] else Role.READ
    allowed = granted(viewer, repo, scope)
    if viewer.is_bot and viewer.permissions is not None:
        public = Role.NONE if repo["private"] else Role.READ
        return {"write": Role.WRITE, "read": Role.READ}.get(allowed, public)
    own = role_of(world, repo, viewer.id)
    return own if allowed == "write" else min(own, Role.READ)


def refusal(viewer: Viewer, scope: str, level: str) -> Problem:
    """Return the 403 that fits the kind of token; for a narrowed one it names the permissions that would do."""
    if viewer.permissions is None:
        return no_rights()
    problem = no_access_for_integration() if viewer.is_bot else no_access_for_token()
    accepted = "; ".join(f"{name}={level}" for name in scope.split(" or "))
    problem.headers = {"x-accepted-github-permissions": accepted}
    return problem


def may_read(viewer: Viewer | None, repo: Row, scope: str) -> None:
    """Refuse with 403 a token that was not granted to read a scope of a private repository."""
    if viewer is not None and repo["private"] and granted(viewer, repo, scope) == "none":
        raise refusal(viewer, scope, "read")


def may_write(world: World, viewer: Viewer | None, repo: Row, scope: str, least: Role) -> Viewer:
    """Return the viewer if they may write to a scope with at least this role; otherwise refuse.

    Without a token 401; a token without the permission, or a person without the role, 403.
    """
    if viewer is None:
        raise sign_in()
    if repo["archived"] and scope != "administration":
        raise Problem(403, "Repository was archived so is read-only.")
    if granted(viewer, repo, scope) != "write":
        raise refusal(viewer, scope, "write")
    if not (viewer.is_bot and viewer.permissions is not None) and role_of(world, repo, viewer.id) < least:
        raise no_rights()
    return viewer


def assignables(world: World, repo: Row) -> list[Row]:
    """Return whom any issue of a repository may be assigned to: its owner and its staff."""
    return world.all(
        "SELECT u.* FROM users u LEFT JOIN members m ON m.user_id = u.id AND m.repo_id = ?1 WHERE u.type = 'User'"
        " AND NOT u.gone AND (u.id = ?2 OR m.association IN ('OWNER', 'MEMBER', 'COLLABORATOR')) ORDER BY u.id",
        repo["id"],
        repo["owner_id"],
    )


def assignable(world: World, repo: Row, issue_id: int | None, user: Row) -> bool:
    """Return whether an issue may be assigned to a person: staff, its author, or who commented on it."""
    if user["type"] != "User":
        return False
    if people.association(world, repo, user["id"]) in ("OWNER", "MEMBER", "COLLABORATOR"):
        return True
    return issue_id is not None and bool(
        world.one(
            "SELECT 1 FROM issues WHERE id = ?1 AND author_id = ?2"
            " UNION SELECT 1 FROM comments WHERE issue_id = ?1 AND author_id = ?2",
            issue_id,
            user["id"],
        )
    )
