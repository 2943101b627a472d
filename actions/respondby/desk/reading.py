"""Reading a case: its moments, in order, become facts (see `desk.history` for the laws).

One pass over its happenings. Each is read into facts while the case is folded forward, because whether a command is
allowed depends on how the case stood when it was said. At the end of each instant the rules are judged.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.calendars.instants import FOREVER, Instant
from respondby.desk.actors import Actors
from respondby.desk.alerts import ALERT, refires
from respondby.desk.built_in.incident_news import NEWS
from respondby.desk.built_in.incident_ties import parent_of
from respondby.desk.case import Actor, Case, Moment
from respondby.desk.field_changes import FieldChanges
from respondby.desk.folding import Fold
from respondby.desk.gate import Closings
from respondby.desk.happenings import Edit, Happening, happenings, order_of
from respondby.desk.hearing import Hearing
from respondby.desk.history import REPLY, History, Problem
from respondby.desk.in_force import in_force
from respondby.desk.keeping import source_of
from respondby.desk.known import NOTHING_KNOWN, Known
from respondby.desk.opening import Opening
from respondby.desk.records import Kept, Record
from respondby.desk.refusals import Refusal
from respondby.desk.remembered import Remembered
from respondby.desk.renamed import under_new_names
from respondby.desk.rule_firings import RuleFirings
from respondby.desk.standings import Standings, speaks_for_customer
from respondby.desk.ticks import all_ticked, gone
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy


def read(policy: Policy, case: Case, known: Known = NOTHING_KNOWN, foreseen: Iterable[Record] = ()) -> History:
    """The case's history under this policy, with what the run knows of it.

    `foreseen` are records that the run will make: they are read as if they were made, and stand in no ledger yet.
    """
    return _Reader(policy, case, known).read(foreseen)


@per_policy
def _ticking(policy: Policy) -> bool:
    """Whether anything follows from the boxes of a request."""
    patterns = (p for clock in policy.clocks.values() for p in (*clock.start, *clock.stop, *clock.pause))
    return bool(policy.duties) or any(pattern.kind == "all ticked" for pattern in patterns)


class _Reader:
    """One pass over one case."""

    def __init__(self, policy: Policy, case: Case, known: Known) -> None:
        self.case = case
        self.known = known
        self.ledger = under_new_names(policy, known.ledger(case))
        self.policy = policy
        self.earlier, self.today, self.words = in_force(policy, case, self.ledger)
        self.fold = Fold(policy, case, self.earlier)
        self.remembered = Remembered(self.ledger)
        self.standings = Standings(policy, self.ledger.kept)
        self.actors = Actors(policy, case, self.fold, self.standings, self.remembered)
        self.hearing = Hearing(policy, self.fold, self.standings, self.remembered, self.ledger)
        self.changes = FieldChanges(policy, self.fold, self.hearing.speech, self.actors, self.remembered)
        self.opening = Opening(policy, case, self.fold, self.actors, self.changes, self.remembered)
        self.closings = Closings(policy, case, self.ledger)
        self.firings = RuleFirings(policy, self.fold, self.ledger.records)
        self.coming = self.earlier
        self.passed = case.created
        self.refires = refires(self.ledger.kept.values())
        self.ticking = any(_ticking(one) for one in (policy, *(earlier.policy for earlier in self.earlier)))

    def read(self, foreseen: Iterable[Record]) -> History:
        found = happenings(self.case, self.ledger, foreseen)
        heard = False
        if self.coming:
            self._under(self.coming[0].policy)
        for index, (at, happening) in enumerate(found):
            self._time_passes(at)
            self.passed = max(self.passed, at - 1)  # what opens a case again makes nothing true before itself
            heard = heard or self.firings.boundary(self.passed) == at
            self.fold.at = at
            self._take(happening)
            # Our own comments and labels come when we happened to look: no rule may hang on that (law 3).
            heard = heard or not (isinstance(happening, Moment) and happening.ours and happening.kind != "opened")
            if heard and (index + 1 == len(found) or found[index + 1][0] != at):
                self.firings.judge()
                heard, self.passed = False, at
        if self.known.now is not None:
            self._time_passes(self.known.now + 1)
        if self.coming:
            self._under(self.policy, self.coming[-1].until)
        request = self.opening.request
        return History(
            case=self.case,
            known=self.known,
            ledger=self.ledger,
            requester=self.opening.requester,
            form=request.form,
            answers=request.answers,
            facts=tuple(self.fold.facts),
            commands=tuple(self.hearing.commands),
            fired=tuple(self.firings.fired),
            problems=(*request.problems, *self.fold.problems.values()),
            first=self.fold.first,
            states=tuple(self.fold.states),
            state=self.fold.state,
            today=self.today,
            waiting_since=self.fold.waiting_since,
            asked_open=self.fold.asked_open,
            earlier=self.earlier,
            decided=(
                *self.words,
                *order_of(self.case, self.ledger),
                *self.standings.new.values(),
                *self.opening.decided,
                *self.hearing.decided,
                *self.closings.decided,
            ),
            changed=self.standings.changed(self.fold.state),
            wishes=tuple(self.hearing.wishes),
        )

    def _time_passes(self, to: Instant) -> None:
        """Up to the instant before `to`, in which nothing happens: policies come into force, rules become true."""
        while True:
            end = self.coming[0].until if self.coming else FOREVER
            boundary = self.firings.boundary(self.passed) if self.fold.facts else None
            if boundary is not None and boundary < to and boundary <= end:
                self.fold.at = self.passed = boundary
                self.fold.number = 0
                self.firings.judge(by_time=True)
            elif to > end:
                self.coming = self.coming[1:]
                self._under(self.coming[0].policy if self.coming else self.policy, end)
                self.passed = max(self.passed, end)
            else:
                return

    def _under(self, policy: Policy, since: Instant | None = None) -> None:
        """From now on, which is after `since`, that policy judges."""
        self.fold.under(policy)
        self.hearing.under(policy)
        self.standings.under(policy)
        self.actors.under(policy)
        self.changes.under(policy)
        self.closings.under(policy)
        self.firings.under(policy, since)

    # -- one happening ------------------------------------------------------------------------------------------------

    def _take(self, happening: Happening) -> None:
        spoken = happening.of if isinstance(happening, Edit) else happening
        self.fold.number = spoken.number if isinstance(spoken, Moment) else 0
        if isinstance(happening, Edit):
            self._edited(happening)
        elif isinstance(happening, Record):
            self._recorded(happening)
        elif isinstance(happening, Kept) and happening.kind == ALERT:
            self._alerted(happening)
        elif isinstance(happening, Kept) and happening.kind == NEWS:
            self.fold.hears_of_incident(happening.name, happening.value, source_of(happening))
        elif isinstance(happening, Kept):
            self.hearing.take(happening)
        else:
            self._moment(happening)

    def _alerted(self, kept: Kept) -> None:
        """What a monitoring system said of the incident."""
        source = source_of(kept)
        self.fold.fact("alert", source, None, kept.name)
        if kept.key in self.refires:
            self.fold.fired_again(self.case.author, source)

    def _moment(self, moment: Moment) -> None:
        match moment.kind:
            case "opened":
                self._opened(moment)
            case "comment":
                self._commented(moment)
            case "labeled" if not moment.ours or moment.other_bot:
                self.changes.labeled(moment, added=True)
            case "unlabeled" if not moment.ours or moment.other_bot:
                self.changes.labeled(moment, added=False)
            case "assigned":
                by = moment.by if moment.ours else self.actors.of(moment)
                self.fold.assign(moment.text, by, moment.source, ours=moment.ours)
            case "unassigned":
                self.fold.unassign(moment.text, moment.by, moment.source)
            case "closed":
                self._closed(moment)
            case "duplicate":
                self.fold.mark_duplicate(moment.text, moment.source, moment.by)
            case "no duplicate":
                self.fold.mark_duplicate(None, moment.source, moment.by)
            case "no parent" if parent_of(self.case, moment) == self.fold.state.part_of:
                self.fold.tie(None, moment.source, moment.by)
            case "reopened":
                self.fold.reopen(moment.by if moment.ours else self.actors.of(moment), moment.source)
            case "merged" | "post-mortem merged":
                self.fold.fact(moment.kind, moment.source, self.actors.of(moment))
            case _:  # our own labels: their causes are facts already
                pass

    def _closed(self, moment: Moment) -> None:
        """Somebody closes the issue, or we did; what closes an incident too soon is taken back (`desk.gate`)."""
        by, lacking = moment.by, ""
        if not moment.ours:
            by = self.actors.of(moment)
            known = self.remembered.at(moment.source)
            closing = self.closings.judge(
                moment, by, self.fold.state, self.hearing.commands, known, followed=self.fold.followed
            )
            if closing.command is not None:
                self.hearing.commands.append(closing.command)
            if closing.became == "back":
                self.fold.take_back()
                return
            lacking = closing.lacking if closing.became == "insisted" else ""
        self.fold.close(by, moment.source, ours=moment.ours, reason=moment.text.replace("_", " "), lacking=lacking)
        if moment.text == "duplicate":
            self.fold.mark_duplicate("", moment.source, moment.by)

    def _opened(self, moment: Moment) -> None:
        if not self.case.is_request:
            self.opening.begin_ours(moment)
            return
        text = moment.revisions[0].text if moment.revisions else ""
        writer = self.opening.opened(moment, text)
        speaker = self.opening.requester if self.actors.is_bot(writer) else writer
        if not self.actors.is_bot(speaker):
            self.hearing.hear(text, speaker, moment.source)
        self._ticked("", text, moment.source, self.opening.requester)

    def _commented(self, moment: Moment) -> None:
        source = moment.source
        if moment.ours:
            if any(card.source == source for card in self.case.cards):
                self.fold.card(source, moment.by)
            return
        if moment.by.bot:
            return
        by = self.actors.of(moment)
        if self.actors.is_bot(by):
            return
        text = moment.revisions[0].text if moment.revisions else ""
        if self.hearing.is_response(text, source):
            resumed = (self.remembered.has(source, "resumed", name) for name in (REPLY, ""))
            if speaks_for_customer(by, self.fold.state) or any(resumed):
                self.fold.replied(by, source)
            self.fold.fact("comment", source, by)
        self.hearing.hear(text, by, source)

    def _edited(self, edit: Edit) -> None:
        """Only what is new counts: a command, an answer, the last tick; it is the editor's."""
        source = f"{edit.of.source}:{edit.revision.at}"
        editor = self.actors.editor(edit, source)
        if not self.case.is_request and edit.of.kind == "opened":
            self._ours_edited(edit, source, editor)
        elif edit.of.kind == "opened":
            self.opening.edited(edit, source, editor)
            self._ticked(edit.before, edit.revision.text, source, editor)
        if not (self.actors.is_bot(editor) or (not self.case.is_request and edit.revision.ours)):
            self._said_by_edit(edit, editor, source)
            self.hearing.hear(edit.revision.text, editor, source, before=edit.before)

    def _ours_edited(self, edit: Edit, source: str, editor: Actor) -> None:
        """Somebody ticked in an issue of ours. What lost boxes is not done by ticking the others."""
        written = edit.of.revisions[0].text  # the checklist is written once; later texts of ours only carry it on
        lost = gone(written, edit.revision.text)
        self.fold.problems.pop("", None)
        if lost:
            self.fold.problems[""] = Problem("", Refusal.of("boxes-gone", missing=lost))
        else:
            before = "" if gone(written, edit.before) else edit.before
            self._ticked(before, edit.revision.text, source, editor)

    def _said_by_edit(self, edit: Edit, editor: Actor, source: str) -> None:
        """A changed request is a moment of its own. While the next word is the customer's, what they add to a text of
        theirs is that word: people answer where they were asked (rule 6).
        """
        if edit.of.kind == "opened" and edit.revision.text != edit.before:
            self.fold.fact("edited", source, editor)
        added = self.fold.awaits_customer and self.hearing.speech.adds(edit.before, edit.revision.text)
        if added and speaks_for_customer(editor, self.fold.state):
            self.fold.replied(editor, source)
            self.fold.fact("comment", source, editor)

    def _ticked(self, before: str, text: str, source: str, by: Actor) -> None:
        """The last box of the request's task list is ticked."""
        if self.ticking and all_ticked(text) and not all_ticked(before):
            self.fold.fact("all ticked", source, by)

    def _recorded(self, record: Record) -> None:
        """What a rung of ours changed: at the rung's own time (rule 10)."""
        for label in record.labels:
            self.fold.label(label, record.key, None)
        for label in record.unlabels:
            self.fold.label(label, record.key, None, added=False)
        self.fold.set_fields(record.sets, record.key, None, higher=False)
        self.fold.set_fields(record.raises, record.key, None, higher=True)
        if record.closes:
            self.fold.close(None, record.key, until_reply=record.until_reply)
        if record.reopens and not record.key.startswith(("rule/", "command/")):  # these did it in their own place
            self.fold.reopen(None, record.key, asked=True)
