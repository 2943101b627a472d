"""An incident's issue as its alert opens it: the title, and the text as its form would have made it.

The text is read back as any request that came by the form. What an alert says is a monitoring system's text, and
nobody's command: it is made harmless as people's words are.
"""

from __future__ import annotations

from collections.abc import Mapping

from respondby.desk.answers import FormField, policy_fields
from respondby.letters.neutral import flat, inline
from respondby.policy.model.policy import Policy
from respondby.rules.incidents import OpenIncident, fields_of, part_of

#: What a form's page writes where nothing was answered.
NO_RESPONSE = "_No response_"

_TITLE = 200
_ANSWER = 2_000


def incident_title(opening: OpenIncident) -> str:
    """The alert's summary on one line."""
    return flat(opening.first.summary, _TITLE)


def render_incident(opening: OpenIncident, policy: Policy, marker: str) -> str:
    """The issue's text; it ends with `marker`."""
    form = policy.forms[opening.alerts.form]
    given: dict[str, str] = {}
    for name, value in fields_of(policy, opening.alerts, opening.first).items():
        found = policy.fields[name].value(value)
        given[name] = found.name if found is not None else ""
    given |= {question: part_of(opening.first, part) for question, part in opening.alerts.answers}
    parts = [f"### {field.label}\n\n{_answer(field, given)}" for field in policy_fields(policy, form)]
    return "\n\n".join((*parts, marker))


def _answer(field: FormField, given: Mapping[str, str]) -> str:
    said = " ".join(given.get(field.id, "").split())
    if field.options:
        return next((option for option in field.options if option.casefold() == said.casefold()), NO_RESPONSE)
    return inline(said, _ANSWER) or NO_RESPONSE
