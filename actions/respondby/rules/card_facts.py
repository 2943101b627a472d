"""What the card shows, as facts. Its digest decides whether the card is written anew, so settling never compares prose.

A card speaks to the customer: it says what was asked, what is promised until when, what became of each promise, and
what is missing or was refused. It names no role and nobody who holds one.
"""

from __future__ import annotations

import hashlib
from json import JSONEncoder
from typing import Any

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.refusals import Refusal
from respondby.promises.assessment import RunState


@dataclass(frozen=True, slots=True)
class CardField:
    """A field of the case: its title and the name of its value (None: not set)."""

    title: str
    value: str | None


@dataclass(frozen=True, slots=True)
class CardClock:
    """A promise: the clock's name, the promise in the policy's words, its calendar's name and zone, and how it stands.

    `due` is None where nothing is promised or a pause holds it; `binding` is False for what is only measured; `about`
    tells runs side by side apart; `lag` is how many seconds late a run of ours was, where it came late to a breach;
    `until` is when a pause ends by itself, where it does.
    """

    clock: str
    source: str
    promise: str
    calendar: str | None
    state: RunState
    started: Instant
    due: Instant | None
    ended: Instant | None
    paused: bool
    binding: bool
    about: str = ""
    lag: int = 0
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class CardProblem:
    """Something that is missing or refused: the question or line it is about, and why."""

    about: str
    problem: Refusal


@dataclass(frozen=True, slots=True)
class CardChange:
    """A temporary change that is in place, and until when (None: nobody said)."""

    what: str
    until: Instant | None


@dataclass(frozen=True, slots=True)
class CardWindow:
    """The maintenance window that counts, or the one that was called off."""

    start: Instant
    end: Instant
    emergency: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class CardMilestone:
    """A milestone of an incident by its name, when it was reached, and whether somebody corrected that."""

    name: str
    at: Instant
    corrected: bool


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """A question whose answer counts for a proposal: what that is worth (nothing without one), and its weight."""

    ask: str
    answer: str | None
    worth: int
    weight: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class CardProposal:
    """What the answers propose for a field: its title, the lines of the sum, the value (None: the sum reaches none) and
    from which sum on; `chosen` is what a person decided (None: nobody has).
    """

    title: str
    lines: tuple[CardAnswer, ...]
    total: int
    value: str | None
    at_least: int
    chosen: str | None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything that a card shows. `timezone` is the desk's, `customer_timezone` the requester's where it is known.

    `temporary` are the workarounds in place that no clock shows; `duty` is what people call the duty whose issue it is.
    `void` says that nothing is promised, `duplicate_of` which issue it repeats (empty: one that not all may see),
    `part_of` the number of its incident; `milestones` are those that an incident has reached.
    """

    desk: str
    kind: str | None
    fields: tuple[CardField, ...]
    clocks: tuple[CardClock, ...]
    problems: tuple[CardProblem, ...]
    open: bool
    waiting_since: Instant | None
    timezone: str
    customer_timezone: str | None = None
    language: str | None = None
    temporary: tuple[CardChange, ...] = ()
    window: CardWindow | None = None
    duty: str | None = None
    void: bool = False
    duplicate_of: str | None = None
    part_of: str = ""
    milestones: tuple[CardMilestone, ...] = ()
    proposals: tuple[CardProposal, ...] = ()

    def digest(self) -> str:
        """Sixteen hex digits that change when, and only when, a shown fact does."""
        return hashlib.sha256(_ENCODER.encode(_members(self)).encode()).hexdigest()[:16]


def _members(one: Any) -> dict[str, Any]:
    """What `dataclasses.asdict` would say of it, one level deep and without copies: a sweep digests every card."""
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


_ENCODER = JSONEncoder(default=_members, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
