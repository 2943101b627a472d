"""What places in texts of the policy stand for: `{url}`, `{FIELD}`, and `{QUESTION}`, what somebody has answered.

A question's answer is the request's, or that of the command's block which was given last: an escalation says its own
impact, whatever the request said before. What nobody has answered is a dash. Fields come before questions.
"""

from __future__ import annotations

from collections.abc import Mapping

from respondby.desk.history import History
from respondby.policy.model.policy import Policy

UNANSWERED = "–"


def values_of(policy: Policy, history: History) -> dict[str, str]:
    """The values by the names that stand in braces. People wrote them, and letters make them harmless."""
    answers = {question.id: UNANSWERED for form in policy.forms.values() for question in form.ask}
    answers.update(_said(history.answers))
    for fact in history.facts:
        command = policy.commands.get(fact.name) if fact.kind == "command" else None
        if command is not None and command.needs is not None:
            asked = {question.id for question in policy.forms[command.needs].ask}
            answers.update({id: said for id, said in fact.args.items() if id in asked})
    return {**answers, **history.state.fields, "url": history.case.url}


def _said(answers: Mapping[str, str | list[str] | None]) -> dict[str, str]:
    return {id: said if isinstance(said, str) else ", ".join(said) for id, said in answers.items() if said}
