"""What to do to one case now: `decide(policy, history, assessment)` is pure and says everything in a Plan.

Laws: same inputs, same plan (law 1). A plan that was applied, read back and decided again at the same instant is empty
(law 2).

A locked issue takes no comment and no label from a workflow's token. People are called by their channels all the same,
and the record of that is kept in the desk's log (`jobs.effects.locked`); everything else waits until it is unlocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.desk.case import Case, OwnComment
from respondby.desk.gate import BY_HAND, closed_as_false_alarm
from respondby.desk.history import History, Invocation
from respondby.desk.keeping import KINDS, is_pagers, keep, key_of, origin
from respondby.desk.ledger import Ledger
from respondby.desk.records import Effect, Kept, Pin, Record
from respondby.desk.results import Commented, Mentioned, NotAssigned, Result
from respondby.desk.standings import standing_from
from respondby.policy.model.built_in import ASSIGN
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment
from respondby.promises.pins import pin_of
from respondby.promises.windows import Window
from respondby.rules.card_facts import CardFacts
from respondby.rules.cards import card_facts
from respondby.rules.elsewhere import follow, openings, twins
from respondby.rules.labelling import relabel
from respondby.rules.ladders import upcoming
from respondby.rules.maintenance import next_reminder
from respondby.rules.notifying import Notifications, notifications_for, people_of
from respondby.rules.pages import pager_updates
from respondby.rules.plan import (
    Action,
    Assign,
    Close,
    DropTwin,
    Follow,
    OpenElsewhere,
    Plan,
    React,
    Reopen,
    WriteCard,
)
from respondby.rules.task import Task
from respondby.rules.tasks import tasks


def decide(policy: Policy, history: History, assessment: Assessment, others: Sequence[Window] = ()) -> Plan:
    """The plan for this case at `assessment.now`. `others` are the maintenance windows of other cases, where known."""
    case, now, ledger = history.case, assessment.now, history.case.ledger
    if policy.mode == "off" or (policy.since is not None and case.created < policy.since):
        return Plan(case.ref)
    mutes = [mute.end for mute in policy.mute if mute.start <= now < mute.end]
    found = _in_turn(list(tasks(policy, history, assessment, ledger, others)))
    asked = [_muted(task) if mutes else task for task in found]
    notifications = notifications_for(policy, history, asked, now)
    assign, assigned = _assign(policy, history, asked, now)
    labels = relabel(policy, history, asked)
    reactions = _reactions(asked)
    outstanding = _outstanding(assign, reactions)
    records = tuple(_record(task, policy, notifications, now, outstanding.get(task.key, ())) for task in asked)
    pins = _pins(policy, history, assessment)
    kept = (*_kept(history, assessment), *_decided(history, now))
    pagers = list(pager_updates(policy, history, assessment))
    opened = openings(history, asked)
    following = follow(policy, history, now)
    records = (*records, *following.records)
    actions: list[Action] = [*notifications.calls, *pagers, *opened]
    if notifications.inside is not None:
        actions.append(notifications.inside)
    if notifications.comment is not None:
        actions.append(notifications.comment)
    if labels is not None:
        actions.append(labels)
    if assign is not None:
        actions.append(assign)
    actions.extend(reactions)
    if case.open and not history.state.open:
        unplanned = history.closed_as == "not planned" or closed_as_false_alarm(history) is not None
        actions.append(Close("not_planned" if unplanned else "completed"))
    elif history.opens_again:
        actions.append(Reopen())
    actions.extend(action for action in following.actions if isinstance(action, Follow))
    spoken = notifications.calls or notifications.comment or notifications.inside or opened or pagers
    grows = bool(pins or kept or spoken or assign or reactions) or any(_is_news(record, ledger) for record in records)
    shown = card_facts(policy, history, assessment)
    card = _card(history, shown, grows)
    if card is not None:
        actions.append(card)
    actions.extend(_twins(history))
    actions.extend(action for action in following.actions if isinstance(action, DropTwin))
    remarks = (*notifications.remarks, *assigned, *_unserved(history, asked))
    if mutes and any(task.recorded is not None for task in asked):
        notifications.wake.append(max(mutes))  # what is still pending goes out then
    following_up = _next(policy, history, assessment, asked, notifications, opened)
    if case.locked:
        return replace(_locked(case, notifications, records, bool(actions), following_up), shown=shown)
    inside = case.companion is None and (notifications.inside is not None or following.wanted)
    return Plan(case.ref, tuple(actions), records, pins, kept, following_up, remarks, inside, shown)


#: Why a comment was not made; it is still outstanding.
LOCKED = "the issue is locked"


def _locked(
    case: Case, notifications: Notifications, records: Sequence[Record], wanted: bool, following_up: Instant | None
) -> Plan:
    """What can be done about a case whose issue is locked: to call people. What was to be said there waits."""
    if not case.open:
        return Plan(case.ref)
    called = {key for call in notifications.calls for key in call.records}
    kept = []
    for record in records:
        if record.key in called:
            say = (
                notifications.comment
                if notifications.comment is not None and record.key in notifications.comment.records
                else None
            )
            unsaid: list[Result] = [Mentioned(person, ok=False, why=LOCKED) for person in say.mentions] if say else []
            unsaid.extend([Commented(ok=False, why=LOCKED)] if say and record.key in say.texts_of else [])
            kept.append(record.gained(unsaid))
    waits = f"{case.ref}: the issue is locked: people are called, and what is to stand on it waits until it is unlocked"
    return Plan(
        case.ref, tuple(notifications.calls), tuple(kept), next=following_up, remarks=(waits,) if wanted else ()
    )


def _is_news(record: Record, ledger: Ledger) -> bool:
    """Whether the ledger does not hold this yet."""
    known = ledger.records.get(record.key)
    return known is None or not set(record.results) <= set(known.results) or record.outstanding != known.outstanding


def _in_turn(found: list[Task]) -> list[Task]:
    """Without the rules, and the rungs with a `when`, that became true after a rung which changes the case only now.

    They were read as if it had not been performed; with its record read, they may have been true before (law 3).
    """
    rungs = [task for task in found if task.because.kind == "rung" and task.recorded is None]
    changes = (t.at for t in rungs if t.verbs.set or t.verbs.raise_ or ((t.verbs.close or t.verbs.reopen) and t.acts))
    changed = min(changes, default=None)
    if changed is None:
        return found
    return [
        task
        for task in found
        if task.recorded is not None or task.at <= changed or not (task.because.kind == "rule" or task.conditional)
    ]


def _muted(task: Task) -> Task:
    """A mute silences: nobody is told, now or later. What changes the case happens all the same."""
    return replace(task, calls=False)


def _outstanding(assign: Assign | None, reactions: Iterable[React]) -> dict[str, tuple[str, ...]]:
    """The effects that each record has outstanding, until they are done."""
    outstanding: dict[str, tuple[str, ...]] = dict.fromkeys(assign.records if assign is not None else (), ("assign",))
    for reaction in reactions:
        outstanding.update((key, (*outstanding.get(key, ()), "react")) for key in reaction.records)
    return outstanding


def _record(
    task: Task, policy: Policy, notifications: Notifications, now: Instant, outstanding: tuple[str, ...]
) -> Record:
    """The task's record; results that are known already are in it, the others are added when they have come.

    An overtaken rung sets and raises as it labels: promises depend on it, and may not on who looked when (law 3). It
    closes nothing, for what overtook it keeps the case open.
    """
    known = tuple(notifications.notes.get(task.key, ()))
    if task.recorded is not None:
        return replace(task.recorded.gained(known), outstanding=outstanding)
    changes = task.because.kind == "rung"  # what rules and commands change follows from the case itself
    acts = changes and task.acts
    return Record(
        key=task.key,
        at=task.at,
        done=now,
        outcome="done" if task.acts else "overtaken",
        results=known,
        sets=task.verbs.set if changes else (),
        raises=task.verbs.raise_ if changes else (),
        labels=task.labels if changes else (),
        unlabels=task.verbs.unlabel if changes else (),
        closes=task.verbs.close and acts,
        until_reply=task.verbs.until_reply and acts,
        reopens=task.verbs.reopen and task.acts,  # a rule's or command's too: it says why the desk opened the case
        policy=(policy.commit or "")[:12],
        outstanding=outstanding,
    )


def _is_outstanding(task: Task, effect: Effect) -> bool:
    """Whether this effect is not known to be done."""
    return task.recorded is None or effect in task.recorded.outstanding


_REACTION: dict[str, Literal["+1", "confused", "eyes"]] = {"accepted": "+1", "refused": "confused", "cooling": "eyes"}


def _reactions(asked: list[Task]) -> list[React]:
    """What became of each command, shown on the comment it stands in."""
    shown: dict[tuple[int, Literal["+1", "confused", "eyes"]], list[str]] = {}
    for task in asked:
        if task.command is not None and _is_outstanding(task, "react") and _in_a_comment(task.command):
            shown.setdefault((task.command.number, _REACTION[task.command.verdict]), []).append(task.key)
    return [React(comment, content, tuple(keys)) for (comment, content), keys in shown.items()]


def _in_a_comment(said: Invocation) -> bool:
    """Whether it was said in words on the issue: not at a pager, nor by closing it."""
    return not is_pagers(said.source) and said.word != BY_HAND


def _assign(policy: Policy, history: History, asked: list[Task], now: Instant) -> tuple[Assign | None, tuple[str, ...]]:
    """People whom rungs, rules and commands assign and who are not assigned yet.

    What a person did by hand stands as the forge has it: somebody who lost access is unassigned without a word there.
    """
    present = {login.lower() for login in history.case.assignees}
    wanted: list[tuple[str, str]] = []
    remarks: list[str] = []
    for task in asked:
        if not _is_outstanding(task, "assign") or not task.acts:
            continue
        for role in task.verbs.assign:
            people = people_of(policy, history, role, now, task.speaker)
            wanted.extend((login, task.key) for login in people)
            if not people:
                remarks.append(f"{history.case.ref}: nobody holds the role {role}, so nobody was assigned")
    if history.case.open:
        wanted.extend(_assign_commands(history))
    wanted = [(login, key) for login, key in wanted if login.lower() not in present]
    if not wanted:
        return None, tuple(remarks)
    people = tuple({login.lower(): login for login, _ in reversed(wanted)}.values())[::-1]
    return Assign(people, tuple(dict.fromkeys(key for _, key in wanted))), tuple(remarks)


def _assign_commands(history: History) -> Iterator[tuple[str, str]]:
    """Whom `/assign` named and who should still be assigned, each with the command's record."""
    standing = {login.lower() for login in history.state.assignees}
    for said in history.commands:
        if said.word != ASSIGN or said.verdict != "accepted":
            continue
        login = said.args.get("who", said.by.login)
        record = history.case.ledger.records.get(said.key)
        left_out = record is not None and NotAssigned(login) in record.results
        if login.lower() in standing and not left_out:
            yield login, said.key


