"""Reading a case: its moments, in order, become facts (see `desk.history` for the laws).

One pass over its happenings. Each is read into facts while the case is folded forward, because whether a command is
allowed depends on how the case stood when it was said. At the end of each instant the rules are judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from respondby.desk.alerts import ALERT, refires
from respondby.desk.case import Actor, Case, Moment
from respondby.desk.folding import Fold
from respondby.desk.gate import Closings
from respondby.desk.happenings import Edit, Happening, happenings, order_of
from respondby.desk.hearing import Hearing
from respondby.desk.history import REPLY, Fired, History, Problem
from respondby.desk.keeping import source_of
from respondby.desk.records import Kept, Record
from respondby.desk.remembered import Remembered, kept_request
from respondby.desk.request import Request
from respondby.desk.standings import Standings, acts_as, speaks_for_customer
from respondby.desk.state import State
from respondby.desk.ticks import all_ticked, gone
from respondby.desk.why import why
from respondby.policy.model.per_policy import per_policy
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field


def read(policy: Policy, case: Case) -> History:
    """The case's history under this policy."""
    return _Reader(policy, case).read()


@per_policy
def _ticking(policy: Policy) -> bool:
    """Whether anything follows from the boxes of a request."""
    patterns = (p for clock in policy.clocks.values() for p in (*clock.start, *clock.stop, *clock.pause))
    return bool(policy.duties) or any(pattern.kind == "all ticked" for pattern in patterns)


