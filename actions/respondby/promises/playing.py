"""A case being played: what one instant does to its clocks.

Within one instant: facts, then `when`, stops, starts (rule 8); then targets are chosen anew, pauses begin and end, and
dues that are reached are told to the clocks that listen. What a stop or a due sets off belongs to the same instant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.case import Actor
from respondby.desk.history import Fact, History
from respondby.desk.keeping import origin
from respondby.desk.ledger import Pin
from respondby.desk.state import informal
from respondby.policy.holders import can_hold
from respondby.policy.model import Policy
from respondby.promises.boundaries import next_boundary
from respondby.promises.dues import depends_on
from respondby.promises.pins import pinned_offers
from respondby.promises.running import LiveRun
from respondby.promises.triggers import Heard, Triggers, keys_of, triggers

#: Something that clocks listen for: who listens, its cause's stable id, whose act it was, the fact if it is one.
Happening = tuple[Heard, str, Actor | None, Fact | None]

#: Facts that change how the case stands, or what was said.
FOLDED = frozenset(
    {"field", "label", "unlabel", "command", "resumed", "closed", "reopened", "assigned", "desk assigned", "unassigned"}
)

_COMMENT = re.compile(r"issuecomment-(\d+)$")
#: More answers than a desk has people; a sweep meets many strangers.
_MOST_ROLES = 4096


class Playing:
    """The clocks of one case at the instant `at`, the last that was played.

    `runs` are all runs in the order they started, `live` those that still run, by clock. `armed` are starts that came
    while a clock's `when` was false (rule 9). `pausing` is by clock what began the pause that lasts.
    """

    def __init__(self, policy: Policy, history: History, pins: Mapping[str, Pin]) -> None:
        self.policy = policy
        self.pins = pins
        self.known: Triggers = triggers(policy)
        self.at = history.case.created
        self.state = history.state.fresh(self.at)
        self.cycle = 1
        self.runs: list[LiveRun] = []
        self.live: list[list[LiveRun]] = [[] for _ in self.known.clocks]
        self.armed: list[list[Happening]] = [[] for _ in self.known.clocks]
        self.pausing: dict[int, str] = {}
        self.resumed_by = ""
        self.args: dict[tuple[str, str], str] = {}
        #: When something happens next by itself: a due is reached, or a condition may turn. `FOREVER` where never.
        self.alone: Instant = FOREVER
        self._keys: set[str] = set()
        self._due = self._boundary = FOREVER
        self._moved = self._pausing = self._pinned = False

    # -- one instant --------------------------------------------------------------------------------------------------

    def instant(self, at: Instant, facts: Sequence[Fact]) -> None:
        """Play the facts of one instant; without any, what happens then by itself."""
        self.at = self.state.at = at
        known = self.known
        wave: list[Happening] = []
        changed: dict[str, str] = {}
        closing = None
        for fact in facts:
            if fact.kind in FOLDED:
                self._fold(fact, changed)
                if fact.kind == "closed":
                    closing = fact
            for key in keys_of(fact):
                heard = known.heard.get(key)
                if heard is not None:
                    wave.append((heard, fact.source, fact.by, fact))
                    if heard.pause:
                        self._begin_pauses(heard, fact.source, fact.by)
        if known.conditions and (changed or at >= self._boundary):
            self._judge(changed, at)
        if wave and self._matters(wave):
            self._spread(wave, at)
        if closing is not None and not self.state.open:
            self._close(closing, at)
        if changed:
            self._reconsider(changed, at)
        if self._pausing or self._moved or known.timed:
            self._settle(at, changed)
        while self._due <= at:
            self._spread(self._fire(at), at)
            self._settle(at, changed)

    def _settle(self, at: Instant, changed: Mapping[str, str]) -> None:
        """Pauses begin and end, and what happens next by itself is known again."""
        if self._pausing:
            self._pause(at)
        timed = self.known.timed
        if timed and (self._moved or at >= self._boundary or "product" in changed):
            self._boundary = self._next_boundary(at)
        if self._moved:
            dues = [
                run.due
                for runs in self.live
                for run in runs
                if run.due is not None and not run.fired and run.counts_from is None
            ]
            self._due, self._moved = min(dues, default=FOREVER), False
        self.alone = min(self._due, self._boundary)

    def _next_boundary(self, at: Instant) -> Instant:
        """When the `when` of a clock that runs, or would, may turn by itself."""
        known = self.known
        if not any(self.live[index] or self.armed[index] for index in known.timed):
            return FOREVER
        boundary = next_boundary(self.policy, known.time_keys, self.state, at)
        return FOREVER if boundary is None else boundary

    def _fold(self, fact: Fact, changed: dict[str, str]) -> None:
        """Fold one fact into the state. `changed` gets what conditions and targets may depend on, with the cause."""
        state = self.state
        match fact.kind:
            case "field":
                if fact.value is None:
                    state.fields.pop(fact.name, None)
                else:
                    state.fields[fact.name] = fact.value
                self._note(changed, fact.name, fact)
            case "label" | "unlabel":
                (state.labels.add if fact.kind == "label" else state.labels.discard)(fact.name)
                self._note(changed, "label", fact)
            case "command":
                for name, value in fact.args.items():
                    self.args[fact.name, name] = value
                self._note(changed, fact.name, fact)
            case "resumed":
                self.pausing.clear()
                self.resumed_by, self._pausing = fact.source, True
            case "closed":
                state.open = False
            case "reopened":
                state.open = True
                if fact.by is None or not fact.by.bot:  # rule 12: a person's reopening
                    self.cycle += 1
                for index, clock in enumerate(self.known.clocks):
                    if not clock.survives_close:
                        self.armed[index].clear()
            case "assigned" | "desk assigned" if fact.value is not None:
                state.assignees = (*state.assignees, fact.value)
            case "unassigned" if fact.value is not None:
                state.assignees = tuple(name for name in state.assignees if name.lower() != fact.value.lower())
            case _:
                pass

    def _note(self, changed: dict[str, str], key: str, fact: Fact) -> None:
        if self._pinned or key in self.known.watched:
            changed[key] = fact.source

    def _judge(self, changed: Iterable[str], at: Instant) -> None:
        """`when` false cancels; true late starts what was waiting for it (rule 9)."""
        asked = {index for key in changed for index in self.known.conditions.get(key, ())}
        for index in sorted(asked.union(self.known.timed)):
            clock, live, armed = self.known.clocks[index], self.live[index], self.armed[index]
            if not live and not armed:
                continue
            if self.state.holds(clock.when):
                waiting, self.armed[index] = armed, []
                for happening in waiting:
                    self._start(index, happening, at, late=True)
                continue
            for run in live:
                run.cancel(at, "", "its condition no longer holds (rule 9)")
                armed.append(run.origin)
            live.clear()
            self._moved = True

    def _matters(self, wave: list[Happening]) -> bool:
        """Whether anything can start or stop: most of what is said in a case moves no clock."""
        for heard, _, _, _ in wave:
            if heard.start:
                return True
            for index, _ in heard.stop:
                if self.live[index] or self.armed[index]:
                    return True
        return False

    def _spread(self, wave: list[Happening], at: Instant) -> None:
        """Stops, then starts, then what follows from them, until nothing does."""
        done: set[tuple[int, str]] = set()
        begun: set[tuple[int, str]] = set()
        while wave:
            if len(wave) > 1:
                wave.sort(key=_source)  # whichever the forge tells first
            derived: list[Happening] = []
            for happening in wave:
                self._stop(happening, at, done, derived, fresh=False)
            runs = len(self.runs)
            for happening in wave:
                heard, source, by, _ = happening
                for index, role in heard.start:
                    if (index, source) not in begun and self._by(role, by):
                        begun.add((index, source))
                        self._start(index, happening, at)
            if len(self.runs) > runs:
                for happening in wave:
                    self._stop(happening, at, done, derived, fresh=True)
            wave = derived

    # -- starts and stops ---------------------------------------------------------------------------------------------

    def _stop(
        self, happening: Happening, at: Instant, done: set[tuple[int, str]], derived: list[Happening], *, fresh: bool
    ) -> None:
        """Stop what runs; with `fresh`, what has started in this very instant by another moment (rule 8)."""
        heard, source, by, fact = happening
        for index, role in heard.stop:
            if not (self.live[index] or self.armed[index]) or (index, source) in done or not self._by(role, by):
                continue
            moment = origin(source)
            stopped = [
                run
                for run in self.live[index]
                if (run.started < at and not fresh) or (run.started == at and origin(run.origin[1]) != moment)
            ]
            clock = self.known.clocks[index]
            if clock.each:
                stopped = self._meant(stopped, fact)
            elif not stopped and not fresh:
                self._disarm(index, happening)
            for run in stopped:
                done.add((index, source))
                run.stop(at, by.login if by else "", source)
                self.live[index].remove(run)
                self._moved = True
                followers = self.known.heard.get(f"{clock.name} stops")
                if followers is not None:
                    self._begin_pauses(followers, source, by)
                    derived.append((followers, source, by, fact))

    def _disarm(self, index: int, happening: Happening) -> None:
        """What stops a clock before its `when` was true has answered it; a cadence then waits for its next turn."""
        _, source, _, _ = happening
        armed = self.armed[index]
        if not armed or all(origin(waiting[1]) == origin(source) for waiting in armed):
            return
        armed.clear()
        clock = self.known.clocks[index]
        if any(pattern.kind == "clock stops" and pattern.name == clock.name for pattern in clock.start):
            armed.append(happening)

    def _meant(self, runs: list[LiveRun], fact: Fact | None) -> list[LiveRun]:
        """Which of several runs side by side a stop means: all of them, unless it is a command that can name one.

        It names the run that a linked comment started; without a link it means the oldest.
        """
        command = self.policy.commands.get(fact.name) if fact is not None and fact.kind == "command" else None
        refs = [argument.name for argument in command.takes if argument.type == "ref"] if command is not None else []
        if fact is None or not refs:
            return runs
        linked = _COMMENT.search(fact.args.get(refs[0], ""))
        if refs[0] not in fact.args:
            return runs[:1]
        return [run for run in runs if linked and (start := run.origin[3]) and start.number == int(linked[1])]

    def _start(self, index: int, happening: Happening, at: Instant, *, late: bool = False) -> None:
        clock = self.known.clocks[index]
        if self.live[index] and not clock.each:
            return  # rule 9: a start while running is ignored, unless `each`
        if self.policy.since is not None and at < self.policy.since:
            return
        _, moment, _, fact = happening
        if not self.state.open and not clock.survives_close and (fact is None or fact.kind != "closed"):
            return
        measured = informal(self.policy, self.state, clock.when, at)
        if measured is None and not any(term.key == "stage" for term in clock.when.terms):
            return  # this stage promises nothing, and what starts in it never will
        if not self.state.holds(clock.when):
            self.armed[index].append(happening)
            self._moved = True
            return
        source = moment
        while (key := f"{clock.name}/{source}") in self._keys:
            source += "+"
        self._keys.add(key)
        offers = pinned_offers(self.policy, index, self.pins.get(key)) if self.pins else self.known.offers[index]
        kept = offers is not self.known.offers[index]
        self._pinned = self._pinned or kept
        run = LiveRun(clock, offers, self.cycle, source, happening, at, binding=not measured, pinned=kept)
        run.begin(self.state, self.args, late=late)
        self.runs.append(run)
        self.live[index].append(run)
        self._moved = True
        self._pausing = self._pausing or index in self.pausing

    def _close(self, closing: Fact, at: Instant) -> None:
        """Closing cancels what does not survive it (rule 12), but for what this very closing started."""
        for index, clock in enumerate(self.known.clocks):
            if clock.survives_close:
                continue
            self.armed[index].clear()
            staying = [run for run in self.live[index] if run.origin[1] == closing.source]
            for run in self.live[index]:
                if run not in staying:
                    run.cancel(at, closing.source, "the case was closed (rule 12)")
                    self._moved = True
            self.live[index] = staying

    # -- targets, pauses and dues -------------------------------------------------------------------------------------

    def _reconsider(self, changed: Mapping[str, str], at: Instant) -> None:
        """Targets that depend on what changed are chosen anew (rule 11, `/cmd.argument`)."""
        touched = {index: source for key, source in changed.items() for index in self.known.targets.get(key, ())}
        for index, runs in enumerate(self.live):
            for run in runs:
                source = touched.get(index)
                if run.pinned:  # it depends on its own words, not on the policy's
                    source = next((changed[key] for key in depends_on(run.offers) if key in changed), None)
                if source is not None and run.started < at:
                    run.reconsider(self.state, self.args, at, source, changed)
                    self._moved = True

    def _begin_pauses(self, heard: Heard, source: str, by: Actor | None) -> None:
        for index, role in heard.pause:
            if index not in self.pausing and self._by(role, by):
                self.pausing[index] = source
                self._pausing = True

    def _pause(self, at: Instant) -> None:
        """Runs are paused while a pause of their clock lasts, those that start in it too (rule 6)."""
        self._pausing = False
        for index in self.known.paused:
            source = self.pausing.get(index)
            for run in self.live[index]:
                if (source is not None) != run.paused:
                    if source is not None:
                        run.pause(at, source)
                    else:
                        run.resume(at, self.resumed_by)
                    self._moved = True

    def _fire(self, at: Instant) -> list[Happening]:
        """Dues that are reached unmet: each is noticed once, however often its target was changed.

        A promise that had run out when it was made starts no further run of clocks that run side by side: such a clock
        could go on for ever.
        """
        found: list[Happening] = []
        for runs in self.live:
            for run in runs:
                if run.due is None or run.due > at or run.fired or run.counts_from is not None:
                    continue
                run.fired = self._moved = True
                heard = self.known.heard.get(f"{run.clock.name} due")
                if run.noticed or heard is None:
                    run.noticed = True
                    continue
                run.noticed = True
                if run.started == at:
                    starts = [entry for entry in heard.start if not self.known.clocks[entry[0]].each]
                    heard = Heard(starts, heard.stop, heard.pause)
                source = f"{run.clock.name}/{run.source}/due"
                self._begin_pauses(heard, source, None)
                found.append((heard, source, None, None))
        return found

    def _by(self, role: str | None, by: Actor | None) -> bool:
        """Whether the act counts as one by that role: anyone who can hold it (rule 13)."""
        if role is None:
            return True
        if by is None:
            return False
        if role in ("author", "assignee"):
            return can_hold(self.policy, role, by.login, state=self.state)
        known = self.known.by_role
        key = (role, by.login, by.association, self.state.fields.get("product"))
        answer = known.get(key)
        if answer is None:
            if len(known) >= _MOST_ROLES:
                known.clear()
            answer = known[key] = can_hold(self.policy, role, by.login, by.association, state=self.state)
        return answer


def _source(happening: Happening) -> str:
    return happening[1]
