"""Maintenance windows: what a request for one says, whether it may be so, and when people have to hear of it.

Laws:

- Level, not edge: everything follows from the request's texts (as written, and each edit), its fields, closings and
  reopenings, in order. How often somebody looks changes nothing.
- A window counts once it was announced under the notice asked, or as an emergency. Notice is judged by the text that
  says it, at the instant of that text; a move into the window that stands (shorter, or less of it) needs none.
- A text that is refused leaves the window that stands as it is: people were told of that one.
- A case that is closed, or becomes of another type, before the window starts cancels it; while it lasts, ends it.
- Local times are those of whoever wrote the request: their own zone, their customer's, or the policy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Literal, NamedTuple

from respondby.calendars.dues import later
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time, zone
from respondby.calendars.spans import Spans
from respondby.dataclass import dataclass
from respondby.desk.answers import parse, policy_fields
from respondby.desk.history import History
from respondby.desk.refusals import Detail, Refusal
from respondby.desk.state import customer_of
from respondby.policy.model.duties import Maintenance
from respondby.policy.model.policy import Policy

EventKind = Literal["announced", "moved", "cancelled"]


@dataclass(frozen=True, slots=True)
class Window:
    """A maintenance window that counts: `[start, end)`, `value` of the field that uptime is measured by (None: unset).

    `announced` is the instant of the text that said so, `emergency` that it came without the notice asked. `case` and
    `url` are the request's.
    """

    start: Instant
    end: Instant
    announced: Instant
    emergency: bool
    value: str | None
    case: str
    url: str

    def overlaps(self, other: Window) -> bool:
        """Whether both are about the same and share an instant."""
        return self.value == other.value and self.start < other.end and other.start < self.end


class Event(NamedTuple):
    """Something that people have to be told of, at the instant of its cause. `until`: when a later one replaced it."""

    kind: EventKind
    at: Instant
    window: Window
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A request for maintenance: what is to be told, the window that counts, and what is wrong with the last text.

    `cancelled` is the window that was called off, where none counts now. `problem` has the question that it is about.
    """

    events: tuple[Event, ...] = ()
    window: Window | None = None
    cancelled: Window | None = None
    problem: tuple[str, Refusal] | None = None


NOTHING = Planned()


class _Text(NamedTuple):
    """What one text says: times as instants (None: unreadable, with the question and why), and the rest."""

    start: Instant | None
    end: Instant | None
    emergency: bool
    value: str | None
    wrong: tuple[str, Refusal] | None


def planned(policy: Policy, history: History) -> Planned:
    """The maintenance that this case asks for; nothing where it is no such case."""
    maintenance = policy.uptime.maintenance if policy.uptime is not None else None
    if maintenance is None or history.form != maintenance.form:
        return NOTHING
    return _Reader(policy, maintenance, history).read()


def windows_of(policy: Policy, histories: Iterable[History], value: str | None) -> tuple[Window, ...]:
    """All windows that count for one value of the field that uptime is measured by, in order."""
    found = (planned(policy, history).window for history in histories)
    return tuple(sorted((one for one in found if one and one.value == value), key=lambda one: (one.start, one.end)))


def excused(windows: Iterable[Window], *, emergencies: bool = False) -> tuple[tuple[Spans, Instant], ...]:
    """The time that windows cover, merged: spans by the earliest instant at which somebody had announced them.

    No instant is in two of them. What was announced only after it began counts from its announcement. Emergencies are
    no scheduled maintenance: they are left out unless asked for.
    """
    taken = Spans()
    found: list[tuple[Spans, Instant]] = []
    for window in sorted(windows, key=lambda one: one.announced):
        if window.emergency and not emergencies:
            continue
        begin = max(window.start, window.announced)
        new = Spans(((begin, window.end),)) - taken if begin < window.end else Spans()
        if new:
            found.append((new, window.announced))
            taken |= new
    return tuple(found)


