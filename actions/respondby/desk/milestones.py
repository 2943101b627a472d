"""When an incident started, was detected, acknowledged, mitigated and resolved: one reading for all who ask.

Laws:

- A milestone is reached at the earliest of its moments (`incidents.milestones`); an alert's moments have the alert's
  own time, not that of its delivery (law 9).
- A time that a command of the milestone names stands before all of them; of several, the one that was said last. What
  stood before is kept beside it, with who said what.
- An incident that was opened again, or whose alert fires again, is neither mitigated nor resolved by what came before.
- Any order of them is possible, for much is mended before it is known; but nothing is resolved before it started, and
  no milestone lies ahead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo

from respondby.alerts.episodes import Episode
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import UTC, Instant, iso, parse_time, wall
from respondby.desk.alerts import firing
from respondby.desk.case import Actor
from respondby.desk.commands import Line
from respondby.desk.history import Fact, History
from respondby.desk.ledger import Ledger
from respondby.desk.refusals import Refusal
from respondby.desk.standings import acts_as
from respondby.desk.state import State
from respondby.policy.model.conditions import Pattern
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Command

#: What a command was given where it names a time and its `takes` has none.
AT = "at"

_TIME = re.compile(r"(?:\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}T\S+)(?!\S)")

#: Milestones that an incident loses when it goes on.
_ENDS = ("mitigated", "resolved")


@dataclass(frozen=True, slots=True)
class MilestoneTime:
    """A time of a milestone: by what (its `source`), and where somebody said it, who (None: nobody's act) and when."""

    at: Instant
    source: str
    by: Actor | None
    said: Instant


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone that was reached. `times` are in the order in which they came to be; the last one counts."""

    name: str
    times: tuple[MilestoneTime, ...]

    @property
    def at(self) -> Instant:
        """When it was reached."""
        return self.times[-1].at

    @property
    def corrected(self) -> bool:
        """Whether somebody named another time than the one that stood."""
        return len({one.at for one in self.times}) > 1


def milestones(policy: Policy, history: History) -> tuple[Milestone, ...]:
    """Those that the incident has reached, in the order of their names."""
    found = _reached(policy, history.ledger, history.facts, history.states)
    started = next((one.at for one in found if one.name == "started"), None)
    kept = []
    for one in found:
        if one.name == "resolved" and started is not None:  # said before the case was an incident, and not refused
            one = Milestone(one.name, tuple(time for time in one.times if time.at >= started))
        if one.times:
            kept.append(one)
    return tuple(kept)


def milestone_words(policy: Policy) -> frozenset[str]:
    """The commands that name a milestone, each of which takes a time."""
    if policy.incidents is None:
        return frozenset()
    patterns = (pattern for moments in policy.incidents.milestones.values() for pattern in moments)
    return frozenset(pattern.name for pattern in patterns if pattern.kind == "command")


def wrong_time(
    policy: Policy, ledger: Ledger, facts: Sequence[Fact], states: Sequence[State], said: Fact, state: State
) -> Refusal | None:
    """Why a command may not set its milestone, given what has happened; None where it may."""
    named = _named(policy, said)
    if named is not None and named > said.at:
        return Refusal.of("milestone-ahead", time=named)
    found = {one.name: one for one in _reached(policy, ledger, (*facts, said), (*states, state))}
    started, resolved = found.get("started"), found.get("resolved")
    if started is None or resolved is None or resolved.at >= started.at:
        return None
    return Refusal.of("resolved-first", started=started.at, resolved=resolved.at)


def with_time(command: Command, line: Line, now: Instant, where: tzinfo) -> tuple[Line, dict[str, str]]:
    """A milestone's command with the time at its beginning read: `10:05` is the last one of that reading that has been.

    Where the command takes a time, it stands in its place; else it is given beside what the command takes.
    """
    found = _TIME.match(line.rest)
    if found is None:
        return line, {}
    typed, rest = found[0], line.rest[found.end() :]
    try:
        at = _clock_time(typed, now, where) if "T" not in typed else parse_time(typed, where)
    except TimeError:
        return line, {}  # what is no time is told by whoever reads what the command takes
    if any(argument.type == "time" for argument in command.takes):
        return replace(line, rest=f"{iso(at)}{rest}"), {}
    return replace(line, rest=rest.strip()), {AT: iso(at)}


def _clock_time(typed: str, now: Instant, where: tzinfo) -> Instant:
    today = wall(now, where).date()
    at = parse_time(f"{today}T{typed:0>5}", where)
    return at if at <= now else parse_time(f"{today - timedelta(days=1)}T{typed:0>5}", where)


def _reached(policy: Policy, ledger: Ledger, facts: Sequence[Fact], states: Sequence[State]) -> tuple[Milestone, ...]:
    if policy.incidents is None:
        return ()
    episodes = firing(ledger.kept.values())
    again = max((fact.at for fact in facts if fact.kind == "reopened"), default=0)
    if len(episodes) > 1:
        again = max(again, episodes[-1].start)
    found = []
    for name, patterns in policy.incidents.milestones.items():
        since = again if name in _ENDS else 0
        times = [
            MilestoneTime(fact.at if (at := _named(policy, fact)) is None else at, fact.source, fact.by, fact.at)
            for fact, state in zip(facts, states, strict=True)
            if fact.at >= since and any(_matches(policy, pattern, fact, state) for pattern in patterns)
        ]
        named = [one for one in times if one.at < one.said]  # one ahead was said before the case was an incident
        plain = [one for one in times if one.at == one.said]
        plain += [one for pattern in patterns if (one := _alerted(pattern, episodes, last=name in _ENDS)) is not None]
        first = min(plain, key=lambda one: one.at, default=None)
        stood = (first,) if first is not None else ()
        if stood or named:
            found.append(Milestone(name, (*stood, *named)))
    return tuple(found)


def _matches(policy: Policy, pattern: Pattern, fact: Fact, state: State) -> bool:
    match pattern.kind:
        case "alert":
            return False  # asked of its episodes
        case "command":
            same = fact.kind == "command" and fact.name == pattern.name
        case "field set":
            same = fact.kind == "field" and fact.name == pattern.name and fact.value is not None
        case "field is":
            same = fact.kind == "field" and fact.name == pattern.name and fact.value == pattern.value
        case kind:
            same = fact.kind == kind and (fact.kind != "closed" or (fact.value or "") == pattern.value)
    if not same or pattern.by is None:
        return same
    return fact.by is not None and acts_as(policy, pattern.by, fact.by, state)


def _alerted(pattern: Pattern, episodes: Sequence[Episode], *, last: bool) -> MilestoneTime | None:
    """When the incident's alert came to that, by its own time."""
    if pattern.kind != "alert" or not episodes:
        return None
    if pattern.value == "acknowledged":
        at = min((one.acknowledged for one in episodes if one.acknowledged is not None), default=None)
    else:
        episode = episodes[-1 if last else 0]
        at = episode.start if pattern.value == "fires" else episode.end
    return MilestoneTime(at, "alert", None, at) if at is not None else None


def _named(policy: Policy, fact: Fact) -> Instant | None:
    """The time that a command named."""
    command = policy.commands.get(fact.name) if fact.kind == "command" else None
    if command is None:
        return None
    names = [argument.name for argument in command.takes if argument.type == "time"] or [AT]
    text: Mapping[str, str] = fact.args
    try:
        return parse_time(text[names[0]], UTC) if names[0] in text else None
    except TimeError:
        return None
