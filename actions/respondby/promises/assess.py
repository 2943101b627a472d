"""What was promised, what was paused, what is due, what was kept: `assess(policy, history, now)`.

Laws (LANGUAGE.md, rules 6 to 18):

- Pure: reads no clock, file, network or environment.
- Within one instant: facts, then `when`, stops, starts; a moment cannot stop what it started, another moment of the same
  instant can, so the order in which the forge tells equal instants does not matter (rule 8).
- A stop in the due second meets the promise (rule 8).
- `when` false cancels, true late starts then; a target's time conditions are judged once, at the start (rule 9).
- The due never moves earlier, except by a raise (rule 11), `/cmd.argument`, or a changed policy that applies at once.

    a run:   (nothing) ──start──► running ──stop ≤ due──► met
                                    │  └────stop > due──► late
                                    ├── due passes ─────► breached ──stop──► late
                                    └── closed, or `when` false: cancelled; breached if its due had passed

It is a simulation: facts in order, and between them the instants at which something happens by itself (a due that a
clock listens for, a stage or calendar boundary that a condition names).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from respondby.calendars.instants import Instant
from respondby.desk.case import Actor
from respondby.desk.history import Fact, History
from respondby.desk.ledger import Pin
from respondby.desk.state import State, informal
from respondby.policy.holders import can_hold
from respondby.policy.model import Policy
from respondby.promises.assessment import Assessment
from respondby.promises.boundaries import next_boundary
from respondby.promises.pins import pinned
from respondby.promises.running import LiveRun
from respondby.promises.triggers import Key, keys_of, triggers

#: A happening: its keys, its cause's stable id, whose act it was, the fact if it is one.
Happening = tuple[tuple[Key, ...], str, Actor | None, Fact | None]


def assess(policy: Policy, history: History, now: Instant, pins: Mapping[str, Pin] | None = None) -> Assessment:
    """Every run of every clock of this case, as they stand at `now`.

    `pins` are what earlier runs promised, from the ledger (rule 18); without them the policy as it is now counts.
    """
    return _Simulation(policy, history, now, pins or {}).play()


class _Simulation:
    __slots__ = (
        "args", "armed", "by_role", "cycle", "history", "index", "live", "now", "pins", "policy", "runs", "state",
        "taken",
    )  # fmt: skip

    def __init__(self, policy: Policy, history: History, now: Instant, pins: Mapping[str, Pin]) -> None:
        self.policy = policy
        self.history = history
        self.now = now
        self.pins = pins
        self.index = triggers(policy)
        self.state = State(policy, history.requester.login, history.case.repository, history.case.created)
        self.runs: list[LiveRun] = []
        self.live: list[list[LiveRun]] = [[] for _ in self.index.clocks]
        self.armed: list[Happening | None] = [None for _ in self.index.clocks]
        self.args: dict[tuple[str, str], str] = {}
        self.by_role: dict[tuple[str, str, str, str | None], bool] = {}
        self.taken: set[str] = set()
        self.cycle = 1

    def play(self) -> Assessment:
        at = self.history.case.created
        for instant, group in groupby(self.history.facts, key=lambda fact: fact.at):
            if instant > self.now:
                break
            self._pass_time(at, instant)
            self._instant(instant, list(group))
            at = instant
        self._pass_time(at, self.now + 1)
        runs = tuple(run.frozen(self.now) for run in self.runs)
        return Assessment(self.now, self.cycle, runs, self._next())

    # -- time passing -------------------------------------------------------------------------------------------------

    def _pass_time(self, after: Instant, until: Instant) -> None:
        """What happens by itself from `after` on, before `until`."""
        while True:
            alone = self._next_alone(after)
            if alone is None or alone >= until:
                return
            self._instant(alone, [])
            after = alone

    def _next_alone(self, after: Instant) -> Instant | None:
        """The next due that has not been noticed, or the next boundary that a condition of a clock names."""
        dues = [run.due for runs in self.live for run in runs if run.due is not None and not run.fired and not run.held]
        found = min(dues, default=None)
        if self.index.conditional:
            boundary = next_boundary(self.policy, self.state, after, self.now)
            if boundary is not None and (found is None or boundary < found):
                found = boundary
        return found

    def _next(self) -> Instant | None:
        """The next instant at which an assessment may change by itself."""
        dues = [
            run.due for runs in self.live for run in runs if run.due is not None and run.due > self.now and not run.held
        ]
        boundary = next_boundary(self.policy, self.state, self.now, None) if self.index.conditional else None
        return min([*dues, *([boundary] if boundary is not None else [])], default=None)

    # -- one instant --------------------------------------------------------------------------------------------------

    def _instant(self, at: Instant, facts: list[Fact]) -> None:
        self.state.at = at
        wave: list[Happening] = []
        changed: list[str] = []
        closing: Fact | None = None
        for fact in facts:
            self._take(fact, changed)
            if fact.kind == "closed":
                closing = fact
            wave.append((keys_of(fact), fact.source, fact.by, fact))
        for index in self.index.conditional:
            self._judge(index, at)
        self._reconsider(at, changed)
        self._spread(wave, at)
        if closing is not None and not self.state.open:
            self._cancel_open(at)
        while dues := self._dues(at):
            self._spread(dues, at)

    def _spread(self, wave: list[Happening], at: Instant) -> None:
        """Stops, then starts, then what follows from them, until nothing does."""
        consumed: set[tuple[int, str]] = set()
        while wave:
            derived = self._stops(wave, at, consumed, fresh=False)
            self._starts(wave, at)
            derived += self._stops(wave, at, consumed, fresh=True)
            self._pauses(wave, at)
            wave = derived

    def _take(self, fact: Fact, changed: list[str]) -> None:
        """Fold one fact into the state."""
        state = self.state
        match fact.kind:
            case "field":
                if fact.value is None:
                    state.fields.pop(fact.name, None)
                else:
                    state.fields[fact.name] = fact.value
                changed.append(fact.name)
                if fact.name == "product":
                    changed.append("stage")
            case "label":
                state.labels.add(fact.name)
            case "unlabel":
                state.labels.discard(fact.name)
            case "command":
                for name, value in fact.args.items():
                    self.args[fact.name, name] = value
                changed.append(fact.name)
            case "resumed":
                for runs in self.live:
                    for run in runs:
                        run.resume(fact.at)
            case "closed":
                state.open = False
            case "reopened":
                state.open = True
                self.cycle += 1
                self.armed = [None for _ in self.armed]
            case "assigned" if fact.value is not None:
                state.assignees = (*state.assignees, fact.value)
            case _:
                pass

    def _judge(self, index: int, at: Instant) -> None:
        """`when` false cancels; true late starts what was waiting for it (rule 9)."""
        clock = self.index.clocks[index]
        if self.state.holds(clock.when):
            waiting = self.armed[index]
            if waiting is not None and not self.live[index]:
                self._start(index, waiting, at, late=True)
        else:
            for run in self.live[index]:
                run.cancel(at, "its condition no longer holds")
                self.armed[index] = run.origin
            self.live[index].clear()

    def _reconsider(self, at: Instant, changed: Iterable[str]) -> None:
        """Targets that depend on what changed are chosen anew (rule 11, `/cmd.argument`)."""
        touched = {
            i for name in changed for i in (*self.index.by_field.get(name, ()), *self.index.by_argument.get(name, ()))
        }
        for index in sorted(touched):
            for run in self.live[index]:
                run.reconsider(self.state, self.args, at)

    def _stops(
        self, wave: list[Happening], at: Instant, consumed: set[tuple[int, str]], *, fresh: bool
    ) -> list[Happening]:
        """Stop what runs; with `fresh`, what has started in this very instant by another moment (rule 8)."""
        derived: list[Happening] = []
        for keys, source, by, fact in wave:
            for key in keys:
                for index, role in self.index.stop.get(key, ()):
                    if (index, source) in consumed or not self._by(role, by):
                        continue
                    stopped = [
                        run
                        for run in self.live[index]
                        if not (run.started == at and run.moment == source) and (run.started == at or not fresh)
                    ]
                    if self.index.clocks[index].each:
                        stopped = _meant(stopped, fact)
                    waiting = self.armed[index]
                    if not stopped and waiting is not None and waiting[1] != source:
                        self.armed[index] = None
                    for run in stopped:
                        consumed.add((index, source))
                        run.stop(at, by.login if by else "")
                        self.live[index].remove(run)
                        derived.append(((("clock stops", run.clock.name),), source, by, fact))
        return derived

    def _starts(self, wave: list[Happening], at: Instant) -> None:
        for happening in wave:
            keys, _, by, _ = happening
            for key in keys:
                for index, role in self.index.start.get(key, ()):
                    if self._by(role, by):
                        self._start(index, happening, at)

    def _start(self, index: int, happening: Happening, at: Instant, *, late: bool = False) -> None:
        clock = self.index.clocks[index]
        if self.live[index] and not clock.each:
            return  # rule 9: a start while running is ignored, unless `each`
        if self.policy.since is not None and at < self.policy.since:
            return
        if not self.state.open and not clock.survives_close:
            return
        binding = informal(self.policy, self.state, clock.when, at)
        if binding is None or not self.state.holds(clock.when):
            self.armed[index] = happening
            return
        self.armed[index] = None
        _, moment, _, fact = happening
        source = moment
        while f"{clock.name}/{source}" in self.taken:
            source += "+"
        self.taken.add(f"{clock.name}/{source}")
        target, calendars = pinned(self.policy, clock, self.pins.get(f"{clock.name}/{source}"))
        run = LiveRun(clock, target, calendars, self.policy, self.cycle, source, happening, at, binding=not binding)
        run.begin(self.state, self.args if fact is None or not fact.args else {**self.args, **_named(fact)}, late=late)
        self.runs.append(run)
        self.live[index].append(run)

    def _pauses(self, wave: list[Happening], at: Instant) -> None:
        for keys, source, by, _ in wave:
            for key in keys:
                for index, role in self.index.pause.get(key, ()):
                    if self._by(role, by):
                        for run in self.live[index]:
                            run.pause(at, source)

    def _dues(self, at: Instant) -> list[Happening]:
        """Dues that are reached unmet: each is noticed once."""
        found: list[Happening] = []
        for runs in self.live:
            for run in runs:
                if not run.fired and not run.held and run.due is not None and run.due <= at:
                    run.fired = True
                    if run.noticed:
                        continue  # one run breaches once, however often its target was changed
                    run.noticed = True
                    found.append(((("clock due", run.clock.name),), f"{run.clock.name}/{run.source}/due", None, None))
        return found

    def _cancel_open(self, at: Instant) -> None:
        """Closing cancels what does not survive it (rule 12)."""
        for index, clock in enumerate(self.index.clocks):
            if not clock.survives_close:
                self.armed[index] = None
                for run in self.live[index]:
                    run.cancel(at, "the case was closed")
                self.live[index].clear()

    def _by(self, role: str | None, by: Actor | None) -> bool:
        """Whether the act counts as one by that role (rule 13)."""
        if role is None:
            return True
        if by is None:
            return False
        if role in ("author", "assignee"):
            return can_hold(self.policy, role, by.login, by.association, state=self.state)
        login = by.login.lower()
        key = (role, login, by.association, self.state.fields.get("product"))
        known = self.by_role.get(key)
        if known is None:
            known = self.by_role[key] = can_hold(self.policy, role, by.login, by.association, state=self.state)
        return known


def _named(fact: Fact) -> dict[tuple[str, str], str]:
    return {(fact.name, name): value for name, value in fact.args.items()}


def _meant(runs: list[LiveRun], fact: Fact | None) -> list[LiveRun]:
    """Which of several runs side by side a stop means: the one whose comment it links to, else the oldest."""
    refers = next((value for name, value in fact.args.items() if name in ("which", "ref")), None) if fact else None
    if refers is None:
        return runs[:1]
    return [
        run for run in runs if (start := run.origin[3]) is not None and start.number and str(start.number) in refers
    ]
