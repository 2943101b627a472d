"""Reading a case: its moments, in order, become facts (see `desk.history` for the laws).

One pass over its happenings. Each is read into facts while the case is folded forward, because whether a command is
allowed depends on how the case stood when it was said. At the end of each instant the rules are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.desk.case import Actor, Case, Moment
from respondby.desk.folding import Fold
from respondby.desk.happenings import Edit, Happening, happenings
from respondby.desk.history import Fired, History, Problem, Said
from respondby.desk.keeping import fact_args, is_pagers, kept_by, source_of
from respondby.desk.records import Kept, Record
from respondby.desk.request import Request
from respondby.desk.speech import HELP_DESK, Speech, Spoken, Verdict
from respondby.desk.state import State, first_state
from respondby.desk.ticks import all_ticked, gone
from respondby.desk.why import why
from respondby.policy.model.clocks import NOTHING
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field
from respondby.policy.people.holders import can_hold


def read(policy: Policy, case: Case) -> History:
    """The case's history under this policy."""
    return _Reader(policy, case).read()


class _Reader:
    """One pass over one case."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self.policy = policy
        self.case = case
        self.fold = Fold(policy, case)
        self.said: list[Said] = []
        self.fired: list[Fired] = []
        self.requester = case.author
        self.request = Request(policy, case)
        self.speech = Speech(policy)
        self.truths: dict[str, bool] = {}
        self.refused: set[str] = set()  # fields whose answer stands in the request and was not taken
        self.kept = case.ledger.kept
        self.people = {moment.by.login.lower(): moment.by for moment in case.moments}
        patterns = [p for clock in policy.clocks.values() for p in (*clock.start, *clock.stop, *clock.pause)]
        self.ticking = bool(policy.duties) or any(pattern.kind == "all ticked" for pattern in patterns)

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
            form=self.request.form.id if self.request.form else None,
            answers=self.request.answers,
            facts=tuple(self.fold.facts),
            said=tuple(self.said),
            fired=tuple(self.fired),
            problems=(*self.request.problems, *self.fold.problems.values()),
            first=self.fold.first,
            states=tuple(self.fold.states),
            waiting_since=self.fold.waiting_since,
            reply=self.fold.reply,
        )

    # -- one happening ------------------------------------------------------------------------------------------------

    def _take(self, happening: Happening) -> None:
        spoken = happening.of if isinstance(happening, Edit) else happening
        self.fold.number = spoken.number if isinstance(spoken, Moment) else 0
        if isinstance(happening, Edit):
            self._edited(happening)
        elif isinstance(happening, Record):
            self._recorded(happening)
        elif isinstance(happening, Kept):
            self._kept(happening)
        else:
            self._moment(happening)

    def _moment(self, moment: Moment) -> None:
        match moment.kind:
            case "opened":
                self._opened(moment)
            case "comment":
                self._commented(moment)
            case "labeled" if not moment.ours:
                self._labeled(moment, added=True)
            case "unlabeled" if not moment.ours:
                self._labeled(moment, added=False)
            case "assigned":
                self.fold.assign(moment.text, moment.by, moment.source, ours=moment.ours)
            case "unassigned":
                self.fold.unassign(moment.text, moment.by, moment.source)
            case "closed":
                self.fold.close(moment.by, moment.source, ours=moment.ours, reason=moment.text.replace("_", " "))
                if moment.text == "duplicate":
                    self.fold.mark_duplicate("", moment.source, moment.by)
            case "duplicate":
                self.fold.mark_duplicate(moment.text, moment.source, moment.by)
            case "no duplicate":
                self.fold.mark_duplicate(None, moment.source, moment.by)
            case "reopened":
                self.fold.reopen(moment.by, moment.source)
            case "merged" | "post-mortem merged":
                self.fold.fact(moment.kind, moment.source, moment.by)
            case _:  # our own labels: their causes are facts already
                pass

    def _opened(self, moment: Moment) -> None:
        text = moment.revisions[0].text if moment.revisions else ""
        if self.case.mark is not None:  # the desk's own: no request, and nobody said anything yet
            customer = self.policy.customers.get(self.case.mark.facts.get("customer", ""))
            self.fold.begin(replace(self.state, customer=customer))
            self.fold.fact("opened", moment.source, moment.by)
            self._marked(moment)
            return
        self.request.read(text)
        self.requester = self.request.requester(moment.by)
        if self.requester != moment.by:
            self.fold.begin(first_state(self.policy, self.requester.login, self.case.repository))
        self.fold.fact("opened", moment.source, self.requester)
        self._answered(moment.source, self.requester, self.request.chosen(), moment.by)
        for field in self.policy.fields.values():
            self.fold.set_default(field, moment.source)
        speaker = self.requester if self._is_bot(moment.by) else moment.by
        if not self._is_bot(speaker):
            self._heard(text, speaker, moment.source)
        self._ticked("", text, moment.source, self.requester)

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

    def _answered(self, source: str, by: Actor, chosen: dict[str, str], writer: Actor) -> None:
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
        if moment.ours:
            if any(card.source == moment.source for card in self.case.cards):
                self.fold.card(moment.source, moment.by)
            return
        if self._is_bot(moment.by):
            return
        text = moment.revisions[0].text if moment.revisions else ""
        if not self.speech.only_commands(text):
            if self.state.is_customer(moment.by.login):
                self.fold.replied(moment.by, moment.source)
            self.fold.fact("comment", moment.source, moment.by)
        self._heard(text, moment.by, moment.source)

    def _edited(self, edit: Edit) -> None:
        """Only what is new counts: a command, an answer, the last tick; it is the editor's.

        An answer that was refused is asked again: what was wrong with it may be mended elsewhere in the request.
        """
        editor = self.people.get(edit.revision.by.lower()) or Actor(edit.revision.by)
        source = f"{edit.of.source}:{edit.revision.at}"
        if self.case.mark is not None and edit.of.kind == "opened":
            self._marked_edit(edit, source, editor)
        elif edit.of.kind == "opened":
            before = self.request.chosen()
            self.request.read(edit.revision.text)
            changed = {
                name: value
                for name, value in self.request.chosen().items()
                if before.get(name) != value or self._stands_refused(name)
            }
            self._answered(source, editor, changed, editor)
            self._ticked(edit.before, edit.revision.text, source, editor)
        if not (self._is_bot(editor) or (self.case.mark is not None and edit.revision.ours)):
            self._heard(edit.revision.text, editor, source, before=edit.before)

    def _is_bot(self, by: Actor) -> bool:
        return by.bot or can_hold(self.policy, "bots", by.login, by.association, state=self.state)

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
        if field is None:
            self.fold.label(label, moment.source, moment.by, added=added)
            return
        value = next((one.id for one in field.values if one.id.lower() == label[len(field.label) :]), None)
        if added:
            if value is not None and self.state.fields.get(field.name) != value:
                if self._allowed(field, value, moment.by, self.state):
                    self.fold.set_field(field, value, moment.source, moment.by)
                else:
                    self._refuse_value(field, value)
        elif value is not None and self.state.fields.get(field.name) == value:
            self.fold.unset_field(field, moment.source, moment.by)

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

    def _kept(self, kept: Kept) -> None:
        """A fact whose comment is gone."""
        by, source = kept_by(kept), source_of(kept)
        match kept.kind:
            case "comment":
                self.fold.fact("comment", source, by)
            case "command":
                args = fact_args(kept)
                said = Said(kept.name, kept.name, by, kept.at, source, "accepted", args=args)
                self.said.append(said)
                if is_pagers(source):  # no comment said it: what the command changes is kept nowhere else
                    self._command(said)
                else:
                    self.fold.fact("command", source, by, kept.name, None, args)
            case "field":
                self.fold.set_fields([(kept.name, kept.value)], source, by, higher=False)
            case "waiting":
                self.fold.wait(source, by)
            case "resumed":
                self.fold.resume(source, by)
            case "assigned":
                self.fold.assign(kept.value, by, source)
            case "closed":
                self.fold.close(by, source, until_reply=self._until_reply(source))
            case "reopened":
                self.fold.replied(by, source)
            case "card":
                self.fold.card(source, by)
            case _:  # kept by another version of the desk, which knew more kinds
                pass

    # -- fields -------------------------------------------------------------------------------------------------------

    def _allowed(self, field: Field, value: str, by: Actor, state: State) -> bool:
        found = field.value(value)
        return found is not None and state.holds(found.only, self.fold.at) and self._may_file(field, value, by, state)

    def _may_file(self, field: Field, value: str, by: Actor, state: State) -> bool:
        """Whether the value is no form, or one that this person may use: its page, and its label, are open to all."""
        form = self.policy.forms.get(value) if field.name == "type" else None
        return form is None or not form.by or self._is_bot(by) or self.speech.may(form.by, by, state)

    def _stands_refused(self, name: str) -> bool:
        """Whether the request's answer for this field was refused, and nobody has decided on the field since."""
        return name in self.refused and self.policy.fields[name].title in self.fold.problems

    def _refuse_value(self, field: Field, value: str) -> None:
        found = field.value(value)
        assert found is not None, "only a field's own values are refused"
        if self.state.holds(found.only, self.fold.at):
            reason = self.speech.not_yours(found.name, self.policy.forms[value].by)
        else:
            reason = why("value-only-with", value=found.name, conditions=self.speech.describe(found.only))
        self.fold.problems[field.title] = Problem(field.title, reason)

    # -- commands -----------------------------------------------------------------------------------------------------

    def _heard(self, text: str, by: Actor, source: str, before: str | None = None) -> None:
        """Commands in a text; with `before`, only those that are new in it (rule 17)."""
        for spoken in self.speech.lines(text, before):
            at, state, place = self.fold.at, self.state.spoken_by(by.login), f"{source}:{spoken.number}"
            verdict = self._done_before(spoken, place) or self.speech.judge(spoken, by, at, state, self.said)
            may = self.speech.help_for(by, at, state) if spoken.word == HELP_DESK else ()
            said = Said(spoken.word, spoken.line, by, at, place, *verdict, self.fold.number, may)
            self.said.append(said)
            if said.verdict == "accepted":
                self._obey(spoken, said)

    def _done_before(self, spoken: Spoken, place: str) -> Verdict | None:
        """A command that was done stays done: whoever said it may have left the desk, or the policy changed since."""
        kind, name = ("command", spoken.word) if spoken.field is None else ("field", spoken.field.name)
        kept = self.kept.get(f"{place} {kind} {name}")
        if kept is None or (spoken.field is not None and spoken.field.value(kept.value) is None):
            return None
        return "accepted", None, fact_args(kept) if spoken.field is None else {"value": kept.value}

    def _obey(self, spoken: Spoken, said: Said) -> None:
        """What an accepted command changes at once; calls and what is seen on the issue are the plan's business."""
        source, by = said.source, said.by
        if spoken.field is not None:
            self.fold.set_field(spoken.field, said.args["value"], source, by)
            return
        self._command(said)

    def _command(self, said: Said) -> None:
        source, by = said.source, said.by
        command = self.policy.commands.get(said.word)
        verbs = command.verbs if command is not None else NOTHING
        self.fold.fact("command", source, by, said.word, None, dict(said.args))
        self.fold.set_fields(verbs.set, source, by, higher=False)
        self.fold.set_fields(verbs.raise_, source, by, higher=True)
        for label in verbs.label:
            self.fold.label(label, source, by)
        for label in verbs.unlabel:
            self.fold.label(label, source, by, added=False)
        if said.word == "/wait":
            self.fold.wait(source, by)
        elif said.word == "/resume":
            self.fold.resume(source, by)
        elif said.word == "/assign":
            self.fold.assign(said.args.get("who", by.login), by, source)
        elif said.word == "/close" or verbs.close:
            self.fold.close(by, source, until_reply=verbs.until_reply)

    def _until_reply(self, source: str) -> bool:
        """Whether the command that is kept under this source closes only until the customer replies."""
        words = [said.word for said in self.said if said.source == source and said.word in self.policy.commands]
        return any(self.policy.commands[word].verbs.until_reply for word in words)

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
            yield fires
