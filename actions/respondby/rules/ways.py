"""How somebody is called: through which channels, and under which key (law 5).

A call takes the channel that is named and its fallbacks, or those of the product's stage. Its key names the case by the
node id of the issue, which stays when its repository is renamed or goes to another owner; a pager is told of the answer
under it. Earlier versions named it `owner/name#7`: what they called is answered and resolved under that, and where a
call of theirs did not go out, it is made good under the key that it was tried with.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.records import Record
from respondby.desk.results import Tried
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


def call_key(case: Case, record: str, person: str, *, by_id: bool) -> str:
    """The key of a call; `by_id` is False of what was called by earlier versions."""
    return f"{case.node_id if by_id else case.ref}/{record}/{person}"


def names_by_id(record: Record | None, person: str) -> bool:
    """Whether that person is called for this record under a key with the node id: never under two keys for one rung."""
    tried = record.results if record is not None else ()
    return all(one.by_id for one in tried if isinstance(one, Tried) and one.to == person)
