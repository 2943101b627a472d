"""Something that ends before it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.stated import ranges_in
from respondby.postmortems.document.timeline import Entry
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: Being declared, repaired and resolved have no order of their own; an end has one toward its beginning.
_BEGINS = re.compile(
    r"(?:first )?detected|(?:incident |impact )?(?:start(?:s|ed)?|begins?|began|from)|started", re.IGNORECASE
)
_ENDS = re.compile(r"(?:incident |impact )?(?:resolved|repaired|end(?:s|ed)?|until|mitigated|recovered)", re.IGNORECASE)


def _look(document: Document, _: Context) -> Iterator[Finding]:
    yield from _ranges(document)
    yield from _events(document)


def _ranges(document: Document) -> Iterator[Finding]:
    for block in document.said():
        for line, text in block.lines():
            if text.count(":") < 2:
                continue
            for span in ranges_in(text):
                if span.days is not None and span.minutes is not None and span.minutes < 0:
                    message = f"This ends before it begins: {span.since.text} to {span.until.text}."
                    yield Finding(line + 1, document.column(line, text, span.since.start), message, span.until.text)


def _events(document: Document) -> Iterator[Finding]:
    """Labelled times: what is resolved or repaired before it was detected."""
    begins: Entry | None = None
    section = None
    for entry in document.timeline.entries:
        if not entry.label:
            continue
        if entry.section is not section:
            begins, section = None, entry.section
        if _BEGINS.fullmatch(entry.label):
            begins = entry
        elif begins is not None and _ENDS.fullmatch(entry.label) and _before(entry, begins):
            message = f"“{entry.label} {entry.stamp.text}” is before “{begins.label} {begins.stamp.text}”."
            column = document.column(entry.line, entry.text, entry.stamp.start)
            yield Finding(entry.line + 1, column, message, entry.stamp.text, "Is the date right, and the hour?")


def _before(entry: Entry, begins: Entry) -> bool:
    if entry.day is None or begins.day is None or entry.stamp.wrong or begins.stamp.wrong:
        return False
    if entry.at is None or begins.at is None:
        return entry.day < begins.day
    return entry.at < begins.at


RULE = Rule(
    name="ends-before-start",
    says="A range of dated times, or a pair of labelled ones, that ends before it begins.",
    why="A month or a day typed wrong makes every figure that is worked out from it wrong.",
    look=_look,
    ours="error",
    others="warning",
    flagged=(
        Example("# Orders fail\n\nImpact from 2026-09-07 10:26 UTC to 2026-09-06 11:21 UTC.\n"),
        Example("# Orders fail\n\n- First detected: 2026-09-07 10:26\n- Resolved: 2026-08-07 11:21\n"),
    ),
    left_alone=(
        Example("# Orders fail\n\nImpact from 22:30 UTC to 05:39 UTC.\n"),
        Example(
            "# Orders fail\n\n- First detected 2026-09-07 10:26\n- Repaired 2026-09-07 "
            "10:30\n- Incident declared 2026-09-07 10:40\n"
        ),
    ),
)
