"""The request of a case that is being read: who asks, which fields its text sets, how it was read then.

What a run has kept of that is taken from the record (`desk.remembered`); a text that nobody has read yet is read by
today's policy, and how is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from respondby.desk.actors import Actors
from respondby.desk.case import Actor, Case, Moment
from respondby.desk.field_changes import FieldChanges
from respondby.desk.folding import Fold
from respondby.desk.happenings import Edit
from respondby.desk.records import Kept
from respondby.desk.remembered import Remembered, kept_request
from respondby.desk.request import Request
from respondby.policy.model.policy import Policy


class Opening:
    """The request of one case. `requester` is whose it is, `decided` what is to be kept of how it was read."""

    def __init__(
        self, policy: Policy, case: Case, fold: Fold, actors: Actors, changes: FieldChanges, remembered: Remembered
    ) -> None:
        self._policy = policy
        self._case = case
        self._fold = fold
        self._actors = actors
        self._changes = changes
        self._remembered = remembered
        self.request = Request(policy, case)
        self.requester = case.author
        self.decided: list[Kept] = []

    def opened(self, moment: Moment, text: str) -> Actor:
        """The request comes: the case begins. Returns who wrote it, as they stood."""
        fold, request = self._fold, self.request
        then = self._remembered.request(moment.source)
        author = self._remembered.by(moment.by, moment.source)
        request.read(text, then)
        requester = request.requester(author, then)
        fold.begin(request.first_state(requester, then))
        self.requester = self._actors.as_then(requester)
        writer = self.requester if requester == author else self._actors.as_then(author)
        fold.fact("opened", moment.source, self.requester)
        if then is not None:
            self._answered_then(moment.source, self.requester, then)
        else:
            self._changes.answered(moment.source, self.requester, request.chosen(), writer)
        unset = then.get("unset", ()) if then is not None else ()
        for field in self._policy.fields.values():
            if field.name not in unset:
                fold.set_default(field, moment.source)
        if then is None:
            self._keep_opening(moment.source, author, requester)
        return writer

    def edited(self, edit: Edit, source: str, editor: Actor) -> None:
        """The request's text is another. An answer that was refused is asked again: what was wrong with it may be
        mended elsewhere in the request.
        """
        fold, request = self._fold, self.request
        then = self._remembered.request(source)
        formless, before = request.asked is None, request.chosen()
        request.read(edit.revision.text, then)
        if then is not None:
            for name, value in _texts(then.get("fields")).items():
                fold.set_as_then(name, value, source, editor)
            return
        changed = {
            name: value
            for name, value in request.chosen().items()
            if name in self._policy.fields and (before.get(name) != value or self._changes.stands_refused(name))
        }
        first = len(fold.facts)
        self._changes.answered(source, editor, changed, editor)
        asked = request.asked if formless else None
        if changed or asked is not None:
            taken = {fact.name: fact.value for fact in fold.facts[first:]}
            data = {"fields": taken} | ({"asked": asked.to_json()} if asked is not None else {})
            self.decided.append(kept_request(source, fold.at, editor, data))

    def begin_ours(self, moment: Moment) -> None:
        """An issue of ours, in which nobody has said anything yet, and which product it is about."""
        assert self._case.mark is not None, "somebody else's issue is a request"
        fold, about = self._fold, self._case.mark.facts
        fold.begin(replace(fold.state, customer=self._policy.customers.get(about.get("customer", ""))))
        fold.fact("opened", moment.source, moment.by)
        field = self._policy.fields.get("product")
        if field is not None and field.value(about.get("product", "")) is not None:
            fold.set_field(field, about["product"], moment.source, None)

    def _answered_then(self, source: str, by: Actor, then: Mapping[str, Any]) -> None:
        """Fields that the request's answers set when it was read, and what of it was refused then."""
        for name, value in _texts(then.get("fields")).items():
            self._fold.set_as_then(name, value, source, by)
        for name, value in _texts(then.get("defaults")).items():
            self._fold.set_as_then(name, value, source, None)
        self._changes.refused_then(by, self.request.chosen())

    def _keep_opening(self, source: str, author: Actor, requester: Actor) -> None:
        """How the request was read, whose it is, and which values it got."""
        fold, asked = self._fold, self.request.asked
        chosen = {fact.name: fact.value for fact in fold.facts if fact.kind == "field" and fact.by is not None}
        defaults = {fact.name: fact.value for fact in fold.facts if fact.kind == "field" and fact.by is None}
        customer = fold.state.customer
        data = {
            "asked": asked.to_json() if asked is not None else None,
            "fields": chosen,
            "defaults": defaults,
            "unset": [name for name in self._policy.fields if name not in fold.state.fields],
            "customer": [customer.name, customer.plan] if customer is not None else None,
            "for": requester.login if requester != author else None,
        }
        said = {name: value for name, value in data.items() if value}
        self.decided.append(kept_request(source, fold.at, author, said))


def _texts(found: object) -> dict[str, str]:
    """Names and values of the record, which is read as if somebody else had written it."""
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
