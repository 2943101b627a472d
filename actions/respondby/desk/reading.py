"""Reading a case: its moments, in order, become facts (see `desk.history` for the laws).

One pass. Moments, later revisions, rungs that the ledger records and facts that it kept are put in one order; each is read
into facts while a State is folded forward, because whether a command is allowed depends on how the case stood when it
was said. At the end of each instant the rules are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from respondby.calendars.instants import Instant
from respondby.desk.case import Actor, Case, Moment, Revision
from respondby.desk.history import Fact, FactKind, Fired, History, Problem, Said
from respondby.desk.ledger import Kept, Record
from respondby.desk.request import Request
from respondby.desk.speech import Speech, Spoken
from respondby.desk.state import State
from respondby.policy.holders import can_hold
from respondby.policy.model import Policy
from respondby.policy.requests import Field


@dataclass(frozen=True, slots=True)
class _Edit:
    """A later text of something: what is new in it counts from then."""

    of: Moment
    before: str
    revision: Revision


Happening = Moment | _Edit | Record | Kept


def read(policy: Policy, case: Case) -> History:
    """The case's history under this policy."""
    return _Reader(policy, case).read()


def _happenings(case: Case) -> list[tuple[Instant, Happening]]:
    """Everything that can be a fact, in order; within one instant in the forge's own order, then edits, then records."""
    found: list[tuple[Instant, int, Happening]] = []
    ledger = case.ledger
    for moment in case.moments:
        found.append((moment.at, 0, moment))
        found.extend(
            (revision.at, 1, _Edit(moment, before.text, revision))
            for before, revision in zip(moment.revisions, moment.revisions[1:], strict=False)
            if not moment.ours
        )
    found.extend((record.at, 2, record) for record in ledger.records.values() if record.sets or record.labels)
    present = {moment.source for moment in case.moments}
    found.extend((kept.at, 0, kept) for kept in ledger.kept.values() if _origin(kept.key) not in present)
    found.sort(key=lambda item: item[:2])
    return [(at, happening) for at, _, happening in found]


def _origin(key: str) -> str:
    """The source of the comment that a kept fact came from: its key is `source kind name`."""
    return key.split(" ", 1)[0].split(":", 1)[0]


