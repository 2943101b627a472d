"""What a case's record gains by a plan: records of what is done, pins of what was promised, facts that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.desk.folding import policy_at
from respondby.desk.gate import is_incident
from respondby.desk.history import History
from respondby.desk.keeping import KINDS, is_from_beside, keep, key_of, origin
from respondby.desk.ledger import Ledger
from respondby.desk.milestones import milestones
from respondby.desk.records import Kept, Pin, Record
from respondby.desk.standings import standing_from
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment
from respondby.promises.pins import pin_of
from respondby.rules.notifying import Notifications
from respondby.rules.plan import Assign, React
from respondby.rules.task import Task


def outstanding_effects(assign: Assign | None, reactions: Iterable[React]) -> dict[str, tuple[str, ...]]:
    """The effects that each record has outstanding, until they are done."""
    outstanding: dict[str, tuple[str, ...]] = dict.fromkeys(assign.records if assign is not None else (), ("assign",))
    for reaction in reactions:
        outstanding.update((key, (*outstanding.get(key, ()), "react")) for key in reaction.records)
    return outstanding


def record_of(
    task: Task, policy: Policy, notifications: Notifications, now: Instant, outstanding: tuple[str, ...]
) -> Record:
    """The task's record; results that are known already are in it, the others are added when they have come.

    An overtaken rung sets and raises as it labels: promises depend on it, and may not on who looked when (law 3). It
    closes nothing, for what overtook it keeps the case open.
    """
    known = tuple(notifications.notes.get(task.key, ()))
    if task.recorded is not None:
        return replace(task.recorded.gained(known), outstanding=outstanding)
    return replace(changes_of(task, policy, now), results=known, outstanding=outstanding)


def changes_of(task: Task, policy: Policy, now: Instant) -> Record:
    """The record of a task that has none, before anything has come of it: what it changes of the case."""
    changes = task.because.kind == "rung"  # what rules and commands change follows from the case itself
    acts = changes and task.acts
    return Record(
        key=task.key,
        at=task.at,
        done=now,
        outcome="done" if task.acts else "overtaken",
        sets=task.verbs.set if changes else (),
        raises=task.verbs.raise_ if changes else (),
        labels=task.labels if changes else (),
        unlabels=task.verbs.unlabel if changes else (),
        closes=task.verbs.close and acts,
        until_reply=task.verbs.until_reply and acts,
        reopens=task.verbs.reopen and task.acts,  # a rule's or command's too: it says why the desk opened the case
        policy=(policy.commit or "")[:12],
    )


def new_pins(history: History, assessment: Assessment) -> tuple[Pin, ...]:
    """What was promised, also where a run began and ended before anybody looked: an edit changes no report of it."""
    known, desks = history.ledger.pins, _is_desks(history)
    return tuple(
        pin_of(then := policy_at(history, run.terms[0].since), then.clocks[run.clock], run.key)
        for run in assessment.runs
        if (run.live or desks) and run.key not in known
    )


def moving_facts(history: History, assessment: Assessment) -> tuple[Kept, ...]:
    """Facts of comments that moved a clock, so that deleting the comment changes nothing (rule 17).

    What a command set or said is kept always: a clock, a condition or a later argument may rest on it. Plain comments
    are many, and only those that moved a clock, or are a milestone of an incident, are kept.
    """
    known = history.ledger.kept
    request = history.case.node_id
    comments = {moment.source for moment in history.case.moments if moment.kind == "comment"}
    said = {said.source for said in history.commands}
    moved = assessment.heeded.union(*(run.moved_by for run in assessment.every), _at_milestones(history))
    found = []
    for fact in history.facts:
        if fact.by is None or fact.kind not in KINDS or fact.kind == "card":
            continue
        comes_from = origin(fact.source)
        if comes_from == request:
            wanted = fact.source in said  # its answers are kept as they were read
        elif comes_from in comments:
            wanted = fact.kind != "comment" or fact.source in moved
        else:
            wanted = not is_from_beside(fact.source) and (fact.kind == "field" or fact.source in moved)
        if wanted and key_of(fact) not in known:
            found.append(keep(fact))
    return tuple(found)


def _at_milestones(history: History) -> Iterator[str]:
    """By what an incident's milestones were reached: post-mortems and reports count from there."""
    policy = history.state.policy
    if is_incident(policy, history.state, history.facts[-1].at if history.facts else history.case.created):
        for milestone in milestones(policy, history):
            yield from (time.source for time in milestone.times)


def decided_now(history: History, now: Instant) -> tuple[Kept, ...]:
    """What this reading decided for good."""
    if not _is_desks(history):
        return ()
    return (*history.decided, *(standing_from(kept, now + 1) for kept in history.changed))


def _is_desks(history: History) -> bool:
    """Whether the desk follows this case: one that was closed before it came is left alone."""
    return history.case.open or bool(history.case.cards)


def is_news(record: Record, ledger: Ledger) -> bool:
    """Whether the ledger does not hold this yet."""
    known = ledger.records.get(record.key)
    return known is None or not set(record.results) <= set(known.results) or record.outstanding != known.outstanding
