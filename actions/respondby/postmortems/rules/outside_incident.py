"""An entry of the timeline that is far outside of the incident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from respondby.calendars.instants import wall
from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule

#: What led to it and what followed belong to a timeline for so many days before it and behind it.
_DAYS = 2


def _look(document: Document, _: Context) -> Iterator[Finding]:
    times = document.milestones.values()
    if not times:
        return
    first, last = (wall(instant, UTC).date() for instant in (min(times), max(times)))
    resolved = "resolved" in document.milestones
    for entry in document.timeline.entries:
        if entry.day is None or entry.unsure or entry.stamp.wrong or entry.label:
            continue
        if _apart(entry.day, first) > _DAYS or (resolved and _apart(last, entry.day) > _DAYS):
            column = document.column(entry.line, entry.text, entry.stamp.start)
            when = f"{first}" if first == last else f"{first} to {last}"
            message = f"{entry.day} is outside of the incident, which was {when}."
            yield Finding(
                entry.line + 1,
                column,
                message,
                entry.stamp.text,
                "Is the date right? What came long before is part of the cause.",
            )


def _apart(earlier: date, later: date) -> int:
    return (
        datetime.combine(later, datetime.min.time(), UTC) - datetime.combine(earlier, datetime.min.time(), UTC)
    ).days


def _document(entries: str) -> str:
    return (
        "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\nstarted: 2026-11-30T09:50+01:00\n"
        f"resolved: 2026-11-30T10:50+01:00\n---\n# Orders fail\n\n## Timeline\n\nAll times in UTC.\n\n{entries}"
    )


RULE = Rule(
    name="outside-incident",
    says="An entry of the timeline more than two days before the incident's first milestone, or behind its last.",
    why="A month typed wrong is the commonest slip in a timeline.",
    look=_look,
    flagged=(Example(_document("- 2026-10-30 08:50 Down.\n")), Example(_document("- 2026-12-30 08:50 Up.\n"))),
    left_alone=(
        Example(
            _document(
                "- 2026-11-29 16:00 The change is merged.\n- 2026-11-30 08:50 Down.\n- 2026-12-01 09:00 Closed.\n"
            )
        ),
        Example("# Orders fail\n\n## Timeline\n\n- 2026-10-30 08:50 UTC Down.\n", path="notes.md"),
    ),
)
