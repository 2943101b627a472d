"""Which clocks a happening touches: an index made once per policy, so that a moment costs a look-up, not a search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from respondby.desk.history import Fact
from respondby.policy.clocks import Clock
from respondby.policy.conditions import Pattern
from respondby.policy.model import Policy

Key = tuple[str, ...]

#: A clock's index and the role that the moment must be by, or None.
Entry = tuple[int, str | None]


@dataclass(frozen=True, slots=True)
class Triggers:
    """`start`, `stop` and `pause` by key; per clock the fields and arguments that its target depends on.

    `time_keys` are `stage` and the calendars that the clocks' own conditions name: what may turn a `when` by itself.
    """

    clocks: tuple[Clock, ...]
    start: dict[Key, list[Entry]] = field(default_factory=dict)
    stop: dict[Key, list[Entry]] = field(default_factory=dict)
    pause: dict[Key, list[Entry]] = field(default_factory=dict)
    conditional: tuple[int, ...] = ()
    by_field: dict[str, list[int]] = field(default_factory=dict)
    by_argument: dict[str, list[int]] = field(default_factory=dict)
    time_keys: frozenset[str] = frozenset()


_CACHE: dict[int, tuple[Policy, Triggers]] = {}


def triggers(policy: Policy) -> Triggers:
    """The policy's index. Kept for the last few policies: a sweep asks for each of its cases."""
    known = _CACHE.get(id(policy))
    if known is not None and known[0] is policy:
        return known[1]
    if len(_CACHE) >= 8:
        _CACHE.clear()
    made = _make(policy)
    _CACHE[id(policy)] = (policy, made)
    return made


def keys_of(fact: Fact) -> tuple[Key, ...]:
    """The keys under which clocks listen for this fact."""
    if fact.kind == "command":
        return (("command", fact.name),)
    if fact.kind == "field":
        if fact.value is None:
            return ()
        return ("field set", fact.name), ("field is", fact.name, fact.value)
    return ((fact.kind,),)


def _key(pattern: Pattern) -> Key:
    if pattern.kind == "field is":
        return (pattern.kind, pattern.name, pattern.value)
    return (pattern.kind, pattern.name) if pattern.name else (pattern.kind,)


def _make(policy: Policy) -> Triggers:
    clocks = tuple(policy.clocks.values())
    made = Triggers(
        clocks,
        conditional=tuple(index for index, clock in enumerate(clocks) if clock.when),
        time_keys=_time_keys(clocks),
    )
    for index, clock in enumerate(clocks):
        _listen(made.start, clock.start, index)
        _listen(made.stop, clock.stop, index)
        _listen(made.pause, clock.pause, index)
        for choice in clock.target.choices:
            for term in choice.when.terms:
                made.by_field.setdefault(term.key, []).append(index)
            if choice.argument is not None:
                made.by_argument.setdefault(choice.argument[0], []).append(index)
    return made


def _time_keys(clocks: tuple[Clock, ...]) -> frozenset[str]:
    terms = [term for clock in clocks for term in clock.when.terms]
    calendars = {value for term in terms if term.key in ("during", "outside") for value in term.values}
    return frozenset(calendars | ({"stage"} if any(term.key == "stage" for term in terms) else set()))


def _listen(table: dict[Key, list[Entry]], patterns: Iterable[Pattern], index: int) -> None:
    for pattern in patterns:
        table.setdefault(_key(pattern), []).append((index, pattern.by))