def _pins(policy: Policy, history: History, assessment: Assessment) -> tuple[Pin, ...]:
    """What was promised, also where a run began and ended before anybody looked: an edit changes no report of it."""
    known, desks = history.case.ledger.pins, _is_desks(history)
    return tuple(
        pin_of(policy, policy.clocks[run.clock], run.key)
        for run in assessment.runs
        if (run.live or desks) and run.key not in known
    )


def _is_desks(history: History) -> bool:
    """Whether the desk follows this case: one that was closed before it came is left alone."""
    return history.case.open or bool(history.case.cards)


def _kept(history: History, assessment: Assessment) -> tuple[Kept, ...]:
    """Facts of comments that moved a clock, so that deleting the comment changes nothing (rule 17).

    What a command set or said is kept always: a clock, a condition or a later argument may rest on it. Plain comments
    are many, and only those that started, stopped or paused a run are kept.
    """
    known = history.case.ledger.kept
    request = history.case.node_id
    comments = {moment.source for moment in history.case.moments if moment.kind == "comment"}
    said = {said.source for said in history.commands}
    moved = {source for run in assessment.runs for source in run.moved_by}
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
            wanted = not is_pagers(fact.source) and (fact.kind == "field" or fact.source in moved)
        if wanted and key_of(fact) not in known:
            found.append(keep(fact))
    return tuple(found)


