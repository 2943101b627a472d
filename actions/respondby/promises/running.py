"""One run while the simulation plays: where its due stands, what pauses it, how it ends.

Laws:

- A pause that began before the due moves it, when it ends, by the open time that it covered; until then the due is
  suspended and cannot be reached. One that begins at or after the due does not count (rule 6).
- A changed target moves the due at the change: earlier by a raise, to what it had been from the start by a lowering,
  anywhere by an agreement (rule 11, `/cmd.argument`). So does a milestone whose time is corrected: the due counts from
  there, and what was agreed, or given by a raise, stays. Nothing else moves it, and only these move it earlier.
- A run that a milestone stopped ended when the milestone was reached. It was open until the desk learned of it.
- Where somebody was told of the breach once, no later one is told of again.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant
from respondby.desk.state import State
from respondby.policy.model.clocks import Clock
from respondby.promises.assessment import Pause, Run, RunState, Term
from respondby.promises.dues import Arguments, Offer
from respondby.promises.triggers import Happening


class LiveRun:
    """A run being played.

    `due` is moved by the pauses that have ended; `counts_from` is since when the open one moves it on (None: there is
    none, or it does not count). `fired`: the due has passed; `noticed`: and others were told so. `args` are what its
    own start said, where runs stand side by side. `reached` is when what stopped it was reached, `known` when that was
    learned, `own` an act that stopped it, with who and its source; `final` says that no milestone moves its end any
    more. `given` is the due that a raise gave.
    """

    offer: Offer | None = None
    due: Instant | None = None
    counts_from: Instant | None = None
    timely: tuple[Offer, ...] = ()
    args: Arguments = MappingProxyType({})
    state: RunState = "running"
    ended: Instant | None = None
    reached: Instant | None = None
    known: Instant | None = None
    own: tuple[Instant, str, str] | None = None
    final = False
    given: Instant | None = None
    fired = noticed = False
    stopped_by = stopped_by_source = why = ""

    def __init__(
        self,
        clock: Clock,
        offers: tuple[Offer, ...],
        cycle: int,
        source: str,
        origin: Happening,
        started: Instant,
        *,
        binding: bool,
        pinned: bool = False,
        known: Instant | None = None,
    ) -> None:
        self.clock, self.offers, self.cycle, self.source = clock, offers, cycle, source
        self.origin, self.started, self.binding, self.pinned = origin, started, binding, pinned
        self.since = started if known is None else known
        self.pauses: list[Pause] = []
        self.terms: list[Term] = []
        self.from_start: dict[Offer, tuple[Instant, int]] = {}

    # -- the target ---------------------------------------------------------------------------------------------------

    def begin(self, state: State, args: Arguments, *, late: bool) -> None:
        """Choose the promise and compute its due."""
        _, source, _, fact = self.origin
        if self.clock.each and fact is not None and fact.args:
            self.args = {(fact.name, name): value for name, value in fact.args.items()}
            args = {**args, **self.args}
        # Rule 9: conditions on time are judged once, now.
        for offer in self.offers:
            if offer.timed and offer.in_time(state, self.started):
                self.timely = (*self.timely, offer)
        self.offer = self._choose(state, args, self.started)
        self.due = self.offer.due(self.started, args) if self.offer is not None else None
        self._term(self.since, source, "its condition became true (rule 9)" if late else "started")

    def start_again(self, started: Instant, at: Instant, source: str, name: str, args: Arguments) -> None:
        """The milestone that started the run was another time: what was promised counts from there."""
        self.started = started
        self.from_start.clear()
        if self.args:
            args = {**args, **self.args}
        due = self.due
        if self.offer is not None and self.offer.argument is None:
            due = self.offer.due(started, args)
            due = self._moved(self.offer, due, at) if due is not None else None
            if due is not None and self.given is not None:
                due = max(due, self.given)
        given = self.given
        self._become(self.offer, due, at, source, f"`{name}` was corrected")
        self.given = given
        self._judge()

    def reconsider(self, state: State, args: Arguments, at: Instant, source: str, said: Collection[str]) -> None:
        """The case changed: raised, lowered, agreed otherwise, or nothing of that (rule 11).

        `said` are the commands that were given at this instant.
        """
        if self.args:
            args = {**args, **self.args}
        offer = self._choose(state, args, at)
        if offer is not None and offer.argument is not None:
            if offer is not self.offer or (offer.argument[0] in said and offer.argument not in self.args):
                self._become(offer, offer.due(at, args), at, source, f"agreed with {offer.argument[0]}")
            return
        if offer is self.offer:
            return
        anew = offer.due(self.started, args) if offer is not None else None
        if offer is None or anew is None:
            self._become(offer, None, at, source, "nothing is promised any more")
            return
        today = self.due_at(at)
        anew = self._moved(offer, anew, at)
        if today is None or anew < today:
            changed = offer.due(at, args)
            assert changed is not None, "what ends after the start ends after the change"
            self._become(offer, changed if today is None else min(today, changed), at, source, "raised (rule 11)")
            self.given = self.due
        else:
            self._become(offer, anew, at, source, "lowered (rule 11)" if anew > today else "changed (rule 11)")

    def _choose(self, state: State, args: Arguments, at: Instant) -> Offer | None:
        for offer in self.offers:
            if offer.timed and offer not in self.timely:
                continue
            # An argument that nobody has said does not apply.
            if (offer.argument is None or offer.argument in args) and state.holds(offer.cased, at):
                return offer
        return None

    def _become(self, offer: Offer | None, due: Instant | None, at: Instant, source: str, why: str) -> None:
        self.offer, self.due, self.given = offer, due, None
        if self.paused:
            self.counts_from = at if due is not None and at < due else None
        if due is None or due > at:
            self.fired = False
        self._term(at, source, why)

    def _term(self, since: Instant, source: str, why: str) -> None:
        promise = self.offer.promise if self.offer is not None else None
        self.terms.append(Term(since, promise, self.due, why, source, self.started))

    @property
    def calendar(self) -> Calendar | None:
        """What the run's open time is measured on."""
        return self.offer.calendar if self.offer is not None else None

    # -- pauses -------------------------------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether a pause lasts."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def due_at(self, at: Instant) -> Instant | None:
        """The due as it stands at `at`, an open pause counted up to there."""
        if self.counts_from is None or self.due is None:
            return self.due
        return _later(self.due, self.counts_from, at, self.calendar)

    def _moved(self, offer: Offer, due: Instant, at: Instant) -> Instant:
        """The due of an offer from the start, moved by all pauses so far, an open one counted up to `at`.

        Pauses that are over are counted once, however often the target changes.
        """
        moved, counted = self.from_start.get(offer, (due, 0))
        for pause in self.pauses[counted:]:
            begin = max(pause.start, self.started)  # a run that started later, after all, was not paused before
            if pause.end is None:
                return _later(moved, begin, max(begin, at), offer.calendar) if begin < moved else moved
            if begin < min(moved, pause.end):
                moved = _later(moved, begin, pause.end, offer.calendar)
            counted += 1
        self.from_start[offer] = moved, counted
        return moved

    def pause(self, at: Instant, source: str, until: Instant | None = None) -> None:
        """Begin a pause; where one lasts, only its own end may have moved."""
        if self.paused:
            self.pauses[-1] = self.pauses[-1]._replace(until=until)
        else:
            self.pauses.append(Pause(at, None, source, until=until))
            self.counts_from = at if self.due is not None and at < self.due else None

    def resume(self, at: Instant, source: str) -> None:
        """End the pause, if one lasts."""
        if self.paused:
            self.due = self.due_at(at)
            self.counts_from = None
            begun = self.pauses[-1]
            self.pauses[-1] = Pause(begun.start, at, begun.source, source, self.due, begun.until)

    # -- the end ------------------------------------------------------------------------------------------------------

    def stop(self, at: Instant, by: str, source: str, reached: Instant | None = None) -> None:
        """Met, or late (rule 8: the due second itself is in time). `reached` is when it was, where that was earlier."""
        if self.pauses:
            self.resume(at, source)
        self.known = at
        if reached is None:
            self.own = at, by, source
        self.stop_again(at if reached is None else reached, by, source)

    def stop_again(self, reached: Instant, by: str, source: str) -> None:
        """What stopped the run was reached then."""
        self.reached, self.stopped_by, self.stopped_by_source = reached, by, source
        self._judge()

    def go_on(self, at: Instant, source: str) -> None:
        """What stopped it does not hold: it runs on, and the time between does not count."""
        assert self.known is not None, "it was stopped"
        since, by = self.known, self.stopped_by_source
        self.state, self.stopped_by, self.stopped_by_source = "running", "", ""
        self.ended = self.reached = self.known = self.own = None
        self.pause(since, by)
        self.resume(at, source)

    def _judge(self) -> None:
        """A run that was stopped is met or late, whatever was corrected since. It never ended before it started."""
        if self.reached is not None:
            self.ended = max(self.reached, self.started)
            self.state = "met" if self.due is None or self.ended <= self.due else "late"

    def cancel(self, at: Instant, source: str, why: str) -> None:
        """No longer owed; a breach before that stays one (rule 12)."""
        self.resume(at, source)
        self.state = "cancelled" if self.due is None or at <= self.due else "breached"
        self.ended, self.stopped_by_source, self.why = at, source, why

    def frozen(self) -> Run:
        """The run as data, as it stands now."""
        return Run(
            self.clock.name,
            self.cycle,
            self.source,
            self.started,
            "breached" if self.fired and self.ended is None else self.state,
            None if self.counts_from is not None else self.due,
            self.ended,
            tuple(self.terms),
            tuple(self.pauses),
            self.calendar,
            self.offer.calendar_name if self.offer is not None else None,
            self.binding,
            self.stopped_by,
            self.why,
            self.stopped_by_source,
            self.pinned,
            self.known if self.known != self.ended else None,
        )


def _later(due: Instant, begin: Instant, end: Instant, calendar: Calendar | None) -> Instant:
    """The due after a pause: later by the open time that the pause covered."""
    return due + end - begin if calendar is None else calendar.add(due, calendar.between(begin, end))
