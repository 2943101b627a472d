"""Instants at which a condition, or who holds a role, may change by itself: a product enters a stage, a calendar opens
or closes, a shift ends, somebody is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.desk.state import State, stage_begins
from respondby.policy.model.policy import Policy


def next_boundary(policy: Policy, time_keys: frozenset[str], state: State, after: Instant) -> Instant | None:
    """The first instant after `after` at which one of these keys may turn; None where none ever does.

    A key is `stage` or the name of a calendar.
    """
    return min((at for at in _boundaries(policy, time_keys, state, after) if at > after), default=None)


def _boundaries(policy: Policy, time_keys: frozenset[str], state: State, after: Instant) -> Iterator[Instant]:
    for key in time_keys:
        if key == "stage":
            product = state.fields.get("product")
            if product is not None and product in policy.products:
                begins = (stage_begins(policy, product, stage) for stage in policy.stages)
                yield from (at for at in begins if at is not None)
            continue
        calendar = policy.calendars.get(key)
        if calendar is not None:  # a condition of an earlier policy may name one that is no more
            yield from _found(calendar.next_opening, after + 1)
            yield from _found(calendar.next_closing, after)


def _found(question: Callable[[Instant], Instant], after: Instant) -> Iterator[Instant]:
    """The answer, if there is one: a calendar that never closes has no closing."""
    try:
        yield question(after)
    except TimeError:
        return


def next_change(policy: Policy, role: str, state: State, after: Instant) -> Instant | None:
    """The first instant after `after` at which somebody else may hold the role; None where that is for ever."""
    return min((at for at in _changes(policy, role, state, after, frozenset()) if at > after), default=None)


def _changes(policy: Policy, name: str, state: State, after: Instant, seen: frozenset[str]) -> Iterator[Instant]:
    yield from (edge for person in policy.people.values() for span in person.away for edge in span)
    role = policy.roles.get(name)
    if role is None or name in seen:
        return
    for alternative in role.alternatives:
        timed = frozenset(
            key
            for term in alternative.when.terms
            for key in (term.values if term.key in ("during", "outside") else (term.key,))
            if term.key in ("stage", "during", "outside")
        )
        yield from _boundaries(policy, timed, state, after)
        if alternative.rota is not None:
            until = policy.rotas[alternative.rota].rota.on_call(after).until
            yield from () if until is None else (until,)
        if alternative.role is not None:
            yield from _changes(policy, alternative.role, state, after, seen | {name})
