"""One deadline for a whole call, whatever it waits for.

A library's own timeout bounds each wait for a byte, so who answers drop by drop is waited for without end. Here the
call has a thread of its own, which is given up when its time has come: it keeps nothing waiting, and ends with the
process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class TooLate(Exception):
    """No result came in time. What was asked for may have been done, or may still be done."""


class Attempt(Generic[T]):
    """A call at work in a thread of its own."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # noqa: BLE001 - it is raised again for who asks for the result
            self._error = error

    def wait(self, seconds: float) -> None:
        """Wait for its end, so long at most."""
        self._thread.join(max(0.0, seconds))

    def result(self) -> T:
        """What it returned. Raises what it raised, and TooLate where it has not ended."""
        if self._error is not None:
            raise self._error
        if not self._results:
            raise TooLate
        return self._results[0]


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result. Raises what it raises, and TooLate where that takes longer than so many seconds."""
    (made,) = all_within(seconds, [call])
    return made.result()


def all_within(seconds: float, calls: Sequence[Callable[[], T]]) -> list[Attempt[T]]:
    """Make these calls side by side, all within one deadline."""
    begun = time.monotonic()
    made = [Attempt(call) for call in calls]
    for attempt in made:
        attempt.wait(seconds - (time.monotonic() - begun))
    return made
