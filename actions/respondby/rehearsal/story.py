"""A scenario as data: who is in it, what happens when, and what must come of it.

`rehearsal.reading` makes these from a file; every instant is resolved there (docs/language.md, "Scenarios"). A step is
one deed at one instant; steps stand in the order of their instants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

Part = Literal["customer", "member", "stranger"]

#: How a clock can stand. `due` comes with the instant at which it is due.
ClockState = Literal["off", "due", "met", "late", "breached"]


@dataclass(frozen=True, slots=True)
class Opens:
    """Somebody opens a case: by a form (its id, with answers by question or field), or without one (`form` None)."""

    who: str
    form: str | None
    title: str
    answers: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody comments."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Edits:
    """Somebody changes what they wrote: their last comment (`text`), or the case's `title` or `answers`."""

    who: str
    text: str | None = None
    title: str | None = None
    answers: tuple[tuple[str, str | tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """Somebody adds and removes labels by hand."""

    who: str
    add: tuple[str, ...]
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigns:
    """Somebody assigns people."""

    who: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closes:
    """Somebody closes the case."""

    who: str
    reason: Literal["completed", "not_planned", "duplicate"] = "completed"


@dataclass(frozen=True, slots=True)
class Reopens:
    """Somebody opens a closed case again."""

    who: str


@dataclass(frozen=True, slots=True)
class Deletes:
    """Somebody deletes their last comment, or the case itself."""

    who: str
    what: Literal["comment", "case"]


@dataclass(frozen=True, slots=True)
class Ticks:
    """Somebody ticks boxes in the issue's text: those that begin so; all of them where none is named."""

    who: str
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """Somebody answers every page to them about the case, in the pager and not on the issue."""

    who: str
    change: Literal["acknowledge", "resolve"] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Merges:
    """Somebody merges a pull request: one about the case that brings these `files` (path, text), the case's own
    post-mortem, or the open one that says what became of action items.
    """

    who: str
    title: str = ""
    files: tuple[tuple[str, str], ...] = ()
    what: Literal["post-mortem", "action-items"] = "post-mortem"


@dataclass(frozen=True, slots=True)
class Writes:
    """Somebody writes into the open draft of the case's post-mortem: a text for each section that they fill in."""

    who: str
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dispatches:
    """Another system, with somebody's token, dispatches an event to the repository, with a payload."""

    who: str
    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """The forge misbehaves from here on: `plans` in the sandbox's own words; none ends all faults."""

    plans: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Another text of the policy reaches the default branch; `origin` names where it came from."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Sweeps:
    """How often the scheduled sweep runs from here on, in seconds; None: not at all."""

    every: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    """Whether the forge's events start no run from here on."""

    events: bool


@dataclass(frozen=True, slots=True)
class ClockIs:
    """How one clock of the case must stand; `due` only with the state `due`."""

    clock: str
    state: ClockState
    due: Instant | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be true. None and empty members ask nothing.

    `clocks`, `fields`, `labels`, `no_labels`, `pages` (how people's pages stand at the pager), `groups` (who is in
    them, as they call people), `boards` (the case's date on each, or `there`, or `none`) and `sees` mean now;
    `paged`, `notified`, `comments`, `elsewhere` and `refused` mean exactly what came since the last `Expect`. `paged`
    and `notified` are people; `comments` a number of new comments by the desk, or a phrase of each; `elsewhere` the
    same of what it wrote in other repositories; `messages` phrases of what came by each channel (none: nothing came);
    `refused` words that the desk, or deeds that the forge, did not accept.
    """

    clocks: tuple[ClockIs, ...] = ()
    fields: tuple[tuple[str, str | None], ...] = ()
    labels: tuple[str, ...] = ()
    no_labels: tuple[str, ...] = ()
    paged: frozenset[str] | None = None
    notified: frozenset[str] | None = None
    comments: int | tuple[str, ...] | None = None
    elsewhere: int | tuple[str, ...] | None = None
    opened: tuple[str, ...] | None = None
    refused: tuple[str, ...] | None = None
    sees: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    boards: tuple[tuple[str, str], ...] = ()
    messages: tuple[tuple[str, tuple[str, ...]], ...] = ()


Deed = (
    Opens | Says | Edits | Ticks | Labels | Assigns | Closes | Reopens | Deletes | Merges | Writes | AnswersPage
    | Dispatches | Fault | Policy | Sweeps | Lost | Expect
)  # fmt: skip

#: Deeds of a person, by the word that a step says them with.
ACTS: dict[str, type[Deed]] = {
    "opens": Opens,
    "says": Says,
    "edits": Edits,
    "ticks": Ticks,
    "labels": Labels,
    "assigns": Assigns,
    "closes": Closes,
    "reopens": Reopens,
    "deletes": Deletes,
    "merges": Merges,
    "writes": Writes,
    "dispatches": Dispatches,
    "answers-page": AnswersPage,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One deed. `case` counts the cases in the order in which the story opens them, or names what the desk opened its
    issue for: a duty (`backup`, or `backup/shop`; its last one), `alert/KEY`, `item/WORDS`; None is the case that the
    story opened last.
    """

    at: Instant
    line: int
    deed: Deed
    case: int | str | None = None


@dataclass(frozen=True, slots=True)
class Keeps:
    """A sentence of the process that this scenario proves, and the keys of the policy that keep it."""

    says: str
    by: tuple[str, ...]
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `policy` is the path of the policy's file; `people` are those that no policy names."""

    name: str
    file: str
    policy: Path
    timezone: str
    starts: Instant
    people: Mapping[str, Part]
    story: tuple[Step, ...]
    keeps: tuple[Keeps, ...] = ()
