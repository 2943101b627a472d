"""What is known of the issues of action items, and what is to be done about them, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from respondby.postmortems.document.items import Item
from respondby.postmortems.rows import Column
from respondby.rules.items import ItemFacts

Reason = Literal["", "completed", "not planned", "duplicate"]

#: What is told on an item's issue, in the words of `letters`.
WordKind = Literal[
    "reworded", "owner", "no-owner", "left", "due", "removed", "perhaps", "gone", "back", "done", "wont", "duplicate",
]  # fmt: skip

#: What a change of a document comes of.
Cause = Literal["opened", "done", "wont", "reopened", "handed"]


@dataclass(frozen=True, slots=True)
class ItemIssue:
    """An issue, as far as it matters here. `facts` are those of its mark, None for one that is not ours.

    `reason` says as what it was closed; `reopened` that somebody has opened it again; `handed` who it was handed to:
    its only assignee, where a person made them so. `said` are the keys of what was said there.
    """

    number: int
    url: str
    open: bool
    reason: Reason = ""
    facts: ItemFacts | None = None
    reopened: bool = False
    handed: str = ""
    said: frozenset[str] = frozenset()
    closed_by_us: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Something to say on an item's issue, once: its key, which stays, and what fills its places."""

    number: int
    kind: WordKind
    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row is to say: the cells, and what they come of. `url` is its issue's."""

    path: str
    item: Item
    cells: Mapping[Column, str]
    causes: tuple[Cause, ...]
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done: issues to open, twins to close (with the one that stays), marks to renew, words, closings,
    rows to change; `remarks` are what a maintainer should know beside them.
    """

    openings: tuple[ItemFacts, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()
    renewals: tuple[tuple[int, ItemFacts], ...] = ()
    words: tuple[Word, ...] = ()
    closings: tuple[tuple[int, Literal["completed", "not_planned"]], ...] = ()
    changes: tuple[RowChange, ...] = ()
    remarks: tuple[str, ...] = ()
