"""Whatever people type, in whatever language they are answered: no letter pings, breaks out, makes links or forges."""

import pytest
from tests.letters.facts import because, clock, facts, problem
from tests.letters.harm import HOSTILE, MARKER, shape, told

from respondby.desk.refusals import SOMEBODY, Condition, Lacking, Refusal, Usage
from respondby.letters.card import render_card
from respondby.letters.comments import render_comment
from respondby.policy.model.requests import Argument
from respondby.rules.card_facts import CardField
from respondby.rules.plan import Answer, Because, WriteComment

LANGUAGES = ("en", "nl", "de", "fr")


def card(language, **shown):
    return render_card(facts(language=language, **shown), MARKER)


def say(language, *reasons, texts=(), values=None, answers=()):
    said = WriteComment("key", ("ann", "bob"), reasons, texts, (), answers=answers, language=language)
    return render_comment(said, facts(), MARKER, values=values)


def answer(language, line="/priority x", reason=None, may=(), ways=()):
    return say(language, answers=(Answer(line, reason, may, language, ways),))


#: A reason of every shape: what was typed, names of the policy, and lists of them.
WHYS = {
    "options": lambda text: Refusal.of("no-option", said=text, options=("x", text)),
    "boxes": lambda text: Refusal.of("other-boxes", options=(text,)),
    "missing": lambda text: Refusal.of("value-needs", value=text, missing=(text, text)),
    "conditions": lambda text: Refusal.of("only-with", word=text, conditions=(Condition(text, (text, "unset")),)),
    "own condition": lambda text: Refusal.of(
        "only-with", word="/x", conditions=(Condition("stage", (text,), own=True),)
    ),
    "roles": lambda text: Refusal.of("not-yours", word=text, roles=("staff", text, SOMEBODY)),
    "usage": lambda text: Refusal.of(
        "argument-unread", said=text, word=text, usage=Usage(text, (Argument("who", "login"), Argument(text, "text")))
    ),
    "argument": lambda text: Refusal.of(
        "argument-missing",
        argument=text,
        kind="text",
        usage=Usage(text, (Argument(text, "text"), Argument("b", "text"))),
    ),
    "lacking": lambda text: Refusal.of(
        "close-needs",
        lacking=(
            Lacking("/x", title=text, values=(text,)),
            Lacking("/y", title=text, takes=(Argument(text, "text"),), below=(text, "{title} {how}")),
        ),
    ),
}

IN_CARDS = {
    "desk": lambda language, text: card(language, desk=text),
    "kind": lambda language, text: card(language, kind=text),
    "title": lambda language, text: card(language, fields=(CardField(text, "x"),)),
    "value": lambda language, text: card(language, fields=(CardField("Priority", text),)),
    "clock": lambda language, text: card(language, clocks=(clock(clock=text),)),
    "promise": lambda language, text: card(language, clocks=(clock(promise="1h"), clock(promise=f"{text}!"))),
    "about": lambda language, text: card(language, problems=(problem(about=text),)),
    **{
        name: lambda language, text, reason=reason: card(language, problems=(problem("x", reason(text)),))
        for name, reason in WHYS.items()
    },
}
IN_SAYS = {
    "word": lambda language, text: say(language, Because("command", text, speaker="sana")),
    "speaker": lambda language, text: say(language, Because("command", "/escalate", speaker=text)),
    "rule": lambda language, text: say(language, Because("rule", text)),
    "clock": lambda language, text: say(language, because(name=text)),
    "offset": lambda language, text: say(language, because(f"due+{text}")),
    "reason": lambda language, text: say(language, Because("rule", "r", say="Look at {area}."), values={"area": text}),
    "text": lambda language, text: say(language, texts=("Look at {area}.",), values={"area": text}),
    "address": lambda language, text: say(language, texts=("Look at {url}.",), values={"url": text}),
    "line": lambda language, text: answer(language, line=text, reason=Refusal.of("unanswered")),
    "may": lambda language, text: answer(language, may=(text, "/close")),
    "way": lambda language, text: answer(language, may=("/close",), ways=("Call us", text)),
    **{
        name: lambda language, text, reason=reason: answer(language, reason=reason(text))
        for name, reason in WHYS.items()
    },
}
PLACES = [
    *(pytest.param(place, [], id=f"card-{name}") for name, place in IN_CARDS.items()),
    *(pytest.param(place, ["ann", "bob"], id=f"say-{name}") for name, place in IN_SAYS.items()),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place, called", PLACES)
def test_no_text_pings_breaks_out_links_or_forges(language, place, called):
    plain = shape(place(language, "plain"))
    for hostile in HOSTILE:
        letter = place(language, hostile)
        assert told(letter) == (called, []), hostile
        assert shape(letter) == plain, hostile
        assert letter.endswith(f"\n\n{MARKER}")
        assert letter.count("<!-- respondby:") == 1