class _Reader:
    """One reading of one case."""

    def __init__(self, policy: Policy, maintenance: Maintenance, history: History) -> None:
        self.policy, self.maintenance, self.history = policy, maintenance, history
        self.form = policy.forms[maintenance.form]
        times = [question.id for question in self.form.ask if question.kind == "time"]
        self.starts = maintenance.starts or next((id for id in times if id != maintenance.ends), "")
        self.ends = maintenance.ends or next((id for id in times if id != self.starts), "")
        self.fields = policy_fields(policy, self.form)
        self.labels = {field.id: field.label for field in self.fields}
        self.where = zone(self._zone())
        self.events: list[Event] = []
        self.window: Window | None = None
        self.cancelled: Window | None = None
        self.problem: tuple[str, Refusal] | None = None
        self.accepted: _Text | None = None

    def read(self) -> Planned:
        is_one, open_ = "type" not in self.policy.fields, True
        body, said = "", None
        value: str | None = None
        for at, group in groupby(self._happenings(), key=lambda one: one[0]):
            for _, what, text in group:
                match what:
                    case "text":
                        body = text
                    case "value":
                        value = text or None
                    case "type":
                        is_one = text == self.form.id
                    case _:
                        open_ = what == "reopened"
            if not (is_one and open_):
                self._call_off(at)
                said = None
            elif (now_said := self._text(body, value)) != said:
                said = now_said
                self._judge(at, said)
        return Planned(tuple(self.events), self.window, None if self.window else self.cancelled, self.problem)

    def _happenings(self) -> list[tuple[Instant, str, str]]:
        """What a window may depend on, in order. One instant is judged as a whole."""
        found: list[tuple[Instant, str, str]] = []
        for moment in self.history.case.moments:
            if moment.kind == "opened":
                found.extend((revision.at, "text", revision.text) for revision in moment.revisions)
        by = self.policy.uptime.by if self.policy.uptime is not None else ""
        for fact in self.history.facts:
            if fact.kind == "field" and fact.name in ("type", by):
                found.append((fact.at, "type" if fact.name == "type" else "value", fact.value or ""))
            elif fact.kind in ("closed", "reopened"):
                found.append((fact.at, fact.kind, ""))
        return sorted(found, key=lambda one: one[0])

    def _text(self, body: str, value: str | None) -> _Text:
        answers = parse(self.fields, body).answers
        start, wrong = self._time(answers.get(self.starts), self.starts)
        end, also = self._time(answers.get(self.ends), self.ends)
        emergency = bool(self.maintenance.emergency) and all(
            answers.get(question) == answer for question, answer in self.maintenance.emergency
        )
        return _Text(start, end, emergency, value, wrong or also)

    def _time(self, answer: object, question: str) -> tuple[Instant | None, tuple[str, Refusal] | None]:
        """A missing answer is told by the form already."""
        if not isinstance(answer, str):
            return None, None
        try:
            return parse_time(answer, self.where), None
        except TimeError:
            return None, (self.labels[question], Refusal.of("no-time", said=" ".join(answer.split())[:60]))

    def _judge(self, at: Instant, said: _Text) -> None:
        self.problem = said.wrong
        if said == self.accepted:
            return  # it stands, whatever was refused meanwhile
        if said.start is None or said.end is None:
            return
        self.problem = self._wrong(at, said, said.start, said.end)
        if self.problem is not None:
            return
        window = Window(
            said.start, said.end, at, self._in_haste(at, said.start, said.end, said.value), said.value,
            self.history.case.ref, self.history.case.url,
        )  # fmt: skip
        before, self.accepted = self.window, said
        if before is not None and (before.start, before.end, before.value) == (window.start, window.end, window.value):
            return  # the text that stands already, or only another word on whether it is an emergency
        if before is not None and self._within(said.start, said.end, said.value, at):
            # Less of what was announced stays announced when it was.
            window = replace(window, announced=before.announced, emergency=before.emergency)
        self._event("announced" if before is None else "moved", at, window)
        self.window = window

    def _wrong(self, at: Instant, said: _Text, start: Instant, end: Instant) -> tuple[str, Refusal] | None:
        if end <= start:
            return self.labels[self.ends], Refusal.of("ends-first", start=start, end=end)
        if end <= at:
            return self.labels[self.ends], Refusal.of("window-past", end=end)
        if said.emergency or not self._in_haste(at, start, end, said.value):
            return None
        notice = self.maintenance.notice
        assert notice is not None, "without a notice nothing is in haste"
        details: dict[str, Detail] = {"notice": str(notice), "at": at, "earliest": self._earliest(at)}
        if not self.maintenance.emergency:
            return self.labels[self.starts], Refusal.of("short-notice", **details)
        question, answer = self.maintenance.emergency[0]
        details |= {"question": self.labels[question], "value": answer}
        return self.labels[self.starts], Refusal.of("short-notice-emergency", **details)

    def _earliest(self, at: Instant) -> Instant:
        notice = self.maintenance.notice
        return at if notice is None else later(at, notice, self.policy.default_calendar if notice.business else None)

    def _in_haste(self, at: Instant, start: Instant, end: Instant, value: str | None) -> bool:
        """Whether the notice asked is not given."""
        asked = self.maintenance.notice is not None and start < self._earliest(at)
        return asked and not self._within(start, end, value, at)

    def _within(self, start: Instant, end: Instant, value: str | None, at: Instant) -> bool:
        """Whether it lies in the window that stands and is not over."""
        window = self.window
        if window is None or window.value != value:
            return False
        return window.start <= start and end <= window.end and at < window.end

    def _call_off(self, at: Instant) -> None:
        self.problem = None
        window = self.window
        if window is None:
            return
        if at < window.start:
            self._event("cancelled", at, window)
            self.window, self.cancelled, self.accepted = None, window, None
        elif at < window.end:
            self.window = replace(window, end=max(at, window.start + 1))

    def _event(self, kind: EventKind, at: Instant, window: Window) -> None:
        if self.events:
            self.events[-1] = self.events[-1]._replace(until=at)
        self.events.append(Event(kind, at, window))

    def _zone(self) -> str:
        """The zone of whoever wrote the request."""
        author = self.history.case.author.login
        person = next((one for login, one in self.policy.people.items() if login.lower() == author.lower()), None)
        customer = customer_of(self.policy, author, self.history.case.repository)
        own = (person.timezone if person else None) or (customer.timezone if customer else None)
        return own or self.policy.timezone
