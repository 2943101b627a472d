"""From the forge's JSON to a `Case`. Pure: the answers go in, evidence comes out.

Rules:

- Reading is total: any answer that is valid by GitHub's schema becomes a case. Every nullable thing has a meaning here.
- A bot's login is REST's (`github-actions[bot]`); GraphQL leaves the suffix out.
- Ours is what the token's own account or a bot that the policy names did. A person's account that the desk borrows
  also writes as that person, so such a comment is ours only where it carries a record.
- A record counts as we last wrote it: a comment of ours that somebody else edited is read from its history (law 6).
- An issue that was transferred in begins when it arrives (`desk.arrivals`).
- An event names no association: its actor has the one that their own comments on this case show.
- Of the queue's texts the last one that we wrote is read, and none before it (`forge.queue_texts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.desk import markers
from respondby.desk.arrivals import arrived
from respondby.desk.case import GHOST, Actor, Case, Mark, Moment, MomentKind, OwnComment, Revision
from respondby.desk.keys import Keys, Use
from respondby.desk.ledger import LedgerError
from respondby.forge.errors import Unreadable
from respondby.forge.nodes import Json, Us, did_author, instant_of, login_of, nodes, written_at
from respondby.forge.queue_texts import is_queue_of_ours, pinned_last

_EVENTS: Mapping[str, MomentKind] = {
    "CommentDeletedEvent": "comment deleted",
    "LabeledEvent": "labeled",
    "UnlabeledEvent": "unlabeled",
    "AssignedEvent": "assigned",
    "UnassignedEvent": "unassigned",
    "ClosedEvent": "closed",
    "ReopenedEvent": "reopened",
    "MarkedAsDuplicateEvent": "duplicate",
    "UnmarkedAsDuplicateEvent": "no duplicate",
    "ParentIssueAddedEvent": "parent",
    "ParentIssueRemovedEvent": "no parent",
}

#: What a text of ours tells of the keys: which has signed it, since when that was in use, the words of those replaced.
KeyUse = tuple[Literal["current", "old", "no"], Use, frozenset[str]]


def wants_edits(issue: Json, us: Us) -> Iterator[str]:
    """The node ids of the issue and those comments of it whose history has to be asked for."""
    if issue["lastEditedAt"] and not is_queue_of_ours(issue, us):
        yield str(issue["id"])
    case = str(issue["id"])
    for node in nodes(issue["timelineItems"]):
        if node["__typename"] == "IssueComment" and node["lastEditedAt"] and not _is_our_own_edit(node, case, us):
            yield str(node["id"])


def case_of(repository: str, issue: Json, edits: Mapping[str, Sequence[Json]], us: Us) -> Case:
    """A case from an issue with its whole timeline; `edits` has the history, newest first, of what `wants_edits` named.

    Raises Unreadable where a record of ours is there and cannot be read.
    """
    return _Reader(repository, issue, edits, us).case()


def key_uses(issues: Iterable[Json], us: Us, keys: Keys) -> Iterator[KeyUse]:
    """What the markers that end our texts tell of the keys: which has signed each, since when it was in use, and the
    words of those that were replaced.
    """
    for issue in issues:
        for node in (issue, *nodes(issue["timelineItems"])):
            if node.get("body") and did_author(node, us):
                use = markers.key_use(str(node["body"]), keys)
                if use is not None:
                    yield *use, markers.replaced_in(str(node["body"]))


def _is_our_own_edit(node: Json, case: str, us: Us) -> bool:
    """Whether this is a comment of ours that we wrote anew: its body is as we last wrote it."""
    if not did_author(node, us) or node["editor"] is None or not us.did(login_of(node["editor"])):
        return False
    return _is_bot(node["author"]) or _carries_record(node["body"], case, us, written_at(node))


def _carries_record(text: str, case: str, us: Us, at: Instant) -> bool:
    try:
        return markers.read(text, case, secret=us.secret, at=at) is not None
    except LedgerError:  # of a newer version, or signed with another key, and ours all the same
        return True


def _is_bot(who: Json | None) -> bool:
    return who is not None and (who["__typename"] == "Bot" or str(who["login"]).endswith("[bot]"))


class _Reader:
    """One reading of one issue."""

    def __init__(self, repository: str, issue: Json, edits: Mapping[str, Sequence[Json]], us: Us) -> None:
        self._issue = issue
        self._edits = edits
        self._us = us
        self._repository = repository
        self._ref = f"{repository}#{issue['number']}"
        self._id = str(issue["id"])
        self._items = nodes(issue["timelineItems"])
        self._known = {
            login_of(node["author"]): str(node["authorAssociation"])
            for node in (issue, *self._items)
            if "authorAssociation" in node
        }
        self._own: list[OwnComment] = []
        self._is_log = False

    def case(self) -> Case:
        issue = self._issue
        author = self._actor(issue["author"], issue["authorAssociation"])
        opened = Moment(
            at=instant_of(issue["createdAt"]),
            kind="opened",
            by=author,
            source=str(issue["id"]),
            revisions=self._revisions(issue),
            ours=did_author(issue, self._us),
        )
        mark = self._mark(opened) if opened.ours else None
        self._is_log = mark is not None and mark.kind == "log"
        happened = [
            self._comment(node) if node["__typename"] == "IssueComment" else self._event(node) for node in self._items
        ]
        moments = (opened, *self._other_bots(moment for moment in happened if moment is not None))
        case = Case(
            repository=self._repository,
            number=int(issue["number"]),
            node_id=str(issue["id"]),
            url=str(issue["url"]),
            title=str(issue["title"]),
            author=author,
            created=opened.at,
            open=issue["state"] == "OPEN",
            labels=frozenset(str(label["name"]) for label in nodes(issue["labels"])),
            assignees=tuple(str(person["login"]) for person in nodes(issue["assignees"])),
            moments=moments,
            own=tuple(self._own),
            locked=bool(issue["locked"]),
            mark=mark,
            pinned=pinned_last(self._items),
        )
        places = [place for place, node in enumerate(self._items) if node["__typename"] == "TransferredEvent"]
        if not places or mark is not None:
            return case
        before = {opened.source, *(moment.source for moment in happened[: places[-1]] if moment is not None)}
        earlier = [moment for moment in moments if moment.source in before]
        return arrived(case, instant_of(self._items[places[-1]]["createdAt"]), earlier)

    def _other_bots(self, moments: Iterable[Moment]) -> Iterator[Moment]:
        """Of what bots of ours did, what an account did that has written none of our comments here; and as their own
        what somebody did who only looks, with a token of their own, while the desk writes as the bots that the policy
        names.
        """
        found = list(moments)
        viewer = self._us.viewer.lower()
        writers = {one.by.login.lower() for one in found if one.ours and one.kind == "comment"}
        bots = {bot.lower() for bot in self._us.bots}
        looks = bool(bots) and viewer not in bots | writers and not viewer.endswith("[bot]")
        writers.add(viewer)
        for moment in found:
            if looks and moment.ours and moment.kind != "comment" and moment.by.login.lower() == viewer:
                yield replace(moment, ours=False)
                continue
            other = moment.ours and moment.kind != "comment" and moment.by.login.lower() not in writers
            yield replace(moment, other_bot=True) if other else moment

    def _mark(self, opened: Moment) -> Mark | None:
        """What the issue is that we opened, in the text as we last wrote it (law 6)."""
        written = [revision for revision in opened.revisions if revision.ours]
        marks = (
            markers.read_mark(one.text, self._us.home, secret=self._us.secret, at=one.at) for one in reversed(written)
        )
        try:
            return next((mark for mark in marks if mark is not None), None)
        except LedgerError as error:
            raise Unreadable(f"{self._ref}: {error}", log=True) from error

    def _actor(self, who: Json | None, association: str | None = None) -> Actor:
        if who is None:
            return GHOST
        login = login_of(who)
        return Actor(login, association or self._known.get(login, "NONE"), _is_bot(who))

    def _event(self, node: Json) -> Moment | None:
        kind = _EVENTS.get(node["__typename"])
        if kind is None:
            return None
        text = ""
        match kind:
            case "labeled" | "unlabeled":
                text = str(node["label"]["name"])
            case "assigned" | "unassigned":
                text = login_of(node["assignee"])
            case "closed":
                text = str(node["stateReason"] or "").lower()
            case "comment deleted":
                text = login_of(node["deletedCommentAuthor"])
                if self._us.did(text) and not self._us.did(login_of(node["actor"])):
                    kind = "record lost"
            case "duplicate" | "no duplicate":
                if (node["duplicate"] or {}).get("id") != self._issue["id"]:
                    return None  # the canonical issue's timeline has the event as well
                text = _numbered(node["canonical"])
            case "parent" | "no parent":
                text = _numbered(node["parent"])
        return Moment(
            at=instant_of(node["createdAt"]),
            kind=kind,
            by=self._actor(node["actor"]),
            source=str(node["id"]),
            text=text,
            ours=node["actor"] is not None and self._us.did(login_of(node["actor"])),
        )

    def _comment(self, node: Json) -> Moment:
        by = self._actor(node["author"], node["authorAssociation"])
        at = instant_of(node["createdAt"])
        ours, text, written = self._our_text(node)
        if ours:
            self._record(node, text, at, written)
        return Moment(
            at=at,
            kind="comment",
            by=by,
            source=str(node["id"]),
            revisions=(Revision(at, by.login, text, ours=True),) if ours else self._revisions(node),
            ours=ours,
            hidden=str(node["minimizedReason"] or "hidden").lower() if node["isMinimized"] else None,
            number=int(node["fullDatabaseId"] or 0),
        )

    def _our_text(self, node: Json) -> tuple[bool, str, Instant]:
        """Whether a comment is ours, its text as we last wrote it, and when that was."""
        body, at = str(node["body"]), written_at(node)
        if not did_author(node, self._us):
            return False, body, at
        written = [(body, at)]
        if node["lastEditedAt"] and not _is_our_own_edit(node, self._id, self._us):
            written = [
                (str(edit["diff"]), instant_of(edit["editedAt"]))
                for edit in self._edits.get(node["id"], ())
                if edit["diff"] is not None and self._us.did(login_of(edit["editor"]))
            ]
        if _is_bot(node["author"]):
            return True, *next(iter(written), ("", at))
        # An account that the desk borrows: what its owner wrote over our record by hand is read past as well.
        found = next((one for one in written if _carries_record(one[0], self._id, self._us, one[1])), None)
        return found is not None, *((body, at) if found is None else found)

    def _record(self, node: Json, text: str, at: Instant, written: Instant) -> None:
        try:
            marker = markers.read(text, self._id, secret=self._us.secret, at=written)
        except LedgerError as error:
            raise Unreadable(f"{self._ref}: {error}", log=self._is_log) from error
        if marker is not None:
            self._own.append(
                OwnComment(
                    id=int(node["fullDatabaseId"]),
                    source=str(node["id"]),
                    at=at,
                    kind=marker.kind,
                    ledger=marker.ledger,
                    digest=marker.digest,
                    key=marker.key,
                    tampered=text != node["body"] or not marker.signed,
                    size=len(text),
                )
            )

    def _revisions(self, node: Json) -> tuple[Revision, ...]:
        """The texts, oldest first. One that was wiped from the history is left out; without history the body is all."""
        known = [
            self._revision(edit["editedAt"], edit["editor"], edit["diff"])
            for edit in reversed(self._edits.get(node["id"], ()))
            if edit["diff"] is not None
        ]
        if node is self._issue and node["lastEditedAt"] and is_queue_of_ours(node, self._us):
            return (self._revision(node["lastEditedAt"], node["editor"], node["body"]),)
        return tuple(known) or (self._revision(node["createdAt"], node["author"], node["body"]),)

    def _revision(self, at: str, by: Json | None, text: str) -> Revision:
        login = login_of(by)
        return Revision(instant_of(at), login, str(text), ours=by is not None and self._us.did(login))


def _numbered(canonical: Json | None) -> str:
    """`owner/name#7`; empty for a pull request, and for an issue that the token must not see."""
    if not canonical or "number" not in canonical:
        return ""
    return f"{canonical['repository']['nameWithOwner']}#{canonical['number']}"
