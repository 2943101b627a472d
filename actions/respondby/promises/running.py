"""One run while the simulation plays: where its due stands, what pauses it, how it ends.

A run's due is a `base` instant moved by the pauses since its `anchor`. A change of target (rule 11) sets a new base and
anchors it there; pauses that came before are already in it. While an open pause covers open time, the due is held: it moves
on with the pause and cannot be reached (rule 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant
from respondby.desk.state import TIME_KEYS, State
from respondby.policy.clocks import Clock, Promise, Target
from respondby.policy.conditions import When
from respondby.policy.model import Policy
from respondby.promises.assessment import Pause, Run, RunState, Term
from respondby.promises.dues import calendar_of, due_of, moved

if TYPE_CHECKING:
    from respondby.promises.assess import Happening

Arguments = Mapping[tuple[str, str], str]


class LiveRun:
    """A run being played. `fired`: its due has passed; `noticed`: and others were told so."""

    __slots__ = (
        "anchor", "base", "binding", "calendar", "calendar_name", "calendars", "clock", "conditions", "cycle", "ended",
        "fired", "moment", "noticed", "origin", "pauses", "policy", "promise", "source", "started", "state", "stopped_by",
        "target", "terms", "why",
    )  # fmt: skip

    def __init__(
        self,
        clock: Clock,
        target: Target,
        calendars: Mapping[str, Calendar],
        policy: Policy,
        cycle: int,
        source: str,
        origin: Happening,
        started: Instant,
        *,
        binding: bool,
    ) -> None:
        self.clock, self.target, self.calendars, self.policy = clock, target, calendars, policy
        self.cycle, self.source, self.origin, self.moment = cycle, source, origin, origin[1]
        self.started, self.binding = started, binding
        self.promise: Promise | None = None
        self.calendar: Calendar | None = None
        self.calendar_name: str | None = None
        self.base: Instant | None = None
        self.anchor = started
        self.pauses: list[tuple[Instant, Instant | None, str]] = []
        self.terms: list[Term] = []
        self.conditions: dict[When, bool] = {}
        self.state: RunState = "running"
        self.ended: Instant | None = None
        self.fired = self.noticed = False
        self.stopped_by = self.why = ""

    # -- the target ---------------------------------------------------------------------------------------------------

    def begin(self, state: State, args: Arguments, *, late: bool) -> None:
        """Choose the promise and compute its due."""
        self.promise = self._choose(state, args)
        self.base = self._due(self.promise, self.started, args)
        self._name_calendar()
        why = "its condition became true" if late else "started"
        self.terms.append(Term(self.started, self.promise, self.base, why))

    def reconsider(self, state: State, args: Arguments, at: Instant) -> None:
        """The case changed: raised, lowered, agreed otherwise, or nothing of that (rule 11)."""
        choice = self._choose(state, args)
        if choice is None:
            if self.promise is not None:
                self._become(None, None, at, "nothing is promised any more")
            return
        if choice.argument is not None:
            agreed = self._due(choice, at, args)
            if choice != self.promise or agreed != self.base:
                self._become(choice, agreed, at, f"said by {choice.argument[0]}")
            return
        if choice == self.promise:
            return
        today = self.due_at(at)
        anew = self._due(choice, self.started, args)
        if anew is None:
            self._become(choice, None, at, "nothing is promised any more")
            return
        from_start = moved(anew, self._since(self.started, at), self._calendar(choice))
        if today is None or from_start < today:
            changed = self._due(choice, at, args)
            assert changed is not None
            self._become(choice, changed if today is None else min(today, changed), at, "raised (rule 11)")
        else:
            self._become(choice, from_start, at, "lowered (rule 11)")

    def _become(self, choice: Promise | None, due: Instant | None, at: Instant, why: str) -> None:
        self.promise, self.base, self.anchor = choice, due, at
        self._name_calendar()
        if self.fired and (due is None or due > at):
            self.fired = False
        self.terms.append(Term(at, choice, due, why))

    def _choose(self, state: State, args: Arguments) -> Promise | None:
        for choice in self.target.choices:
            if choice.argument is not None and choice.argument not in args:
                continue  # an argument that nobody has said does not apply
            if self._holds(choice.when, state):
                return choice
        return None

    def _holds(self, when: When, state: State) -> bool:
        """Fields as they are now; time conditions as they were at the start (rule 9)."""
        for term in when.terms:
            single = When((term,))
            if term.key in TIME_KEYS:
                if single not in self.conditions:
                    self.conditions[single] = state.holds(single, self.started)
                if not self.conditions[single]:
                    return False
            elif not state.holds(single):
                return False
        return True

    def _due(self, promise: Promise | None, start: Instant, args: Arguments) -> Instant | None:
        return None if promise is None else due_of(promise, start, self.calendars, self.policy, args)

    def _calendar(self, promise: Promise) -> Calendar | None:
        name = calendar_of(promise, self.policy)
        return self.calendars[name] if name is not None else None

    def _name_calendar(self) -> None:
        self.calendar_name = calendar_of(self.promise, self.policy) if self.promise is not None else None
        self.calendar = self.calendars[self.calendar_name] if self.calendar_name is not None else None

    # -- pauses -------------------------------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether a pause lasts."""
        return bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def held(self) -> bool:
        """Whether the due moves on with an open pause and cannot be reached."""
        if not self.paused or self.base is None:
            return False
        start = self.pauses[-1][0]
        due = self.due
        assert due is not None
        if start >= due:
            return False  # a pause that begins at or after the due does not count (rule 6)
        return self.calendar is None or self.calendar.between(start, due) > 0

    @property
    def due(self) -> Instant | None:
        """The due, moved by the pauses that have ended."""
        if self.base is None or not self.pauses:
            return self.base
        return moved(self.base, self._since(self.anchor, None), self.calendar)

    def due_at(self, at: Instant) -> Instant | None:
        """The due as it stands at `at`, an open pause counted up to there."""
        if self.base is None or not self.pauses:
            return self.base
        return moved(self.base, self._since(self.anchor, at), self.calendar)

    def _since(self, anchor: Instant, open_until: Instant | None) -> list[tuple[Instant, Instant]]:
        """Pauses from `anchor` on; an open one ends at `open_until`, or is left out."""
        found = []
        for start, end, _ in self.pauses:
            until = open_until if end is None else end
            if until is not None and until > anchor:
                found.append((max(start, anchor), until))
        return found

    def pause(self, at: Instant, why: str) -> None:
        """Begin a pause, unless one lasts."""
        if not self.paused:
            self.pauses.append((at, None, why))

    def resume(self, at: Instant) -> None:
        """End the pause, if one lasts."""
        if self.paused:
            start, _, why = self.pauses[-1]
            self.pauses[-1] = (start, at, why)

    # -- the end ------------------------------------------------------------------------------------------------------

    def stop(self, at: Instant, by: str) -> None:
        """Met, or late (rule 8: the due second itself is in time)."""
        due = self.due_at(at)
        self.resume(at)
        self.state = "met" if due is None or at <= due else "late"
        self.ended, self.stopped_by = at, by

    def cancel(self, at: Instant, why: str) -> None:
        """No longer owed; a breach before that stays one (rule 12)."""
        due = self.due_at(at)
        self.resume(at)
        self.state = "cancelled" if due is None or at <= due else "breached"
        self.ended, self.why = at, why

    def frozen(self, now: Instant) -> Run:
        """The run as data, as it stands at `now`."""
        if self.ended is None and self.fired:
            self.state = "breached"
        due = None if self.ended is None and self.held else self.due_at(self.ended if self.ended is not None else now)
        return Run(
            clock=self.clock.name,
            cycle=self.cycle,
            source=self.source,
            started=self.started,
            state=self.state,
            due=due,
            ended=self.ended,
            terms=tuple(self.terms),
            pauses=tuple(Pause(start, end, why) for start, end, why in self.pauses),
            calendar=self.calendar,
            calendar_name=self.calendar_name,
            binding=self.binding,
            stopped_by=self.stopped_by,
            why=self.why,
        )
