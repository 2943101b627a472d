"""The text of an issue that the desk opens about a case in another repository: what it is about, and where that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from respondby.desk.case import Case
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import flat, inline
from respondby.letters.templates import render, with_marker
from respondby.letters.when import speaking
from respondby.rules.card_facts import CardFacts

#: More lines of an answer than these are read where the request stands.
MOST_LINES = 30

#: Questions with what the case answers to them; no text for what it does not.
Answers = Sequence[tuple[str, str]]


def title_elsewhere(case: Case) -> str:
    """Its title: the case's own, and which case that is."""
    return f"{flat(case.title, 180)} ({case.ref})"


def render_elsewhere(
    case: Case,
    facts: CardFacts,
    marker: str,
    *,
    inside: bool,
    answers: Answers = (),
    messages: Messages = OURS,
    language: str | None = None,
) -> str:
    """Its whole text, in the desk's own language; it ends with `marker`. `inside` is a companion's."""
    voice = speaking(language, facts.timezone, messages=messages)
    context: Mapping[str, object] = {
        "desk": inline(voice.name(facts.desk)),
        "inside": inside,
        "case": inline(case.ref),
        "title": inline(case.title),
        "url": case.url,
        "kind": inline(voice.name(facts.kind)) if facts.kind else "",
        "fields": [
            {
                "title": inline(voice.name(field.title)),
                "asks": voice.name(field.title).rstrip().endswith("?"),
                "value": inline(voice.name(field.value)) if field.value else "",
            }
            for field in facts.fields
        ],
        "answers": [
            {
                "question": inline(question),
                "lines": [inline(line) for line in said.splitlines()[:MOST_LINES]],
                "more": max(0, len(said.splitlines()) - MOST_LINES),
            }
            for question, said in answers
        ],
    }
    return with_marker(render("elsewhere.md", dict(context), voice), marker, voice)
