"""Ladders: which rungs of a run have been reached, and which come next.

Laws:

- Level, not edge: a rung is judged by "has its instant come while the run was open?", never by "did it just come?".
- A run's open life is cut into segments, at each change of its due and at each pause (`promises.segments`). A rung that
  was reached in an earlier segment, and that nobody performed then, is overtaken: its labels apply, nobody is called.
  Only the segment that is open now calls people. So a sweep every minute and one sweep after three hours record the
  same rungs (law 3).
- A rung's `when` is level in the case's fields (raising a request makes its start rung true) and fixed in time: a
  `during` is judged at the rung's own instant, whenever somebody looks.
- Repetitions count from when the rung was first reached. They fall silent in a pause, and while a later due has put the
  rung itself off. What an open pause keeps silent is recorded as overtaken when the pause has ended.
- A repetition's end comes `every` after the last one, where the run is still open then: nobody came.
- `after: D` counts from the rung before as it was really performed (rule 7). Where that one's `when` is not of its time
  (`during`, `outside`), it is passed over: it does nothing, and whom the next one names is called at once in its place.
  Else nobody would ever be called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.calendars.dues import offset, share
from respondby.calendars.durations import Duration
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.folding import state_at
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.state import TIME_KEYS
from respondby.policy.model.clocks import Clock, Rung, ending
from respondby.policy.model.conditions import When
from respondby.promises.assessment import Run
from respondby.promises.segments import Segment, segment_at, segments_of


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung (or a repetition of it) whose instant came. `current`: in the segment that is open now, so people are
    called. `passed`: its `when` is not of this time, so all it does is to let the next one stand in.
    """

    run: Run
    clock: Clock
    rung: Rung
    repetition: int
    at: Instant
    current: bool
    passed: bool = False

    @property
    def key(self) -> str:
        """`clock/run/rung/repetition`."""
        return rung_key(self.run, self.rung, self.repetition)


def rung_key(run: Run, rung: Rung, repetition: int) -> str:
    """The name of a rung's record for ever."""
    return f"{run.key}/{rung.id}/{repetition}"


def reached(history: History, run: Run, clock: Clock, ledger: Ledger, now: Instant) -> Iterator[Reached]:
    """Every rung and repetition of this run that has been reached by `now`, in the order of the ladder."""
    segments = segments_of(run)
    for rung, before, behind in _neighbours(clock.ladder):
        first = _first(history, run, rung, before, segments, ledger, now)
        if first is None:
            if behind is not None and behind.at.kind == "after" and calls_at_times(rung):
                anytime = replace(rung, when=_untimed(rung.when))
                passed = _first(history, run, anytime, before, segments, ledger, now)
                if passed is not None:
                    yield Reached(run, clock, rung, 0, *passed, passed=True)
            continue
        at, current = first
        yield Reached(run, clock, rung, 0, at, current)
        if rung.repeat is None:
            continue
        for repetition, step, place in _repetitions(rung):
            again = _again(history, run, rung, at, repetition)
            if again > now or (run.over is not None and again >= run.over):
                break
            if run.live and run.paused and again >= run.pauses[-1].start:
                break  # whether the pause overtakes it is known when the pause ends
            segment = segment_at(segments, again)
            if segment is None or _asked_by(history, run, rung, before, segment, ledger, again):
                yield Reached(run, clock, step, place, again, segment is not None and segment.until is None)


def upcoming(history: History, run: Run, clock: Clock, ledger: Ledger, now: Instant) -> Instant | None:
    """The next instant at which a rung of this run may be reached, if nothing happens."""
    return min((at for at, _ in coming_rungs(history, run, clock, ledger, now)), default=None)


def coming_rungs(
    history: History, run: Run, clock: Clock, ledger: Ledger, now: Instant
) -> Iterator[tuple[Instant, Rung]]:
    """The rungs and repetitions of this run that may be reached, if nothing happens, and when."""
    if not run.live or run.paused:
        return
    segments = segments_of(run)
    for rung, before, _ in _neighbours(clock.ladder):
        at = _nominal(history, run, rung, before, segments[-1], ledger)
        ahead = at is None or at > now
        first = None
        if len(segments) > 1 or not ahead:  # in its one segment nothing was reached that is still to come
            first = _first(history, run, rung, before, segments, ledger, now)
        if first is None:
            if at is not None and ahead:
                yield at, rung
        elif rung.repeat is not None:
            for repetition, step, _ in _repetitions(rung):
                at = _again(history, run, rung, first[0], repetition)
                if at > now and _asked_by(history, run, rung, before, segments[-1], ledger, at):
                    yield at, step


