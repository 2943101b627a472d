"""Tasks: everything that rungs, rules and commands ask for and that is not yet recorded as done.

One shape for three causes, so that telling people, labelling and recording are written once. A task whose record exists
but whose calls have not all gone out (a channel failed, a person's quiet hours held it) comes back as pending.

A command said on a closed case is heard ("@help, it is back"), and so is one said with the closing itself; what was
asked before a closing that somebody made since has been dealt with, and nobody is told of it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from respondby.calendars.instants import Instant
from respondby.desk.history import History, Said
from respondby.desk.ledger import Ledger, Record
from respondby.desk.workarounds import workarounds
from respondby.policy.clocks import NOTHING, Verbs
from respondby.policy.model import Policy
from respondby.promises.assessment import Assessment
from respondby.rules.ladders import Reached, reached
from respondby.rules.plan import Answer, Because

#: Facts that somebody said: who did is the `speaker` of the clock that they start.
_SPOKEN = frozenset({"command", "field", "waiting", "comment"})


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for: `key` is its record's, `at` when it was due.

    `acts` says whether it is still to be done (else it was overtaken), `calls` whether people are to be told of it.
    `recorded` is its record where one exists. `labels` are those that apply even when it was overtaken. `said` is the
    command that asks, if one does; `speaker` who said it, or what started the clock of a rung.
    """

    key: str
    at: Instant
    verbs: Verbs
    because: Because
    acts: bool
    calls: bool
    labels: tuple[str, ...]
    said: Said | None = None
    recorded: Record | None = None
    speaker: str | None = None

    def answer(self, language: str | None) -> Answer | None:
        """What a comment of ours has to say to the command: why it was refused, or what its speaker may say.

        `language` is the speaker's.
        """
        said = self.said
        if said is None or not (said.verdict == "refused" or (said.may and said.verdict == "accepted")):
            return None
        return Answer(said.line, said.why, said.may, language)


def tasks(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    """All open tasks: rungs first, in the order the runs began, then rules, then commands.

    Somebody deleted a comment of ours: what was due before that counts as performed, for its record may be lost.
    """
    lost = max((moment.at for moment in history.case.moments if moment.kind == "record lost"), default=None)
    for task in _tasks(policy, history, assessment, ledger):
        known = task.recorded is None and lost is not None and task.at <= lost
        yield replace(task, acts=False, calls=False) if known else task


def _tasks(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    yield from _rungs(policy, history, assessment, ledger)
    rules = {rule.id: rule for rule in policy.rules}
    for fired in history.fired:
        verbs = rules[fired.rule].verbs
        because = Because("rule", fired.rule, say=verbs.say or "")
        yield from _once(fired.key, fired.at, verbs, because, history, ledger)
    for said in history.said:
        command = policy.commands.get(said.word)
        verbs = command.verbs if said.verdict == "accepted" and command is not None else NOTHING
        because = Because("command", said.word, say=verbs.say or "", speaker=said.by.login)
        yield from _once(said.key, said.at, verbs, because, history, ledger, said)


def pending(record: Record) -> tuple[str, ...]:
    """People whom this record owes a call that never went out, and THE_ISSUE for a text that was not said there."""
    told = {call.to for call in record.calls if call.ok}
    return tuple(sorted({call.to for call in record.calls if call.to and call.to not in told}))


def _once(
    key: str,
    at: Instant,
    verbs: Verbs,
    because: Because,
    history: History,
    ledger: Ledger,
    said: Said | None = None,
) -> Iterator[Task]:
    """A rule or command that is not done. On a closed case nobody is told of what was asked before the closing."""
    record = ledger.records.get(key)
    closed = max((fact.at for fact in history.facts if fact.kind == "closed"), default=at)
    wanted = history.case.open or at >= closed
    if record is None or (pending(record) and wanted):
        speaker = said.by.login if said is not None else None
        yield Task(key, at, verbs, because, wanted, wanted, verbs.label, said, record, speaker)


def _rungs(policy: Policy, history: History, assessment: Assessment, ledger: Ledger) -> Iterator[Task]:
    about = {one.source: one.shown for one in workarounds(policy, history.said)}
    speakers = {fact.source: fact.by.login for fact in history.facts if fact.kind in _SPOKEN and fact.by is not None}
    for run in assessment.runs:
        clock = policy.clocks[run.clock]
        for rung in reached(history, run, clock, ledger, assessment.now):
            record = ledger.records.get(rung.key)
            if record is not None and not (rung.current and pending(record)):
                continue
            verbs = rung.rung.verbs
            yield Task(
                key=rung.key,
                at=rung.at,
                verbs=verbs,
                because=_because(rung, about.get(rung.run.source, "")),
                acts=rung.current,
                calls=rung.current,
                labels=verbs.label if run.binding else (),  # rule 14: informal stages never label a breach
                recorded=record,
                speaker=speakers.get(run.source.rstrip("+")),
            )


def _because(rung: Reached, about: str) -> Because:
    run = rung.run
    return Because(
        kind="rung",
        name=run.clock,
        rung=rung.rung.at.text,
        due=run.due,
        started=run.started,
        state=run.state,
        say=rung.rung.verbs.say or "",
        about=about,
    )
