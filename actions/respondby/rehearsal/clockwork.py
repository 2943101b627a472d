"""When the scheduled sweeps of a rehearsal come, and which of them cannot change anything.

Sweeps come on a grid: every instant that `every` divides. Laws:

- A sweep comes after what happens in its instant, and before what is expected in it.
- After anything that happened, one sweep is performed. It says when the plan can change next; the sweeps before that
  are skipped and counted.
- A sweep that failed, or that did not say, is followed by another; while they go on failing and nothing happens, by
  fewer and fewer: after the second, fourth, eighth … of the grid, at the latest the sixty-fourth.
- With `keep_all` none is skipped: the record is the same, which a test proves.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass


@dataclass(slots=True)
class Clockwork:
    """The schedule at work. `at` is how far the grid has been seen to; `skipped` counts what was left out."""

    at: Instant
    every: int | None
    keep_all: bool = False
    next: Instant | None = None
    due: bool = False
    skipped: int = 0
    failures: int = 0

    def happened(self) -> None:
        """Something happened: the next sweep is performed."""
        self.due, self.failures = True, 0

    def swept(self, next_change: Instant | None, *, sure: bool) -> None:
        """A sweep was performed and said when the plan can change next; `sure` is False where it could not say."""
        self.due, self.next = not sure, next_change
        self.failures = 0 if sure else self.failures + 1

    def rhythm(self, every: int | None, at: Instant) -> None:
        """From here on sweeps come that often, or not at all. Those that could not come are neither run nor counted."""
        self.every, self.at = every, max(self.at, at)
        self.due = True

    def until(self, end: Instant, *, including: bool) -> Iterator[Instant]:
        """The sweeps to perform up to `end`, each asked for when the one before has been performed."""
        last = end if including else end - 1
        while True:
            wanted = self._wanted()
            if self.every is not None:
                passed = last if wanted is None else min(last, wanted - 1)
                self.skipped += max(0, passed // self.every - self.at // self.every)
            if wanted is None or wanted > last:
                self.at = max(self.at, last)
                return
            self.at = wanted
            yield wanted

    def _wanted(self) -> Instant | None:
        """The first instant of the grid after `at` at which something may change."""
        if self.every is None:
            return None
        first = (self.at // self.every + 1) * self.every
        if self.keep_all:
            return first
        if self.due:
            return first + self.every * ((1 << min(max(self.failures - 1, 0), 6)) - 1)
        if self.next is None:
            return None
        return max(first, -(-self.next // self.every) * self.every)
