"""Who belongs to a fleet now, and what has become of the others: told once each, and nobody else suffers.

- A new name within the same owner is followed; one that now belongs to somebody else is left alone, since whoever owns
  it has never asked to be part of this fleet.
- What is archived, or has its issues switched off, needs nobody: it is said and left out. What is not there, or refuses
  this token, needs somebody, and the run ends non-zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.dataclass import dataclass
from respondby.fleet.document import ALL, Fleet, Query
from respondby.forge.client import Client
from respondby.forge.errors import Refused
from respondby.forge.repositories import Home, NoHome, look_at, owned_by


@dataclass(frozen=True, slots=True)
class Member:
    """A repository of the fleet, by the name that it has now, and how many of its issues are open."""

    name: str
    open_issues: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What has to be said of a repository (or an account); `needed` says that somebody has to do something."""

    name: str
    what: str
    needed: bool

    def __str__(self) -> str:
        return f"{self.name} {self.what}"


@dataclass(frozen=True, slots=True)
class Members:
    """The fleet as it is now, in the order of the alphabet, and what has to be said of others."""

    members: tuple[Member, ...]
    notices: tuple[Notice, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(member.name for member in self.members)


def members_of(client: Client, fleet: Fleet) -> Members:
    """Look at all of them: a request for each hundred that are named, and for each hundred of an owner who is asked.

    Raises ForgeErrors that concern all.
    """
    found: dict[str, Member] = {}
    notices: list[Notice] = []
    for query in fleet.queries:
        notices.extend(_asked(client, query, found))
    named = [name for name in fleet.repositories if name.lower() not in found]
    for name, home in look_at(client, named).items():
        notices.extend(_named(fleet, name, home, found))
    known = {name.lower() for name in fleet.repositories} | found.keys()
    idle = f"has overrides in {fleet.path}, and is not part of the fleet"
    notices.extend(Notice(name, idle, needed=False) for name in sorted(fleet.overrides.keys() - known - {ALL}))
    return Members(tuple(found[name] for name in sorted(found)), tuple(notices))


def _asked(client: Client, query: Query, found: dict[str, Member]) -> Iterator[Notice]:
    count = 0
    try:
        for home in owned_by(client, query.owner):
            if query.topic is not None and query.topic not in home.topics:
                continue
            if home.name.lower() in query.leaving_out or (query.topic is None and (home.fork or home.archived)):
                continue
            count += 1
            yield from _if_swept(home.name, home, found)
    except Refused as refused:
        yield Notice(query.owner, f"cannot be asked for its repositories: {refused}", needed=True)
        return
    if count == 0:
        what = f"with the topic `{query.topic}`" if query.topic else "that is no fork and not archived"
        yield Notice(query.owner, f"has no repository {what} that this token may see", needed=True)


def _named(fleet: Fleet, name: str, home: Home | NoHome, found: dict[str, Member]) -> Iterator[Notice]:
    if isinstance(home, NoHome):
        missing = "is not there, or this token may not know that it is"
        what = missing if home.missing else f"cannot be read by this token ({home.why})"
        yield Notice(name, f"{what}: give the token access, or take it out of {fleet.path}", needed=True)
        return
    if home.name.lower() != name.lower():
        if home.name.partition("/")[0].lower() != name.partition("/")[0].lower():
            what = f"was transferred and is {home.name} now, which nobody has put into {fleet.path}: it was left alone"
            yield Notice(name, what, needed=home.name.lower() not in found and not _listed(fleet, home.name))
            return
        yield Notice(name, f"was renamed, and is {home.name} now: write that into {fleet.path}", needed=False)
    yield from _if_swept(name, home, found)


def _listed(fleet: Fleet, name: str) -> bool:
    return name.lower() in {one.lower() for one in fleet.repositories}


def _if_swept(name: str, home: Home, found: dict[str, Member]) -> Iterator[Notice]:
    if home.archived:
        yield Notice(name, "is archived: nobody can write there, so nothing is promised", needed=False)
    elif not home.has_issues:
        yield Notice(name, "has its issues switched off, so there is nothing to sweep", needed=False)
    else:
        found.setdefault(home.name.lower(), Member(home.name, home.open_issues))
