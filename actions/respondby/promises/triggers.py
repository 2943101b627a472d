"""Which clocks a happening touches: an index made once per policy, so that a moment costs a look-up, not a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from respondby.dataclass import dataclass
from respondby.desk.case import Actor
from respondby.desk.history import Fact
from respondby.policy.model.clocks import Clock
from respondby.policy.model.conditions import Pattern
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.promises.dues import Offer, depends_on, measures_of, offers_of

#: A clock's index and the role that the moment must be by, or None.
Entry = tuple[int, str | None]


@dataclass(slots=True)
class Heard:
    """Who listens for one kind of happening, `word` being how the language says it."""

    word: str = ""
    start: list[Entry] = field(default_factory=list)
    stop: list[Entry] = field(default_factory=list)
    pause: list[Entry] = field(default_factory=list)
    pause_ends: list[Entry] = field(default_factory=list)


#: Something that clocks listen for: who listens, its cause's stable id, whose act it was, the fact if it is one.
Happening = tuple[Heard, str, Actor | None, Fact | None]


@dataclass(slots=True)
class Triggers:
    """Who listens, by the words of a MOMENT without its role (`/ack`, `priority = high`, `answer stops`).

    `stops` and `dues` say by clock who listens for its stop and its due, `ends` which milestones stop it. `conditions`
    are the clocks whose `when` asks for a key (a field, `label`, `stage`, …), `targets` those whose target depends on a
    field or command; `watched` are the keys of both. `timed` are the clocks whose `when` may turn by itself,
    `time_keys` what turns it: `stage`, and the calendars that these conditions name. `paused` are the clocks that can
    pause. `by_role` remembers who may act as what, `pin_texts` the words under which a clock's target is pinned.
    """

    clocks: tuple[Clock, ...]
    offers: tuple[tuple[Offer, ...], ...]
    heard: dict[str, Heard] = field(default_factory=dict)
    stops: tuple[Heard | None, ...] = ()
    ends: tuple[tuple[str, ...], ...] = ()
    dues: tuple[Heard | None, ...] = ()
    conditions: dict[str, list[int]] = field(default_factory=dict)
    targets: dict[str, list[int]] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    timed: tuple[int, ...] = ()
    time_keys: frozenset[str] = frozenset()
    paused: tuple[int, ...] = ()
    by_role: dict[tuple[str, str, str, str, str | None], bool] = field(default_factory=dict)
    pin_texts: dict[str, tuple[str, str]] = field(default_factory=dict)


#: Facts that clocks listen for by their name; for the others, by their kind.
NAMED = frozenset({"command", "field", "closed", "resumed", "incident"})


def keys_of(fact: Fact) -> tuple[str, ...]:
    """The words under which clocks listen for a fact of a name."""
    match fact.kind:
        case "command":
            return (fact.name,)
        case "closed":
            return ("closed",) if fact.value in (None, "completed") else (f"closed as {fact.value}",)
        case "incident":
            return (f"incident {fact.name}",)
        case "resumed":
            return ("resumed",) if fact.value == "waiting" else ()
        case _:
            return () if fact.value is None else (f"{fact.name} set", f"{fact.name} = {fact.value}")


def _words(pattern: Pattern) -> str:
    match pattern.kind:
        case "command" | "milestone":
            return pattern.name
        case "incident":
            return f"incident {pattern.name}"
        case "field set":
            return f"{pattern.name} set"
        case "field is":
            return f"{pattern.name} = {pattern.value}"
        case "closed" if pattern.value:
            return f"closed as {pattern.value}"
        case "clock stops":
            return f"{pattern.name} stops"
        case "clock due":
            return f"{pattern.name} due"
        case _:
            return pattern.kind


@per_policy
def triggers(policy: Policy) -> Triggers:
    """The policy's index."""
    clocks = tuple(policy.clocks.values())
    measures = measures_of(policy)
    terms = [(index, term) for index, clock in enumerate(clocks) for term in clock.when.terms]
    made = Triggers(
        clocks,
        tuple(offers_of(clock.target, measures) for clock in clocks),
        timed=tuple(dict.fromkeys(index for index, term in terms if term.key in ("stage", "during", "outside"))),
        time_keys=frozenset(
            name
            for _, term in terms
            for name in (term.values if term.key in ("during", "outside") else (term.key,))
            if term.key in ("stage", "during", "outside")
        ),
        paused=tuple(index for index, clock in enumerate(clocks) if clock.pause),
    )
    for index, term in terms:
        _note(made.conditions, term.key, index)
        if term.key == "stage":
            _note(made.conditions, "product", index)
    for index, clock in enumerate(clocks):
        for key in ("duplicate", *(term.key for term in (policy.void.terms if policy.void is not None else ()))):
            _note(made.conditions, key, index)
        _listen(made, clock.start, index, lambda heard: heard.start)
        _listen(made, clock.stop, index, lambda heard: heard.stop)
        _listen(made, clock.pause, index, lambda heard: heard.pause)
        _listen(made, clock.pause_ends, index, lambda heard: heard.pause_ends)
        for key in depends_on(made.offers[index]):
            _note(made.targets, key, index)
    made.stops = tuple(made.heard.get(f"{clock.name} stops") for clock in clocks)
    made.ends = tuple(tuple(one.name for one in clock.stop if one.kind == "milestone") for clock in clocks)
    made.dues = tuple(made.heard.get(f"{clock.name} due") for clock in clocks)
    made.watched = frozenset((*made.conditions, *made.targets))
    return made


def _note(table: dict[str, list[int]], key: str, index: int) -> None:
    indexes = table.setdefault(key, [])
    if index not in indexes:
        indexes.append(index)


def _listen(made: Triggers, patterns: Iterable[Pattern], index: int, which: Callable[[Heard], list[Entry]]) -> None:
    for pattern in patterns:
        word = _words(pattern)
        which(made.heard.setdefault(word, Heard(word))).append((index, pattern.by))
