"""The template that people copy by hand, `docs/incidents/TEMPLATE.md`, and the prompts in it and in drafts."""

from __future__ import annotations

from respondby.postmortems.rule import SECTIONS

#: What a section asks, by its name in the template of `msp-handoff`.
PROMPTS: dict[str, str] = {
    "Incident summary": "Say what happened, when, and how it ended, in words that a customer understands.",
    "Impact": "Say who was affected and how, and what they could not do meanwhile.",
    "Root cause": "Say why it happened: what made it possible, and not who was nearest to it.",
    "Timeline": "Tell what happened in order, from what led to it until it was over; the times are in UTC.",
    "What went well": "Say what in the response helped, so that it is kept.",
    "What could be improved": "Say what was missing or slow in process, tooling or communication.",
    "Action items": "List what is to be done; what was agreed needs one owner and a date. "
    "Its kind is prevent, detect, mitigate or process, its state proposed, agreed, done, or won't do, because …",
}

_FRONT = """\
---
incident: https://github.com/OWNER/REPOSITORY/issues/NUMBER
product:
severity:
started:
detected:
acknowledged:
mitigated:
resolved:
cause:
authors: []
status: draft
---
"""
_ITEMS = """\
| What | Owner | Due | Kind | State | Issue |
| --- | --- | --- | --- | --- | --- |
|  |  |  |  |  |  |
"""


def template(sections: tuple[str, ...] = SECTIONS) -> str:
    """The template's text, with those sections."""
    return "\n".join([_FRONT, "# What happened, in a few words\n", *(section(title) for title in sections)])


def section(title: str, *, entries: bool = True) -> str:
    """A section as it waits to be written; `entries` says that a timeline begins with one to be filled in."""
    prompt = PROMPTS.get(title, "")
    body = f"\n_{prompt}_\n" if prompt else ""
    items = f"\n{_ITEMS}" if title == "Action items" else ""
    first = "\n- 2026-01-31 09:50 UTC What happened then.\n" if title == "Timeline" and entries else ""
    return f"## {title}\n{body}{first}{items}"
