"""What is to be done about action items: the documents of the default branch beside the issues that follow their items.

Pure: documents and issues in, a `FollowUp` out. An item is known by the issue that its row names; before the row names
one, by its incident and its own words. Laws:

- An agreed item has one issue. What might be an item that has one already gets none: it is told, and waits.
- What an issue came to, and to whom it was handed, is proposed for the document; what the document says is done to the
  issue. Where both may be meant it is told, and never guessed.
- Nothing is told twice: what was said stands in the issue (`ItemIssue.said`).
- An issue that somebody else opened and named in a row is theirs: its state is read, and nothing is done to it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.items import Item
from respondby.postmortems.followed import Cause, FollowUp, ItemIssue, RowChange, Word, WordKind
from respondby.postmortems.rows import Column
from respondby.rules.items import Identity, ItemFacts

_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))")
_WORDS = 300


@dataclass(frozen=True, slots=True)
class _Row:
    """An item in its document, with the facts that an issue of it has to have."""

    path: str
    item: Item
    facts: ItemFacts

    @property
    def place(self) -> str:
        return f"{self.path}:{self.item.line + 1}"


def key_of(what: str) -> str:
    """Sixteen hex digits for an item's words: the same however they are spaced and whatever their case."""
    return hashlib.sha256(" ".join(what.casefold().split()).encode()).hexdigest()[:16]


def number_in(link: str, repository: str) -> int | None:
    """The number of an issue of this repository that a link names (`#57`, `acme/shop#57`, an address), else None."""
    name = re.escape(repository)
    pattern = rf"(?:https?://[^/\s]+/{name}/issues/|(?:{name})?#)([1-9]\d{{0,9}})"
    found = re.fullmatch(pattern, link.strip().rstrip("/"), re.IGNORECASE)
    return int(found[1]) if found else None


def incident_of(document: Document, repository: str) -> str:
    """The address of the incident of this repository that a document names first; empty where it names none."""
    return next((one for one in document.incidents if "://" in one and number_in(one, repository) is not None), "")


def numbers_to_ask(documents: Iterable[Document], repository: str) -> tuple[int, ...]:
    """The issues whose state matters: those that rows of agreed items name."""
    found = (number_in(item.issue, repository) for document in documents for item in document.items if item.open)
    return tuple(sorted({number for number in found if number is not None}))


def without_issue(document: Document, repository: str) -> Iterator[Identity]:
    """A document's items whose rows name no issue."""
    incident = incident_of(document, repository).casefold()
    yield from ((incident, key_of(item.what)) for item in document.items if incident and item.what and not item.issue)


def follow_up(
    documents: Sequence[Document],
    issues: Mapping[int, ItemIssue],
    repository: str,
    people: Collection[str],
    opened: Mapping[Identity, int],
) -> FollowUp:
    """What is to be done. `people` are the desk's logins (casefolded), `opened` the issues that are known to have been
    opened, by their items; `issues` are all that are known, ours and those that rows name.
    """
    return _Following(documents, issues, repository, people, opened).all()


