"""Instants at which who holds a role may change by itself: a shift ends, somebody is back, a condition turns."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.desk.boundaries import boundaries, time_keys
from respondby.desk.state import State
from respondby.policy.model.policy import Policy


def next_change(policy: Policy, role: str, state: State, after: Instant) -> Instant | None:
    """The first instant after `after` at which somebody else may hold the role; None where that is for ever."""
    return min((at for at in _changes(policy, role, state, after, frozenset()) if at > after), default=None)


def _changes(policy: Policy, name: str, state: State, after: Instant, seen: frozenset[str]) -> Iterator[Instant]:
    yield from (edge for person in policy.people.values() for span in person.away for edge in span)
    role = policy.roles.get(name)
    if role is None or name in seen:
        return
    for alternative in role.alternatives:
        yield from boundaries(policy, time_keys(alternative.when), state, after)
        if alternative.rota is not None:
            until = policy.rotas[alternative.rota].rota.on_call(after).until
            yield from () if until is None else (until,)
        if alternative.role is not None:
            yield from _changes(policy, alternative.role, state, after, seen | {name})
