"""The clocks of one case while it is played: what can happen to them, each thing by its rule.

The order of these things within one instant is `promises.playing`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.built_in.workarounds import MEANT
from respondby.desk.case import Actor
from respondby.desk.history import Fact, History
from respondby.desk.keeping import origin
from respondby.desk.milestones import Learned
from respondby.desk.records import Pin
from respondby.desk.remembered import text_of
from respondby.desk.standings import acts_as, speaks_for_customer
from respondby.desk.state import informal
from respondby.policy.model.policy import Policy
from respondby.promises.dues import depends_on
from respondby.promises.pauses import Lasting, lasting
from respondby.promises.pins import offers_for
from respondby.promises.running import LiveRun
from respondby.promises.triggers import Happening, Heard, triggers

_COMMENT = re.compile(r"issuecomment-(\d+)$")
#: What people say, as against what they do.
_WORDS = frozenset({"comment", "edited"})
#: More answers than a desk has people; a sweep meets many strangers.
_MOST_ROLES = 4096


class Clocks:
    """The clocks of one case.

    `runs` are all runs in the order they started, `live` those that still run, by clock. `armed` are starts that came
    while a clock's `when` was false (rule 9). `pausing` are by clock the pauses that last, by what the clock listened
    for; `resumed_by` is what ended the last one. `args` are the latest values of commands' arguments. `reached`
    are the milestones that clocks heed, as they stand, `started_by` the runs that each has started,
    `over_at_once` what follows from runs that ended as they started. `moved` says that
    a due may have moved, `paused` that a pause may have begun or ended, `pinned` that a run is promised what the policy
    promises no more. `heeded` are the sources of moments that mattered and need stand in no run: what began or ended a
    pause, waits for a `when`, or answered what waited.
    """

    def __init__(self, policy: Policy, history: History, pins: Mapping[str, Pin]) -> None:
        first = history.earlier[0].policy if history.earlier else policy
        self.policy = first
        self.today = history.today if history.earlier else policy
        self.pins = pins
        self.known = triggers(first)
        self.pausable = self.known.paused
        self.state = history.first
        self.cycle = 1
        self.runs: list[LiveRun] = []
        self.live: list[list[LiveRun]] = [[] for _ in self.known.clocks]
        self.armed: list[list[Happening]] = [[] for _ in self.known.clocks]
        self.pausing: dict[int, dict[str, Lasting]] = {}
        self.resumed_by = ""
        self.args: dict[tuple[str, str], str] = {}
        self.moved = self.paused = False
        self.edited = self.own_words = bool(history.earlier)
        self.reached: dict[str, Learned] = {}
        self.started_by: dict[str, list[LiveRun]] = {}
        self.over_at_once: list[Happening] = []
        self.heeded: set[str] = set()
        self._keys: set[str] = set()

    # -- starts and stops ---------------------------------------------------------------------------------------------

    def start(self, index: int, happening: Happening, at: Instant, *, late: bool = False) -> None:
        """Start the clock of that index, if it may start now; keep the start where its `when` is false (rule 9).

        At a milestone it starts when that was reached. One that stops at a milestone which is reached already has been
        answered: it ends at once, and does not start by a clock's stop or due.
        """
        clock = self.known.clocks[index]
        if self.live[index] and not clock.each:
            return  # rule 9: a start while running is ignored, unless `each`
        if self.policy.since is not None and at < self.policy.since:
            return
        heard, moment, _, fact = happening
        milestone = None if late else self.reached.get(heard.word)
        over = next((self.reached[name] for name in self.known.ends[index] if name in self.reached), None)
        if over is not None and fact is None and heard.word not in self.reached:
            return
        if not self.state.open and not clock.survives_close and (fact is None or fact.kind != "closed"):
            return
        staged = self.policy.stages and not clock.duty
        measured = informal(self.policy, self.state, clock.when, at) if staged else False
        if measured is None and not any(term.key == "stage" for term in clock.when.terms):
            return  # this stage promises nothing, and what starts in it never will
        if not self.state.holds(clock.when, at) or self.state.void(at):
            if clock.each or not self.armed[index]:
                self.heeded.add(moment)
            self.armed[index].append(happening)
            self.moved = True
            return
        source = moment
        while (key := f"{clock.name}/{source}") in self._keys:
            source += "+"
        self._keys.add(key)
        offers, kept = self.known.offers[index], False
        if self.pins or self.edited:
            offers, kept = offers_for(self.policy, self.today, index, self.pins.get(key))
        began = at if milestone is None else milestone.at or at
        run = LiveRun(clock, offers, self.cycle, source, happening, began, binding=not measured, pinned=kept, known=at)
        run.begin(self.state, self.args, late=late)
        self.runs.append(run)
        self.moved = True
        if milestone is not None:
            self.started_by.setdefault(heard.word, []).append(run)
        if over is not None:
            self._stop_at(run, over, at)
            followers = self.known.stops[index]
            if followers is not None:
                self.turn_pauses(followers, over.source, over.by, None, at)
                self.over_at_once.append((followers, over.source, over.by, None))
            return
        self.live[index].append(run)
        self.own_words = self.own_words or kept
        self.paused = self.paused or index in self.pausing

    def stop(self, happening: Happening, at: Instant, done: set[tuple[int, str]], derived: list[Happening]) -> None:
        """Stop what runs, also what an earlier moment of this very instant has started (rule 8).

        `done` gets what was stopped by what, `derived` what follows from it.
        """
        heard, source, by, fact = happening
        for index, role in heard.stop:
            if (
                not (self.live[index] or self.armed[index])
                or (index, source) in done
                or not self.acts_as(role, by, fact)
            ):
                continue
            own = source, text_of(source)
            stopped = [run for run in self.live[index] if run.since < at or run.origin[1] not in own]
            if self.known.clocks[index].each:
                stopped = self._meant(stopped, fact)
            elif not stopped:
                self._disarm(index, happening)
            for run in stopped:
                done.add((index, source))
                if (milestone := self.reached.get(heard.word)) is not None:
                    self._stop_at(run, milestone, at)
                else:
                    run.stop(at, by.login if by else "", source)
                self.live[index].remove(run)
                self.moved = True
                followers = self.known.stops[index]
                if followers is not None:
                    self.turn_pauses(followers, source, by, None, at)
                    derived.append((followers, source, by, fact))

    def _stop_at(self, run: LiveRun, milestone: Learned, at: Instant) -> None:
        run.stop(at, milestone.by.login if milestone.by is not None else "", milestone.source, milestone.at)

    def _disarm(self, index: int, happening: Happening) -> None:
        """What stops a clock before its `when` was true has answered it; a cadence then waits for its next turn."""
        _, source, _, _ = happening
        armed = self.armed[index]
        if not armed or all(origin(waiting[1]) == origin(source) for waiting in armed):
            return
        armed.clear()
        self.heeded.add(source)
        clock = self.known.clocks[index]
        if any(pattern.kind == "clock stops" and pattern.name == clock.name for pattern in clock.start):
            armed.append(happening)

    def _meant(self, runs: list[LiveRun], fact: Fact | None) -> list[LiveRun]:
        """Which of several runs side by side a stop means: all of them, unless it is a command that can name one.

        It names the run that a linked comment started; without a link it means the oldest. Whoever judged the command
        may know which moment it means.
        """
        if fact is not None and MEANT in fact.args:
            return [run for run in runs if run.origin[1] == fact.args[MEANT]]
        command = self.policy.commands.get(fact.name) if fact is not None and fact.kind == "command" else None
        refs = [argument.name for argument in command.takes if argument.type == "ref"] if command is not None else []
        if fact is None or not refs:
            return runs
        if refs[0] not in fact.args:
            return runs[:1]
        linked = _COMMENT.search(fact.args[refs[0]])
        return [run for run in runs if linked and (start := run.origin[3]) and start.number == int(linked[1])]

    def close(self, closing: Fact, at: Instant) -> None:
        """Closing cancels what does not survive it (rule 12), but for what this very closing started."""
        for index, clock in enumerate(self.known.clocks):
            if clock.survives_close:
                continue
            self.armed[index].clear()
            staying = [run for run in self.live[index] if run.origin[1] == closing.source]
            for run in self.live[index]:
                if run not in staying:
                    how = f" as {closing.value}" if closing.value not in (None, "completed") else ""
                    run.cancel(at, closing.source, f"the case was closed{how} (rule 12)")
                    self.moved = True
            self.live[index] = staying

    def judge(self, index: int, at: Instant) -> None:
        """`when` false cancels; true late starts what was waiting for it (rule 9)."""
        clock, live, armed = self.known.clocks[index], self.live[index], self.armed[index]
        if not live and not armed:
            return
        void = self.state.void(at)
        if self.state.holds(clock.when, at) and not void:
            self.armed[index] = []
            for happening in armed:
                self.start(index, happening, at, late=True)
            return
        for run in live:
            run.cancel(at, "", f"{void} (rule 9)" if void else "its condition no longer holds (rule 9)")
            armed.append(run.origin)
        live.clear()
        self.moved = True

    # -- targets, pauses and dues -------------------------------------------------------------------------------------

    def reconsider(self, changed: Mapping[str, str], at: Instant) -> None:
        """Targets that depend on what changed are chosen anew (rule 11, `/cmd.argument`).

        `changed` has the fields and commands, each with its cause.
        """
        touched = {index: source for key, source in changed.items() for index in self.known.targets.get(key, ())}
        for index, runs in enumerate(self.live):
            for run in runs:
                source = touched.get(index)
                if self.edited or run.pinned:  # it depends on its own words, not on the policy's
                    source = next((changed[key] for key in depends_on(run.offers) if key in changed), None)
                if source is not None and run.started < at:
                    run.reconsider(self.state, self.args, at, source, changed)
                    self.moved = True

    def turn_pauses(self, heard: Heard, source: str, by: Actor | None, fact: Fact | None, at: Instant) -> None:
        """Note the pauses that begin and end with this moment; runs are paused once its instant is over."""
        for index, role in heard.pause:
            if self.acts_as(role, by, fact):
                self.heeded.add(source)
                begun = lasting(self.policy, self.known.clocks[index], heard.word, source, fact, at)
                known = self.pausing.setdefault(index, {})
                if begun is None:
                    self._over(index, known.pop(heard.word, None), source)
                else:
                    known[heard.word] = (
                        begun if (last := known.get(heard.word)) is None else last._replace(until=begun.until)
                    )
                    self.paused = True
        for index, role in heard.pause_ends:
            if self.pausing.get(index) and self.acts_as(role, by, fact):
                self.heeded.add(source)
                self.end_pauses(source, lambda _: True, only=index)

    def end_pauses(self, source: str, ends: Callable[[Lasting], bool], only: int | None = None) -> None:
        """End the pauses of which that is true: of one clock, or of all."""
        for index, known in self.pausing.items():
            for word in [word for word, pause in known.items() if only in (None, index) and ends(pause)]:
                self._over(index, known.pop(word), source)

    def _over(self, index: int, pause: Lasting | None, source: str) -> None:
        if pause is not None and not self.pausing[index]:
            self.resumed_by, self.paused = source, True

    def pause_over(self, at: Instant) -> None:
        """End the pauses whose own end has come: what gave that end has ended them."""
        for index, known in self.pausing.items():
            for word in [word for word, pause in known.items() if pause.until is not None and pause.until <= at]:
                pause = known.pop(word)
                self._over(index, pause, pause.source)

    @property
    def next_end(self) -> Instant:
        """When a pause ends by itself; FOREVER where none does."""
        ends = (pause.until for known in self.pausing.values() for pause in known.values())
        return min((until for until in ends if until is not None), default=FOREVER)

    def pause(self, at: Instant) -> None:
        """Runs are paused while a pause of their clock lasts, those that start in it too (rule 6)."""
        self.paused = False
        for index in self.pausable:
            known = list(self.pausing.get(index, {}).values())
            ends = [pause.until for pause in known]
            until = max((end for end in ends if end is not None), default=None) if None not in ends else None
            for run in self.live[index]:
                if known:
                    self.moved = self.moved or not run.paused
                    run.pause(at, known[0].source, until)
                elif run.paused:
                    run.resume(at, self.resumed_by)
                    self.moved = True

    def fire(self, at: Instant) -> list[Happening]:
        """Dues that are reached unmet: each is noticed once, however often its target was changed.

        A promise that had run out when it was made starts no further run of clocks that run side by side: such a clock
        could go on for ever.
        """
        found: list[Happening] = []
        for index, runs in enumerate(self.live):
            for run in runs:
                if run.due is None or run.due > at or run.fired or run.counts_from is not None:
                    continue
                run.fired = self.moved = True
                heard = self.known.dues[index]
                if run.noticed or heard is None:
                    run.noticed = True
                    continue
                run.noticed = True
                if run.since == at:
                    starts = [entry for entry in heard.start if not self.known.clocks[entry[0]].each]
                    heard = Heard(heard.word, starts, heard.stop, heard.pause, heard.pause_ends)
                source = f"{run.clock.name}/{run.source}/due"
                self.turn_pauses(heard, source, None, None, at)
                found.append((heard, source, None, None))
        return found

    def acts_as(self, role: str | None, by: Actor | None, fact: Fact | None) -> bool:
        """Whether the act counts as one by that role: anyone who could hold it then (rule 13).

        The author's colleagues speak for them (rule 6). Nobody answers themselves: what the author says of their own
        request is no word of the staff's, whoever they are.
        """
        if role is None or by is None:
            return role is None
        if role == "author":
            return speaks_for_customer(by, self.state)
        if role == "assignee":
            return acts_as(self.policy, role, by, self.state)
        if role != "anyone" and fact is not None and fact.kind in _WORDS and _same(by.login, self.state.requester):
            return False
        known = self.known.by_role
        key = (role, by.login, by.association, by.standing, self.state.fields.get("product"))
        answer = known.get(key)
        if answer is None:
            if len(known) >= _MOST_ROLES:
                known.clear()
            answer = known[key] = acts_as(self.policy, role, by, self.state)
        return answer


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