class _Reader:
    """One pass over one case."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self.policy = policy
        self.case = case
        self.fold = Fold(policy, case)
        self.remembered = Remembered(case.ledger)
        self.standings = Standings(policy, case.ledger.kept)
        self.hearing = Hearing(policy, self.fold, self.standings, self.remembered)
        self.decided: list[Kept] = []
        self.closings = Closings(policy, case)
        self.fired: list[Fired] = []
        self.requester = case.author
        self.request = Request(policy, case)
        self.truths: dict[str, bool] = {}
        self.refused: set[str] = set()  # fields whose answer stands in the request and was not taken
        self.refires = refires(case.ledger.kept.values())
        self.people = {moment.by.login.lower(): moment.by for moment in case.moments}
        self.ticking = _ticking(policy)

    @property
    def state(self) -> State:
        """The case as far as it has been read."""
        return self.fold.state

    def read(self) -> History:
        found = happenings(self.case)
        heard = False
        for index, (at, happening) in enumerate(found):
            self.fold.at = at
            self._take(happening)
            # Our own comments and labels come when we happened to look: no rule may hang on that (law 3).
            heard = heard or not (isinstance(happening, Moment) and happening.ours and happening.kind != "opened")
            if heard and (index + 1 == len(found) or found[index + 1][0] != at):
                self._judge_rules()
                heard = False
        return History(
            case=self.case,
            requester=self.requester,
            form=self.request.form,
            answers=self.request.answers,
            facts=tuple(self.fold.facts),
            commands=tuple(self.hearing.commands),
            fired=tuple(self.fired),
            problems=(*self.request.problems, *self.fold.problems.values()),
            first=self.fold.first,
            states=tuple(self.fold.states),
            waiting_since=self.fold.waiting_since,
            asked_open=self.fold.asked_open,
            decided=(
                *order_of(self.case),
                *self.standings.new.values(),
                *self.decided,
                *self.hearing.decided,
                *self.closings.decided,
            ),
            changed=self.standings.changed(self.state),
        )

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
                self._labeled(moment, added=True)
            case "unlabeled" if not moment.ours or moment.other_bot:
                self._labeled(moment, added=False)
            case "assigned":
                by = moment.by if moment.ours else self._who(moment)
                self.fold.assign(moment.text, by, moment.source, ours=moment.ours)
            case "unassigned":
                self.fold.unassign(moment.text, moment.by, moment.source)
            case "closed":
                self._closed(moment)
            case "duplicate":
                self.fold.mark_duplicate(moment.text, moment.source, moment.by)
            case "no duplicate":
                self.fold.mark_duplicate(None, moment.source, moment.by)
            case "reopened":
                self.fold.reopen(moment.by if moment.ours else self._who(moment), moment.source)
            case "merged" | "post-mortem merged":
                self.fold.fact(moment.kind, moment.source, self._who(moment))
            case _:  # our own labels: their causes are facts already
                pass

    def _closed(self, moment: Moment) -> None:
        """Somebody closes the issue, or we did; what closes an incident too soon is taken back (`desk.gate`)."""
        by, lacking = moment.by, ""
        if not moment.ours:
            by = self._who(moment)
            known = self.remembered.at(moment.source)
            closing = self.closings.judge(
                moment, by, self.state, self.hearing.commands, known, followed=self.fold.followed
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
        text = moment.revisions[0].text if moment.revisions else ""
        if not self.case.is_request:  # nobody said anything yet
            assert self.case.mark is not None, "what is no request is marked"
            customer = self.policy.customers.get(self.case.mark.facts.get("customer", ""))
            self.fold.begin(replace(self.state, customer=customer))
            self.fold.fact("opened", moment.source, moment.by)
            self._marked(moment)
            return
        then = self.remembered.request(moment.source)
        author = self.remembered.by(moment.by, moment.source)
        self.request.read(text, then)
        requester = self.request.requester(author, then)
        self.fold.begin(self.request.first_state(requester, then))
        self.requester = self._as_then(requester)
        writer = self.requester if requester == author else self._as_then(author)
        self.fold.fact("opened", moment.source, self.requester)
        if then is not None:
            self._answered_then(moment.source, self.requester, then)
        else:
            self._answered(moment.source, self.requester, self.request.chosen(), writer)
        unset = then.get("unset", ()) if then is not None else ()
        for field in self.policy.fields.values():
            if field.name not in unset:
                self.fold.set_default(field, moment.source)
        if then is None:
            self._keep_opening(moment.source, author, requester)
        speaker = self.requester if self._is_bot(writer) else writer
        if not self._is_bot(speaker):
            self.hearing.hear(text, speaker, moment.source)
        self._ticked("", text, moment.source, self.requester)

    def _keep_opening(self, source: str, author: Actor, requester: Actor) -> None:
        """How the request was read, whose it is, and which values it got."""
        chosen = {fact.name: fact.value for fact in self.fold.facts if fact.kind == "field" and fact.by is not None}
        defaults = {fact.name: fact.value for fact in self.fold.facts if fact.kind == "field" and fact.by is None}
        customer = self.state.customer
        data = {
            "asked": self.request.asked.to_json() if self.request.asked is not None else None,
            "fields": chosen,
            "defaults": defaults,
            "unset": [name for name in self.policy.fields if name not in self.state.fields],
            "customer": [customer.name, customer.plan] if customer is not None else None,
            "for": requester.login if requester != author else None,
        }
        said = {name: value for name, value in data.items() if value}
        self.decided.append(kept_request(source, self.fold.at, author, said))

    def _answered_then(self, source: str, by: Actor, then: Mapping[str, Any]) -> None:
        """Fields that the request's answers set when it was read, and what of it was refused then."""
        for name, value in _texts(then.get("fields")).items():
            self.fold.set_as_then(name, value, source, by)
        for name, value in _texts(then.get("defaults")).items():
            self.fold.set_as_then(name, value, source, None)
        for name, value in self.request.chosen().items():
            field = self.policy.fields.get(name)
            if field is None or field.value(value) is None or self.state.fields.get(name) == value:
                continue
            self.refused.add(name)
            if not self._allowed(field, value, by, self.state):
                self._refuse_value(field, value)

    def _marked(self, moment: Moment) -> None:
        """Which product an issue of ours is about."""
        assert self.case.mark is not None, "somebody else's issue is a request"
        about = self.case.mark.facts
        field = self.policy.fields.get("product")
        if field is not None and field.value(about.get("product", "")) is not None:
            self.fold.set_field(field, about["product"], moment.source, None)

    def _marked_edit(self, edit: Edit, source: str, editor: Actor) -> None:
        """Somebody ticked in an issue of ours. What lost boxes is not done by ticking the others."""
        written = edit.of.revisions[0].text  # the checklist is written once; later texts of ours only carry it on
        lost = gone(written, edit.revision.text)
        self.fold.problems.pop("", None)
        if lost:
            self.fold.problems[""] = Problem("", why("boxes-gone", missing=lost))
        else:
            before = "" if gone(written, edit.before) else edit.before
            self._ticked(before, edit.revision.text, source, editor)

    def _answered(self, source: str, by: Actor, chosen: Mapping[str, str], writer: Actor) -> None:
        """Fields that the request's answers set: all first, then those that the others do not allow are refused.

        `writer` is who filled in the form, where that is somebody else than whom it is for (rule 16).
        """
        then = replace(self.state, fields={**self.state.fields, **chosen})
        refused = [
            name for name, value in chosen.items() if not self._allowed(self.policy.fields[name], value, writer, then)
        ]
        self.refused.difference_update(chosen)
        for name, value in chosen.items():
            field = self.policy.fields[name]
            if name in refused:
                self.refused.add(name)
                self._refuse_value(field, value)
            else:
                self.fold.set_field(field, value, source, by)

    def _commented(self, moment: Moment) -> None:
        source = moment.source
        if moment.ours:
            if any(card.source == source for card in self.case.cards):
                self.fold.card(source, moment.by)
            return
        if moment.by.bot:
            return
        by = self._who(moment)
        if self._is_bot(by):
            return
        text = moment.revisions[0].text if moment.revisions else ""
        if self.hearing.is_response(text, source):
            resumed = (self.remembered.has(source, "resumed", name) for name in (REPLY, ""))
            if speaks_for_customer(by, self.state) or any(resumed):
                self.fold.replied(by, source)
            self.fold.fact("comment", source, by)
        self.hearing.hear(text, by, source)

    def _edited(self, edit: Edit) -> None:
        """Only what is new counts: a command, an answer, the last tick; it is the editor's.

        An answer that was refused is asked again: what was wrong with it may be mended elsewhere in the request.
        """
        source = f"{edit.of.source}:{edit.revision.at}"
        known = self.people.get(edit.revision.by.lower()) or Actor(edit.revision.by)
        editor = self.remembered.by(known, source)
        if not edit.revision.ours:  # a draft that the desk writes anew is nobody's act
            editor = self._as_then(editor)
        if not self.case.is_request and edit.of.kind == "opened":
            self._marked_edit(edit, source, editor)
        elif edit.of.kind == "opened":
            self._request_edited(edit, source, editor)
        if not (self._is_bot(editor) or (not self.case.is_request and edit.revision.ours)):
            self._said_by_edit(edit, editor, source)
            self.hearing.hear(edit.revision.text, editor, source, before=edit.before)

    def _request_edited(self, edit: Edit, source: str, editor: Actor) -> None:
        then = self.remembered.request(source)
        formless, before = self.request.asked is None, self.request.chosen()
        self.request.read(edit.revision.text, then)
        if then is not None:
            for name, value in _texts(then.get("fields")).items():
                self.fold.set_as_then(name, value, source, editor)
        else:
            changed = {
                name: value
                for name, value in self.request.chosen().items()
                if name in self.policy.fields and (before.get(name) != value or self._stands_refused(name))
            }
            first = len(self.fold.facts)
            self._answered(source, editor, changed, editor)
            asked = self.request.asked if formless else None
            if changed or asked is not None:
                taken = {fact.name: fact.value for fact in self.fold.facts[first:]}
                data = {"fields": taken} | ({"asked": asked.to_json()} if asked is not None else {})
                self.decided.append(kept_request(source, self.fold.at, editor, data))
        self._ticked(edit.before, edit.revision.text, source, editor)

    def _said_by_edit(self, edit: Edit, editor: Actor, source: str) -> None:
        """A changed request is a moment of its own. While the next word is the customer's, what they add to a text of
        theirs is that word: people answer where they were asked (rule 6).
        """
        if edit.of.kind == "opened" and edit.revision.text != edit.before:
            self.fold.fact("edited", source, editor)
        added = self.fold.awaits_customer and self.hearing.speech.adds(edit.before, edit.revision.text)
        if added and speaks_for_customer(editor, self.state):
            self.fold.replied(editor, source)
            self.fold.fact("comment", source, editor)

    def _is_bot(self, by: Actor) -> bool:
        return by.bot or acts_as(self.policy, "bots", by, self.state)

    def _as_then(self, by: Actor) -> Actor:
        """The same person with what they stood as now, in the story."""
        return self.standings.of(by, self.fold.at, self.state)

    def _who(self, moment: Moment) -> Actor:
        """Who did that, and what they stood as."""
        return self._as_then(self.remembered.by(moment.by, moment.source))

    def _ticked(self, before: str, text: str, source: str, by: Actor) -> None:
        """The last box of the request's task list is ticked."""
        if self.ticking and all_ticked(text) and not all_ticked(before):
            self.fold.fact("all ticked", source, by)

    def _labeled(self, moment: Moment, *, added: bool) -> None:
        label = moment.text.lower()
        field = next(
            (field for field in self.policy.fields.values() if field.label and label.startswith(field.label.lower())),
            None,
        )
        then = [kept for kept in self.remembered.at(moment.source) if kept.kind == "field"]
        for kept in then:  # what the label meant when it was put on or taken off
            self.fold.set_as_then(kept.name, kept.value, moment.source, self._who(moment))
        if then:
            return
        if field is None:
            self.fold.label(label, moment.source, moment.by, added=added)
            return
        if moment.other_bot and "bots" not in field.set_by:
            return  # a bot is believed where the policy says so
        by = self._who(moment)
        value = next((one.id for one in field.values if one.id.lower() == label[len(field.label) :]), None)
        if added:
            if value is not None and self.state.fields.get(field.name) != value:
                if self._allowed(field, value, by, self.state):
                    self.fold.set_field(field, value, moment.source, by)
                else:
                    self._refuse_value(field, value)
        elif value is not None and self.state.fields.get(field.name) == value:
            self.fold.unset_field(field, moment.source, by)

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
        if record.reopens:
            self.fold.reopen(None, record.key, asked=True)

    # -- fields -------------------------------------------------------------------------------------------------------

    def _allowed(self, field: Field, value: str, by: Actor, state: State) -> bool:
        found = field.value(value)
        return found is not None and state.holds(found.only, self.fold.at) and self._may_file(field, value, by, state)

    def _may_file(self, field: Field, value: str, by: Actor, state: State) -> bool:
        """Whether the value is no form, or one that this person may use: its page, and its label, are open to all."""
        form = self.policy.forms.get(value) if field.name == "type" else None
        return form is None or not form.by or self._is_bot(by) or self.hearing.speech.may(form.by, by, state)

    def _stands_refused(self, name: str) -> bool:
        """Whether the request's answer for this field was refused, and nobody has decided on the field since."""
        field = self.policy.fields.get(name)
        return field is not None and name in self.refused and field.title in self.fold.problems

    def _refuse_value(self, field: Field, value: str) -> None:
        found = field.value(value)
        assert found is not None, "only a field's own values are refused"
        if self.state.holds(found.only, self.fold.at):
            reason = self.hearing.speech.not_yours(found.name, self.policy.forms[value].by)
        else:
            reason = why("value-only-with", value=found.name, conditions=self.hearing.speech.describe(found.only))
        self.fold.problems[field.title] = Problem(field.title, reason)

    # -- rules --------------------------------------------------------------------------------------------------------

    def _judge_rules(self) -> None:
        """Each rule fires once, each time its `when` becomes true; what it sets may make others true."""
        for _ in range(len(self.policy.rules) + 1):
            if not any(list(self._newly_true())):
                return

    def _newly_true(self) -> Iterator[bool]:
        for rule in self.policy.rules:
            true = self.state.holds(rule.when, self.fold.at)
            fires = true and not self.truths.get(rule.id, False)
            self.truths[rule.id] = true
            if fires:
                # Named by its instant: within one, a condition becomes true once, whatever else is told of it later.
                fired = Fired(rule.id, self.fold.at, str(self.fold.at))
                self.fired.append(fired)
                self.fold.set_fields(rule.verbs.set, fired.key, None, higher=False)
                self.fold.set_fields(rule.verbs.raise_, fired.key, None, higher=True)
                for label in rule.verbs.label:
                    self.fold.label(label, fired.key, None)
                for label in rule.verbs.unlabel:
                    self.fold.label(label, fired.key, None, added=False)
                if rule.verbs.close:
                    self.fold.close(None, fired.key, until_reply=rule.verbs.until_reply)
                if rule.verbs.reopen:
                    self.fold.reopen(None, fired.key, asked=True)
            yield fires


def _texts(found: object) -> dict[str, str]:
    """Names and values of the record, which is read as if somebody else had written it."""
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
