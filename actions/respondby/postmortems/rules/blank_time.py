"""A time that was left to be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import Context, Example, Finding, Rule


def _look(document: Document, _: Context) -> Iterator[Finding]:
    for entry in document.timeline.entries:
        if entry.stamp.wrong == "blank":
            column = document.column(entry.line, entry.text, entry.stamp.start)
            message = f"The time “{entry.stamp.text}” was never filled in."
            yield Finding(
                entry.line + 1, column, message, entry.stamp.text, "Write it, say `about`, or remove the entry."
            )


RULE = Rule(
    name="blank-time",
    says="A time in the timeline that was left to be filled in: `HH:mm`, `--:--`, `14:??`.",
    why="It is a row of the template, or the one time that matters.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example(
            "# Orders fail\n\n## Timeline\n\n| Time | Event |\n| --- | --- |\n| 2026-09-07 HH:mm | Short event. |\n"
        ),
        Example("# Orders fail\n\n## Timeline\n\n- 14:?? Seen.\n"),
    ),
    left_alone=(Example("# Orders fail\n\n## Timeline\n\n- 14:05 UTC Seen.\n\nTime to detection: ?\n"),),
)
