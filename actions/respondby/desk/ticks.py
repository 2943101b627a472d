"""Task lists: which boxes of a text are ticked, and by whom and when, as the history of its edits tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Revision
from respondby.desk.markdown import read

_BOX = re.compile(r"\[[ xX]\]")
_TASK = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+\[([ xX])\](?:\s+(.*)|$)")


@dataclass(frozen=True, slots=True)
class Task:
    """A box as it stands: its text, and since when and by whose edit it is ticked (None: it is not)."""

    text: str
    at: Instant | None = None
    by: str | None = None

    @property
    def done(self) -> bool:
        """Whether it is ticked."""
        return self.at is not None


def all_ticked(text: str) -> bool:
    """Whether the text has a task list, and all of its boxes are ticked. What stands in code or a quote is no task."""
    boxes = _boxes(text)
    return bool(boxes) and all(ticked for ticked, _ in boxes)


def gone(written: str, text: str) -> tuple[str, ...]:
    """The boxes of what was written that the text has no more, where it has fewer; a rewording is no loss."""
    before, after = [words for _, words in _boxes(written)], [words for _, words in _boxes(text)]
    return tuple(words for words in before if words not in after) if len(after) < len(before) else ()


def tasks_of(revisions: Sequence[Revision]) -> list[Task]:
    """The boxes of the last text, in order; a box is known by its words, so moving or rewording others changes nothing.

    Of a box that stands there twice with the same words, each counts by its place among them.
    """
    if not revisions:
        return []
    ticked: dict[tuple[str, int], tuple[Instant, str]] = {}
    first = revisions[0]
    for place, done in _places(first.text):
        if done:
            ticked[place] = (first.at, first.by)
    for _, after in pairwise(revisions):
        now: dict[tuple[str, int], tuple[Instant, str]] = {}
        for place, done in _places(after.text):
            if done:
                now[place] = ticked.get(place, (after.at, after.by))
        ticked = now
    found = []
    for place, _ in _places(revisions[-1].text):
        at, by = ticked.get(place, (None, None))
        found.append(Task(place[0], at, by))
    return found


def _places(text: str) -> Iterator[tuple[tuple[str, int], bool]]:
    """Each box by its words and its place among those with the same, and whether it is ticked."""
    seen: dict[str, int] = {}
    for done, words in _boxes(text):
        number = seen[words] = seen.get(words, 0) + 1
        yield (words, number), done


@lru_cache(maxsize=256)
def _boxes(text: str) -> tuple[tuple[bool, str], ...]:
    """Each box's tick and words. A text is asked for again with every revision after it, so it is read once."""
    if _BOX.search(text) is None:
        return ()
    reading = read(text, _BOX)
    tasks = ((number, _TASK.match(line)) for number, line in enumerate(reading.lines))
    return tuple(
        (task[1] != " ", " ".join((task[2] or "").split()))
        for number, task in tasks
        if task and number not in reading.code and number not in reading.quoted
    )
