"""A date or a time of day that does not exist, and a year that nobody meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.timeline import Entry
from respondby.postmortems.rule import Context, Example, Finding, Rule

_WORDS = {
    "year": "no year that an incident can have",
    "date": "a date that no calendar has",
    "time": "a time that no clock shows",
}
#: Entries of one incident are not so many days apart.
_FAR = 300


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for entry in document.timeline.entries:
        if entry.stamp.wrong in _WORDS:
            message = f"“{entry.stamp.text}” holds {_WORDS[entry.stamp.wrong]}."
            yield _at(document, entry, message, "Correct what was typed.")
    yield from _alone(document)


def _alone(document: Document) -> Iterator[Finding]:
    """An entry whose own date is most of a year from those before and behind it."""
    dated = [entry for entry in document.timeline.entries if entry.dated_by == "own" and not entry.stamp.wrong]
    usual = Counter(entry.day.year for entry in dated if entry.day is not None).most_common(1)
    for before, entry, behind in zip(dated, dated[1:], dated[2:], strict=False):
        assert before.day is not None, "each has its own date"
        assert entry.day is not None, "each has its own date"
        assert behind.day is not None, "each has its own date"
        if entry.day.year == usual[0][0]:
            continue  # what stands around it is wrong
        far = abs((entry.day - before.day).days), abs((entry.day - behind.day).days)
        if min(far) >= _FAR and abs((before.day - behind.day).days) <= 60:
            message = f"“{entry.stamp.text}” is {min(far)} days from the entries around it."
            yield _at(document, entry, message, "Is the year right?")


def _at(document: Document, entry: Entry, message: str, hint: str) -> Finding:
    return Finding(
        entry.line + 1, document.column(entry.line, entry.text, entry.stamp.start), message, entry.stamp.text, hint
    )


RULE = Rule(
    name="impossible-date",
    says="A year, a date or a time of day in the timeline that cannot be, or a year unlike those around it.",
    why="Nothing can be worked out from it, and nobody sees it when reading.",
    look=_look,
    ours="error",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Timeline\n\n- 22025-03-18 09:36 Down.\n- 2025-03-18 10:00 Up.\n"),
        Example("# Orders fail\n\n## Timeline\n\n- 2026-02-30 09:36 UTC Down.\n"),
        Example(
            "# Orders fail\n\n## Timeline\n\n- 2026-02-03 09:36 UTC Down.\n- 2025-02-03 09:50 "
            "UTC Seen.\n- 2026-02-03 10:00 UTC Up.\n"
        ),
    ),
    left_alone=(
        Example("# Orders fail\n\n## Timeline\n\n- 2024-02-29 09:36 UTC Down.\n- 2024-02-29 24:00 UTC Up.\n"),
        Example(
            "# Orders fail\n\n## Timeline\n\n- 2024-02-29 09:36 UTC Down.\n- 2025-02-28 "
            "10:00 UTC The last disk is replaced.\n"
        ),
    ),
)
