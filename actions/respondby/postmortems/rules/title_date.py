"""A title that is dated on another day than everything that the timeline tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.stamps import stamps_in
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: Over midnight, and in another zone, a day is the next one.
_NEAR = 1


def _look(document: Document, _: Context) -> Iterator[Finding]:
    heading = next((block for block in document.outline.blocks if block.kind == "heading"), None)
    days = [
        entry.day
        for entry in document.timeline.entries
        if entry.day is not None and entry.dated_by == "own" and not entry.stamp.wrong and entry.stamp.year is not None
    ]
    if heading is None or heading.level != 1 or not days:
        return
    first, last = min(days), max(days)
    stamps = [
        stamp for stamp in stamps_in(heading.content) if stamp.year and stamp.month and stamp.day and not stamp.wrong
    ]
    if len(stamps) != 1:
        return
    stamp = stamps[0]
    said = date(stamp.year or 1, stamp.month or 1, stamp.day or 1)
    if (first - said).days > _NEAR or (said - last).days > _NEAR:
        when = f"{first}" if first == last else f"{first} to {last}"
        message = f"The title says {said}, and the timeline is of {when}."
        column = document.column(heading.line, heading.content, stamp.start)
        yield Finding(heading.line + 1, column, message, stamp.text, "Correct the one that is wrong.")


RULE = Rule(
    name="title-date",
    says="A date in the title that lies outside of all the dates of the timeline.",
    why="The title is what is copied from the last document, and what people search for.",
    look=_look,
    ours="error",
    others="warning",
    flagged=(
        Example(
            "# 2026-01-27, orders fail\n\n## Timeline (UTC)\n\n### 2026-06-02 10:00\n\nDown.\n\n### 11:00\n\nUp.\n"
        ),
    ),
    left_alone=(
        Example("# 2026-06-01, orders fail\n\n## Timeline (UTC)\n\n### 2026-06-02 00:10\n\nDown.\n"),
        Example("# Release 2026.1.27 fails\n\n## Timeline (UTC)\n\n- 10:00 Down.\n"),
        Example(
            "# 2026-06-03, orders fail\n\n## Timeline (UTC)\n\n- 2026-05-02 09:00 Merged.\n- 2026-06-05 10:00 Up.\n"
        ),
    ),
)
