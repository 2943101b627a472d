"""Apply a plan: the one place where a decision becomes requests and calls.

Laws: in the plan's order, calls before comments before labels before the card; a call goes out before its record (law
5). Labels and the card are one request where that can be: neither rests on the other. Applying never chooses. What one
action could not do is remembered and the others still happen (law 7); what was done is handed back as a ledger, whether
or not the card could be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import Hung, Recipient, change, place
from respondby.dataclass import dataclass
from respondby.desk import markers
from respondby.desk.case import Case
from respondby.desk.history import History
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import Tried
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, NotGranted, Uncertain
from respondby.forge.gathering import Identity
from respondby.jobs.effects.boards import Boards
from respondby.jobs.effects.elsewhere import OtherRepositories
from respondby.jobs.effects.labels_and_card import LabelsAndCard
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.letters.calls import render_call
from respondby.letters.comments import render_comment
from respondby.letters.messages import Messages
from respondby.rules import bookkeeping
from respondby.rules.card_facts import CardFacts
from respondby.rules.plan import (
    Assign,
    Call,
    Close,
    DropTwin,
    Follow,
    OpenElsewhere,
    Plan,
    PutOnBoard,
    React,
    Relabel,
    Reopen,
    UpdatePager,
    WriteCard,
    WriteComment,
)
from respondby.rules.values import values_of

#: A secret's value by its name; None where it is not set.
Secrets = Callable[[str], str | None]


@dataclass(slots=True)
class Applied:
    """What became of a plan: what the ledger gains, what failed (in words), whether the outcome is uncertain."""

    ledger: Ledger
    failures: list[str] = field(default_factory=list)
    uncertain: bool = False
    remarks: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


class Applier:
    """Applies plans of one run. `labels` are the node ids of those of the repository, by lower-case name.

    `sent_before` are calls that went out, in a message about several cases: what became of them, by their keys;
    `said_together` comments (case and key) that one comment about many cases has said; `hung` are channels that did not
    answer in time.
    """

    def __init__(
        self,
        client: Client,
        in_force: PolicyInForce,
        secrets: Secrets,
        identity: Identity,
        labels: Mapping[str, str],
    ) -> None:
        self.client = client
        self.policy = in_force.policy
        self.files = in_force.files
        self.messages = Messages.of(in_force.policy, in_force.files)
        self._reported: set[str] = set()
        self.sent_before: dict[str, tuple[Tried, ...]] = {}
        self.said_together: set[tuple[str, str]] = set()
        self.secrets = secrets
        self.signing = identity.secret
        self.others = OtherRepositories(client, in_force.policy, secrets, identity, self.messages)
        self.boards = Boards(client, secrets)
        self.labels = LabelsAndCard(client, in_force.policy, labels, identity.secret, self.messages)
        self.hung = Hung()

    def apply(self, plan: Plan, history: History, now: Instant) -> Applied:
        """Perform the plan's actions. Raises ForgeErrors that no other action could survive."""
        assert plan.shown is not None, "nothing is done to a case that the desk has nothing to do with"
        case, facts = history.case, plan.shown
        values = values_of(self.policy, history)
        product = history.state.field("product")
        records = {record.key: record for record in plan.records}
        pins = {pin.key: pin for pin in plan.pins}
        kept = {item.key: item for item in plan.kept}
        applied = Applied(Ledger(records, pins, kept))
        found = Ledger()
        waiting: Relabel | None = None
        applied.remarks.extend(self.labels.gone(plan, case))
        for action in plan.actions:
            if isinstance(action, DropTwin) and applied.failures:
                continue  # what the twin records may not stand elsewhere yet
            try:
                match action:
                    case Call():
                        why = self._call(action, case, facts, records, now, values, product)
                        applied.done.append(f"{action.verb} {action.to}")
                        if why is not None:
                            applied.failures.append(f"{action.to} could not be reached: {why}")
                    case UpdatePager():
                        why = self._update_pager(action, history, records, product)
                        applied.done.append(f"{action.change} the page to {action.to}")
                        if why is not None:
                            applied.failures.append(f"{action.via} could not be told to {action.change} a page: {why}")
                    case OpenElsewhere():
                        name, gained = self._open(action, case, facts, records)
                        found = found.merge(gained)
                        applied.done.append(f"open {name}")
                    case PutOnBoard():
                        applied.done.append(self._track(action, history, records, now))
                    case WriteComment(inside=True):
                        found = found.merge(self._write_inside(action, history, facts, records, values))
                        applied.done.append("comment in the companion")
                    case WriteComment() if (case.ref, action.key) in self.said_together:
                        records.update(bookkeeping.commented(action, records, ok=True))
                        applied.done.append("mention, in one comment about many")
                    case WriteComment():
                        self._write_comment(action, case, facts, records, values)
                        applied.done.append("comment")
                    case Follow():
                        self._follow(action, records)
                        applied.done.append(f"{'reopen' if action.open else 'close'} the companion")
                    case Relabel() if self.labels.together(action, plan):
                        waiting = action
                    case Relabel():
                        applied.done.append(self.labels.relabel(action, case))
                    case Assign():
                        self._assign(action, history, records, applied)
                    case React():
                        if self._react(action, case):
                            applied.done.append(f"react {action.content}")
                        bookkeeping.did(records, action.records, "react")
                    case Close():
                        writing.close(self.client, case.number, action.reason)
                        applied.done.append("close")
                    case Reopen():
                        writing.reopen(self.client, case.number)
                        applied.done.append("reopen")
                    case WriteCard():
                        ledger = history.ledger.merge(Ledger(dict(records), pins, kept)).merge(found)
                        self.labels.write(action, case, facts, ledger, waiting, applied.done, applied.failures)
                    case DropTwin(inside=True):
                        self.others.drop(action.comment)
                        applied.done.append("drop a doubled comment in the companion")
                    case DropTwin():
                        writing.delete_comment(self.client, action.comment)
                        applied.done.append("drop a doubled comment")
            except (CaseGone, Uncertain) as error:
                applied.failures.append(str(error))
                applied.uncertain = True
                break  # read again first: what was sent may have arrived (law 5), and what is gone may be a comment
            except (CaseError, NotGranted) as error:
                applied.failures.append(str(error))
        applied.ledger = Ledger(records, pins, kept).merge(found)
        applied.remarks.extend(self._unused_messages())
        return applied

    def _unused_messages(self) -> Iterator[str]:
        """Files of `messages:` that turned out to be broken, once a run."""
        for path, why in self.messages.broken.items():
            if path not in self._reported:
                self._reported.add(path)
                yield f"{path} is broken, so our own words are used: {why}"

    def _call(
        self,
        call: Call,
        case: Case,
        facts: CardFacts,
        records: dict[str, Record],
        now: Instant,
        values: Mapping[str, str],
        product: str | None,
    ) -> str | None:
        """Place a call and note what became of it; why the person was not reached, or None."""
        made = self.sent_before.pop(call.key, ()) or self._place(call, case, facts, now, values, product)
        bookkeeping.called(records, call, made)
        return None if made[-1].ok else "; ".join(f"{tried.via}: {tried.why}" for tried in made)

    def _place(
        self,
        call: Call,
        case: Case,
        facts: CardFacts,
        now: Instant,
        values: Mapping[str, str],
        product: str | None,
    ) -> tuple[Tried, ...]:
        words = render_call(call, case, facts, now, values=values, messages=self.messages)
        return place(
            call,
            words.subject,
            words.body,
            case.url,
            self.policy.channels,
            self.secrets,
            case=case.ref,
            product=product,
            bodies=self.files,
            hung=self.hung,
        )

    def _write_comment(
        self, comment: WriteComment, case: Case, facts: CardFacts, records: dict[str, Record], values: Mapping[str, str]
    ) -> None:
        carried = bookkeeping.carried(comment, records)
        marker = markers.write("say", case.node_id, "", carried, secret=self.signing, key=comment.key)
        try:
            body = render_comment(comment, facts, marker, values=values, messages=self.messages)
            writing.create_comment(self.client, case.number, body)
        except (CaseError, NotGranted):
            records.update(bookkeeping.commented(comment, records, ok=False))  # so that it stays pending
            raise
        records.update(bookkeeping.commented(comment, records, ok=True))

    def _write_inside(
        self,
        comment: WriteComment,
        history: History,
        facts: CardFacts,
        records: dict[str, Record],
        values: Mapping[str, str],
    ) -> Ledger:
        """Say it in the companion, which is opened where there is none; what the ledger gains by that."""
        for key, unsaid in comment.outstanding:  # said on the issue next; a crash before that leaves it pending
            bookkeeping.note(records, (key,), (unsaid,))
        try:
            client, number, node_id, gained = self.others.companion(history, facts)
            carried = bookkeeping.carried(comment, records)
            marker = markers.write("say", node_id, "", carried, secret=self.signing, key=comment.key)
            self.others.comment(
                client, number, render_comment(comment, facts, marker, values=values, messages=self.messages)
            )
        except (CaseError, NotGranted):
            records.update(bookkeeping.commented(comment, records, ok=False))  # so that it stays pending
            raise
        records.update(bookkeeping.commented(comment, records, ok=True))
        return gained

    def _open(
        self, action: OpenElsewhere, case: Case, facts: CardFacts, records: dict[str, Record]
    ) -> tuple[str, Ledger]:
        try:
            name, gained = self.others.open(action, case, facts)
        except CaseError:
            bookkeeping.opened(records, action, None)
            raise
        bookkeeping.opened(records, action, name)
        return name, gained

    def _track(self, action: PutOnBoard, history: History, records: dict[str, Record], now: Instant) -> str:
        """Put the issue on a board, or move its date there; what was done, in words."""
        try:
            tracked = self.boards.put(action, history.case, now)
        except CaseError:
            bookkeeping.tracked(records, action, history.ledger, None)
            raise
        bookkeeping.tracked(records, action, history.ledger, tracked)
        if tracked.outcome == "gone":
            return f"find it taken off {action.project}"
        where = f"{action.project}, due {action.day}" if action.day else action.project
        return f"{'move it in' if action.item else 'track in'} {where}"

    def _follow(self, action: Follow, records: dict[str, Record]) -> None:
        try:
            self.others.turn(action.number, open=action.open)
        except CaseError:
            records.pop(action.record, None)  # it is tried again
            raise

    def _update_pager(
        self, action: UpdatePager, history: History, records: dict[str, Record], product: str | None
    ) -> str | None:
        """Tell a pager, and note what became of it; why it did not take it, or None."""
        whom = Recipient(action.to, product, history.case.ref, history.case.url)
        sent = change(
            action.change, action.key, action.via, whom, self.policy.channels, self.secrets,
            bodies=self.files, hung=self.hung,
        )  # fmt: skip
        bookkeeping.pager_updated(records, action, history.ledger, None if sent.ok else sent.why)
        return None if sent.ok else sent.why

    def _assign(self, assign: Assign, history: History, records: dict[str, Record], applied: Applied) -> None:
        case = history.case
        left_out = writing.assign(self.client, case.number, assign.people)
        bookkeeping.assigned(records, assign, history.ledger, left_out)
        applied.remarks.extend(f"{case.ref}: {who} cannot be assigned in this repository" for who in left_out)
        if taken := [who for who in assign.people if who not in left_out]:
            applied.done.append(f"assign {', '.join(taken)}")

    def _react(self, react: React, case: Case) -> bool:
        """Whether the comment was there to react to; one that was deleted meanwhile needs no reaction."""
        try:
            writing.react(self.client, case.number, react.comment, react.content)
        except CaseGone:
            if react.comment == 0:
                raise
            return False
        return True
