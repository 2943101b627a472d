"""Tasks: everything that rungs, rules, commands and windows ask for and that is not yet recorded as done.

One shape for all causes, so that telling people, labelling and recording are written once. A task whose record exists
but whose calls have not all gone out (a channel failed, a person's quiet hours deferred it) comes back as pending.

A command said on a closed case is heard ("@help, it is back"), and so is one said with the closing itself; what was
asked before a closing that somebody made since has been dealt with, and nobody is told of it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from respondby.calendars.instants import Instant
from respondby.desk.built_in.workarounds import workarounds
from respondby.desk.history import History, Invocation
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.policy.model.clocks import NOTHING, Rung, Verbs
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment, Run
from respondby.promises.windows import Window
from respondby.rules.ladders import Reached, reached, rung_key
from respondby.rules.lateness import LATE
from respondby.rules.maintenance import maintenance_tasks
from respondby.rules.plan import Because
from respondby.rules.related import related_tasks
from respondby.rules.relaying import relay_tasks
from respondby.rules.shadows import shadow_verbs
from respondby.rules.task import Task

#: Facts that somebody said: who did is the `speaker` of the clock that they start.
_SPOKEN = frozenset({"command", "field", "waiting", "comment"})


def tasks(
    policy: Policy, history: History, assessment: Assessment, ledger: Ledger, others: Sequence[Window] = ()
) -> Iterator[Task]:
    """All open tasks: rungs first, in the order the runs began, then rules, commands, windows, and what it is like.

    Somebody deleted a comment of ours: what was due before that counts as performed, for its record may be lost.
    """
    lost = max((moment.at for moment in history.case.moments if moment.kind == "record lost"), default=None)
    windows = maintenance_tasks(policy, history, ledger, assessment.now, others)
    related = related_tasks(policy, history, ledger)
    for task in chain(_tasks(policy, history, assessment, ledger), windows, related):
        known = task.recorded is None and lost is not None and task.at <= lost
        yield replace(task, acts=False, calls=False) if known else task


def performed(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    """Everything that was asked for and has a record, whatever is left of it to do."""
    return (task for task in _asked(policy, history, assessment, ledger) if task.recorded is not None)


def _tasks(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    shadowed = any(plan.shadows for plan in policy.rotas.values())
    for task in _asked(policy, history, assessment, ledger):
        if task.recorded is None or (task.calls and _unfinished(task.recorded)):
            yield task
        if shadowed:
            yield from _shadows(policy, history, task, ledger, assessment.now)


def _shadows(policy: Policy, history: History, task: Task, ledger: Ledger, now: Instant) -> Iterator[Task]:
    """What tells the shadows of those whom a task calls: under a record of its own, made together with the task's.

    What was performed when there were no shadows has none now.
    """
    key = f"{task.key}/shadows"
    record = ledger.records.get(key)
    if (record is None and task.recorded is not None) or (record is not None and not (task.calls and record.pending)):
        return
    verbs = shadow_verbs(policy, history, task.verbs, now)
    if verbs is not None:
        because = replace(task.because, shadow=True)
        # Where nobody holds the shadows' role nobody is told in their place: the next rung may page.
        yield replace(
            task, key=key, verbs=verbs, because=because, labels=(), command=None, recorded=record, next_rungs=(),
            ahead=frozenset(),
        )  # fmt: skip


def _asked(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    """Everything that rungs, rules and commands ever asked for, performed or not."""
    yield from _rungs(policy, history, assessment, ledger)
    rules = {rule.id: rule for rule in policy.rules}
    for fired in history.fired:
        if fired.rule not in rules:
            continue  # an earlier policy's: it set what it set, and nobody knows any more whom it would tell
        verbs = rules[fired.rule].verbs
        because = Because("rule", fired.rule, say=verbs.say or "")
        yield from _once(fired.key, fired.at, verbs, because, history, ledger)
    yield from relay_tasks(policy, history, ledger)
    for said in history.commands:
        command = policy.commands.get(said.word)
        verbs = command.verbs if said.verdict == "accepted" and command is not None else NOTHING
        because = Because("command", said.word, say=verbs.say or "", speaker=said.by.login)
        yield from _once(said.key, said.at, verbs, because, history, ledger, said)


def _unfinished(record: Record) -> bool:
    return bool(record.outstanding) or record.pending or bool(record.vacant)


def _once(
    key: str,
    at: Instant,
    verbs: Verbs,
    because: Because,
    history: History,
    ledger: Ledger,
    said: Invocation | None = None,
) -> Iterator[Task]:
    """A rule or command. On a closed case nobody is told of what was asked before the closing."""
    record = ledger.records.get(key)
    closed = max((fact.at for fact in history.facts if fact.kind == "closed"), default=at)
    wanted = history.case.open or at >= closed
    speaker = said.by.login if said is not None else None
    yield Task(key, at, verbs, because, wanted, wanted, verbs.label, said, record, speaker)


def _rungs(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    about = {one.source: one.shown for one in workarounds(policy, history.commands)}
    speakers = {fact.source: fact.by.login for fact in history.facts if fact.kind in _SPOKEN and fact.by is not None}
    for run in assessment.runs:
        clock = policy.clocks[run.clock]
        for rung in reached(history, run, clock, ledger, assessment.now):
            record = ledger.records.get(rung.key)
            verbs = rung.rung.verbs
            if rung.passed:  # it only calls, and by the rung that stands in
                verbs = Verbs(page=verbs.page, notify=verbs.notify, via=verbs.via)
            yield Task(
                key=rung.key,
                at=rung.at,
                verbs=verbs,
                because=_because(rung, about.get(rung.run.source, ""), assessment.now if record is None else rung.at),
                acts=rung.current,
                calls=rung.current,
                labels=verbs.label if run.binding else (),  # rule 14: informal stages never label a breach
                recorded=record,
                speaker=speakers.get(run.source.rstrip("+")),
                next_rungs=_after(clock.ladder, rung.rung),
                ahead=_called_ahead(run, clock.ladder, rung, ledger),
                passed=rung.passed,
            )


def _after(ladder: tuple[Rung, ...], rung: Rung) -> tuple[Rung, ...]:
    """The rungs that come after this one; none after the end of a repetition."""
    place = next((place for place, one in enumerate(ladder) if one.id == rung.id), len(ladder))
    return ladder[place + 1 :]


def _called_ahead(run: Run, ladder: tuple[Rung, ...], reached: Reached, ledger: Ledger) -> frozenset[str]:
    """Who has been called in this rung's place, by rungs before it whose roles nobody held."""
    if reached.repetition:
        return frozenset()
    found: set[str] = set()
    for rung in ladder:
        if rung.id == reached.rung.id:
            break
        record = ledger.records.get(rung_key(run, rung, 0))
        if record is not None and record.stood_in == reached.rung.id:
            found |= record.informed
    return frozenset(found)


def _because(rung: Reached, about: str, now: Instant) -> Because:
    run, late = rung.run, now - rung.at
    return Because(
        kind="rung",
        name=run.clock,
        rung=rung.rung.at.text,
        due=run.due,
        started=run.started,
        state=run.state,
        say=rung.rung.verbs.say or "",
        about=about,
        late=late if rung.current and late >= LATE else 0,
    )