class _Following:
    def __init__(
        self,
        documents: Sequence[Document],
        issues: Mapping[int, ItemIssue],
        repository: str,
        people: Collection[str],
        opened: Mapping[Identity, int],
    ) -> None:
        self._issues, self._repository, self._people, self._opened = issues, repository, people, opened
        self._rows = list(_rows(documents, repository))
        self._incidents = {row.casefold() for one in documents if (row := incident_of(one, repository))}
        self._twins = dict(_twins(issues))
        self._claims: dict[int, _Row] = {}
        self._renewals: dict[int, ItemFacts] = {}
        self._words: list[Word] = []
        self._closings: dict[int, Literal["completed", "not_planned"]] = {}
        self._changes: list[RowChange] = []
        self._remarks: list[str] = []

    def all(self) -> FollowUp:
        self._claim_by_link()
        unknown = self._claim_by_words()
        orphans = [
            one
            for number, one in sorted(self._issues.items())
            if one.facts is not None and one.open and number not in self._claims and number not in self._twins
        ]
        openings = list(self._openings(unknown, orphans))
        for number, row in self._claims.items():
            if number in self._issues:
                self._compare(self._issues[number], row)
        for orphan in orphans:
            self._orphaned(orphan, unknown)
        return FollowUp(
            tuple(openings),
            tuple(sorted(self._twins.items())),
            tuple(self._renewals.items()),
            tuple(word for word in self._words if word.key not in self._issues[word.number].said),
            tuple(self._closings.items()),
            tuple(self._changes),
            tuple(self._remarks),
        )

    # -- which issue is which row's ---------------------------------------------------------------------------------

    def _claim_by_link(self) -> None:
        for row in self._rows:
            number = number_in(row.item.issue, self._repository)
            if number is None:
                continue
            if number in self._claims:
                self._remarks.append(f"{row.place}: #{number} is the issue of {self._claims[number].place} as well")
            else:
                self._claims[number] = row
                if number not in self._issues and row.item.open:
                    self._remarks.append(f"{row.place}: there is no issue #{number}")

    def _claim_by_words(self) -> list[_Row]:
        """Rows that name no issue: those whose words an issue has, and the agreed ones that none has."""
        known = {
            one.facts.identity: number
            for number, one in sorted(self._issues.items(), reverse=True)
            if one.facts is not None and number not in self._twins
        }
        unknown: list[_Row] = []
        for row in self._rows:
            if row.item.issue:
                continue
            number = known.get(row.facts.identity, self._opened.get(row.facts.identity))
            if number is not None and number in self._claims:
                self._remarks.append(
                    f"{row.place}: the same words as {self._claims[number].place}, which has #{number}"
                )
            elif number is not None:
                self._claims[number] = row
            elif row.item.open and any(row.facts.identity == other.facts.identity for other in unknown):
                self._remarks.append(f"{row.place}: the same words as another row: one issue stands for both")
            elif row.item.open:
                unknown.append(row)
        return unknown

    def _openings(self, unknown: Iterable[_Row], orphans: Sequence[ItemIssue]) -> Iterator[ItemFacts]:
        for row in unknown:
            mine = [one.number for one in orphans if _about(one) == row.facts.incident.casefold() and not _linked(one)]
            if mine:
                which = ", ".join(f"#{number}" for number in mine)
                self._remarks.append(
                    f"{row.place}: no issue is opened until it is known whether {which} is this item's"
                )
            else:
                yield row.facts

    # -- what differs -----------------------------------------------------------------------------------------------

    def _compare(self, issue: ItemIssue, row: _Row) -> None:
        cells: dict[Column, str] = {}
        causes: list[Cause] = []
        if not row.item.issue:
            cells["issue"] = issue.url
            causes.append("opened")
        self._state(issue, row, cells, causes)
        if issue.facts is not None:
            self._facts(issue, issue.facts, row, cells, causes)
        if cells:
            self._changes.append(RowChange(row.path, row.item, cells, tuple(causes), issue.number, issue.url))

    def _state(self, issue: ItemIssue, row: _Row, cells: dict[Column, str], causes: list[Cause]) -> None:
        state = row.item.state
        if state == "agreed" and not issue.open:
            if issue.reason == "duplicate":
                self._say(issue, "duplicate", "duplicate")
            elif issue.reason == "not planned":
                cells["state"] = f"won't do, because #{issue.number} was closed as not planned"
                causes.append("wont")
            else:
                cells["state"] = "done"
                causes.append("done")
        elif state in ("done", "won't do") and issue.open:
            if issue.facts is None:
                self._remarks.append(f"{row.place}: it says “{state}”, and #{issue.number} is open")
            elif issue.reopened:
                cells["state"] = "agreed"
                causes.append("reopened")
            elif state == "done":
                self._say(issue, "done", "done")
                self._closings[issue.number] = "completed"
            else:
                self._say(issue, "wont", "wont", why=row.item.why)
                self._closings[issue.number] = "not_planned"
        elif state == "proposed" and issue.open and issue.facts is not None:
            self._say(issue, "back", "back")

    def _facts(
        self, issue: ItemIssue, known: ItemFacts, row: _Row, cells: dict[Column, str], causes: list[Cause]
    ) -> None:
        """What the document says of the item by now, told where it is another thing than the issue says."""
        now = replace(row.facts, first=known.first, linked=known.linked or bool(row.item.issue))
        if now.key != known.key:
            self._say(issue, "reworded", f"reworded/{now.key}", now=now.words, before=known.words)
        if now.due != known.due:
            self._say(issue, "due", f"due/{now.due}", now=now.due, before=known.due)
        if issue.open and row.item.open:
            self._owner(issue, known, now, cells, causes)
        if now != known:
            self._renewals[issue.number] = now

    def _owner(
        self, issue: ItemIssue, known: ItemFacts, now: ItemFacts, cells: dict[Column, str], causes: list[Cause]
    ) -> None:
        if issue.handed and now.owner == known.owner and issue.handed.casefold() != now.owner.casefold():
            cells["owner"] = f"@{issue.handed}"
            causes.append("handed")
        if not now.owner:
            self._say(issue, "no-owner", "no-owner")
        elif self._people and now.owner.casefold() not in self._people:
            self._say(issue, "left", f"left/{now.owner}", owner=now.owner)
        elif now.owner.casefold() not in (known.owner.casefold(), issue.handed.casefold()):
            self._say(issue, "owner", f"owner/{now.owner}", now=now.owner, before=known.owner)

    def _orphaned(self, issue: ItemIssue, unknown: Iterable[_Row]) -> None:
        """An open issue of ours whose item no document has."""
        assert issue.facts is not None, "somebody else's issue belongs to no document"
        about = _about(issue)
        rows = [row for row in unknown if row.facts.incident.casefold() == about]
        if about not in self._incidents:
            self._say(issue, "gone", "gone", document=issue.facts.document)
        elif issue.facts.linked or not rows:
            self._say(issue, "removed", "removed", document=issue.facts.document)
        else:
            listed = "; ".join(f"“{row.facts.words}”" for row in rows)
            key = key_of(listed)
            self._say(issue, "perhaps", f"perhaps/{key}", rows=listed, document=issue.facts.document)

    def _say(self, issue: ItemIssue, kind: WordKind, key: str, **values: str) -> None:
        self._words.append(Word(issue.number, kind, f"item/{key}", values))


