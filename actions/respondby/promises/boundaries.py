"""Instants at which a condition may change by itself: a product enters a stage, a calendar opens or closes."""

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
        calendar = policy.calendars[key]
        yield from _found(calendar.next_opening, after + 1)
        yield from _found(calendar.next_closing, after)


def _found(question: Callable[[Instant], Instant], after: Instant) -> Iterator[Instant]:
    """The answer, if there is one: a calendar that never closes has no closing."""
    try:
        yield question(after)
    except TimeError:
        return
