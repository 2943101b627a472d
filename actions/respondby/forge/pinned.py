"""The issues on top of the repository's list."""

from __future__ import annotations

from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.ledger import LedgerError
from respondby.forge.client import Client
from respondby.forge.nodes import nodes

#: What stands on top of the repository's list.
PINNED = """
query Pinned($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id pinnedIssues(first: 3) { nodes { issue { number title body } } } }
}
"""


@dataclass(frozen=True, slots=True)
class PinnedIssue:
    """An issue on top of the list; `queue` says that it carries the mark of the desk's queue."""

    number: int
    title: str
    queue: bool


def pinned_issues(client: Client) -> tuple[PinnedIssue, ...]:
    """What is pinned, in one request."""
    owner, _, name = client.repository.partition("/")
    doing = f"looking at what is pinned in {client.repository}"
    data, _ = client.graphql(PINNED, {"owner": owner, "name": name}, doing=doing)
    facts = data["repository"]
    found = [one["issue"] for one in nodes(facts["pinnedIssues"])]
    return tuple(
        PinnedIssue(int(issue["number"]), str(issue["title"]), _is_queue(str(issue["body"]), str(facts["id"])))
        for issue in found
    )


def _is_queue(body: str, home: str) -> bool:
    try:
        mark = markers.read_mark(body, home)
    except LedgerError:
        return False
    return mark is not None and mark.kind == "queue"
