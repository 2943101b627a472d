"""Titles and texts of issues as they are now: what is compared when somebody asks which are alike."""

from __future__ import annotations

from typing import NamedTuple

from respondby.forge import queries
from respondby.forge.client import Client

#: So many issues are read at most, a hundred a request: those that something happened to last.
MOST = 1_000


class IssueText(NamedTuple):
    """An issue's number, title, text and address; `ours` says that the desk has opened it."""

    number: int
    title: str
    text: str
    url: str
    ours: bool


def issue_texts(client: Client, most: int = MOST) -> list[IssueText]:
    """The issues of the repository, open and closed, those first that something happened to last."""
    owner, _, name = client.repository.partition("/")
    found: list[IssueText] = []
    after: str | None = None
    while len(found) < most:
        variables = {"owner": owner, "name": name, "after": after}
        data, _ = client.graphql(queries.TEXTS, variables, doing=f"reading the titles of {client.repository}")
        page = data["repository"]["issues"]
        for node in page["nodes"]:
            title, text, url = (str(node[key]) for key in ("title", "body", "url"))
            found.append(IssueText(int(node["number"]), title, text, url, bool(node["viewerDidAuthor"])))
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    return found[:most]
