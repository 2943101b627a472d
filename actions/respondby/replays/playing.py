"""One case, played again under one policy: what is promised, and who is called.

- The desk looks at each instant at which a rung, rule or command asks for something, and decides by what had happened
  until then. What it decides is performed in that second: every call goes out, every comment is taken.
- What a rung changes (a field, a label, an assignee, the case's state) changes what follows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Actor, Moment
from respondby.desk.happenings import changes_case
from respondby.desk.history import History
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.desk.results import Tried
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Run
from respondby.replays.evidence import Evidence
from respondby.rules import bookkeeping
from respondby.rules.in_turn import in_turn
from respondby.rules.nights import night_of
from respondby.rules.plan import Because
from respondby.rules.task import Task
from respondby.rules.tasks import tasks
from respondby.rules.telling import Telling, tell

#: What became of a promise: it was kept or late, ended before anybody knew, is open, or its stage binds nobody.
Outcome = Literal["kept", "late", "cancelled", "open", "informal", "none"]

#: So often the desk looks at one case. A ladder that repeats every minute for a month would be looked at more often.
_MOST_LOOKS = 2_000
#: So often it looks within one second, where what it did asks for more.
_ROUNDS = 6

_DESK = Actor("respondby", bot=True)


class PromiseOutcome(NamedTuple):
    """A run of a clock: what was promised and what became of it. `due` is None where nothing was, or it is held."""

    clock: str
    source: str
    started: Instant
    due: Instant | None
    ended: Instant | None
    outcome: Outcome


class CallMade(NamedTuple):
    """Somebody is called (`page`) or told; `night` is the date of the evening of the night that a page breaks.

    `by` are the clocks, rules and commands that asked for it.
    """

    at: Instant
    person: str
    verb: Literal["page", "notify"]
    night: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A case as it would have been. `problem` says why it could not be played to its end (empty: it was)."""

    promises: tuple[PromiseOutcome, ...] = ()
    calls: tuple[CallMade, ...] = ()
    customer: str = ""
    form: str | None = None
    problem: str = ""


def replay(policy: Policy, evidence: Evidence, until: Instant) -> Replay:
    """The case under this policy, from its first second until `until`."""
    try:
        return _Player(policy, evidence, until).play()
    except TimeError as error:
        return Replay(problem=str(error))


def outcome_of(run: Run) -> PromiseOutcome:
    """What a run comes to."""
    outcome: Outcome
    if run.promise is None or run.promise.none:
        outcome = "none"
    elif not run.binding:
        outcome = "informal"
    else:
        outcome = _OUTCOMES[run.state]
    return PromiseOutcome(run.clock, run.source, run.started, run.due, run.ended, outcome)


_OUTCOMES: Mapping[str, Outcome] = {
    "met": "kept", "late": "late", "breached": "late", "cancelled": "cancelled", "running": "open",
}  # fmt: skip


