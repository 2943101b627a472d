"""What a report knows of one case: frozen records, small enough that twenty thousand of them stay in memory.

Nothing in them depends on the instant of the report but what says so (`left`, `elapsed` of what still runs). Instants
are seconds in UTC, lengths are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from respondby.calendars import dues
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.promises.assessment import Run, RunState
from respondby.promises.windows import Window


class ClockRun(NamedTuple):
    """One run of one clock, as `promises` assesses it and `explain` tells it.

    `due` is None where nothing is promised or a pause without end holds it. `elapsed` is open time less pauses from the
    start to the end, or so far; `left` is what is left of it until the due, negative once that has passed (None: it has
    no due, or does not run). `by` is the field that the clock's target asks for, `group` its value as the case stood
    when the promise was kept or ran out. `lag` is by how much our own run was late where a promise was missed. `run` is
    what `promises` says of it. `of_customer` says that it measures the customer: it runs while one waits for them.
    """

    clock: str
    source: str
    cycle: int
    started: Instant
    due: Instant | None
    ended: Instant | None
    state: RunState
    elapsed: int
    left: int | None
    promise: str
    calendar: str | None
    binding: bool
    paused_since: Instant | None
    by: str
    group: str
    lag: int
    stopped_by: str
    why: str
    run: Run
    of_customer: bool = False

    def elapsed_by(self, at: Instant) -> int:
        """Open time less pauses from the start until the end, or until `at` where it had not ended by then."""
        end = at if self.ended is None else self.ended
        pauses = [(pause.start, end if pause.end is None else pause.end) for pause in self.run.pauses]
        return dues.elapsed(self.run.calendar, self.started, end, pauses)

    @property
    def live(self) -> bool:
        """Whether it still runs."""
        return self.ended is None and self.state in ("running", "breached")


class Excuse(NamedTuple):
    """`/excuse`: who said why, when; `clock` is the one that it is about (empty: every promise that was missed)."""

    at: Instant
    by: str
    reason: str
    clock: str


class Said(NamedTuple):
    """A command that was obeyed: its word, what was said with it."""

    at: Instant
    by: str
    word: str
    text: str


class PublicWord(NamedTuple):
    """What was said for everybody, and stands: `/update` or `/public-title`, and its text."""

    at: Instant
    word: str
    text: str


class PageSent(NamedTuple):
    """A page that reached somebody; `night` is the date of the evening of the night that it broke, empty by day."""

    at: Instant
    person: str
    night: str


class Impact(NamedTuple):
    """A time in which an incident weighed on a product: `weight` in per cent, above 0. `end` is None while it does."""

    start: Instant
    end: Instant | None
    product: str | None
    weight: int


class MilestoneAt(NamedTuple):
    """A milestone of an incident; `corrected` says that somebody named another time than the one that stood."""

    name: str
    at: Instant
    corrected: bool


@dataclass(frozen=True, slots=True)
class CaseIncident:
    """What a case was as an incident: `since` is when it became one, `until` when it was made none (None: it is one).

    `lasted` are the times in which it lasted. `false_alarm` is why it was none after all (None: it was one). `problem`
    is the code of why its times cannot be right (empty: they can): then what happened in the spans `unknown` is
    unknown, and no figure is made of it. `insisted` says that a person closed it while `lacks` was there.
    """

    since: Instant
    until: Instant | None
    milestones: tuple[MilestoneAt, ...]
    lasted: tuple[tuple[Instant, Instant | None], ...]
    impacts: tuple[Impact, ...]
    false_alarm: str | None
    lacks: tuple[str, ...]
    insisted: bool
    problem: str = ""
    unknown: tuple[tuple[Instant, Instant], ...] = ()

    def milestone(self, name: str) -> Instant | None:
        """When that milestone was reached."""
        return next((one.at for one in self.milestones if one.name == name), None)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case; `node_id` is the forge's own id of its issue. `open_spans` are the times in which it was open, the last
    one's end None while it is.

    `fields` are the values at the end, `product` that of the field by which uptime is measured (or of `product`).
    `duty` is the duty whose issue it is (empty: none); `request` says that somebody asked for something. `void` is why
    nothing is promised for it (empty: something is). `first_answer` is the first word of staff. `public` is what was
    said for everybody; `told` says that `publish` names it, should it be an incident.
    """

    ref: str
    number: int
    node_id: str
    url: str
    title: str
    author: str
    customer: str
    fields: Mapping[str, str]
    product: str | None
    opened: Instant
    open_spans: tuple[tuple[Instant, Instant | None], ...]
    closed_as: str
    assignees: tuple[str, ...]
    waiting_since: Instant | None
    request: bool
    duty: str
    void: str
    first_answer: Instant | None
    runs: tuple[ClockRun, ...] = ()
    incident: CaseIncident | None = None
    window: Window | None = None
    pages: tuple[PageSent, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    said: tuple[Said, ...] = ()
    rung_lags: tuple[tuple[Instant, int], ...] = ()
    workarounds: tuple[str, ...] = ()
    public: tuple[PublicWord, ...] = ()
    published: bool = False

    @property
    def open(self) -> bool:
        """Whether it is open."""
        return bool(self.open_spans) and self.open_spans[-1][1] is None

    @property
    def closed(self) -> Instant | None:
        """When it was closed last (None: it is open)."""
        return self.open_spans[-1][1] if self.open_spans else None

    def open_at(self, at: Instant) -> bool:
        """Whether it was open at that instant."""
        return any(start <= at and (end is None or at < end) for start, end in self.open_spans)
