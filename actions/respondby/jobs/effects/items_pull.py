"""What became of action items, back into their documents: one pull request a week, with the list of post-mortems.

Laws:

- A week (of the policy's zone, from Monday) has one branch, and so one pull request. While one is open, of this week or
  an earlier one, it is kept up to date and no other is opened.
- Only cells of items are written, and the list's own block, each over the version that was read. A branch of that name
  that holds anything else is left alone, and told of.
- Closed unmerged, it was not wanted: what differs comes again with the next week's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import timedelta

from respondby.calendars.instants import Instant, parse_time, wall, zone
from respondby.dataclass import dataclass
from respondby.desk import blocks
from respondby.desk.blocks import Made
from respondby.forge import pulls
from respondby.forge.client import Client
from respondby.forge.errors import Refused
from respondby.forge.gathering import Gathered
from respondby.letters.items import pull_changes, pull_text, pull_title
from respondby.letters.messages import Messages
from respondby.policy.model.policy import Policy
from respondby.postmortems import index
from respondby.postmortems.computed import digest
from respondby.postmortems.document.document import Document, read_document
from respondby.postmortems.document.items import Item
from respondby.postmortems.followed import RowChange
from respondby.postmortems.following import key_of, number_in
from respondby.postmortems.rows import with_cells

PREFIX = "respondby/action-items-"
_BLOCK = "changes"

#: Of a commit that writes a document, and of one that writes the list.
_MESSAGES = ("Say what became of the action items", "List the post-mortems")


@dataclass(slots=True)
class Proposed:
    """What one run did: the pull request's number (0: none), what is said of it, what a maintainer should know, and
    when the next one may come (None: nothing waits).
    """

    number: int = 0
    done: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    next: Instant | None = None


def branch_of_week(now: Instant, timezone: str) -> str:
    """The branch of the week in which that instant lies: `respondby/action-items-2026-w49`."""
    year, week, _ = wall(now, zone(timezone)).date().isocalendar()
    return f"{PREFIX}{year}-w{week:02}"


def next_week(now: Instant, timezone: str) -> Instant:
    """When the next week begins."""
    today = wall(now, zone(timezone)).date()
    monday = today + timedelta(days=7 - today.weekday())
    return parse_time(f"{monday}T00:00", zone(timezone))


class ItemsPull:
    """The weekly pull request of one run. `documents` are all of the default branch."""

    def __init__(
        self, client: Client, gathered: Gathered, policy: Policy, messages: Messages, documents: Sequence[Document]
    ) -> None:
        self._client, self._gathered, self._policy, self._messages = client, gathered, policy, messages
        self._documents = {document.path: document for document in documents}

    def propose(self, changes: Sequence[RowChange], reviewers: Sequence[str], *, dry: bool) -> Proposed:
        """Bring what differs into the pull request of this week, or into the one that is open, for these reviewers."""
        proposed = Proposed()
        standing = self._documents.get(index.PATH)
        before = standing.source.text if standing is not None else ""
        written = self._written(changes, self._documents, proposed)
        documents = {**self._documents, **written}
        listed = index.index(documents.values(), before)
        if not written and (listed == before or not index.listed(documents.values())):
            return proposed
        if dry:
            proposed.remarks.append(
                f"would propose {len(changes)} change{'' if len(changes) == 1 else 's'} of action items"
            )
            return proposed
        there = next(iter(pulls.open_from(self._client, PREFIX)), None)
        if there is not None:
            self._renew(there, changes, proposed)
            if reviewers and not there.asked and not pulls.was_asked_for_review(self._client, there.number):
                proposed.remarks.extend(pulls.ask_each(self._client, there.number, reviewers))
            return proposed
        branch = branch_of_week(self._gathered.now, self._policy.timezone)
        if pulls.proposals_from(self._client, branch):
            proposed.next = next_week(self._gathered.now, self._policy.timezone)
            return proposed
        self._open(branch, written, listed if listed != before else None, changes, proposed)
        if proposed.number and reviewers:
            proposed.remarks.extend(pulls.ask_each(self._client, proposed.number, reviewers))
        return proposed

    def _written(
        self, changes: Iterable[RowChange], documents: Mapping[str, Document], proposed: Proposed
    ) -> dict[str, Document]:
        """The documents with their cells written, by path."""
        written: dict[str, Document] = {}
        for change in changes:
            document = written.get(change.path, documents.get(change.path))
            item = _same(document, change, self._gathered.repository) if document is not None else None
            if document is None or item is None:
                continue
            if all(getattr(item, name) == value for name, value in change.cells.items()):
                continue
            made = with_cells(document, item, change.cells)
            if made is None:
                place = f"{change.path}:{item.line + 1}"
                said = ", ".join(f"{name}: {value}" for name, value in change.cells.items())
                proposed.remarks.append(f"{place}: this row has no place for “{said}”; write it by hand")
                continue
            written[change.path] = made
        return {path: one for path, one in written.items() if one.source.text != documents[path].source.text}

    def _open(
        self,
        branch: str,
        written: Mapping[str, Document],
        listed: str | None,
        changes: Sequence[RowChange],
        proposed: Proposed,
    ) -> None:
        assert self._gathered.commit is not None, "an empty repository has no documents"
        assert self._gathered.default_branch is not None, "a commit stands on a branch"
        fresh = pulls.create_branch(self._client, branch, self._gathered.commit)
        if not fresh and not self._ours(branch):
            proposed.remarks.append(f"the branch {branch} is there and holds something else: it was left alone")
            return
        if fresh:
            for path, document in written.items():
                self._write(
                    path, branch, document.source.text, pulls.blob_of(self._documents[path].source.text), proposed
                )
            if listed is not None:
                standing = self._documents.get(index.PATH)
                sha = pulls.blob_of(standing.source.text) if standing is not None else None
                self._write(index.PATH, branch, listed, sha, proposed)
        else:
            self._write_over(branch, changes, proposed)
        title, body = pull_title(self._policy, messages=self._messages), self._body(changes)
        made = pulls.open_proposal(self._client, title, body, branch, self._gathered.default_branch)
        proposed.number = made.number
        proposed.done.append(f"pull request #{made.number}")

    def _ours(self, branch: str) -> bool:
        """Whether a branch that is there holds nothing but what we wrote: a run ended before its pull request."""
        assert self._gathered.default_branch is not None, "a commit stands on a branch"
        ahead = pulls.commits_ahead(self._client, branch, self._gathered.default_branch)
        us = self._gathered.us
        return all((not login or us.did(login)) and message in _MESSAGES for login, message in ahead)

    def _renew(self, there: pulls.OpenProposal, changes: Sequence[RowChange], proposed: Proposed) -> None:
        proposed.number = there.number
        wrote = self._write_over(there.branch, changes, proposed)
        body = blocks.refreshed(there.body, {_BLOCK: self._changes(changes)}, self._notice)
        if body != there.body:
            pulls.edit_proposal(self._client, there.number, body)
        if wrote:
            proposed.done.append(f"pull request #{there.number} brought up to date")

    def _write_over(self, branch: str, changes: Sequence[RowChange], proposed: Proposed) -> bool:
        """Write what is missing on a branch, over what stands there."""
        there: dict[str, pulls.FileThere] = {}
        for path in (*dict.fromkeys(change.path for change in changes), index.PATH):
            found = pulls.file_on(self._client, path, branch)
            if found is not None and found.text is not None:
                there[path] = found
        documents = {path: read_document(found.text or "", path) for path, found in there.items()}
        written = self._written(changes, documents, proposed)
        standing = there.get(index.PATH)
        before = (standing.text or "") if standing is not None else ""
        listed = index.index({**self._documents, **documents, **written}.values(), before)
        wrote = False
        for path, document in written.items():
            wrote = self._write(path, branch, document.source.text, there[path].sha, proposed) or wrote
        if listed != before:
            sha = standing.sha if standing is not None else None
            wrote = self._write(index.PATH, branch, listed, sha, proposed) or wrote
        return wrote

    def _write(self, path: str, branch: str, text: str, sha: str | None, proposed: Proposed) -> bool:
        message = _MESSAGES[path == index.PATH]
        try:
            pulls.write_file(self._client, path, branch, text, message, sha)
        except Refused as refused:
            if refused.status not in (409, 422):
                raise
            proposed.remarks.append(f"somebody wrote {path} meanwhile: the next run looks again")
            return False
        return True

    def _body(self, changes: Sequence[RowChange]) -> str:
        text = pull_text(self._policy, messages=self._messages)
        return f"{text}\n\n{blocks.block(_BLOCK, self._changes(changes))}"

    def _changes(self, changes: Sequence[RowChange]) -> Made:
        causes = [
            (cause, {"issue": f"#{one.number}", "what": one.item.what, "owner": one.cells.get("owner", "").lstrip("@")})
            for one in changes
            for cause in one.causes
        ]
        text = pull_changes(causes or [("index", {})], self._policy, messages=self._messages)
        return Made(digest(text), text)

    @property
    def _notice(self) -> str:
        return str(self._messages.words(self._messages.language)["duty"]["edited"])


def _same(document: Document, change: RowChange, repository: str) -> Item | None:
    """The item of a change in a version of its document: by its issue, else by its words."""
    for item in document.items:
        if number_in(item.issue, repository) == change.number:
            return item
    wanted = key_of(change.item.what)
    return next((one for one in document.items if not one.issue and key_of(one.what) == wanted), None)
