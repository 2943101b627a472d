"""A `TODO` that nobody came back to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: At the head of a text, or all that a cell or a label says. A word in a sentence is a word.
_HEAD = re.compile(r"[\s*_>(\[-]*(?P<word>TODO|TBD|TBC|FIXME|XXX)\b")
_REST = re.compile(r"[:|]\s*[*_]*\s*(?P<word>TODO|TBD|TBC|FIXME)\b[\s*_.!]*$")


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for block in document.outline.blocks:
        if block.quoted or block.kind not in ("text", "cell", "heading"):
            continue
        for line, text in block.lines():
            found = _HEAD.match(text) or _REST.search(text)
            if found is not None:
                column = document.column(line, text, found.start("word"))
                message = f"`{found['word']}` was left standing."
                yield Finding(line + 1, column, message, text, "Write it, make it an action item, or remove it.")


RULE = Rule(
    name="left-open",
    says="`TODO`, `TBD`, `TBC` or `FIXME` at the head of a text, or as all that a label or cell says.",
    why="A document that is merged so is read as finished.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Root cause\n\nTODO: ask the vendor.\n"),
        Example("# Orders fail\n\n**Impact:** TBD\n"),
    ),
    left_alone=(
        Example("# Orders fail\n\nThe line `TODO` in the code was right, and our TODO list too.\n"),
        Example("# Orders fail\n\n<!-- TODO: nobody sees this -->\n"),
    ),
)
