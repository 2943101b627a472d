"""A post-mortem's file that is not named for its day, its incident and what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from respondby.calendars.instants import UTC, wall
from respondby.postmortems.document.document import Document
from respondby.postmortems.rule import EXAMPLE, Context, Example, Finding, Rule

_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)-(?P<number>[1-9]\d*)-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md", re.ASCII)
_FORM = "Name it `YYYY-MM-DD-NUMBER-what-happened.md`, such as `2026-11-30-41-orders-fail.md`."


def _look(document: Document, _: Context) -> Iterator[Finding]:
    name = document.path.rpartition("/")[2]
    found = _NAME.fullmatch(name)
    if found is None:
        yield Finding(1, 1, "This file is not named as a post-mortem.", name, _FORM)
        return
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        yield Finding(1, 1, f"There is no day {found['day']}, which this file is named for.", name, _FORM)
        return
    numbers = [link.rpartition("/")[2] for link in document.incidents]
    if numbers and found["number"] not in numbers:
        line, column = document.front.place("incident")
        message = f"This file is named for the incident {found['number']} and tells of {', '.join(numbers)}."
        yield Finding(line, column, message, numbers[0], "Rename the file, or correct the link.")
    began = document.milestones.get("started", document.milestones.get("detected"))
    if began is not None and abs((wall(began, UTC).date() - day).days) > 1:
        line, column = document.front.place("started" if "started" in document.milestones else "detected")
        message = f"This file is named for {day}, and the incident began on {wall(began, UTC).date()}."
        yield Finding(line, column, message, name, "Rename the file, or correct the time.")


_TEXT = "---\nincident: https://github.com/acme/shop/issues/41\nstatus: draft\nstarted: 2026-11-30T09:50+01:00\n---\n"

RULE = Rule(
    name="file-name",
    says="A file that is not named `YYYY-MM-DD-NUMBER-what-happened.md` for its incident and its day.",
    why="The folder is the list that people look through first.",
    look=_look,
    flagged=(
        Example(_TEXT, path="docs/incidents/orders.md"),
        Example(_TEXT, path="docs/incidents/2026-11-30-42-orders-fail.md"),
        Example(_TEXT, path="docs/incidents/2026-11-03-41-orders-fail.md"),
        Example(_TEXT, path="docs/incidents/2026-13-30-41-orders-fail.md"),
    ),
    left_alone=(Example(_TEXT, path=EXAMPLE), Example("# Notes\n", path="notes.md")),
)
