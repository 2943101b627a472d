"""Marks of a merge that nobody finished."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule

_MARK = re.compile(r"(?:<{7}|>{7}|\|{7}) \S")


def _look(document: Document, _: Context) -> Iterator[Finding]:
    if "<<<<<<< " not in document.source.text:
        return
    for number, line in enumerate(document.source.lines):
        if line.startswith("<<<<<<< ") and _MARK.match(line):
            message = "A merge was left unfinished here: both versions stand in the file."
            yield Finding(number + 1, 1, message, line, "Keep what is right and remove the marks.")


RULE = Rule(
    name="merge-conflict",
    says="Marks of a merge that was left unfinished.",
    why="Both versions are read as text.",
    look=_look,
    others="warning",
    allowed=False,
    flagged=(Example("# Orders fail\n\n<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> main\n"),),
    left_alone=(
        Example(
            "# Orders fail\n\nA title\n=======\n\n<<<<<<< is what git writes.\n".replace("<<<<<<< is", "`<<<<<<<` is")
        ),
    ),
)
