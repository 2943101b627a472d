"""What the next shift and a review are told of cases: open ones, missed promises, calls, incidents, notes and so on.

Hand-over notes and reviews are made of these. Laws:

- Pure, and of instants only: nothing here grows old while no fact changes (no “three hours left”).
- A period is `[since, until)`. What happened in it counts for it, whatever became of the case later.
- A page counts for whoever it reached, once a record and person; which night it breaks is `rules.nights`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.desk.built_in.notes import notes_in
from respondby.desk.built_in.workarounds import standing
from respondby.desk.folding import state_at
from respondby.desk.history import History
from respondby.desk.renamed import former
from respondby.desk.results import Tried
from respondby.desk.state import State
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run, RunState
from respondby.promises.windows import planned
from respondby.rules.nights import night_of

#: What an incident lacks whose post-mortem is required and not there.
POST_MORTEM = "post-mortem"

_MISSED = ("late", "breached")


class AssessedCase(NamedTuple):
    """A case, read and assessed."""

    history: History
    assessment: Assessment


class Ref(NamedTuple):
    """A case as people are led to it."""

    url: str
    title: str


class RunningPromise(NamedTuple):
    """A promise that still runs: the clock, what tells it from those beside it, its due (None: paused or none)."""

    clock: str
    about: str
    due: Instant | None
    overdue: bool
    paused: bool


class OpenCase(NamedTuple):
    """An open request: its kind, who has it, since when the desk waits for the customer (None: the desk's turn)."""

    ref: Ref
    kind: str
    assignees: tuple[str, ...]
    waiting_since: Instant | None
    promises: tuple[RunningPromise, ...]


class Missed(NamedTuple):
    """A promise that ran out unmet; `ended` is when it was met late or given up (None: still open)."""

    ref: Ref
    clock: str
    about: str
    due: Instant
    state: RunState
    ended: Instant | None


class Calls(NamedTuple):
    """Pages that reached a person, and how many nights they broke."""

    person: str
    day: int
    night: int
    nights: int


class Incident(NamedTuple):
    """An incident: its fields' values by name, when it was opened and closed (None: open), the promises that it missed.

    `lacks` is what it still has to have, as things stand now: the titles of fields, commands as they are said, and
    `post-mortem` for one that is required and not merged.
    """

    ref: Ref
    fields: tuple[str, ...]
    opened: Instant
    closed: Instant | None
    missed: tuple[str, ...]
    lacks: tuple[str, ...] = ()


class Temporary(NamedTuple):
    """A workaround in place."""

    ref: Ref
    shown: str
    original: str | None
    by: str
    until: Instant | None


class Note(NamedTuple):
    """A note that a person left."""

    ref: Ref
    by: str
    at: Instant
    text: str


class MaintenanceWindow(NamedTuple):
    """A maintenance window to come."""

    ref: Ref
    of: str
    start: Instant
    end: Instant
    emergency: bool


def open_cases(policy: Policy, cases: Iterable[AssessedCase]) -> tuple[OpenCase, ...]:
    """Every open request, the nearest due first."""
    found = [_open(policy, case) for case in cases if case.history.state.open]
    return tuple(sorted(found, key=_nearest_due))


def missed(cases: Iterable[AssessedCase], since: Instant, until: Instant) -> tuple[Missed, ...]:
    """Every binding promise whose due passed unmet in the period, in the order in which they were due."""
    found = []
    for case in cases:
        about = _about(case)
        for run in case.assessment.every:
            if run.binding and run.state in _MISSED and run.due is not None and since <= run.due < until:
                name = about.get(run.source, "")
                found.append(Missed(ref_of(case), run.clock, name, run.due, run.state, run.ended))
    return tuple(sorted(found, key=lambda miss: (miss.due, miss.ref.url)))


def calls(policy: Policy, cases: Iterable[AssessedCase], since: Instant, until: Instant) -> tuple[Calls, ...]:
    """Pages of the period, by person; whoever was called most comes first."""
    counted: dict[str, list[Instant]] = {}
    for case in cases:
        for person, at, _ in pages(policy, case.history):
            if since <= at < until:
                counted.setdefault(person, []).append(at)
    found = [_counted(policy, person, times) for person, times in counted.items()]
    return tuple(sorted(found, key=lambda counted: (-(counted.day + counted.night), counted.person)))


def incidents(policy: Policy, cases: Iterable[AssessedCase], since: Instant, until: Instant) -> tuple[Incident, ...]:
    """The incidents that were open in the period, oldest first, as they stood at its end.

    A desk that names none has none. What was an incident in the period counts, whatever was made of it later.
    """
    if policy.incidents is None:
        return ()
    found = []
    for case in cases:
        history = case.history
        if history.case.created >= until:
            continue
        stood = [(since, state_at(history, since)), *_states(history, since, until)]
        if not any(state.open and state.holds(policy.incidents.when, at) for at, state in stood):
            continue
        state = stood[-1][1]
        closings = [fact.at for fact in history.facts if fact.kind == "closed" and fact.at < until]
        closed = closings[-1] if closings and not state.open else None
        late = dict.fromkeys(
            run.clock
            for run in case.assessment.every
            if run.due is not None and run.due < until and run.state in _MISSED
        )
        missing = tuple(lacks(policy, history, case.assessment.now))
        found.append(Incident(ref_of(case), _fields(policy, state), history.case.created, closed, tuple(late), missing))
    return tuple(sorted(found, key=lambda incident: (incident.opened, incident.ref.url)))


def lacks(policy: Policy, history: History, now: Instant) -> Iterator[str]:
    """What an incident still has to have before it is finished; nothing where the policy names none."""
    incidents = policy.incidents
    if incidents is None:
        return
    said = {command.word for command in history.commands if command.verdict == "accepted"}
    for need in incidents.close_needs:
        if need.startswith(("/", "@")):
            if need not in said:
                yield need
        elif history.state.fields.get(need) is None:
            yield policy.fields[need].title if need in policy.fields else need
    if lacks_post_mortem(policy, history, now):
        yield POST_MORTEM


def lacks_post_mortem(policy: Policy, history: History, now: Instant) -> bool:
    """Whether an incident is to have a post-mortem and none is known to be merged."""
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    merged = any(fact.kind == "post-mortem merged" for fact in history.facts)
    return wanted is not None and not merged and history.state.holds(wanted.when, now)


def temporary(policy: Policy, cases: Iterable[AssessedCase]) -> tuple[Temporary, ...]:
    """Every workaround that is in place, the nearest to be undone first."""
    found = [
        Temporary(ref_of(case), change.shown, change.original, change.by.login, change.until)
        for case in cases
        for change in standing(policy, case.history.commands)
    ]
    return tuple(
        sorted(found, key=lambda change: (change.until if change.until is not None else 2**62, change.ref.url))
    )


def notes(cases: Iterable[AssessedCase], since: Instant, until: Instant) -> tuple[Note, ...]:
    """What people noted in the period, in order."""
    found = []
    for case in cases:
        for said, text in notes_in(case.history.commands):
            if since <= said.at < until:
                found.append(Note(ref_of(case), said.by.login, said.at, text))
    return tuple(sorted(found, key=lambda note: (note.at, note.ref.url)))


def maintenance(policy: Policy, cases: Iterable[AssessedCase], now: Instant) -> tuple[MaintenanceWindow, ...]:
    """The maintenance windows that are not over, in order."""
    found = []
    for case in cases:
        window = planned(policy, case.history).window
        if window is not None and window.end > now:
            field = policy.fields.get(policy.uptime.by) if policy.uptime is not None else None
            value = field.value(window.value) if field is not None and window.value is not None else None
            name = value.name if value is not None else ""
            found.append(MaintenanceWindow(ref_of(case), name, window.start, window.end, window.emergency))
    return tuple(sorted(found, key=lambda window: (window.start, window.ref.url)))


def ref_of(case: AssessedCase) -> Ref:
    """How people are led to the case."""
    return Ref(case.history.case.url, case.history.case.title)


def _open(policy: Policy, case: AssessedCase) -> OpenCase:
    history, about = case.history, _about(case)
    kind = policy.fields.get("type")
    form = kind.value(history.state.fields.get("type", "")) if kind is not None else None
    live = [run for run in case.assessment.runs if run.live and _promises(run)]
    return OpenCase(
        ref=ref_of(case),
        kind=form.name if form is not None else "",
        assignees=history.case.assignees,
        waiting_since=history.waiting_since,
        promises=tuple(
            RunningPromise(run.clock, about.get(run.source, ""), run.due, run.state == "breached", run.paused)
            for run in live
        ),
    )


def _nearest_due(case: OpenCase) -> Instant:
    return min((promise.due for promise in case.promises if promise.due is not None), default=2**62)


def _promises(run: Run) -> bool:
    return run.promise is not None and not run.promise.none


def _about(case: AssessedCase) -> dict[str, str]:
    """What tells the runs of workarounds apart, by the moment that started them."""
    return {change.source: change.shown for change in standing(case.history.state.policy, case.history.commands)}


def _states(history: History, since: Instant, until: Instant) -> Iterator[tuple[Instant, State]]:
    """How the case stood after each fact of the period, with the fact's instant."""
    for fact, state in zip(history.facts, history.states, strict=True):
        if since < fact.at < until:
            yield fact.at, state


def _fields(policy: Policy, state: State) -> tuple[str, ...]:
    """The names of the case's values, but for its type."""
    found = []
    for name, field in policy.fields.items():
        value = field.value(state.fields.get(name, "")) if name != "type" else None
        if value is not None:
            found.append(value.name)
    return tuple(found)


def pages(policy: Policy, history: History) -> Iterator[tuple[str, Instant, str]]:
    """Whom a page reached, when, and the date of the night that it broke (empty: it came by day)."""
    for record in history.ledger.records.values():
        if record.key.partition("/")[0] in former(policy):
            continue  # it has a copy under the clock's name of now
        calls = (result for result in record.results if isinstance(result, Tried) and result.outcome == "reached")
        for person in sorted({call.to for call in calls if _is_page(policy, call)}):
            night = night_of(policy, person, record.done)
            yield person, record.done, night.isoformat() if night is not None else ""


def _is_page(policy: Policy, call: Tried) -> bool:
    """Whether it was a page. Records of version 1 do not say it: of those, what went to a pager counts."""
    if call.verb == "call":
        return call.via in policy.channels and policy.channels[call.via].kind == "pagerduty"
    return call.verb == "page"


def _counted(policy: Policy, person: str, times: Sequence[Instant]) -> Calls:
    broken = [night for at in times if (night := night_of(policy, person, at)) is not None]
    return Calls(person, len(times) - len(broken), len(broken), len(set(broken)))
