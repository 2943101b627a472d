"""Who is who: users, bots and organisations; tokens; who belongs to a repository and how.

Rules of GitHub held here:
- A deleted account stays behind as `ghost`, and its login is free again.
- A bot's login ends in `[bot]` in REST and has no suffix in GraphQL.
- A token is a person, and may be narrowed to permissions in one repository, as a workflow's is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

WORKFLOW_BOT = "github-actions[bot]"
TYPES = ("User", "Bot", "Organization")
ASSOCIATIONS = ("OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "NONE")
PERMISSIONS = ("none", "read", "triage", "write", "maintain", "admin")
_DEFAULT_PERMISSION = {"OWNER": "admin", "MEMBER": "write", "COLLABORATOR": "write"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever sent a request: a person, and what their token may do.

    `permissions` maps a scope (issues, contents …) to read or write, in the repository `repo_id` only;
    None stands for all that the person may do, anywhere.
    """

    id: int
    login: str
    type: str
    token: str
    permissions: Mapping[str, str] | None
    repo_id: int | None
    scopes: frozenset[str] | None = None
    """The scopes of a classic token; None for one that is not limited by scopes."""

    @property
    def is_workflow(self) -> bool:
        """Whether this is a workflow's own token, whose acts start no workflow."""
        return self.login == WORKFLOW_BOT

    @property
    def is_bot(self) -> bool:
        """Whether this is an app's token."""
        return self.type == "Bot"


def find(world: World, login: str) -> Row | None:
    """Return the account with this login, deleted ones left out."""
    return world.one("SELECT * FROM users WHERE login = ? AND NOT gone", login)


def need(world: World, login: str) -> Row:
    """Return the account with this login, or refuse with 404."""
    row = find(world, login)
    if row is None:
        raise not_found()
    return row


def create(world: World, login: str, kind: str = "User") -> Row:
    """Create an account, or return the one that has this login already.

    A bot's login gets its `[bot]` suffix if it was left out. Raises Problem for an unknown kind or an empty login.
    """
    if kind not in TYPES:
        raise invalid("User", "type", "invalid", f"type is one of {', '.join(TYPES)}", kind)
    if not login or "/" in login:
        raise invalid("User", "login", "invalid", "a login is not empty and holds no slash", login)
    if kind == "Bot" and not login.endswith("[bot]"):
        login += "[bot]"
    existing = find(world, login)
    if existing is not None:
        return existing
    return world.get("users", world.insert("users", login=login, type=kind, created_at=world.clock.now()))


def delete(world: World, login: str) -> None:
    """Delete an account: what it wrote stays, by ghost; its tokens, roles and assignments end."""
    user = need(world, login)
    world.run("UPDATE users SET gone = 1 WHERE id = ?", user["id"])
    world.run("DELETE FROM tokens WHERE user_id = ?", user["id"])
    world.run("DELETE FROM members WHERE user_id = ?", user["id"])
    world.run("DELETE FROM assignees WHERE user_id = ?", user["id"])


def make_token(
    world: World,
    login: str,
    permissions: Mapping[str, str] | None,
    repo: Row | None,
    scopes: Collection[str] | None = None,
) -> str:
    """Return a new token that acts as this account, narrowed to permissions in one repository or to scopes if given."""
    user = need(world, login)
    if permissions is not None and repo is None:
        raise Problem(422, "permissions hold in one repository: name it")
    kind = "ghs" if user["type"] == "Bot" else "ghp"
    token = f"{kind}_{os.urandom(18).hex()}"
    world.run(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
        token,
        user["id"],
        None
        if permissions is None
        else json.dumps({name.replace("-", "_"): level for name, level in permissions.items()}),
        None if repo is None else repo["id"],
        None if scopes is None else json.dumps(sorted(scopes)),
    )
    return token


def viewer_of(world: World, authorization: str | None) -> Viewer | None:
    """Return who an `Authorization` header names; None without a header. An unknown token is refused with 401."""
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    row = None
    if scheme.lower() in ("bearer", "token"):
        row = world.one(
            "SELECT u.id, u.login, u.type, t.token, t.permissions, t.repo_id, t.scopes FROM tokens t"
            " JOIN users u ON u.id = t.user_id WHERE t.token = ?",
            token.strip(),
        )
    if row is None:
        raise Problem(401, "Bad credentials")
    permissions = None if row["permissions"] is None else json.loads(row["permissions"])
    scopes = None if row["scopes"] is None else frozenset(json.loads(row["scopes"]))
    return Viewer(row["id"], row["login"], row["type"], row["token"], permissions, row["repo_id"], scopes)


def without_token(row: Row) -> Viewer:
    """Return an account as somebody who acts on the web pages, where no token is needed."""
    return Viewer(row["id"], row["login"], row["type"], "", None, None)


def set_member(world: World, repo: Row, login: str, association: str, permission: str | None) -> None:
    """Give a person their place in a repository. The permission is the association's usual one if left out."""
    if association not in ASSOCIATIONS:
        raise invalid("Member", "association", "invalid", f"one of {', '.join(ASSOCIATIONS)}", association)
    granted = permission or _DEFAULT_PERMISSION.get(association, "none")
    if granted not in PERMISSIONS:
        raise invalid("Member", "permission", "invalid", f"one of {', '.join(PERMISSIONS)}", granted)
    user = need(world, login)
    world.run("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?)", repo["id"], user["id"], association, granted)


def association(world: World, repo: Row, user_id: int) -> str:
    """Return how somebody belongs to a repository: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR or NONE."""
    if user_id == repo["owner_id"]:
        return "OWNER"
    row = world.one("SELECT association FROM members WHERE repo_id = ? AND user_id = ?", repo["id"], user_id)
    return "NONE" if row is None else str(row["association"])
