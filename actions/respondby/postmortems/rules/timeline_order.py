"""Entries of a timeline that stand in another order than they happened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.timeline import Entry
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for entries in _parts(document):
        placed = _in_place(entries)
        before: Entry | None = None
        for number, entry in enumerate(entries):
            if number in placed:
                before = entry
                continue
            if before is not None and _earlier(entry, before):
                message = f"{entry.stamp.text} stands below {before.stamp.text}, which is later."
            else:
                behind = next(entries[place] for place in sorted(placed) if place > number)
                message = f"{entry.stamp.text} stands above {behind.stamp.text}, which is earlier."
            column = document.column(entry.line, entry.text, entry.stamp.start)
            yield Finding(
                entry.line + 1, column, message, entry.stamp.text, "Is a date typed wrong? Else move the entry."
            )


def _parts(document: Document) -> Iterator[list[Entry]]:
    """Runs of entries that are to be in order: those of one section and one zone. A part of its own begins anew."""
    part: list[Entry] = []
    for entry in document.timeline.entries:
        if entry.label or entry.at is None or entry.stamp.wrong:
            continue
        # In somebody else's document only what says its own date is certain.
        if not document.ours and entry.dated_by != "own":
            continue
        if part and (part[-1].section is not entry.section or part[-1].stamp.zone != entry.stamp.zone):
            yield part
            part = []
        part.append(entry)
    if part:
        yield part


def _in_place(entries: list[Entry]) -> set[int]:
    """The longest row of entries that are in order: with them the fewest are left to be out of it."""
    ends: list[int] = []  # ends[n] is the entry with the least time that a row of n + 1 ends with
    before: dict[int, int | None] = {}
    for number, entry in enumerate(entries):
        place = bisect_right(ends, _time(entry), key=lambda end: _time(entries[end]))
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _time(entry: Entry) -> tuple[int, int]:
    assert entry.at is not None, "asked only of entries with a time"
    return entry.at, entry.stamp.second


def _earlier(entry: Entry, before: Entry) -> bool:
    return _time(entry) < _time(before)


RULE = Rule(
    name="timeline-order",
    says=(
        "An entry that stands out of the order in which things happened. Elsewhere than in our "
        "own documents only where both say their date."
    ),
    why="Most are typed wrong, and a timeline is read from the top.",
    look=_look,
    ours="error",
    others="warning",
    flagged=(
        Example("# Orders fail\n\n## Timeline\n\n- 2026-09-07 10:26 UTC Down.\n- 2026-09-06 10:30 UTC Seen.\n"),
        Example("# Orders fail\n\n## Timeline\n\nAll times in UTC.\n\n2026-09-07\n\n- 10:26 Down.\n- 10:20 Seen.\n"),
    ),
    left_alone=(
        Example("# Orders fail\n\n## Timeline\n\n- 2026-09-07 10:26 UTC Down.\n- 2026-09-07 10:26 UTC Seen.\n"),
        Example("# Orders fail\n\n## Timeline\n\n2026-09-07, all times UTC\n\n- 23:26 Down.\n- 00:20 Up.\n"),
        Example("# Orders fail\n\n## Timeline\n\n- 10:26 Down.\n- 10:20 Seen.\n", path="notes.md"),
    ),
)
