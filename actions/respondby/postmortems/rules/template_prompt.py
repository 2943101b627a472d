"""A template's prompt that was left standing."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.sentences import sentences, sum_of
from respondby.postmortems.prompts import prompts
from respondby.postmortems.rule import Context, Example, Finding, Rule
from respondby.postmortems.template import PROMPTS


def _look(document: Document, _: Context) -> Iterator[Finding]:
    if document.front.text("status") == "draft":
        return
    known = prompts()
    for block in document.outline.blocks:
        if block.kind not in ("text", "cell", "heading"):
            continue
        text = block.content.replace("\n", " ")
        for place, sentence in sentences(text):
            origin = known.get(sum_of(sentence))
            if origin is None:
                continue
            line = block.line + block.content.count("\n", 0, place)
            message = f"A prompt of the template was left standing (that of {origin})."
            yield Finding(line + 1, 1, message, text[place : place + 60], "Answer it, and remove it.")
            break


_TOP = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: review\n---\n# Orders fail\n\n## Impact\n\n"

RULE = Rule(
    name="template-prompt",
    says="A prompt of a known template that was left standing, once the document is no draft.",
    why="In 13 of 220 public documents the reader is told what somebody should have written.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(Example(_TOP + f"_{PROMPTS['Impact']}_\n"),),
    left_alone=(
        Example(_TOP.replace("review", "draft") + f"_{PROMPTS['Impact']}_\n"),
        Example(_TOP + "Nobody could order [snip]. See [the PR fix] and [No Data].\n"),
    ),
)
