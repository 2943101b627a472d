"""The request that opened a case: which form it came by, what it answers, which fields the answers set.

It is read by the form of then, where a run has kept it (`desk.asked`); a request that nobody has read yet, by today's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from respondby.dataclass import replace
from respondby.desk.answers import parse, policy_fields
from respondby.desk.asked import Asked, asked_by
from respondby.desk.case import Actor, Case
from respondby.desk.history import Problem
from respondby.desk.markers import without_marker
from respondby.desk.refusals import Refusal
from respondby.desk.remembered import asked_then
from respondby.desk.standings import acts_as
from respondby.desk.state import State, first_state
from respondby.policy.model.policy import Customer, Policy
from respondby.policy.model.requests import Form

#: A label that comes with the form stands on the issue within this many seconds of its opening.
FORM_LABEL_SECONDS = 5


#: GitHub's own rule; a managed account's name holds an underscore, a bot's ends in `[bot]`.
_LOGIN = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9_]){0,38}(?:\[bot\])?")

#: What people write where they mean nobody, whatever accounts there are of these names.
_NOBODY = frozenset({"", "none", "no", "nobody", "n/a", "na", "-", "--", "niemand", "keine", "keiner", "geen", "aucun"})


class Request:
    """A request's body, read again whenever it is edited."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self.policy = policy
        self.case = case
        self.asked: Asked | None = None
        self.answers: dict[str, str | list[str] | None] = {}
        self.problems: tuple[Problem, ...] = ()

    @property
    def form(self) -> str | None:
        """The id of the form by which the request came; None for none."""
        return self.asked.form if self.asked is not None else None

    def read(self, body: str, then: Mapping[str, Any] | None = None) -> None:
        """Read the body anew; the form is decided once, by the first body that shows one, or as it was `then`."""
        if self.asked is None:
            self.asked = self._asked_by(body) if then is None else asked_then(then)
        if self.asked is None:
            return
        if self.case.mark is not None:  # an incident's text ends with our own marker
            body = without_marker(body)
        parsed = parse(self.asked.fields, body)
        labels = {field.id: field.label for field in self.asked.fields}
        self.answers = dict(parsed.answers)
        problems = [Problem(labels.get(field, field), problem) for field, problem in parsed.problems]
        named = self._named()
        if named is not None and not _LOGIN.fullmatch(named):
            problems.append(Problem(labels.get("requester", "requester"), Refusal.of("no-login", said=named)))
        self.problems = tuple(problems)

    def chosen(self) -> dict[str, str]:
        """The fields that the answers set: field name → value id. The form itself is the value of `type`."""
        chosen: dict[str, str] = {}
        if self.asked is None:
            return chosen
        if "type" in self.policy.fields:
            chosen["type"] = self.asked.form
        for name, values in self.asked.values.items():
            answer = self.answers.get(name)
            value = values.get(answer) if isinstance(answer, str) else None
            if value is not None:
                chosen[name] = value
        return chosen

    def _named(self) -> str | None:
        """What the answer `requester` names; None where it names nobody."""
        answer = self.answers.get("requester")
        said = answer.strip().removeprefix("@") if isinstance(answer, str) else ""
        return None if said.casefold() in _NOBODY else said

    def requester(self, author: Actor, then: Mapping[str, Any] | None = None) -> Actor:
        """Who counts as the author (rule 16): whom staff or a gateway gave as `requester`, else the author."""
        if then is not None:
            return Actor(then["for"]) if isinstance(then.get("for"), str) else author
        named = self._named()
        if named is None or not _LOGIN.fullmatch(named):
            return author
        state = first_state(self.policy, author.login, self.case.repository)
        may = any(acts_as(self.policy, role, author, state) for role in ("staff", "bots"))
        return Actor(named) if may or author.bot else author

    def first_state(self, requester: Actor, then: Mapping[str, Any] | None) -> State:
        """The case before anything has happened to it; whose customer it is was decided when it was opened."""
        state = first_state(self.policy, requester.login, self.case.repository)
        if then is None:
            return state
        match then.get("customer"):
            case [str(name), plan]:
                known = self.policy.customers.get(name, Customer(name))
                return replace(state, customer=replace(known, plan=plan if isinstance(plan, str) else None))
            case _:
                return replace(state, customer=None)

    def _asked_by(self, body: str) -> Asked | None:
        form = self._form_of(body)
        return asked_by(self.policy, form) if form is not None else None

    def _form_of(self, body: str) -> Form | None:
        """The form whose label the issue was opened with, else the one whose questions the body answers best."""
        if self.case.mark is not None:
            return self.policy.forms.get(self.case.mark.facts.get("form", ""))
        forms = [form for form in self.policy.forms.values() if form.name is not None]
        kind = self.policy.fields.get("type")
        if kind is not None and kind.label:
            early = {
                moment.text
                for moment in self.case.moments
                if moment.kind == "labeled" and not moment.ours and moment.at - self.case.created <= FORM_LABEL_SECONDS
            }
            for form in forms:
                if f"{kind.label}{form.id}" in early:
                    return form
        headings = {line[4:].strip() for line in body.splitlines() if line.startswith("### ")}
        best: Form | None = None
        most = (False, 0)
        for form in forms:
            asked = {field.label for field in policy_fields(self.policy, form)}
            whole = asked <= headings
            # The form may have grown since the body was written: then the body has nothing but its headings.
            grown = headings <= asked and len(headings) > max(1, len(asked) // 2)
            if (whole or grown) and (whole, len(asked & headings)) > most:
                best, most = form, (whole, len(asked & headings))
        return best
