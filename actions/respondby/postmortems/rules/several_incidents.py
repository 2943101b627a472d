"""One document that tells of several incidents, and has the milestones of one."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    if len(set(document.incidents)) > 1 and document.milestones:
        line, column = document.front.place("incident")
        message = f"This document tells of {len(set(document.incidents))} incidents and has the milestones of one."
        hint = "The index counts it once. Give each a document of its own if each has times of its own."
        yield Finding(line, column, message, document.incidents[0], hint)


def _document(incident: str) -> str:
    return f"---\nincident: {incident}\nstatus: draft\nstarted: 2026-11-30T09:50+01:00\n---\n# Orders fail\n"


_LINK = "https://github.com/acme/shop/issues/"

RULE = Rule(
    name="several-incidents",
    says="A document that names several incidents while its milestones are of one.",
    why="It stops the clock of each and counts as one in every figure.",
    look=_look,
    ours="warning",
    flagged=(Example(_document(f"[{_LINK}41, {_LINK}42, {_LINK}43]")),),
    left_alone=(
        Example(_document(f"{_LINK}41")),
        Example(f"---\nincident: [{_LINK}41, {_LINK}42]\nstatus: draft\n---\n# Orders fail\n"),
    ),
)
