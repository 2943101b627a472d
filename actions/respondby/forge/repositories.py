"""Many repositories at once: what each is like, before anything is asked of its issues.

A refusal of one says nothing of another: each is told by itself. Old names lead to new ones, as GitHub has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.forge.errors import Refused
from respondby.forge.nodes import nodes

#: How many repositories one query names, or one page lists.
TOGETHER = 100

_FACTS = """
fragment home on Repository {
  nameWithOwner isArchived hasIssuesEnabled isFork
  issues(states: OPEN) { totalCount }
  repositoryTopics(first: 100) { nodes { topic { name } } }
}
"""

_OWNED = (
    """
query Owned($login: String!, $first: Int!, $after: String) {
  repositoryOwner(login: $login) {
    repositories(first: $first, after: $after, ownerAffiliations: [OWNER], orderBy: {field: NAME, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes { ...home }
    }
  }
}
"""
    + _FACTS
)


@dataclass(frozen=True, slots=True)
class Home:
    """A repository as a fleet sees it: the `name` that it has now, and how many of its issues are open."""

    name: str
    archived: bool
    has_issues: bool
    fork: bool
    open_issues: int
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoHome:
    """A repository that cannot be looked at. `missing`: it is not there, or the token may not know of it; `why` is
    GitHub's reason.
    """

    missing: bool
    why: str


def look_at(client: Client, names: Sequence[str]) -> dict[str, Home | NoHome]:
    """What each of these repositories is like, by the name that was asked for; a request for each hundred."""
    found: dict[str, Home | NoHome] = {}
    for first in range(0, len(names), TOGETHER):
        some = names[first : first + TOGETHER]
        head = ", ".join(f"$owner{index}: String!, $name{index}: String!" for index in range(len(some)))
        parts = "\n".join(
            f"  r{index}: repository(owner: $owner{index}, name: $name{index}) {{ ...home }}"
            for index in range(len(some))
        )
        variables: dict[str, str] = {}
        for index, name in enumerate(some):
            variables[f"owner{index}"], _, variables[f"name{index}"] = name.partition("/")
        query = f"query Homes({head}) {{\n{parts}\n}}{_FACTS}"
        data, refused = client.graphql_parts(query, variables, doing=f"looking at {len(some)} repositories")
        for index, name in enumerate(some):
            facts, why = data.get(f"r{index}"), refused.get(f"r{index}")
            if facts is not None:
                found[name] = _home(facts)
            else:
                missing = why is None or why.kind == "NOT_FOUND"
                found[name] = NoHome(missing, "it is not there" if why is None else why.message)
    return found


def account_of(client: Client) -> str:
    """Whom the token writes as."""
    data, _ = client.graphql("query Account { viewer { login } }", {}, doing="asking whose token this is")
    return str(data["viewer"]["login"])


def owned_by(client: Client, owner: str) -> Iterator[Home]:
    """The repositories of an account that this token may see, by name; a request for each hundred.

    Raises Refused where there is no such account.
    """
    after: str | None = None
    while True:
        doing = f"listing the repositories of {owner}"
        variables = {"login": owner, "first": TOGETHER, "after": after}
        data, _ = client.graphql(_OWNED, variables, doing=doing, missing_ok=True)
        account = data["repositoryOwner"]
        if account is None:
            raise Refused(doing, 404, "there is no such account")
        page = account["repositories"]
        yield from (_home(facts) for facts in nodes(page))
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _home(facts: Mapping[str, Any]) -> Home:
    return Home(
        name=str(facts["nameWithOwner"]),
        archived=bool(facts["isArchived"]),
        has_issues=bool(facts["hasIssuesEnabled"]),
        fork=bool(facts["isFork"]),
        open_issues=int(facts["issues"]["totalCount"]),
        topics=frozenset(str(node["topic"]["name"]) for node in nodes(facts["repositoryTopics"])),
    )
