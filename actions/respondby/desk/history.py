"""What happened, read with a policy in hand: facts that clocks and rules understand.

A `History` is the only thing that `promises` and `rules` know of a case's past. Laws:

- A fact's time is its cause's time: the comment's, the rung's, never that of the desk's own write (rule 10).
- A comment counts as it was written; a command that an edit adds counts from the edit, and is the editor's (rule 17).
- Facts that moved a clock survive the deletion of their comment, from the ledger (rule 17).
- What the desk itself did to labels, assignees and state is never a fact: its cause is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Actor, Case
from respondby.desk.in_force import Earlier
from respondby.desk.known import Known
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept
from respondby.desk.refusals import Refusal
from respondby.desk.state import State
from respondby.policy.model.policy import Policy

FactKind = Literal[
    "opened", "edited", "closed", "reopened", "assigned", "desk assigned", "unassigned", "comment", "card", "merged",
    "post-mortem merged", "all ticked", "command", "field", "label", "unlabel", "waiting", "resumed",
    "duplicate", "alert", "tied", "incident",
]  # fmt: skip


#: The name of a `resumed` that the customer's word is.
REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: `name` is the command, field or label; `value` a field's new value (None: unset), who
    was assigned or unassigned, as what a case was closed, what it is a duplicate of (None: of nothing any more).

    `by` is whose act it was (None: nobody's, such as a default). `source` is the stable id of the cause,
    `number` the REST id of its comment (0: none), by which links refer to it. `desk assigned` is no moment of the
    language (rule 13). `resumed` is what ends pauses (rule 6): its name is `REPLY` where that is the customer's word,
    which leaves pauses with an end of their own alone; its value says whether the desk was `waiting`. `tied` has the
    number of the incident that the request is part of (None: of none any more); `incident` is what it hears of one:
    `updated`, `resolved`, `again` (it goes on after all) or `ended` (it is none), its value that incident's number.
    """

    at: Instant
    kind: FactKind
    source: str
    by: Actor | None = None
    name: str = ""
    value: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    number: int = 0


def turns(facts: Sequence[Fact]) -> Iterator[tuple[int, int]]:
    """The facts in turns, each from one index up to another: those of one instant, but what closes a case or opens it
    again has a turn of its own, with whatever else its cause says. So what it ends, and what begins anew after it,
    comes to the same in one second as in several (rule 12).
    """
    first, apart = 0, False
    for begin, flips in _causes(facts):
        if begin > first and (flips or apart or facts[begin].at != facts[first].at):
            yield first, begin
            first = begin
        apart = flips
    if facts:
        yield first, len(facts)


def _causes(facts: Sequence[Fact]) -> Iterator[tuple[int, bool]]:
    """Where the facts of each cause begin, and whether they close the case or open it again; of a cause that does both,
    each is by itself.
    """
    begin, flips = 0, False
    for index, fact in enumerate(facts):
        before, turns_it = facts[index - 1], fact.kind in ("closed", "reopened")
        same = fact.at == before.at and fact.source.partition(":")[0] == before.source.partition(":")[0]
        if index > 0 and (not same or (flips and turns_it)):
            yield begin, flips
            begin, flips = index, False
        flips = flips or turns_it
    if facts:
        yield begin, flips


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command that a person gave, and what came of it.

    `cooling` is a command repeated within its cooldown: nothing is done again, and the reply does not scold. `number`
    is the REST id of the comment it stands in, 0 for the request itself. `may` is, for `/help-desk`, what this person
    may say.
    """

    word: str
    line: str
    by: Actor
    at: Instant
    source: str
    verdict: Literal["accepted", "cooling", "refused"]
    why: Refusal | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    may: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`command/word/source`: how records name it."""
        return f"command/{self.word}/{self.source}"


@dataclass(frozen=True, slots=True)
class Wish:
    """A tie to the incident `number` that somebody asked for at the place `source`: whether that issue is an incident
    has to be looked at first.
    """

    source: str
    at: Instant
    number: int


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule whose `when` became true, at an instant, by a cause."""

    rule: str
    at: Instant
    source: str

    @property
    def key(self) -> str:
        """`rule/id/source`: how records name it."""
        return f"rule/{self.rule}/{self.source}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the request that is missing or refused: the question or field, and why."""

    about: str
    problem: Refusal


@dataclass(frozen=True, slots=True)
class History:
    """A case read with a policy: facts in order, and where they led.

    `known` is what the run knows of it beside, `ledger` everything that is recorded of it. `states` has, for each fact,
    how the case stood right after it, under the policy in force then; `first` is the case before any, `state` how it
    stands at the end, under today's policy (`desk.folding.state_at` tells of any instant). `answers` are the request's,
    by question id; `form` the form it came by (None: none). `asked_open` says that the customer's word, or a `reopen`
    of the policy, has opened it again.

    `earlier` are the policies that were in force before today's, each with the last instant that it judges; `today` is
    today's, with the clocks of earlier ones that are gone.
    `wishes` are ties to incidents that were asked for and nobody has looked at yet.
    `decided` is what this reading decided by today's policy and the record does not hold yet: what people stood as, how
    the request was read, what was refused. `changed` are standings that are others from now on.
    """

    case: Case
    known: Known
    ledger: Ledger
    requester: Actor
    form: str | None
    answers: Mapping[str, str | list[str] | None]
    facts: tuple[Fact, ...]
    commands: tuple[Invocation, ...]
    fired: tuple[Fired, ...]
    problems: tuple[Problem, ...]
    first: State
    states: tuple[State, ...]
    state: State
    today: Policy
    waiting_since: Instant | None
    asked_open: bool = False
    earlier: tuple[Earlier, ...] = ()
    decided: tuple[Kept, ...] = ()
    changed: tuple[Kept, ...] = ()
    wishes: tuple[Wish, ...] = ()

    @property
    def unwritten(self) -> bool:
        """Whether the run did, or found out, what stands in no comment on the case yet."""
        ledger = self.known.ledger(self.case)  # without the copies under new names, which follow from it
        return ledger is not self.case.ledger and ledger != self.case.ledger

    @property
    def opens_again(self) -> bool:
        """Whether the case is open again by what it asked of us, and the forge does not know it yet."""
        return self.asked_open and self.state.open and not self.case.open

    @property
    def closed_as(self) -> str:
        """As what the case was closed last, in the forge's words; empty where it never was."""
        last = next((fact for fact in reversed(self.facts) if fact.kind == "closed"), None)
        return "" if last is None else last.value or "completed"
