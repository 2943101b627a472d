"""A computed block that no longer shows what the document's own milestones give."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.desk.blocks import block, names, refreshed, taken
from respondby.postmortems.computed import DURATIONS, durations
from respondby.postmortems.document.document import Document
from respondby.postmortems.edits import Edit
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    plain = document.source.plain
    if f"respondby:begin {DURATIONS} " not in plain or DURATIONS not in names(plain):
        return
    made = durations(document.milestones)
    lines = document.source.lines
    first = next(number for number, line in enumerate(lines) if f"respondby:begin {DURATIONS} " in line)
    last = next(number for number in range(first, len(lines)) if f"respondby:end {DURATIONS} " in lines[number])
    # Only this block: what became of the others is no business of the milestones.
    there = "\n".join(lines[first : last + 1])
    if DURATIONS in taken(there) or refreshed(there, {DURATIONS: made}, "") == there:
        return
    message = "This block shows other milestones than those of the front matter."
    hint = "`respondby postmortem check --fix` writes it anew. Do not edit it: correct the milestone."
    mended = Edit(first + 1, last + 2, tuple(block(DURATIONS, made).split("\n")))
    yield Finding(first + 1, 1, message, DURATIONS, hint, (mended,))


def _document(text: str, resolved: str = "2026-11-30T10:50+01:00") -> str:
    return (
        "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\nstarted: 2026-11-30T09:50+01:00\n"
        f"resolved: {resolved}\n---\n# Orders fail\n\n{text}\n"
    )


_OTHER = (
    "<!-- respondby:begin impact aaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbb -->\n\nEdited.\n\n<!-- respondby:end impact -->\n"
)
_BLOCK = block(DURATIONS, durations({"started": 1796028600, "resolved": 1796032200}))

RULE = Rule(
    name="drift",
    says=(
        "A computed block that shows other milestones than the front matter's. A block that somebody edited is theirs."
    ),
    why="A figure that is kept beside its facts is soon another one.",
    look=_look,
    mends=True,
    allowed=False,
    flagged=(Example(_document(_BLOCK, "2026-11-30T11:50+01:00")), Example(_document(block(DURATIONS)))),
    left_alone=(
        Example(_document(_BLOCK)),
        Example(_document(f"{_OTHER}\n{_BLOCK}")),
        Example(_document(_BLOCK.replace("1 h", "about an hour"), "2026-11-30T11:50+01:00")),
        Example(_document("No block.")),
    ),
)
