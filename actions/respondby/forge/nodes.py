"""What every reader of the forge's JSON needs: nodes of a connection, logins, instants, and who the desk is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import GHOST
from respondby.desk.keys import Secret

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Us:
    """Who the desk is on this forge: the token's account, the bots that count as us, the key that signs records.

    `home` is the node id of the desk's repository.
    """

    viewer: str
    bots: frozenset[str] = frozenset()
    secret: Secret = None
    home: str = ""
    _ours: frozenset[str] = field(default=frozenset(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ours", frozenset(login.lower() for login in (self.viewer, *self.bots)))

    def did(self, login: str) -> bool:
        """Whether that account is ours. Logins differ by more than their case."""
        return login.lower() in self._ours


def login_of(who: Json | None) -> str:
    """An actor's login as REST writes it; a deleted account is `ghost`."""
    if who is None:
        return GHOST.login
    login = str(who["login"])
    return f"{login}[bot]" if who["__typename"] == "Bot" and not login.endswith("[bot]") else login


def instant_of(text: str) -> Instant:
    """GitHub's `2026-11-23T08:30:00Z` as an instant."""
    return int(datetime.fromisoformat(text).timestamp())


def nodes(connection: Json | None) -> list[Json]:
    """The nodes of a connection. GitHub leaves out (null) those that the token must not see."""
    return [node for node in (connection or {}).get("nodes") or [] if node]


def written_at(node: Json) -> Instant:
    """When a text became what it is."""
    return instant_of(node["lastEditedAt"] or node["createdAt"])


def did_author(node: Json, us: Us) -> bool:
    """Whether an account of ours wrote it."""
    return bool(node["viewerDidAuthor"]) or us.did(login_of(node["author"]))
