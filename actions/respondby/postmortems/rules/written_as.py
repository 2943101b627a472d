"""How a file is written: a byte order mark, line ends of another system, a page of HTML."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    source = document.source
    if source.html:
        yield Finding(1, 1, "This is a page of HTML; only Markdown is looked at.", "", "Write it as Markdown.")
    if not document.ours:
        return
    if source.bom:
        yield Finding(
            1, 1, "This file begins with a byte order mark.", "", "Save it as UTF-8 without one.", rewrite=True
        )
    ended, feeds = source.text.count("\r\n"), source.text.count("\n")
    returns = source.text.count("\r") - ended
    if returns or (ended and ended != feeds):
        line = source.text[: source.text.index("\r")].count("\n") + 1
        yield Finding(line, 1, "The lines of this file end in different ways.", "", "End them all alike.", rewrite=True)


_TEXT = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\n---\n# Orders fail\n"

RULE = Rule(
    name="written-as",
    says=(
        "A byte order mark, or lines that end in different ways, in our own documents; HTML instead of Markdown in any."
    ),
    why="Other tools read no front matter behind such a mark, and each save shows the whole file as changed.",
    look=_look,
    ours="warning",
    others="warning",
    mends=True,
    flagged=(
        Example("\ufeff" + _TEXT),
        Example(_TEXT.replace("draft\n", "draft\r\n")),
        Example("<!DOCTYPE html>\n<html><body>Down.</body></html>\n", path="notes.md"),
    ),
    left_alone=(
        Example(_TEXT),
        Example(_TEXT.replace("\n", "\r\n")),
        Example("\ufeff# Orders fail\r\n", path="notes.md"),
    ),
)
