"""Fields that a request's answers and people's labels set: who may set which value, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from respondby.desk.actors import Actors
from respondby.desk.case import Actor, Moment
from respondby.desk.folding import Fold
from respondby.desk.history import Problem
from respondby.desk.refusals import Refusal
from respondby.desk.remembered import Remembered
from respondby.desk.speech import Speech
from respondby.desk.state import State
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Field


class FieldChanges:
    """The changes of one case's fields while it is read."""

    def __init__(self, policy: Policy, fold: Fold, speech: Speech, actors: Actors, remembered: Remembered) -> None:
        self._policy = self._then = policy
        self._fold = fold
        self._speech = speech
        self._actors = actors
        self._remembered = remembered
        self._refused: set[str] = set()  # fields whose answer stands in the request and was not taken

    def under(self, policy: Policy) -> None:
        """From now on another policy says which label is a field's, and whose it is to set."""
        self._then = policy

    def answered(self, source: str, by: Actor, chosen: Mapping[str, str], writer: Actor) -> None:
        """Fields that the request's answers set: all first, then those that the others do not allow are refused.

        `writer` is who filled in the form, where that is somebody else than whom it is for (rule 16).
        """
        fold = self._fold
        then = replace(fold.state, fields={**fold.state.fields, **chosen})
        refused = [
            name for name, value in chosen.items() if not self._allowed(self._policy.fields[name], value, writer, then)
        ]
        self._refused.difference_update(chosen)
        for name, value in chosen.items():
            field = self._policy.fields[name]
            if name in refused:
                self._refused.add(name)
                self._refuse(field, value)
            else:
                fold.set_field(field, value, source, by)

    def refused_then(self, by: Actor, chosen: Mapping[str, str]) -> None:
        """What was refused of a request's answers when they were read: it was chosen, and does not stand."""
        for name, value in chosen.items():
            field = self._policy.fields.get(name)
            if field is None or field.value(value) is None or self._fold.state.fields.get(name) == value:
                continue
            self._refused.add(name)
            if not self._allowed(field, value, by, self._fold.state):
                self._refuse(field, value)

    def stands_refused(self, name: str) -> bool:
        """Whether the request's answer for this field was refused, and nobody has decided on the field since."""
        field = self._policy.fields.get(name)
        return field is not None and name in self._refused and field.title in self._fold.problems

    def labeled(self, moment: Moment, *, added: bool) -> None:
        """Somebody put a label on the issue, or took it off: a field's value, or a label like another."""
        fold, label = self._fold, moment.text.lower()
        field = next(
            (field for field in self._then.fields.values() if field.label and label.startswith(field.label.lower())),
            None,
        )
        then = [kept for kept in self._remembered.at(moment.source) if kept.kind == "field"]
        for kept in then:  # what the label meant when it was put on or taken off
            fold.set_as_then(kept.name, kept.value, moment.source, self._actors.of(moment))
        if then:
            return
        if field is None:
            fold.label(label, moment.source, moment.by, added=added)
            return
        if moment.other_bot and "bots" not in field.set_by:
            return  # a bot is believed where the policy says so
        by = self._actors.of(moment)
        value = next((one.id for one in field.values if one.id.lower() == label[len(field.label) :]), None)
        if added:
            if value is not None and fold.state.fields.get(field.name) != value:
                if self._allowed(field, value, by, fold.state):
                    fold.set_field(field, value, moment.source, by)
                else:
                    self._refuse(field, value)
        elif value is not None and fold.state.fields.get(field.name) == value:
            fold.unset_field(field, moment.source, by)

    def _allowed(self, field: Field, value: str, by: Actor, state: State) -> bool:
        found = field.value(value)
        return found is not None and state.holds(found.only, self._fold.at) and self._may_file(field, value, by, state)

    def _may_file(self, field: Field, value: str, by: Actor, state: State) -> bool:
        """Whether the value is no form, or one that this person may use: its page, and its label, are open to all."""
        form = self._policy.forms.get(value) if field.name == "type" else None
        return form is None or not form.by or self._actors.is_bot(by) or self._speech.may(form.by, by, state)

    def _refuse(self, field: Field, value: str) -> None:
        found = field.value(value)
        assert found is not None, "only a field's own values are refused"
        if self._fold.state.holds(found.only, self._fold.at):
            reason = self._speech.not_yours(found.name, self._policy.forms[value].by)
        else:
            reason = Refusal.of("value-only-with", value=found.name, conditions=self._speech.describe(found.only))
        self._fold.problems[field.title] = Problem(field.title, reason)
