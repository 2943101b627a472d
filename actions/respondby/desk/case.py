"""A case as the forge told it: one issue and everything that happened to it.

A `Case` is evidence, not opinion: nothing here knows the policy. `desk.history` reads it with a policy in hand.
Moments come in the order of the forge's own timeline; their instants are the forge's, to the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.ledger import EMPTY, Ledger


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something. `association` is the forge's word for their tie to the repository (`MEMBER`, `NONE`, …).

    `standing` is what they stood as when they did it, in the words of `desk.standings`; empty where nobody knows.
    """

    login: str
    association: str = "NONE"
    bot: bool = False
    standing: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether there is no person to tell: a bot, such as the desk for an alert's incident, or a deleted account."""
        return self.bot or self.login == GHOST.login


#: The author of everything whose author was deleted.
GHOST = Actor("ghost")

MomentKind = Literal[
    "opened", "closed", "reopened", "labeled", "unlabeled", "assigned", "unassigned",
    "comment", "comment deleted", "record lost", "duplicate", "no duplicate", "parent", "no parent", "merged",
    "post-mortem merged",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a comment or an issue body: when it became so and by whom; `ours` says that the desk wrote it."""

    at: Instant
    by: str
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a case.

    `source` is the forge's stable id of the happening. `text` is the label, the assignee, for `closed` the reason, for
    `parent` the issue (`owner/name#7`) of which this one is a sub-issue. `revisions` (for `opened` and `comment`) are
    oldest first: the first is the text as written (rule 17).
    `ours` says that the desk itself did it, or another bot that the policy names beside it; `other_bot` tells that one:
    an account that neither writes our comments here nor is the one at work. `number` is a comment's REST id, by which
    people's links refer to it. `record lost` is the deletion of a comment of ours by somebody else: `text` is whose it
    was.
    """

    at: Instant
    kind: MomentKind
    by: Actor
    source: str
    text: str = ""
    revisions: tuple[Revision, ...] = ()
    ours: bool = False
    hidden: str | None = None
    number: int = 0
    other_bot: bool = False


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment that the desk wrote on this case, with the record it carries.

    `id` is the REST id, `source` the node id. `kind` is `card`, `say`, `record` for what no longer fits into the card,
    or `log` and `lease` on the desk's log issue; `digest` what the card showed; `key` what makes two says twins; the
    ledger is read from the text as we last wrote it (somebody else's edit is read past: law 6); `tampered` says that
    such an edit stands, or that the key in use has not signed it; `size` is how many characters it has.
    """

    id: int
    source: str
    at: Instant
    kind: Literal["card", "say", "record", "log", "lease", "elsewhere"]
    ledger: Ledger
    digest: str = ""
    key: str = ""
    tampered: bool = False
    size: int = 0


MarkKind = Literal["log", "duty", "incident", "item", "policy", "queue"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What an issue is that the desk opened itself: `log` (what it remembers of no case), `duty`, the `incident` of an
    alert, the action `item` of a post-mortem, `policy` (it tells the maintainers that the policy is broken), or the
    `queue` of what to answer next.

    It stands in the issue's text as the desk last wrote it, and `facts` say the rest, as plain texts.
    """

    kind: MarkKind
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One issue: `repository` is `owner/name`, `open` its state now, `labels` and `assignees` as they are now.

    `mark` says what an issue is that the desk opened itself; None for everybody else's. `arrived` says that it was
    transferred here: it begins when it came. `pinned` is how it was left: True on top of the repository's list, False
    taken off it, None where it never was there.
    """

    repository: str
    number: int
    node_id: str
    url: str
    title: str
    author: Actor
    created: Instant
    open: bool
    labels: frozenset[str]
    assignees: tuple[str, ...]
    moments: tuple[Moment, ...]
    own: tuple[OwnComment, ...] = ()
    locked: bool = False
    mark: Mark | None = None
    arrived: bool = False
    pinned: bool | None = None
    #: Merged when somebody asks for it first; a copy with other evidence merges anew.
    _merged: Ledger | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def ref(self) -> str:
        """`owner/name#number`, the case's name in records and keys."""
        return f"{self.repository}#{self.number}"

    @property
    def is_request(self) -> bool:
        """Whether its text answers a form: everybody's issue, and an incident that an alert opened."""
        return self.mark is None or self.mark.kind == "incident"

    @property
    def is_about_the_desk(self) -> bool:
        """Whether the desk keeps it for itself: its log, its queue, what it tells of a broken policy. No case is."""
        return self.mark is not None and self.mark.kind in ("log", "policy", "queue")

    @property
    def cards(self) -> tuple[OwnComment, ...]:
        """Our cards, oldest first; more than one only after two runs met (law 5)."""
        return tuple(comment for comment in self.own if comment.kind == "card")

    @property
    def overflow(self) -> Ledger:
        """What stands in comments of its own, because it no longer fits into the card."""
        return merged_of(tuple(comment for comment in self.own if comment.kind == "record"))

    @property
    def ledger(self) -> Ledger:
        """Everything that our comments on this case record, merged."""
        merged = self._merged
        if merged is None:
            merged = merged_of(self.own)
            object.__setattr__(self, "_merged", merged)
        return merged


def merged_of(comments: Iterable[OwnComment]) -> Ledger:
    """What these comments record together."""
    merged = EMPTY
    for comment in comments:
        merged = merged.merge(comment.ledger)
    return merged
