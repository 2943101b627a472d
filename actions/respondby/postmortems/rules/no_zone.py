"""A timeline that says nowhere in which zone its times are."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    timeline = document.timeline
    timed = timeline.timed
    if len(timed) < 2 or timeline.zone or any(entry.stamp.zone for entry in timed):
        return
    first = timed[0]
    column = document.column(first.line, first.text, first.stamp.start)
    message = "This timeline says nowhere in which zone its times are."
    yield Finding(first.line + 1, column, message, first.stamp.text, "Say it once above the first: `All times in UTC.`")


RULE = Rule(
    name="no-zone",
    says="A timeline of times of day without any zone.",
    why="42 % of public timelines name none; whoever compares them with a log has to guess.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(Example("# Orders fail\n\n## Timeline\n\n- 2026-07-07 10:26 Down.\n- 2026-07-07 10:30 Up.\n"),),
    left_alone=(
        Example("# Orders fail\n\n## Timeline (all times PDT)\n\n- 2026-07-07 10:26 Down.\n- 2026-07-07 10:30 Up.\n"),
        Example(
            "# Orders fail\n\n## Timeline\n\n| Time (UTC) | What |\n| --- | --- |\n| 10:26 | Down |\n| 10:30 | Up |\n"
        ),
        Example("# Orders fail\n\n## Timeline\n\n- 2026-07-07 Down.\n- 2026-07-08 Up.\n"),
    ),
)
