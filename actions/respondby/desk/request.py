"""The request that opened a case: which form it came by, what it answers, which fields the answers set."""

from __future__ import annotations

from respondby.desk.answers import parse, policy_fields
from respondby.desk.case import Actor, Case
from respondby.desk.history import Problem
from respondby.desk.state import first_state
from respondby.policy.model.policy import Policy
from respondby.policy.model.requests import Form
from respondby.policy.people.holders import can_hold

#: A label that comes with the form stands on the issue within this many seconds of its opening.
FORM_LABEL_SECONDS = 5


class Request:
    """A request's body, read again whenever it is edited."""

    def __init__(self, policy: Policy, case: Case) -> None:
        self.policy = policy
        self.case = case
        self.form: Form | None = None
        self.answers: dict[str, str | list[str] | None] = {}
        self.problems: tuple[Problem, ...] = ()

    def read(self, body: str) -> None:
        """Read the body anew; the form is decided once, by the first body that shows one."""
        if self.form is None:
            self.form = self._form_of(body)
        if self.form is None:
            return
        fields = policy_fields(self.policy, self.form)
        parsed = parse(fields, body)
        labels = {field.id: field.label for field in fields}
        self.answers = dict(parsed.answers)
        self.problems = tuple(Problem(labels.get(field, field), why) for field, why in parsed.problems)

    def chosen(self) -> dict[str, str]:
        """The fields that the answers set: field name → value id. The form itself is the value of `type`."""
        chosen: dict[str, str] = {}
        if self.form is None:
            return chosen
        if "type" in self.policy.fields:
            chosen["type"] = self.form.id
        for name in self.form.choose:
            field = self.policy.fields.get(name)
            answer = self.answers.get(name)
            if field is None or not isinstance(answer, str):
                continue
            value = next((value.id for value in field.values if answer in (value.name, value.id)), None)
            if value is not None:
                chosen[name] = value
        return chosen

    def requester(self, author: Actor) -> Actor:
        """Who counts as the author (rule 16): whom staff or a gateway gave as `requester`, else the author."""
        named = self.answers.get("requester")
        if not isinstance(named, str) or not named.strip():
            return author
        state = first_state(self.policy, author.login, self.case.repository)
        may = any(
            can_hold(self.policy, role, author.login, author.association, state=state) for role in ("staff", "bots")
        )
        return Actor(named.strip().removeprefix("@")) if may or author.bot else author

    def _form_of(self, body: str) -> Form | None:
        """The form whose label the issue was opened with, else the one whose questions the body answers best."""
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
