"""When an incident started, was detected, acknowledged, mitigated and resolved: one reading for all who ask.

Laws:

- A milestone is reached at the earliest of its moments (`incidents.milestones`); an alert's moments have the alert's
  own time, not that of its delivery (law 9).
- A time that a command of the milestone names stands before all of them; of several, the one that was said last. What
  stood before is kept beside it, with who said what.
- An incident that was opened again, or whose alert fires again, is neither mitigated nor resolved by what came before;
  within one second the forge's order says what did. What an alert says comes after what people do in its second, as
  `desk.happenings` has it.
- What was known when is kept apart from what was so: `learned` tells the times in the order in which the desk came to
  know them, for the clocks (`promises.playing`).
- Any order of them is possible, for much is mended before it is known; but nothing is resolved before it started, and
  no milestone lies ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from respondby.alerts.episodes import Episode
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import UTC, Instant, iso, parse_time, wall
from respondby.dataclass import dataclass
from respondby.desk.alerts import firing
from respondby.desk.case import Actor
from respondby.desk.commands import Line
from respondby.desk.gate import FALSE_ALARM, is_incident
from respondby.desk.history import Fact, History, turns
from respondby.desk.ledger import Ledger
from respondby.desk.milestone_moments import alert_moments, matches, moments_at
from respondby.desk.refusals import Refusal
from respondby.desk.state import State
from respondby.policy.model.built_in import TIMELINE
from respondby.policy.model.incidents import MILESTONES
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Command

#: What a command was given where it names a time and its `takes` has none.
AT = "at"

_TIME = re.compile(r"(?:\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}T\S+)(?!\S)")

#: When a time was said: the instant, and within it how many facts of the case came before.
_Place = tuple[Instant, int]
#: What an alert has come to stands behind all facts of its second.
_ALERTED = 1 << 31

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


@dataclass(frozen=True, slots=True)
class Learned:
    """What the desk learned of a milestone at the instant `said`: it was reached at `at` (None: it is not any more).

    `facts` is how many facts of the case had happened by then, the ends of `desk.history.turns`. `goes_on` says that
    the incident goes on, so that what the milestone ended is owed again.
    """

    name: str
    at: Instant | None
    said: Instant
    facts: int
    source: str = ""
    by: Actor | None = None
    goes_on: bool = False


def milestones(policy: Policy, history: History) -> tuple[Milestone, ...]:
    """Those that the incident has reached, in the order of their names."""
    reading = _Reading(policy, history.ledger, history.case.created)
    reading.read(history.facts, history.states)
    return reading.found()


@per_policy
def _heeded(policy: Policy) -> frozenset[str]:
    """The milestones at which a clock starts or stops."""
    patterns = (pattern for clock in policy.clocks.values() for pattern in (*clock.start, *clock.stop))
    return frozenset(pattern.name for pattern in patterns if pattern.kind == "milestone")


def learned(policy: Policy, history: History, names: frozenset[str] | None = None) -> tuple[Learned, ...]:
    """What was learned of these milestones (None: those that clocks heed), in order: of an incident, for as long as the
    case is one.
    """
    policies = (policy, *(earlier.policy for earlier in history.earlier))
    names = frozenset().union(*map(_heeded, policies)) if names is None else names
    if not names or all(one.incidents is None for one in policies):
        return ()
    facts, states = history.facts, history.states
    incident = {n: is_incident(states[n - 1].policy, states[n - 1], facts[n - 1].at) for _, n in turns(facts)}
    if not any(incident.values()):
        return ()
    reading = _Reading(policy, history.ledger, history.case.created)
    stood: dict[str, MilestoneTime] = {}
    found: list[Learned] = []
    for count in reading.turns(facts, states):
        at = facts[count - 1].at
        now = {one.name: one.times[-1] for one in reading.found() if one.name in names} if incident[count] else {}
        for name in MILESTONES:
            before, after = stood.get(name), now.get(name)
            if after is None and before is not None:
                found.append(Learned(name, None, at, count, goes_on=incident[count]))
            elif after is not None and (before is None or before.at != after.at):
                found.append(Learned(name, after.at, at, count, after.source, after.by))
        stood = now
    return tuple(found)


def timed_words(policy: Policy) -> frozenset[str]:
    """The commands that may begin with a time of their own: those that name a milestone, and `/timeline`."""
    if policy.incidents is None:
        return frozenset()
    patterns = (pattern for moments in policy.incidents.milestones.values() for pattern in moments)
    return frozenset((TIMELINE, *(pattern.name for pattern in patterns if pattern.kind == "command")))


def wrong_time(
    policy: Policy, ledger: Ledger, facts: Sequence[Fact], states: Sequence[State], said: Fact, state: State
) -> Refusal | None:
    """Why a command may not set its milestone, given what has happened; None where it may."""
    named = _named(policy, said)
    if named is not None and named > said.at:
        return Refusal.of("milestone-ahead", time=named)
    reading = _Reading(policy, ledger, (*facts, said)[0].at)
    reading.read((*facts, said), (*states, state))
    found = {one.name: one for one in reading.all()}
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
    if own_time(command) != AT or any(argument.name == AT for argument in command.takes):
        return replace(line, rest=f"{iso(at)}{rest}"), {}
    return replace(line, rest=rest.strip()), {AT: iso(at)}


def _clock_time(typed: str, now: Instant, where: tzinfo) -> Instant:
    today = wall(now, where).date()
    at = parse_time(f"{today}T{typed:0>5}", where)
    return at if at <= now else parse_time(f"{today - timedelta(days=1)}T{typed:0>5}", where)


class _Reading:
    """The milestones of one incident, fact by fact. `_first` is of each its earliest moment, `_named` the times that
    were said of it since; each with its place: the instant, and within it how many facts came before (for an alert,
    `_ALERTED` and how many alerts).
    """

    def __init__(self, policy: Policy, ledger: Ledger, created: Instant) -> None:
        self._policy = policy
        self._first: dict[str, tuple[_Place, MilestoneTime]] = {}
        self._named: dict[str, list[tuple[_Place, MilestoneTime]]] = {}
        self._alerts = sorted(_alerted(firing(ledger.kept.values()), created), key=lambda one: one[0])
        self._alerts_read = 0
        self._alarms: set[str] = set()  # what closed it as a false alarm

    def read(self, facts: Sequence[Fact], states: Sequence[State]) -> None:
        """All of it."""
        for _ in self.turns(facts, states):
            pass

    def turns(self, facts: Sequence[Fact], states: Sequence[State]) -> Iterator[int]:
        """Read turn by turn: after each, how many facts have been read."""
        for first, last in turns(facts):
            for index in range(first, last):
                self._fact(index, facts[index], states[index])
            at = facts[first].at
            if last == len(facts):
                self._alerts_until(states[last - 1].policy, None)
            elif facts[last].at != at:
                self._alerts_until(states[last - 1].policy, at)
            yield last

    def all(self) -> tuple[Milestone, ...]:
        """Those that were reached so far, also a resolution before the start."""
        found = []
        for name in MILESTONES:
            first, named = self._first.get(name), self._named.get(name, ())
            told = tuple(time for _, time in named)
            stood = first is not None and not (named and named[0][0] < first[0])  # what came later never stood
            if first is not None and stood:
                found.append(Milestone(name, (first[1], *told)))
            elif told:
                found.append(Milestone(name, told))
        return tuple(found)

    def found(self) -> tuple[Milestone, ...]:
        """Those that were reached so far."""
        found = self.all()
        started = next((one.at for one in found if one.name == "started"), None)
        kept = []
        for one in found:
            if one.name == "resolved" and started is not None:  # said before the case was an incident, and not refused
                one = Milestone(one.name, tuple(time for time in one.times if time.at >= started))
            if one.times:
                kept.append(one)
        return tuple(kept)

    def _fact(self, index: int, fact: Fact, state: State) -> None:
        place = fact.at, index
        if fact.kind == "reopened":
            self._goes_on(place)
        elif fact.kind == "command" and FALSE_ALARM in fact.args:
            self._alarms.add(fact.source)
        elif fact.kind == "closed" and fact.source in self._alarms:
            return  # what never was is not resolved
        for name, patterns in moments_at(self._with_incidents(state.policy), fact):
            if not any(matches(state.policy, pattern, fact, state) for pattern in patterns):
                continue
            at = _named(state.policy, fact)
            time = MilestoneTime(fact.at if at is None else at, fact.source, fact.by, fact.at)
            if time.at < time.said:
                self._named.setdefault(name, []).append((place, time))
            elif time.at == time.said:  # one ahead was said before the case was an incident
                self._plain(name, time, place)

    def _alerts_until(self, policy: Policy, at: Instant | None) -> None:
        """What the alert has come to by that instant (None: all of it)."""
        while self._alerts_read < len(self._alerts) and (at is None or self._alerts[self._alerts_read][0] <= at):
            _, what, time, again = self._alerts[self._alerts_read]
            place = time.said, _ALERTED + self._alerts_read
            self._alerts_read += 1
            if again:
                self._goes_on(place)
            for name in alert_moments(self._with_incidents(policy), what):
                self._plain(name, time, place)

    def _with_incidents(self, then: Policy) -> Policy:
        """The policy of that day; where the desk had no incidents yet, today's."""
        return then if then.incidents is not None else self._policy

    def _plain(self, name: str, time: MilestoneTime, place: _Place) -> None:
        first = self._first.get(name)
        if first is None or time.at < first[1].at:
            self._first[name] = place, time

    def _goes_on(self, since: _Place) -> None:
        """The incident goes on: it is neither mitigated nor resolved by what was said before."""
        for name in _ENDS:
            first = self._first.get(name)
            if first is not None and first[0] < since:
                del self._first[name]
            self._named[name] = [one for one in self._named.get(name, ()) if one[0] >= since]


