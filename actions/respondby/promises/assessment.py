"""What is owed and what was kept, as data. Letters, reports, explain and the plan all read the same Assessment.

Pauses, terms and runs are named tuples, not data classes: a sweep makes thousands of them, and these take a third of
the time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.clocks import Promise

RunState = Literal["running", "met", "late", "breached", "cancelled"]


class Pause(NamedTuple):
    """Time that does not count: `end` is None while it lasts.

    `source` and `ended_by` are the moments that bound it; `due` is where it left the due when it ended. `until` is its
    own end, where it has one.
    """

    start: Instant
    end: Instant | None
    source: str = ""
    ended_by: str = ""
    due: Instant | None = None
    until: Instant | None = None


class Term(NamedTuple):
    """What a run promised from `since` on: a raise, a lowering or an agreement begins a new term, and so does a start
    that is corrected.

    `due` is the due as it stood at the beginning of the term (None: no promise); later pauses move it. `why` names the
    rule or happening that began it, for `explain`; `source` the moment. `started` is when the run had started as far as
    that was known in the term (None: when it began).
    """

    since: Instant
    promise: Promise | None
    due: Instant | None
    why: str
    source: str = ""
    started: Instant | None = None


class Run(NamedTuple):
    """One run of one clock.

    `source` is the stable id of the moment that started it: with the clock's name it is the run's `key`. `due` is where
    the due stands now (None: nothing was promised, or a pause without end holds it). `ended` is when it was met, late
    or cancelled; a breached run that closing ended keeps `ended` and stays `breached` (rule 12). `calendar` is what its
    open time is measured on, None for elapsed time. `binding` is False in informal stages (rule 14). `stopped_by` is
    who stopped it, `stopped_by_source` the moment that stopped or cancelled it. `pinned` says that the promise is one
    that the policy no longer makes (rule 18). `known` is when the desk learned of its end, where that is later than the
    end itself: an incident is often mitigated before anybody says so.
    """

    clock: str
    cycle: int
    source: str
    started: Instant
    state: RunState
    due: Instant | None
    ended: Instant | None
    terms: tuple[Term, ...]
    pauses: tuple[Pause, ...]
    calendar: Calendar | None
    calendar_name: str | None
    binding: bool = True
    stopped_by: str = ""
    why: str = ""
    stopped_by_source: str = ""
    pinned: bool = False
    known: Instant | None = None

    @property
    def over(self) -> Instant | None:
        """Until when it was open as far as the desk knew: what was reached by then was reached. None: it is open."""
        return self.ended if self.known is None else self.known

    @property
    def key(self) -> str:
        """`clock/source`: how records and pins name this run."""
        return f"{self.clock}/{self.source}"

    @property
    def live(self) -> bool:
        """Still open: running, or breached and not ended."""
        return self.ended is None

    @property
    def paused(self) -> bool:
        """Whether it is paused now."""
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def moved_by(self) -> frozenset[str]:
        """The sources of everything that moved this run: what started, paused, changed and ended it (rule 17)."""
        ends = (source for pause in self.pauses for source in (pause.source, pause.ended_by))
        return frozenset(
            source for source in (*ends, *(term.source for term in self.terms), self.stopped_by_source) if source
        )

    @property
    def promise(self) -> Promise | None:
        """What is promised now."""
        return self.terms[-1].promise if self.terms else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All runs of all clocks of one case, in the order they started, as they stand at `now`.

    `next` is the next instant at which a run may change by itself (a due, a boundary of a stage or calendar).
    `heeded` are the sources of moments that mattered to a clock without standing in one of its runs. `former` are the
    runs of clocks that the policy has no more: what they came to stays, and nothing more is owed.
    """

    now: Instant
    cycle: int
    runs: tuple[Run, ...]
    next: Instant | None = None
    heeded: frozenset[str] = frozenset()
    former: tuple[Run, ...] = ()

    @property
    def every(self) -> tuple[Run, ...]:
        """The runs of all clocks, those that are gone too."""
        return (*self.runs, *self.former)

    def latest(self, clock: str) -> Run | None:
        """The run of that clock which started last."""
        return next((run for run in reversed(self.runs) if run.clock == clock), None)