class _Player:
    """One replay."""

    def __init__(self, policy: Policy, evidence: Evidence, until: Instant) -> None:
        self.policy = policy
        self.case = evidence.case
        self.until = until
        self.ledger = evidence.known
        self.calls: list[CallMade] = []
        self.assigned = 0
        self.again = _counts_from_what_was_done(policy)
        self._read()

    def play(self) -> Replay:
        at, wake = self.case.created - 1, None
        for _ in range(_MOST_LOOKS):
            coming = self._next(at, wake)
            if coming is None:
                break
            at = coming
            wake = self._look(at)
        else:
            return Replay(problem="it asks for something too often to be played again")
        customer = self.history.state.customer
        return Replay(
            tuple(outcome_of(run) for run in self.assessment.runs),
            tuple(self.calls),
            customer.name if customer is not None else "",
            self.history.form,
        )

    def _read(self) -> None:
        self.history = read(self.policy, self.case, Known(self.ledger, now=self.until))
        self.assessment = assess(self.policy, self.history, self.until)
        self._ask()

    def _ask(self) -> None:
        """What is asked for until the end, as far as is known now: each task's key and instant."""
        found = tasks(self.policy, self.history, self.assessment, self.ledger)
        self.asked = [(task.key, task.at) for task in found if task.recorded is None and _matters(task)]

    def _next(self, at: Instant, wake: Instant | None) -> Instant | None:
        """When the desk looks again: after `at`, and not after the end."""
        coming = [] if wake is None else [wake]
        waiting = [due for key, due in self.asked if key not in self.ledger.records]
        coming.extend(due for due in waiting if due > at)
        if len(coming) - (wake is not None) < len(waiting):  # it could not be done then: what comes next says why
            after = bisect_right(self.history.facts, at, key=lambda fact: fact.at)
            coming.extend(fact.at for fact in self.history.facts[after : after + 1])
        found = min(coming, default=None)
        return found if found is not None and found <= self.until else None

    def _look(self, at: Instant) -> Instant | None:
        """Decide and perform, until there is nothing left to do in this second. Returns when calls are owed again."""
        wake: list[Instant] = []
        for _ in range(_ROUNDS):
            view = as_of(self.history, at)
            found, view, _ = in_turn(self.policy, view, assess(self.policy, view, at), ())
            telling = tell(self.policy, view, found, at)
            wake = telling.notifications.wake
            if not telling.records:
                break
            if not self._perform(telling, at):
                self.history = replace(self.history, ledger=self.ledger)
                if self.again:
                    self._ask()
                break
            self._read()
        return min((coming for coming in wake if coming > at), default=None)

    def _perform(self, telling: Telling, at: Instant) -> bool:
        """Everything that is asked for. Returns whether the case is another now."""
        records = {record.key: record for record in telling.records}
        said = telling.notifications
        for call in said.calls:
            self._called(at, call.to, call.verb, call.because)
            bookkeeping.called(records, call, [Tried(call.verb, call.to, call.via[0])])
        for comment in (said.inside, said.comment):
            if comment is not None:
                for person in comment.mentions:
                    self._called(at, person, "notify", comment.because)
                for name, unsaid in comment.outstanding:
                    bookkeeping.note(records, [name], [unsaid])
                records |= bookkeeping.commented(comment, records, ok=True)
        if telling.assign is not None:
            self._assign(telling.assign.people, at)
            bookkeeping.assigned(records, telling.assign, self.ledger)
        for reaction in telling.reactions:
            bookkeeping.did(records, reaction.records, "react")
        known = self.ledger.records
        changed = any(key not in known and changes_case(record) for key, record in records.items())
        self.ledger = self.ledger.with_records(*records.values())
        return changed or telling.assign is not None

    def _called(self, at: Instant, person: str, verb: Literal["page", "notify"], because: tuple[Because, ...]) -> None:
        night = night_of(self.policy, person, at) if verb == "page" else None
        by = tuple(dict.fromkeys(f"{one.name} {one.rung}".strip() for one in because))
        self.calls.append(CallMade(at, person, verb, night.isoformat() if night is not None else "", by))

    def _assign(self, people: tuple[str, ...], at: Instant) -> None:
        moments = list(self.case.moments)
        place = bisect_right(moments, at, key=lambda moment: moment.at)
        for person in people:
            self.assigned += 1
            source = f"replayed-{self.assigned}"
            moments.insert(place, Moment(at, "assigned", _DESK, source, text=person, ours=True))
            place += 1
        self.case = replace(self.case, moments=tuple(moments))


@per_policy
def _counts_from_what_was_done(policy: Policy) -> bool:
    """Whether a step comes so long after another was really taken."""
    return any(rung.at.kind == "after" for clock in policy.clocks.values() for rung in clock.ladder)


def _matters(task: Task) -> bool:
    """Whether performing it tells somebody of something, or changes the case beyond what it says itself."""
    verbs = task.verbs
    if verbs.page or verbs.notify or verbs.assign or task.relay is not None:
        return True
    changes = verbs.set or verbs.raise_ or verbs.label or verbs.unlabel or verbs.close or verbs.reopen
    return task.because.kind == "rung" and bool(changes or task.next_rungs)


def as_of(history: History, at: Instant) -> History:
    """The history as far as it had come at that instant."""
    count = bisect_right(history.facts, at, key=lambda fact: fact.at)
    states = history.states[:count]
    state = states[-1] if states else history.first
    case = history.case
    return replace(
        history,
        case=replace(
            case,
            open=state.open,
            assignees=state.assignees,
            labels=state.labels,
            moments=tuple(_until(moment, at) for moment in case.moments if moment.at <= at),
        ),
        known=Known(history.ledger, now=at),
        facts=history.facts[:count],
        states=states,
        state=state,
        commands=tuple(said for said in history.commands if said.at <= at),
        fired=tuple(fired for fired in history.fired if fired.at <= at),
        asked_open=False,
        decided=(),
        changed=(),
        wishes=(),
    )


def _until(moment: Moment, at: Instant) -> Moment:
    """The moment without what was written into it later."""
    if len(moment.revisions) < 2 or moment.revisions[-1].at <= at:
        return moment
    return replace(moment, revisions=tuple(revision for revision in moment.revisions if revision.at <= at))