def _decided(history: History, now: Instant) -> tuple[Kept, ...]:
    """What this reading decided for good."""
    if not _is_desks(history):
        return ()
    return (*history.decided, *(standing_from(kept, now + 1) for kept in history.changed))


def _card(history: History, shown: CardFacts, grows: bool) -> WriteCard | None:
    """Write the card where there is none, where it shows other facts, or where the record grows."""
    cards = history.case.cards
    digest = shown.digest()
    if not cards:
        return WriteCard(None, digest) if history.case.open or grows else None
    first = cards[0]
    grows = grows or history.case.unwritten
    if first.digest != digest or grows or first.tampered or (len(cards) > 1 and not _holds_all(first, history.case)):
        return WriteCard(first.id, digest)
    return None


def _twins(history: History) -> list[DropTwin]:
    """Comments of ours that another one of ours has said before: cards but the first, says and overflows of the record
    that all stand earlier.
    """
    doubled = [DropTwin(card.id) for card in history.case.cards[1:]]
    doubled.extend(DropTwin(comment) for comment in twins(history.case.own))
    stands = Ledger()
    for comment in history.case.own:
        if comment.kind == "record":
            if not comment.ledger.without(stands):
                doubled.append(DropTwin(comment.id))
            stands = stands.merge(comment.ledger)
    return doubled


def _holds_all(card: OwnComment, case: Case) -> bool:
    """Whether nothing is lost with the other cards."""
    return not case.ledger.without(case.overflow).without(card.ledger)


def _unserved(history: History, asked: list[Task]) -> list[str]:
    """Verbs that the language knows and this version does not perform: said, never swallowed."""
    found = []
    for task in asked:
        if task.verbs.track is not None and task.recorded is None:
            asked_by = f"{history.case.ref}: `track` of {task.because.name}"
            found.append(f"{asked_by} is not served by this version; do it by hand")
    return found


def _next(
    policy: Policy,
    history: History,
    assessment: Assessment,
    asked: list[Task],
    notifications: Notifications,
    opened: list[OpenElsewhere],
) -> Instant | None:
    """When to look again if nothing happens: a due, a rung, the end of quiet hours; at once where a call is pending."""
    ledger = history.case.ledger
    found = [
        at
        for run in assessment.runs
        if (at := upcoming(history, run, policy.clocks[run.clock], ledger, assessment.now)) is not None
    ]
    found.extend(notifications.wake)
    if assessment.next is not None:
        found.append(assessment.next)
    reminder = next_reminder(policy, history, assessment.now)
    if reminder is not None:
        found.append(reminder)
    pending = {task.key for task in asked if task.recorded is not None}
    again = [call.records for call in notifications.calls] + [
        say.records for say in (notifications.comment, notifications.inside) if say is not None
    ]
    again.extend((opening.record,) for opening in opened)
    if any(pending.intersection(records) for records in again):
        found.append(assessment.now + 1)
    return min(found, default=None)
