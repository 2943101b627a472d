"""When an incident weighed on a product, and how much: the times that uptime is made of.

Laws:

- An incident lasts from `started` until `mitigated`, else `resolved`, else its closing; until then it lasts. The times
  are those of its milestones, corrections included, and no others.
- An alert that fires again, and a case that is opened again, begins another time; in between nothing was down. What
  ended an earlier time is what was known when the next one began.
- At each second the weight is that of the fields as they stood: `uptime.weights`, or 100 % where `uptime.incidents`
  holds and the policy weighs nothing. Before a field had a value its first one counts.
- What was a false alarm, a duplicate or void weighs nothing. Times that end before they begin are no figure: they are
  told as a problem, and their seconds are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.alerts import firing
from respondby.desk.history import History
from respondby.desk.milestones import Milestone, milestones
from respondby.desk.state import State
from respondby.policy.model.conditions import When
from respondby.policy.model.duties import Uptime
from respondby.policy.model.policy import Policy
from respondby.reports.cases import Impact

#: Why an incident's times are no figure.
ENDS_FIRST = "ends-first"


class Lasted(NamedTuple):
    """One time of an incident, and the code of what is wrong with it (empty: nothing)."""

    start: Instant
    end: Instant | None
    problem: str = ""


def incident_when(policy: Policy) -> When | None:
    """Which cases are incidents: `incidents.when`, else what `uptime.incidents` names; None where neither says it."""
    if policy.incidents is not None:
        return policy.incidents.when
    return policy.uptime.incidents if policy.uptime is not None and policy.uptime.incidents else None


def times(policy: Policy, history: History) -> tuple[Lasted, ...]:
    """The times in which the incident lasted, in order; the last one's end is None while it does."""
    cuts = _begun_again(history)
    found = []
    for index, begin in enumerate((None, *cuts)):
        before = cuts[index] if index < len(cuts) else None
        known = {one.name: one for one in _as_of(policy, history, before)}
        started = known["started"].at if "started" in known else history.case.created
        start = started if begin is None else begin
        end = _end(known, history, begin, before)
        if end is None:
            end = before
        if end is not None and end < start:
            found.append(Lasted(end, start, ENDS_FIRST))
        else:
            found.append(Lasted(start, end))
    return tuple(found)


def impacts(policy: Policy, history: History, lasted: Iterable[Lasted]) -> tuple[Impact, ...]:
    """The same by product and weight, where uptime is measured and something weighed."""
    uptime = policy.uptime
    if uptime is None:
        return ()
    found: list[Impact] = []
    states = list(_states(history))
    for one in lasted:
        if one.problem:
            continue
        for begin, end, state in states:
            start, stop = max(one.start, begin), _earlier(one.end, end)
            if stop is not None and stop <= start:
                continue
            weight = _weight(uptime, state, start)
            product = state.fields.get(uptime.by)
            if weight <= 0:
                continue
            last = found[-1] if found else None
            if last is not None and (last.end, last.product, last.weight) == (start, product, weight):
                found[-1] = last._replace(end=stop)
            else:
                found.append(Impact(start, stop, product, weight))
    return tuple(found)


def _begun_again(history: History) -> list[Instant]:
    """The instants at which it began again, after the first time."""
    episodes = firing(history.ledger.kept.values())
    again = {fact.at for fact in history.facts if fact.kind == "reopened"}
    return sorted(again | {episode.start for episode in episodes[1:]})


def _as_of(policy: Policy, history: History, before: Instant | None) -> tuple[Milestone, ...]:
    """The milestones as they stood just before an instant."""
    if before is None:
        return milestones(policy, history)
    count = sum(fact.at < before for fact in history.facts)
    kept = {key: item for key, item in history.ledger.kept.items() if item.at < before}
    ledger = replace(history.ledger, kept=kept)
    return milestones(
        policy, replace(history, ledger=ledger, facts=history.facts[:count], states=history.states[:count])
    )


def _end(
    known: Mapping[str, Milestone], history: History, begin: Instant | None, before: Instant | None
) -> Instant | None:
    """When that time was over: mitigated, resolved or closed, whichever is the first of these that there is."""
    for name in ("mitigated", "resolved"):
        if name in known and (begin is None or known[name].at >= begin or known[name].corrected):
            return known[name].at
    after = -FOREVER if begin is None else begin
    until = FOREVER if before is None else before
    closings = [fact.at for fact in history.facts if fact.kind == "closed" and after <= fact.at <= until]
    return closings[-1] if closings and (before is not None or not history.state.open) else None


def _states(history: History) -> Iterator[tuple[Instant, Instant | None, State]]:
    """How the case stood, span by span; fields that had no value yet have their first one."""
    first: dict[str, str] = {}
    for fact in history.facts:
        if fact.kind == "field" and fact.value is not None:
            first.setdefault(fact.name, fact.value)
    begin, state = -FOREVER, history.first
    for fact, after in zip(history.facts, history.states, strict=True):
        if fact.at > begin:
            yield begin, fact.at, _filled(state, first)
            begin = fact.at
        state = after
        if fact.kind == "field":
            first.pop(fact.name, None)  # from now on it has a value, or lost it on purpose
    yield begin, None, _filled(state, first)


def _filled(state: State, first: Mapping[str, str]) -> State:
    return replace(state, fields={**first, **state.fields}) if first else state


def _weight(uptime: Uptime, state: State, at: Instant) -> int:
    incidents = state.policy.incidents
    if state.void(at) or not state.holds(uptime.incidents, at):
        return 0
    if incidents is not None and not state.holds(incidents.when, at):
        return 0
    if not uptime.weights:
        return 100
    found = (values.get(state.fields.get(name, "")) for name, values in uptime.weights.items())
    return max((weight for weight in found if weight is not None), default=0)


def _earlier(one: Instant | None, other: Instant | None) -> Instant | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