def _rows(documents: Iterable[Document], repository: str) -> Iterator[_Row]:
    for document in documents:
        incident = incident_of(document, repository)
        if not incident:
            continue
        product, severity = document.front.text("product"), document.front.text("severity")
        for item in document.items:
            if item.what:
                due = item.due_day.isoformat() if item.due_day is not None else ""
                login = _LOGIN.fullmatch(item.owner)
                owner = login[1] if login else ""
                key, words = key_of(item.what), item.what[:_WORDS]
                facts = ItemFacts(
                    incident, document.path, key, words, owner, due, due, item.kind[:40], product[:80], severity[:80]
                )
                yield _Row(document.path, item, facts)


def _twins(issues: Mapping[int, ItemIssue]) -> Iterator[tuple[int, int]]:
    """Open issues of one item, with the older one that stays; one that we have closed before is somebody's own now."""
    first: dict[Identity, int] = {}
    for number, issue in sorted(issues.items()):
        if issue.facts is None:
            continue
        if issue.facts.identity not in first:
            first[issue.facts.identity] = number
        elif issue.open and not issue.facts.linked and not issue.closed_by_us:
            yield number, first[issue.facts.identity]


def _about(issue: ItemIssue) -> str:
    return issue.facts.incident.casefold() if issue.facts is not None else ""


def _linked(issue: ItemIssue) -> bool:
    return issue.facts is not None and issue.facts.linked
