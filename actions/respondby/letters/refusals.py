"""Why something was refused or is missing, in the reader's language: its code's pattern, with the details in place.

What people typed stands in a pattern's place and is never a pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from respondby.desk.refusals import Condition, Detail, Lacking, Refusal, Usage
from respondby.letters.neutral import inline
from respondby.letters.when import Speaking
from respondby.letters.words import Words
from respondby.policy.model.requests import ArgumentType

#: More than these in a row are not read by anybody, nor more of one than this.
MOST_LISTED = 20
MOST_LONG = 80

_PLACE = re.compile(r"\{([a-z]+)\}")

#: What an argument can look like, where that is the same in every language.
_SAMPLES: dict[ArgumentType, str] = {"time": "2026-11-20T16:00", "duration": "2 business hours", "ref": "#12"}

Text = Callable[[str, int], str]


def reason_text(why: Refusal, speaking: Speaking, text: Text = inline) -> str:
    """The reason in words. `text` makes what people wrote harmless: for Markdown, unless told otherwise."""
    words = speaking.words

    def said(place: re.Match[str]) -> str:
        return _detail(place[1], why.details[place[1]], speaking, text)

    return _PLACE.sub(said, words["why"][why.code])


def _detail(name: str, detail: Detail, speaking: Speaking, text: Text) -> str:
    words = speaking.words
    if isinstance(detail, int):
        return speaking.at_home(detail)
    if isinstance(detail, Usage):
        return _usage(detail, words, text)
    if isinstance(detail, str):
        if name == "kind":
            return str(words["kinds"][detail])
        if name == "notice":
            return speaking.length(detail)
        # What was typed is no name of the policy, though it may read like one.
        return text(detail if name == "said" else speaking.name(detail), MOST_LONG)
    if name == "lacking":
        return "\n" + "".join(f"\n- {_lacking(item, speaking, text)}" for item in detail if isinstance(item, Lacking))
    if name == "standing":
        return _listed([_quoted(str(item), words, text) for item in detail], words, "and")
    if name in ("missing", "options"):
        return _listed([_quoted(speaking.name(str(item)), words, text) for item in detail], words, "and")
    if name == "roles":
        return _listed([_role(str(item), speaking, text) for item in detail], words, "or")
    if name == "conditions":
        terms = [_condition(term, speaking, text) for term in detail if isinstance(term, Condition)]
        return _listed(terms, words, "and")
    return _listed([text(str(item), MOST_LONG) for item in detail], words, "or")  # values, as they are typed


def _role(role: str, speaking: Speaking, text: Text) -> str:
    return str(speaking.words["roles"].get(role) or _quoted(speaking.name(role), speaking.words, text))


def _quoted(name: str, words: Words, text: Text) -> str:
    return str(words["quoted"]).replace("{text}", text(name, MOST_LONG))


def _condition(term: Condition, speaking: Speaking, text: Text) -> str:
    words = speaking.words
    about = words["keys"][term.about] if term.own else text(speaking.name(term.about), MOST_LONG)
    values = [
        words["keys"][value] if value in ("any", "unset") else _quoted(speaking.name(value), words, text)
        for value in term.values
    ]
    return f"{about} {_listed(values, words, 'or')}"


def _usage(usage: Usage, words: Words, text: Text) -> str:
    """How the command is written: on one line, or on one each where only that can be told apart."""
    samples = [(arg, _SAMPLES.get(arg.type) or words["samples"][arg.type]) for arg in usage.takes]
    pattern = words["usage"]
    if sum(arg.type == "text" for arg in usage.takes) > 1:
        lines = "; ".join(f"{text(arg.name, MOST_LONG)}: {text(sample, MOST_LONG)}" for arg, sample in samples)
        return str(pattern["lines"]).replace("{word}", text(usage.word, MOST_LONG)).replace("{lines}", lines)
    line = " ".join([usage.word, *(f"[{sample}]" if arg.optional else sample for arg, sample in samples)])
    return str(pattern["line"]).replace("{line}", text(line, MOST_LONG * 4))


def _lacking(item: Lacking, speaking: Speaking, text: Text) -> str:
    """What to type for one thing that is missing."""
    words = speaking.words
    pattern = words["lacking"]
    sample = str(words["samples"]["text"])
    if item.alarm:
        return _filled(pattern["alarm"], line=text(f"{item.word} false-alarm: {sample}", MOST_LONG * 2))
    if item.below:
        asked = (*(argument.name for argument in item.takes), *item.below)
        lines = "; ".join(f"{text(speaking.name(one), MOST_LONG)}: {text(sample, MOST_LONG)}" for one in asked)
        how = _filled(words["usage"]["lines"], word=text(item.word, MOST_LONG), lines=lines)
    elif item.values:
        values = _listed([text(value, MOST_LONG) for value in item.values], words, "or")
        how = _filled(pattern["value"], word=text(item.word, MOST_LONG), values=values)
    else:
        how = _usage(Usage(item.word, item.takes), words, text)
    if not item.title:
        return how
    return _filled(pattern["titled"], title=text(speaking.name(item.title), MOST_LONG), how=how)


def _filled(pattern: object, **parts: str) -> str:
    """The pattern with the parts in their places; what stands in a part is no place."""
    return _PLACE.sub(lambda place: parts[place[1]], str(pattern))


def _listed(items: Sequence[str], words: Words, last: str) -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(items) > MOST_LISTED:
        return f"{', '.join(items[:MOST_LISTED])}, …"
    *before, end = items or [""]
    return f"{', '.join(before)} {words[last]} {end}" if before else end