def _alerted(episodes: Sequence[Episode], created: Instant) -> Iterator[tuple[Instant, str, MilestoneTime, bool]]:
    """When the desk could know it, what the incident's alert came to, when by its own time, and whether it fires again.

    No case is told anything before it was opened.
    """

    def milestone(what: str, at: Instant, *, again: bool = False) -> tuple[Instant, str, MilestoneTime, bool]:
        return max(at, created), what, MilestoneTime(at, "alert", None, at), again

    for index, episode in enumerate(episodes):
        yield milestone("fires", episode.start, again=index > 0)
        if episode.acknowledged is not None:
            yield milestone("acknowledged", episode.acknowledged)
        if episode.end is not None:
            yield milestone("resolved", episode.end)


def _named(policy: Policy, fact: Fact) -> Instant | None:
    """The time that a command named."""
    command = policy.commands.get(fact.name) if fact.kind == "command" else None
    if command is None:
        return None
    name = own_time(command)
    text: Mapping[str, str] = fact.args
    try:
        return parse_time(text[name], UTC) if name in text else None
    except TimeError:
        return None


def own_time(command: Command) -> str:
    """The argument that is the command's own time: the first that it takes, where that is one; a later time is another
    matter, such as until when a workaround may stand.
    """
    return command.takes[0].name if command.takes and command.takes[0].type == "time" else AT
