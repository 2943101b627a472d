"""A comment that calls people to a case and says why, and answers what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from respondby.desk.built_in.incident_news import MOST_LONG
from respondby.letters.messages import OURS, Messages
from respondby.letters.neutral import filled, inline, mention, quoted
from respondby.letters.reasons import reasons
from respondby.letters.refusals import reason_text
from respondby.letters.templates import MOST, render, with_marker
from respondby.letters.when import Speaking, speaking
from respondby.rules.card_facts import CardFacts
from respondby.rules.plan import Answer, Relay, WriteComment


def render_comment(
    comment: WriteComment,
    facts: CardFacts,
    marker: str,
    *,
    values: Mapping[str, str] | None = None,
    messages: Messages = OURS,
) -> str:
    """The comment's whole text; it ends with `marker`. No time in it is relative: the comment stays when time goes on.

    `values` are what `{url}` and `{FIELD}` stand for in texts of the policy. Each answer speaks its reader's language,
    the rest the one of those who are mentioned.
    """
    first = speaking(comment.language, facts.timezone, messages=messages)
    voices = {first.language: first}
    heard: dict[str, list[Answer]] = {first.language: []}
    for answer in comment.answers:
        voice = speaking(answer.language, facts.timezone, messages=messages)
        voices.setdefault(voice.language, voice)
        heard.setdefault(voice.language, []).append(answer)
    relays: dict[str, list[Relay]] = {language: [] for language in heard}
    for relay in comment.relays:
        voice = speaking(relay.language, facts.timezone, messages=messages)
        voices.setdefault(voice.language, voice)
        heard.setdefault(voice.language, [])
        relays.setdefault(voice.language, []).append(relay)
    fill = partial(filled, values=values or {})
    parts = []
    for language, voice in voices.items():
        context = {
            "mentions": [mention(login) for login in comment.mentions] if voice is first else [],
            "reasons": reasons(comment.because, voice, inline, fill, named=comment.inside) if voice is first else [],
            "texts": [fill(text[:MOST])[:MOST] for text in comment.texts] if voice is first else [],
            "answers": [_answer(answer, voice) for answer in heard[language]],
        }
        parts.append(render("say.md", context, voice))
        if relays[language]:
            parts.append(render("news.md", {"news": [_news(relay) for relay in relays[language]]}, voice))
    return with_marker("\n\n".join(part for part in parts if part), marker, first)


def _news(relay: Relay) -> dict[str, Any]:
    return {
        "what": relay.what,
        "incident": f"#{relay.incident}",
        "text": quoted(relay.text, MOST_LONG),
        "to": mention(relay.to) if relay.to else "",
        "solved": relay.solved,
        "not_solved": relay.not_solved,
    }


def _answer(answer: Answer, voice: Speaking) -> dict[str, Any]:
    return {
        "line": inline(answer.line, 200),
        "why": reason_text(answer.why, voice) if answer.why is not None else "",
        "may": [inline(line) for line in answer.may],
        "ways": [inline(way, 600) for way in answer.ways],
    }
