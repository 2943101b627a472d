"""Instants at which a condition may change by itself: a product enters a stage, a calendar opens or closes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.desk.state import TIME_KEYS, State, stage_begins
from respondby.policy.model.conditions import When
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy


def time_keys(when: When) -> frozenset[str]:
    """What of a condition is time's alone: `stage`, and names of calendars."""
    return frozenset(
        key
        for term in when.terms
        if term.key in TIME_KEYS
        for key in (term.values if term.key in ("during", "outside") else (term.key,))
    )


@per_policy
def _of_rules(policy: Policy) -> frozenset[str]:
    return frozenset().union(*(time_keys(rule.when) for rule in policy.rules))


def next_rule_boundary(policy: Policy, state: State, after: Instant) -> Instant | None:
    """The first instant after `after` at which a rule may become true by itself; None where none ever does.

    On a closed case time makes no rule true.
    """
    keys = _of_rules(policy)
    return next_boundary(policy, keys, state, after) if keys and state.open else None


def next_boundary(policy: Policy, time_keys: frozenset[str], state: State, after: Instant) -> Instant | None:
    """The first instant after `after` at which one of these keys may turn; None where none ever does.

    A key is `stage` or the name of a calendar.
    """
    return min((at for at in boundaries(policy, time_keys, state, after) if at > after), default=None)


def boundaries(policy: Policy, time_keys: frozenset[str], state: State, after: Instant) -> Iterator[Instant]:
    """Instants at which one of these keys may turn, in no order; some of them may have been."""
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
