"""Issues that the desk has made in other repositories, found again by the marker that ends their text.

Laws:

- Only what the token's own account, or a bot that the policy names, wrote and nobody else edited counts (law 6).
- They are listed, newest first, as far back as the case goes; searching is not complete, and late.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.ledger import LedgerError
from respondby.forge import queries
from respondby.forge.client import Client
from respondby.forge.gathering import Identity
from respondby.forge.nodes import Json, Us, instant_of, login_of, nodes


@dataclass(frozen=True, slots=True)
class Made:
    """An issue that we made: for which purpose (`key`), and how it stands."""

    number: int
    node_id: str
    url: str
    open: bool
    key: str


@dataclass(frozen=True, slots=True)
class MadeElsewhere:
    """What we made in a repository for one case, lowest number first, and whether strangers cannot read it there."""

    private: bool
    made: tuple[Made, ...]


def made_for(client: Client, case: str, since: Instant, identity: Identity) -> MadeElsewhere:
    """What we have made for the case of that node id, which was opened at `since`."""
    found: list[Made] = []
    private = False
    for repository, us, issue in _newest(client, since, identity):
        private = bool(repository["isPrivate"])
        made = _made(issue, case, us) if issue is not None else None
        if made is not None:
            found.append(made)
    return MadeElsewhere(private, tuple(sorted(found, key=lambda made: made.number)))


def _newest(client: Client, since: Instant, identity: Identity) -> Iterator[tuple[Json, Us, Json | None]]:
    """The repository with each issue since that instant; once with None, for a repository that has none."""
    owner, _, name = client.repository.partition("/")
    after: str | None = None
    while True:
        variables: dict[str, Any] = {"owner": owner, "name": name, "after": after}
        data, _ = client.graphql(queries.NEWEST, variables, doing=f"looking for our issues in {client.repository}")
        repository = data["repository"]
        us = Us(str(data["viewer"]["login"]), identity.bots, identity.secret)
        yield repository, us, None
        for issue in nodes(repository["issues"]):
            if instant_of(issue["createdAt"]) < since:
                return
            yield repository, us, issue
        if not repository["issues"]["pageInfo"]["hasNextPage"]:
            return
        after = repository["issues"]["pageInfo"]["endCursor"]


def _made(issue: Json, case: str, us: Us) -> Made | None:
    """What we made of it, if it was us and it is still ours to read."""
    if not (issue["viewerDidAuthor"] or us.did(login_of(issue["author"]))):
        return None
    if issue["lastEditedAt"] and not us.did(login_of(issue["editor"])):
        return None
    try:
        marker = markers.read(
            str(issue["body"]), case, secret=us.secret, at=instant_of(issue["lastEditedAt"] or issue["createdAt"])
        )
    except LedgerError:
        return None  # of a newer desk, which will find it
    if marker is None or marker.kind != "elsewhere":
        return None
    return Made(int(issue["number"]), str(issue["id"]), str(issue["url"]), issue["state"] == "OPEN", marker.key)
