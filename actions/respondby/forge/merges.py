"""What was merged: pull requests about a case, and the post-mortems that stand on the default branch.

A pull request is about a case where it names it, and only one of the case's own repository counts: nobody merges there
who may not write there. Files are read at the commit that the run reads everything at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import GHOST
from respondby.forge.client import Client
from respondby.forge.nodes import instant_of, login_of, nodes
from respondby.policy.people.holders import MEMBERS

#: How many cases one query asks for, and of how many pull requests that name each of them.
TOGETHER = 20

_PULLS = """
  case{0}: node(id: $id{0}) {{ ... on Issue {{
    timelineItems(last: 100, itemTypes: [CROSS_REFERENCED_EVENT]) {{ nodes {{ ... on CrossReferencedEvent {{ source {{
      ... on PullRequest {{
        id createdAt state merged mergedAt mergedBy {{ __typename login }} repository {{ nameWithOwner }}
        isCrossRepository authorAssociation
        files(first: 100) {{ nodes {{ path }} }}
      }}
    }} }} }} }}
  }} }}
"""
_HISTORY = """
query Written($owner: String!, $name: String!, $path: String!) {
  repository(owner: $owner, name: $name) { defaultBranchRef { target { ... on Commit {
    history(first: 100, path: $path) { nodes { oid committedDate author { user { login } } } }
  } } } }
}
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """A pull request that was merged: its node id, when, by whom (a login), and the paths that it changed.

    Of one that is `open` still, `at` is when it was opened, and it `counts` where somebody of the house brings it: a
    stranger's fork proposes what it likes.
    """

    source: str
    at: Instant
    by: str
    paths: tuple[str, ...] = ()
    open: bool = False
    counts: bool = True


def merged_pulls(client: Client, issues: Sequence[str], *, with_open: bool = False) -> Mapping[str, tuple[Merged, ...]]:
    """The merged pull requests that name each issue (by node id), oldest first; one that is gone has none.

    `with_open` also brings those that are open.
    """
    found: dict[str, tuple[Merged, ...]] = {}
    for first in range(0, len(issues), TOGETHER):
        batch = issues[first : first + TOGETHER]
        variables = {f"id{place}": issue for place, issue in enumerate(batch)}
        declared = ", ".join(f"$id{place}: ID!" for place in range(len(batch)))
        parts = "".join(_PULLS.format(place) for place in range(len(batch)))
        query = f"query Merged({declared}) {{{parts}}}"
        data, _ = client.graphql(query, variables, doing="reading what was merged", missing_ok=True)
        for place, issue in enumerate(batch):
            sources = [node.get("source") or {} for node in nodes((data[f"case{place}"] or {}).get("timelineItems"))]
            found[issue] = tuple(_merged(sources, client.repository, with_open=with_open))
    return found


def _merged(sources: Iterable[Mapping[str, Any]], repository: str, *, with_open: bool) -> Iterator[Merged]:
    pulls = {
        str(source["id"]): Merged(
            str(source["id"]),
            instant_of(source["mergedAt"] or source["createdAt"]),
            login_of(source["mergedBy"]),
            tuple(str(file["path"]) for file in nodes(source["files"])),
            not source["merged"],
            not source["isCrossRepository"] or source["authorAssociation"] in MEMBERS,
        )
        for source in sources
        if (source.get("merged") or (with_open and source.get("state") == "OPEN"))
        and source["repository"]["nameWithOwner"].lower() == repository.lower()
    }
    yield from sorted(pulls.values(), key=lambda one: (one.at, one.source))


def first_written(client: Client, path: str) -> Merged | None:
    """The oldest commit of the default branch that touched a file; None where it has none."""
    owner, _, name = client.repository.partition("/")
    variables = {"owner": owner, "name": name, "path": path}
    data, _ = client.graphql(_HISTORY, variables, doing=f"reading the history of {path}")
    target = (data["repository"]["defaultBranchRef"] or {}).get("target") or {}
    commits = nodes(target.get("history"))
    if not commits:
        return None
    oldest = commits[-1]
    user = (oldest["author"] or {}).get("user")
    by = str(user["login"]) if user else GHOST.login
    return Merged(str(oldest["oid"]), instant_of(oldest["committedDate"]), by, (path,))


def issues_there(client: Client, numbers: Sequence[int]) -> frozenset[int]:
    """Those of the numbers that are issues of this repository."""
    owner, _, name = client.repository.partition("/")
    there: set[int] = set()
    for first in range(0, len(numbers), 100):
        batch = numbers[first : first + 100]
        parts = " ".join(f"issue{number}: issue(number: {number}) {{ number }}" for number in batch)
        query = (
            f"query There($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {parts} }} }}"
        )
        variables = {"owner": owner, "name": name}
        data, _ = client.graphql(query, variables, doing="looking whether incidents exist", missing_ok=True)
        there |= {int(found["number"]) for found in (data["repository"] or {}).values() if found}
    return frozenset(there)


Reason = Literal["", "completed", "not planned", "duplicate"]

#: As what an issue was closed, in GitHub's words and in ours; anything else is done.
REASONS: Mapping[str, Reason] = {"not_planned": "not planned", "duplicate": "duplicate"}


@dataclass(frozen=True, slots=True)
class IssueState:
    """How an issue stands; `reason` says as what it was closed, and is empty for an open one."""

    url: str
    open: bool
    reason: Reason


def issue_states(client: Client, numbers: Sequence[int]) -> Mapping[int, IssueState]:
    """How these issues of the repository stand; one that is none, or is gone, is left out."""
    owner, _, name = client.repository.partition("/")
    found: dict[int, IssueState] = {}
    for first in range(0, len(numbers), 100):
        parts = " ".join(
            f"issue{number}: issue(number: {number}) {{ number url state stateReason }}"
            for number in numbers[first : first + 100]
        )
        query = (
            f"query States($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {parts} }} }}"
        )
        variables = {"owner": owner, "name": name}
        data, _ = client.graphql(query, variables, doing="reading how action items stand", missing_ok=True)
        for issue in (data["repository"] or {}).values():
            if issue:
                reason: Reason = REASONS.get(str(issue["stateReason"] or "").lower(), "completed")
                opened = issue["state"] == "OPEN"
                found[int(issue["number"])] = IssueState(str(issue["url"]), opened, "" if opened else reason)
    return found
