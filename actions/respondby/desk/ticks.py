"""Task lists: whether every box of a text is ticked."""

from __future__ import annotations

import re

from respondby.desk.markdown import read

_BOX = re.compile(r"\[[ xX]\]")
_TASK = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\[([ xX])\](?:\s|$)")


def all_ticked(text: str) -> bool:
    """Whether the text has a task list, and all of its boxes are ticked. What stands in code or a quote is no task."""
    if _BOX.search(text) is None:
        return False
    reading = read(text, _BOX)
    tasks = [
        task[1]
        for number, line in enumerate(reading.lines)
        if (task := _TASK.match(line)) and number not in reading.code and number not in reading.quoted
    ]
    return bool(tasks) and " " not in tasks
