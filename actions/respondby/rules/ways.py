"""Which channels a call takes: the one that is named and its fallbacks, or those of the product's stage."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.desk.state import State, stage_of
from respondby.policy.model.clocks import STAGE
from respondby.policy.model.policy import Policy


def ways(policy: Policy, via: str | None, state: State, at: Instant) -> tuple[str, ...]:
    """The channels to try, in order, each once. With `via: stage` those of the stage in which the case's product is
    then: none where there is no product, or the stage names none, and people are told on the case.
    """
    if via is None:
        return ()
    if via != STAGE:
        return tuple(dict.fromkeys(_with_fallbacks(policy, via)))
    stage = stage_of(policy, state.fields.get("product"), at)
    named = policy.stages[stage].channels if stage is not None else ()
    return tuple(dict.fromkeys(name for one in named for name in _with_fallbacks(policy, one)))


def all_ways(policy: Policy, via: str) -> tuple[str, ...]:
    """Every channel that a call may ever take: with `via: stage` those of all stages."""
    named = [name for stage in policy.stages.values() for name in stage.channels] if via == STAGE else [via]
    return tuple(dict.fromkeys(name for one in named for name in _with_fallbacks(policy, one)))


def _with_fallbacks(policy: Policy, via: str) -> Iterator[str]:
    seen: set[str] = set()
    name: str | None = via
    while name is not None and name not in seen:
        seen.add(name)
        yield name
        name = policy.channels[name].fallback
