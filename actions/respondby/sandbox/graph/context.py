"""What resolvers share while one GraphQL request is answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from respondby.sandbox.shapes.people import AVATAR, node_id, web_path
from respondby.sandbox.shapes.repositories import full_name
from respondby.sandbox.store import access, people
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


class GraphError(Exception):
    """An error inside a 200: GitHub's `type` and message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class Context:
    """The world, who asks, and what was looked up already."""

    world: World
    viewer: Viewer
    cost: int
    node_count: int
    rate: tuple[int, int, int, int]
    _actors: dict[int, Json | None] = field(default_factory=dict)
    _associations: dict[tuple[int, int], str] = field(default_factory=dict)
    _repos: dict[int, Row] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _roles: dict[int, Role] = field(default_factory=dict)

    def actor(self, user_id: int | None) -> Json | None:
        """Return an account as an actor; None for nobody and for a deleted one."""
        if user_id is None:
            return None
        if user_id not in self._actors:
            row = self.world.get("users", user_id)
            self._actors[user_id] = None if row["gone"] else self.account(row)
        return self._actors[user_id]

    def account(self, row: Row) -> Json:
        """Return an account; a bot's login has no suffix here."""
        path = web_path(row)
        return {
            "__typename": row["type"],
            "id": node_id(row),
            "databaseId": row["id"],
            "login": row["login"].removesuffix("[bot]") if row["type"] == "Bot" else row["login"],
            "name": None,
            "avatarUrl": AVATAR,
            "resourcePath": path,
            "url": self.world.url + path,
            "createdAt": iso(row["created_at"]),
            "updatedAt": iso(row["created_at"]),
            "isViewer": row["id"] == self.viewer.id,
        }

    def association(self, repo: Row, user_id: int) -> str:
        """Return how somebody belongs to a repository."""
        key = (repo["id"], user_id)
        if key not in self._associations:
            self._associations[key] = people.association(self.world, repo, user_id)
        return self._associations[key]

    def repo(self, repo_id: int) -> Row:
        """Return a repository's row."""
        if repo_id not in self._repos:
            self._repos[repo_id] = self.world.get("repos", repo_id)
        return self._repos[repo_id]

    def path(self, repo: Row) -> str:
        """Return `/owner/name`."""
        if repo["id"] not in self._names:
            self._names[repo["id"]] = "/" + full_name(self.world, repo)
        return self._names[repo["id"]]

    def may_read(self, repo: Row, scope: str) -> None:
        """Refuse a token that was not granted to read a scope."""
        try:
            access.may_read(self.viewer, repo, scope)
        except Problem as problem:
            raise GraphError("FORBIDDEN", problem.message) from None

    def role(self, repo: Row) -> Role:
        """Return the role with which the viewer acts on a repository's issues."""
        if repo["id"] not in self._roles:
            self._roles[repo["id"]] = access.role(self.world, self.viewer, repo)
        return self._roles[repo["id"]]


@dataclass(frozen=True, slots=True)
class Info:
    """What a resolver is told beside the object and the arguments."""

    context: Context
    field_name: str
