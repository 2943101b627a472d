"""Pages of a gather, which shrink; and what is longer than one: a timeline, a history of edits, the labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from respondby.calendars.instants import Instant
from respondby.forge import queries, repository_queries
from respondby.forge.client import Client
from respondby.forge.errors import TooHeavy
from respondby.forge.nodes import Json, nodes

#: How many issues, and how many happenings of each, one query asks for; GitHub allows no more than 100.
_ISSUES = 100
_ITEMS = 100
#: How many timelines or histories one query asks for the next page of.
_TIMELINES = 10
HISTORIES = 100

T = TypeVar("T")


class Pages:
    """The pages of one gather. They shrink where GitHub gives up on them, and stay small for the rest of it.

    `issues` and `items` are how many issues a page asks for, and how many happenings of each; `now` is the forge's
    clock at the first answer; `place` are the variables that name the repository.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.issues = _ISSUES
        self.items = _ITEMS
        self.now: Instant | None = None
        owner, _, name = client.repository.partition("/")
        self.place = {"owner": owner, "name": name}

    def query(self, query: str, variables: Json, doing: str, *, missing_ok: bool = False) -> Json:
        """The `data` that a query brings."""
        data, answer = self._client.graphql(query, variables, doing=doing, missing_ok=missing_ok)
        if self.now is None:
            self.now = answer.date
        return dict(data)

    def shrinking(self, read: Callable[[], T]) -> T:
        """Read, with smaller pages as long as GitHub gives up on them: fewer issues first, then less of each."""
        while True:
            try:
                return read()
            except TooHeavy:
                if self.issues > 1:
                    self.issues //= 2
                elif self.items > 10:
                    self.items //= 2
                else:
                    raise

    def finish_timelines(self, issues: Sequence[Json]) -> set[str]:
        """Read the rest of timelines that are longer than a page. Returns the ids of issues that are gone meanwhile."""
        gone: set[str] = set()
        unfinished = [issue for issue in issues if issue["timelineItems"]["pageInfo"]["hasNextPage"]]
        while unfinished:
            batch, unfinished = unfinished[:_TIMELINES], unfinished[_TIMELINES:]
            after = [(str(issue["id"]), issue["timelineItems"]["pageInfo"]["endCursor"]) for issue in batch]
            pages = self._next_pages(queries.timelines_more, after, "reading long timelines", {"items": self.items})
            for issue, page in zip(batch, pages, strict=True):
                if page is None:
                    gone.add(issue["id"])
                    continue
                timeline = issue["timelineItems"]
                timeline["nodes"].extend(page["timelineItems"]["nodes"])
                timeline["pageInfo"] = page["timelineItems"]["pageInfo"]
                if timeline["pageInfo"]["hasNextPage"]:
                    unfinished.append(issue)
        return gone

    def edits(
        self, wanted: Iterable[str], enough: Callable[[Sequence[Json]], bool] = lambda _: False
    ) -> Mapping[str, Sequence[Json]]:
        """The edit history of each node, newest first; nothing for one that is gone meanwhile. `enough` says of a page
        that nobody asks for what was before it.
        """
        found: dict[str, list[Json]] = {}
        unfinished: list[tuple[str, str | None]] = [(node, None) for node in wanted]
        while unfinished:
            batch, unfinished = unfinished[:HISTORIES], unfinished[HISTORIES:]
            pages = self._next_pages(queries.edits, batch, "reading edited comments", {})
            for (node, _), page in zip(batch, pages, strict=True):
                history = (page or {}).get("userContentEdits")
                if history is not None:
                    found.setdefault(node, []).extend(nodes(history))
                    if history["pageInfo"]["hasNextPage"] and not enough(nodes(history)):
                        unfinished.append((node, history["pageInfo"]["endCursor"]))
        return found

    def _next_pages(
        self, query: Callable[[int], str], after: Sequence[tuple[str, str | None]], doing: str, common: Json
    ) -> list[Json | None]:
        """The next page of each node, after its cursor; None for one that is gone. Halves what GitHub gives up on."""
        variables = dict(common)
        for index, (node, cursor) in enumerate(after):
            variables |= {f"id{index}": node, f"after{index}": cursor}
        try:
            data = self.query(query(len(after)), variables, doing, missing_ok=True)
        except TooHeavy:
            if len(after) == 1:
                raise
            middle = len(after) // 2
            return [
                *self._next_pages(query, after[:middle], doing, common),
                *self._next_pages(query, after[middle:], doing, common),
            ]
        return [data[f"page{index}"] for index in range(len(after))]

    def labels(self, connection: Json) -> list[Json]:
        """All labels of the repository, of whose first page this is."""
        found = nodes(connection)
        while connection["pageInfo"]["hasNextPage"]:
            variables = {**self.place, "after": connection["pageInfo"]["endCursor"]}
            data = self.query(
                repository_queries.LABELS_MORE, variables, f"reading the labels of {self._client.repository}"
            )
            connection = data["repository"]["labels"]
            found.extend(nodes(connection))
        return found
