"""A comment that calls people to a case, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from respondby.letters.neutral import filled, inline, mention
from respondby.letters.reasons import reasons
from respondby.letters.templates import render, with_marker
from respondby.letters.when import speaking
from respondby.letters.whys import say_why
from respondby.rules.plan import Say
from respondby.rules.shown import CardFacts


def render_say(say: Say, facts: CardFacts, marker: str, *, values: Mapping[str, str] | None = None) -> str:
    """The comment's whole text; it ends with `marker`. No time in it is relative: the comment stays when time goes on.

    `values` are what `{url}` and `{FIELD}` stand for in texts of the policy.
    """
    voice = speaking(facts.language, facts.timezone)
    fill = partial(filled, values=values or {})
    context = {
        "mentions": [mention(login) for login in say.mentions],
        "reasons": reasons(say.because, voice, inline, fill),
        "texts": [fill(text) for text in say.texts],
        "answers": [
            {
                "line": inline(answer.line, 200),
                "why": say_why(answer.why, voice) if answer.why is not None else "",
                "may": [inline(line) for line in answer.may],
            }
            for answer in say.answers
        ],
    }
    return with_marker(render("say.md", context, voice), marker, voice)