def _neighbours(ladder: tuple[Rung, ...]) -> Iterator[tuple[Rung, Rung | None, Rung | None]]:
    """Each rung with the one before it and the one behind it."""
    yield from zip(ladder, (None, *ladder), (*ladder[1:], None), strict=False)


def calls_at_times(rung: Rung) -> bool:
    """Whether it calls people at some times only."""
    return bool(rung.verbs.page or rung.verbs.notify) and any(term.key in TIME_KEYS for term in rung.when.terms)


def _untimed(when: When) -> When:
    return When(tuple(term for term in when.terms if term.key not in TIME_KEYS))


def _repetitions(rung: Rung) -> Iterator[tuple[int, Rung, int]]:
    """How many times `every` after the rung, what is performed, and as its how many-eth: itself again, then its end."""
    assert rung.repeat is not None
    for repetition in range(1, rung.repeat.times + 1):
        yield repetition, rung, repetition
    end = ending(rung)
    if end is not None:
        yield rung.repeat.times + 1, end, 0


def _nominal(
    history: History, run: Run, rung: Rung, before: Rung | None, segment: Segment, ledger: Ledger
) -> Instant | None:
    """When the rung is due in this segment, or None where it has no instant."""
    at = rung.at
    if at.kind == "start":
        return segment.started if at.offset is None else _offset(history, run, segment.started, at.offset)
    if at.kind == "after":
        assert at.offset is not None
        done = ledger.records.get(rung_key(run, before, 0)) if before is not None else None
        return None if done is None else _offset(history, run, done.done, at.offset)
    if segment.due is None:
        return None
    if at.kind == "share":
        return share(segment.started, segment.due, at.percent, run.calendar, segment.pauses)
    return segment.due if at.offset is None else _offset(history, run, segment.due, at.offset, before=at.sign < 0)


def _offset(history: History, run: Run, at: Instant, by: Duration, *, before: bool = False) -> Instant:
    """Rule 7: a `business` offset runs on the clock's calendar, or the policy's default where the clock has none."""
    return offset(at, by, run.calendar or history.state.policy.default_calendar, before=before)


def _first(
    history: History, run: Run, rung: Rung, before: Rung | None, segments: list[Segment], ledger: Ledger, now: Instant
) -> tuple[Instant, bool] | None:
    """When the rung was first reached and whether that is in the segment that is open now."""
    for index, segment in enumerate(segments):
        nominal = _nominal(history, run, rung, before, segment, ledger)
        if nominal is None or (segment.until is not None and nominal >= segment.until) or nominal > now:
            continue
        at = _when_true(history, rung.when, nominal, max(nominal, segment.since), segment.until, now)
        if at is not None:
            return at, index + 1 == len(segments) and run.live and not run.paused
    return None


def _asked_by(
    history: History, run: Run, rung: Rung, before: Rung | None, segment: Segment, ledger: Ledger, at: Instant
) -> bool:
    """Whether the rung itself would have been reached by `at` under the segment's own due."""
    nominal = _nominal(history, run, rung, before, segment, ledger)
    return nominal is not None and nominal <= at


def _again(history: History, run: Run, rung: Rung, at: Instant, repetition: int) -> Instant:
    assert rung.repeat is not None
    for _ in range(repetition):
        at = _offset(history, run, at, rung.repeat.every)
    return at


def _when_true(
    history: History, when: When, nominal: Instant, since: Instant, until: Instant | None, now: Instant
) -> Instant | None:
    """The first instant from `since` on, within the segment, at which `when` holds."""
    if not when:
        return since
    timed = When(tuple(term for term in when.terms if term.key in TIME_KEYS))
    cased = _untimed(when)
    changes = [fact.at for fact in history.facts if fact.kind in ("field", "label", "unlabel") and fact.at > since]
    for at in [since, *changes]:
        if at > now or (until is not None and at >= until):
            return None
        state = state_at(history, at)
        if state.holds(cased, at) and state.holds(timed, nominal):
            return at
    return None