class _Reader:
    """One pass over one case."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self.policy = policy
        self.case = case
        self.facts: list[Fact] = []
        self.said: list[Said] = []
        self.fired: list[Fired] = []
        self.problems: dict[str, Problem] = {}
        self.requester = case.author
        self.request = Request(policy, case)
        self.speech = Speech(policy)
        self.state = State(policy, case.author.login, case.repository, case.created)
        self.waiting_since: Instant | None = None
        self.card_seen = False
        self.number = 0
        self.truths: dict[str, bool] = {}

    def read(self) -> History:
        happenings = _happenings(self.case)
        for index, (at, happening) in enumerate(happenings):
            self.state.at = at
            self._take(happening)
            last = index + 1 == len(happenings)
            if last or happenings[index + 1][0] != at:
                self._judge_rules()
        return History(
            case=self.case,
            requester=self.requester,
            form=self.request.form.id if self.request.form else None,
            answers=self.request.answers,
            facts=tuple(self.facts),
            said=tuple(self.said),
            fired=tuple(self.fired),
            problems=(*self.request.problems, *self.problems.values()),
            state=self.state,
            waiting_since=self.waiting_since,
        )

    # -- one happening ------------------------------------------------------------------------------------------------

    def _take(self, happening: Happening) -> None:
        self.number = happening.number if isinstance(happening, Moment) else 0
        if isinstance(happening, _Edit):
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
            case "assigned" if not moment.ours:
                self._assigned(moment.text, moment.by, moment.source)
            case "unassigned":
                self.state.assignees = tuple(
                    name for name in self.state.assignees if name.lower() != moment.text.lower()
                )
            case "closed":
                self._closed(moment.by, moment.source)
            case "reopened":
                self._reopened(moment)
            case "merged" | "post-mortem merged":
                self._fact(moment.kind, moment.source, moment.by)
            case _:  # our own labels and assignments: their causes are facts already
                pass

    def _fact(
        self,
        kind: FactKind,
        source: str,
        by: Actor | None,
        name: str = "",
        value: str | None = None,
        args: dict[str, str] | None = None,
    ) -> None:
        self.facts.append(Fact(self.state.at, kind, source, by, name, value, args or {}, self.number))

    def _opened(self, moment: Moment) -> None:
        text = moment.revisions[0].text if moment.revisions else ""
        self.request.read(text)
        self.requester = self.request.requester(moment.by)
        if self.requester != moment.by:
            self.state = State(self.policy, self.requester.login, self.case.repository, moment.at)
        self._fact("opened", moment.source, self.requester)
        self._answered(moment.source, self.requester, self.request.chosen())
        for field in self.policy.fields.values():
            if field.default is not None and field.name not in self.state.fields:
                self._set(field, field.default, moment.source, None)
        self._heard(text, moment.by, moment.source)

    def _answered(self, source: str, by: Actor, chosen: dict[str, str]) -> None:
        """Fields that the request's answers set: all first, then those that the others do not allow are refused."""
        before = dict(self.state.fields)
        self.state.fields.update(chosen)
        refused = [name for name, value in chosen.items() if not self._allowed(self.policy.fields[name], value)]
        self.state.fields = before
        for name, value in chosen.items():
            field = self.policy.fields[name]
            if name in refused:
                self._refuse_value(field, value)
            else:
                self._set(field, value, source, by)

    def _commented(self, moment: Moment) -> None:
        if moment.ours:
            if not self.card_seen and any(card.source == moment.source for card in self.case.cards):
                self.card_seen = True
                self._fact("card", moment.source, moment.by)
            return
        if moment.by.bot or can_hold(self.policy, "bots", moment.by.login, moment.by.association, state=self.state):
            return
        text = moment.revisions[0].text if moment.revisions else ""
        if not self.speech.only_commands(text):
            if self.waiting_since is not None and moment.by.login.lower() == self.requester.login.lower():
                self._resume(moment.source, moment.by)
            self._fact("comment", moment.source, moment.by)
        self._heard(text, moment.by, moment.source)

    def _edited(self, edit: _Edit) -> None:
        editor = edit.of.by if edit.revision.by.lower() == edit.of.by.login.lower() else Actor(edit.revision.by)
        source = f"{edit.of.source}:{edit.revision.at}"
        if edit.of.kind == "opened":
            before = self.request.chosen()
            self.request.read(edit.revision.text)
            changed = {name: value for name, value in self.request.chosen().items() if before.get(name) != value}
            self._answered(source, editor, changed)
        self._heard(edit.revision.text, editor, source, before=edit.before)

    def _labeled(self, moment: Moment, *, added: bool) -> None:
        label = moment.text
        field = self._family(label)
        if field is None:
            (self.state.labels.add if added else self.state.labels.discard)(label)
            self._fact("label" if added else "unlabel", moment.source, moment.by, label)
            return
        value = label[len(field.label) :]
        if added:
            if field.value(value) is not None and self.state.fields.get(field.name) != value:
                if self._allowed(field, value):
                    self._set(field, value, moment.source, moment.by)
                else:
                    self._refuse_value(field, value)
        elif self.state.fields.get(field.name) == value:
            self._unset(field, moment.source, moment.by)

    def _assigned(self, login: str, by: Actor | None, source: str) -> None:
        if login.lower() not in (present.lower() for present in self.state.assignees):
            self.state.assignees = (*self.state.assignees, login)
        self._fact("assigned", source, by, value=login)

    def _closed(self, by: Actor, source: str) -> None:
        if self.state.open:
            self.state.open = False
            self._fact("closed", source, by)

    def _reopened(self, moment: Moment) -> None:
        if not self.state.open:
            self.state.open = True
            self._fact("reopened", moment.source, moment.by)

    def _recorded(self, record: Record) -> None:
        """What a rung of ours set: at the rung's own time (rule 10)."""
        for label in record.labels:
            self.state.labels.add(label)
            self._fact("label", record.key, None, label)
        for name, value in record.sets:
            field = self.policy.fields.get(name)
            if field is not None and field.value(value) is not None:
                self._set(field, value, record.key, None)

    def _kept(self, kept: Kept) -> None:
        """A fact whose comment is gone."""
        by = Actor(kept.by, kept.association)
        source = kept.key.split(" ", 1)[0]
        if kept.kind == "field":
            field = self.policy.fields.get(kept.name)
            if field is not None and field.value(kept.value) is not None:
                self._set(field, kept.value, source, by)
        elif kept.kind == "waiting":
            self._wait(source, by)
        elif kept.kind == "resumed":
            self._resume(source, by)
        elif kept.kind in ("comment", "command", "assigned", "card"):
            self._fact(kept.kind, source, by, kept.name, kept.value or None)  # type: ignore[arg-type]

    # -- fields -------------------------------------------------------------------------------------------------------

    def _family(self, label: str) -> Field | None:
        """The field whose label prefix this label has."""
        return next(
            (field for field in self.policy.fields.values() if field.label and label.startswith(field.label)), None
        )

    def _allowed(self, field: Field, value: str) -> bool:
        found = field.value(value)
        return found is not None and self.state.holds(found.only)

    def _set(self, field: Field, value: str, source: str, by: Actor | None) -> None:
        self.problems.pop(field.title, None)
        if self.state.fields.get(field.name) != value:
            self.state.fields[field.name] = value
            self._fact("field", source, by, field.name, value)

    def _unset(self, field: Field, source: str, by: Actor | None) -> None:
        if self.state.fields.pop(field.name, None) is not None:
            self._fact("field", source, by, field.name, None)

    def _refuse_value(self, field: Field, value: str) -> None:
        found = field.value(value)
        name = found.name if found else value
        conditions = self.speech.describe(found.only) if found else "it is not one of its values"
        self.problems[field.title] = Problem(field.title, f"“{name}” is only for requests with {conditions}.")

    # -- commands -----------------------------------------------------------------------------------------------------

    def _heard(self, text: str, by: Actor, source: str, before: str | None = None) -> None:
        """Commands in a text; with `before`, only those that are new in it (rule 17)."""
        for spoken in self.speech.lines(text, before):
            self.state.speaker = by.login
            verdict = self.speech.judge(spoken, by, self.state, self.said)
            said = Said(spoken.word, spoken.line, by, self.state.at, f"{source}:{spoken.number}", *verdict)
            self.said.append(said)
            if said.verdict == "accepted":
                self._obey(spoken, said)

    def _obey(self, spoken: Spoken, said: Said) -> None:
        """What an accepted command changes at once; calls and labels are the plan's business."""
        source, by = said.source, said.by
        if spoken.field is not None:
            self._set(spoken.field, said.args["value"], source, by)
            return
        assert spoken.command is not None
        self._fact("command", source, by, said.word, None, dict(said.args))
        for name, value in spoken.command.verbs.set:
            self._set(self.policy.fields[name], value, source, by)
        for name, value in spoken.command.verbs.raise_:
            self._raise(self.policy.fields[name], value, source, by)
        if said.word == "/wait":
            self._wait(source, by)
        elif said.word == "/resume":
            self._resume(source, by)
        elif said.word == "/assign":
            self._assigned(said.args.get("who", by.login), by, source)
        elif said.word == "/close" or spoken.command.verbs.close:
            self._closed(by, source)

    def _raise(self, field: Field, value: str, source: str, by: Actor | None) -> None:
        """`raise` never lowers: values stand highest first."""
        order = [item.id for item in field.values]
        now = self.state.fields.get(field.name)
        if now is None or order.index(value) < order.index(now):
            self._set(field, value, source, by)

    def _wait(self, source: str, by: Actor) -> None:
        if self.waiting_since is None:
            self.waiting_since = self.state.at
            self._fact("waiting", source, by)

    def _resume(self, source: str, by: Actor) -> None:
        if self.waiting_since is not None:
            self.waiting_since = None
            self._fact("resumed", source, by)

    # -- rules --------------------------------------------------------------------------------------------------------

    def _judge_rules(self) -> None:
        """Each rule fires once, each time its `when` becomes true; what it sets may make others true."""
        for _ in range(len(self.policy.rules) + 1):
            if not any(list(self._newly_true())):
                return

    def _newly_true(self) -> Iterator[bool]:
        for rule in self.policy.rules:
            true = self.state.holds(rule.when)
            fires = true and not self.truths.get(rule.id, False)
            self.truths[rule.id] = true
            if fires:
                source = self.facts[-1].source if self.facts else "opened"
                fired = Fired(rule.id, self.state.at, source)
                self.fired.append(fired)
                for name, value in rule.verbs.set:
                    self._set(self.policy.fields[name], value, fired.key, None)
                for name, value in rule.verbs.raise_:
                    self._raise(self.policy.fields[name], value, fired.key, None)
                self.state.labels.update(rule.verbs.label)
                self.state.labels.difference_update(rule.verbs.unlabel)
            yield fires
