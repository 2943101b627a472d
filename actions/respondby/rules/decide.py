"""What to do to one case now: `decide(policy, history, assessment)` is pure and says everything in a Plan.

Laws: same inputs, same plan (law 1). A plan that was applied, read back and decided again at the same instant is empty
(law 2).

A locked issue takes no comment and no label from a workflow's token. People are called by their channels all the same,
and the record of that is kept in the desk's log (`jobs.effects.locked`); everything else waits until it is unlocked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.desk.boundaries import next_rule_boundary
from respondby.desk.case import Case, OwnComment
from respondby.desk.gate import closed_as_false_alarm
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import Commented, Mentioned, Result
from respondby.policy.model.policy import Policy
from respondby.promises.assessment import Assessment
from respondby.promises.windows import Window
from respondby.rules.card_facts import CardFacts
from respondby.rules.cards import card_facts
from respondby.rules.elsewhere import follow, openings, twins
from respondby.rules.gains import decided_now, is_news, moving_facts, new_pins
from respondby.rules.in_turn import in_turn
from respondby.rules.labelling import relabel
from respondby.rules.ladders import upcoming
from respondby.rules.maintenance import next_reminder
from respondby.rules.notifying import Notifications
from respondby.rules.pages import pager_updates
from respondby.rules.plan import (
    Action,
    Close,
    DropTwin,
    Follow,
    OpenElsewhere,
    Plan,
    PutOnBoard,
    Reopen,
    WriteCard,
)
from respondby.rules.task import Task
from respondby.rules.telling import tell
from respondby.rules.tracking import boards


def decide(policy: Policy, history: History, assessment: Assessment, others: Sequence[Window] = ()) -> Plan:
    """The plan for this case at `assessment.now`. `others` are the maintenance windows of other cases, where known."""
    case, now, ledger = history.case, assessment.now, history.ledger
    if policy.mode == "off" or (policy.since is not None and case.created < policy.since):
        return Plan(case.ref)
    found, history, assessment = in_turn(policy, history, assessment, others)
    telling = tell(policy, history, found, now)
    asked, notifications, assign = list(telling.asked), telling.notifications, telling.assign
    labels = relabel(policy, history, asked)
    pins = new_pins(history, assessment)
    kept = (*moving_facts(history, assessment), *decided_now(history, now))
    pagers = list(pager_updates(policy, history, assessment))
    opened = openings(history, asked)
    tracked = boards(policy, history, assessment, asked)
    following = follow(policy, history, now)
    records = (*telling.records, *following.records)
    actions: list[Action] = [*notifications.calls, *pagers, *opened, *tracked]
    if notifications.inside is not None:
        actions.append(notifications.inside)
    if notifications.comment is not None:
        actions.append(notifications.comment)
    if labels is not None:
        actions.append(labels)
    if assign is not None:
        actions.append(assign)
    actions.extend(telling.reactions)
    if case.open and not history.state.open:
        unplanned = history.closed_as == "not planned" or closed_as_false_alarm(history) is not None
        actions.append(Close("not_planned" if unplanned else "completed"))
    elif history.opens_again:
        actions.append(Reopen())
    actions.extend(action for action in following.actions if isinstance(action, Follow))
    spoken = notifications.calls or notifications.comment or notifications.inside or opened or tracked or pagers
    grows = bool(pins or kept or spoken or assign or telling.reactions) or any(
        is_news(record, ledger) for record in records
    )
    shown = card_facts(policy, history, assessment)
    card = _card(history, shown, grows)
    if card is not None:
        actions.append(card)
    actions.extend(_twins(history))
    actions.extend(action for action in following.actions if isinstance(action, DropTwin))
    remarks = (*notifications.remarks, *telling.remarks)
    following_up = _next(policy, history, assessment, asked, notifications, [*opened, *tracked])
    if case.locked:
        return replace(_locked(case, notifications, records, bool(actions), following_up), shown=shown)
    inside = history.known.companion is None and (notifications.inside is not None or following.wanted)
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


def _card(history: History, shown: CardFacts, grows: bool) -> WriteCard | None:
    """Write the card where there is none, where it shows other facts, or where the record grows."""
    cards = history.case.cards
    digest = shown.digest()
    if not cards:
        return WriteCard(None, digest) if history.case.open or grows else None
    first = cards[0]
    grows = grows or history.unwritten
    if first.digest != digest or grows or first.tampered or (len(cards) > 1 and not _holds_all(first, history)):
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


def _holds_all(card: OwnComment, history: History) -> bool:
    """Whether nothing is lost with the other cards."""
    return not history.ledger.without(history.case.overflow).without(card.ledger)


def _next(
    policy: Policy,
    history: History,
    assessment: Assessment,
    asked: Sequence[Task],
    notifications: Notifications,
    others: Sequence[OpenElsewhere | PutOnBoard],
) -> Instant | None:
    """When to look again if nothing happens: a due, a rung, the end of quiet hours; at once where a call is pending."""
    ledger = history.ledger
    found = [
        at
        for run in assessment.runs
        if (at := upcoming(history, run, policy.clocks[run.clock], ledger, assessment.now)) is not None
    ]
    found.extend(notifications.wake)
    boundary = next_rule_boundary(policy, history.state, assessment.now)
    if boundary is not None:
        found.append(boundary)
    if assessment.next is not None:
        found.append(assessment.next)
    reminder = next_reminder(policy, history, assessment.now)
    if reminder is not None:
        found.append(reminder)
    pending = {task.key for task in asked if task.recorded is not None}
    again = [call.records for call in notifications.calls] + [
        say.records for say in (notifications.comment, notifications.inside) if say is not None
    ]
    again.extend((other.record,) for other in others)
    if any(pending.intersection(records) for records in again):
        found.append(assessment.now + 1)
    return min(found, default=None)
