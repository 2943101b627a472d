"""A case being played: what one instant does to its clocks, and in which order.

Within one instant: milestones, facts, then `when`, then each moment in the forge's order, what it stops before what it
starts (rule 8); then targets are chosen anew, pauses begin and end, and dues that are reached are told to the clocks
that listen. What a stop or a due sets off belongs to the same instant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.boundaries import next_boundary
from respondby.desk.history import REPLY, Fact, History
from respondby.desk.milestones import Learned
from respondby.desk.records import Pin
from respondby.desk.state import State
from respondby.policy.model.policy import Policy
from respondby.promises.learning import LearningClocks
from respondby.promises.triggers import NAMED, Happening, keys_of, triggers

#: Facts that change what conditions and targets depend on, or what a clock remembers.
NOTED = frozenset({"field", "label", "unlabel", "command", "resumed", "reopened", "duplicate", "tied"})


class Playing(LearningClocks):
    """The clocks of one case, played up to an instant.

    `alone` is when something happens next by itself: a due is reached, a condition may turn, or a pause ends;
    `FOREVER` where never.
    """

    def __init__(self, policy: Policy, history: History, pins: Mapping[str, Pin]) -> None:
        super().__init__(policy, history, pins)
        self.alone: Instant = FOREVER
        self._due: Instant = FOREVER
        self._boundary: Instant = FOREVER
        self._resumption: Instant = FOREVER

    def stands(self, state: State) -> None:
        """How the case stands from now on, judged by the policy in force."""
        self.state = state if state.policy is self.policy else replace(state, policy=self.policy)

    def under(self, policy: Policy, at: Instant) -> None:
        """From `at` on another policy judges. What runs goes on until its condition is asked again, unless edits apply
        at once (rule 18).
        """
        self.policy, self.known = policy, triggers(policy)
        self.pausable = tuple(sorted({*self.pausable, *self.known.paused}))
        self.stands(self.state)
        for index, clock in enumerate(self.known.clocks):
            if clock.gone:
                self._remove(index, at)
        if policy.on_policy_change == "apply":
            for index in range(len(self.known.clocks)):
                self.judge(index, at)
        self.moved = self.paused = True
        self._boundary = at if self.known.timed else FOREVER
        self._settle(at, {})

    def _remove(self, index: int, at: Instant) -> None:
        """The policy has the clock no more: what ran of it is owed no longer; a breach before that stays one."""
        for run in self.live[index]:
            run.cancel(at, "", "the policy has this clock no more")
            self.moved = True
        self.live[index] = []
        self.armed[index].clear()

    def instant(self, at: Instant, facts: Sequence[Fact] = (), learned: Sequence[Learned] = ()) -> None:
        """Play the facts of one instant, `state` being what they led to, and what was learned of milestones; without
        any, what happens then by itself.
        """
        known = self.known
        if self._resumption <= at:
            self.pause_over(at)
            self._resumption = self.next_end
        wave: list[Happening] = []
        changed: dict[str, str] = {}
        closing = None
        for milestone in learned:
            happening = self.learn(milestone, new_cycle=any(fact.kind == "reopened" for fact in facts))
            if happening is not None:
                wave.append(happening)
        for fact in facts:
            if fact.kind in NOTED:
                self._note_fact(fact, changed)
            elif fact.kind == "closed":
                closing = fact
            for key in keys_of(fact) if fact.kind in NAMED else (fact.kind,):
                heard = known.heard.get(key)
                if heard is not None:
                    wave.append((heard, fact.source, fact.by, fact))
                    if heard.pause or heard.pause_ends:
                        self.turn_pauses(heard, fact.source, fact.by, fact, at)
        if known.conditions and (changed or at >= self._boundary):
            asked = {index for key in changed for index in known.conditions.get(key, ())}
            for index in sorted(asked.union(known.timed)):
                self.judge(index, at)
        if self.over_at_once or (wave and self._matters(wave)):
            self._spread(wave, at)
        if closing is not None and not self.state.open:
            self.close(closing, at)
        if changed:
            self.reconsider(changed, at)
        if self.paused or self.moved or known.timed:
            self._settle(at, changed)
        else:
            self._next()
        while self._due <= at:
            self._spread(self.fire(at), at)
            self._settle(at, changed)

    def _note_fact(self, fact: Fact, changed: dict[str, str]) -> None:
        """Remember what clocks need of it. `changed` gets what conditions and targets may depend on, with the cause."""
        match fact.kind:
            case "label" | "unlabel":
                self._note(changed, "label", fact)
            case "command":
                for name, value in fact.args.items():
                    self.args[fact.name, name] = value
                self._note(changed, fact.name, fact)
            case "resumed":
                reply = fact.name == REPLY
                self.end_pauses(fact.source, lambda pause: pause.reply or not reply)
            case "duplicate":
                self._note(changed, "duplicate", fact)
            case "tied":
                self._note(changed, "part-of", fact)
            case "reopened":
                if fact.by is None or not fact.by.bot:  # rule 12: a person's reopening
                    self.cycle += 1
                for index, clock in enumerate(self.known.clocks):
                    if not clock.survives_close:
                        self.armed[index].clear()
            case _:  # a field
                self._note(changed, fact.name, fact)
                self.end_pauses(fact.source, lambda pause: pause.value is not None and _is_over(pause.value, fact))

    def _note(self, changed: dict[str, str], key: str, fact: Fact) -> None:
        if self.own_words or key in self.known.watched:
            changed[key] = fact.source

    def _matters(self, wave: list[Happening]) -> bool:
        """Whether anything can start or stop: most of what is said in a case moves no clock."""
        for heard, _, by, fact in wave:
            for index, role in heard.stop:
                if (self.live[index] or self.armed[index]) and self.acts_as(role, by, fact):
                    return True
            for index, role in heard.start:
                if (not self.live[index] or self.known.clocks[index].each) and self.acts_as(role, by, fact):
                    return True
        return False

    def _spread(self, wave: list[Happening], at: Instant) -> None:
        """Moment by moment, in the forge's order, what it stops and what it starts; then what follows from that."""
        done: set[tuple[int, str]] = set()
        begun: set[tuple[int, str]] = set()
        wave = [*wave, *self.over_at_once]
        self.over_at_once.clear()
        while wave:
            derived: list[Happening] = []
            for _, moment in groupby(wave, key=_source):
                happenings = tuple(moment)
                for happening in happenings:
                    self.stop(happening, at, done, derived)
                for happening in happenings:
                    heard, source, by, fact = happening
                    for index, role in heard.start:
                        if (index, source) not in begun and self.acts_as(role, by, fact):
                            begun.add((index, source))
                            self.start(index, happening, at)
            wave = [*derived, *self.over_at_once]
            self.over_at_once.clear()

    def _settle(self, at: Instant, changed: Mapping[str, str]) -> None:
        """Pauses begin and end, and what happens next by itself is known again."""
        if self.paused:
            self.pause(at)
            self._resumption = self.next_end
        if self.known.timed and (self.moved or at >= self._boundary or "product" in changed):
            self._boundary = self._next_boundary(at)
        if self.moved:
            self._due, self.moved = FOREVER, False
            for runs in self.live:
                for run in runs:
                    if run.due is not None and run.due < self._due and not run.fired and run.counts_from is None:
                        self._due = run.due
        self._next()

    def _next(self) -> None:
        self.alone = min(self._due, self._boundary, self._resumption)

    def _next_boundary(self, at: Instant) -> Instant:
        """When the `when` of a clock that runs, or would, may turn by itself."""
        known = self.known
        if not any(self.live[index] or self.armed[index] for index in known.timed):
            return FOREVER
        boundary = next_boundary(self.policy, known.time_keys, self.state, at)
        return FOREVER if boundary is None else boundary


def _source(happening: Happening) -> str:
    return happening[1]


def _is_over(value: tuple[str, str], fact: Fact) -> bool:
    """Whether the field has lost the value that a pause lasts with."""
    return value[0] == fact.name and value[1] != fact.value
