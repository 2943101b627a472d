"""The forge's clock between two answers.

`Date` tells whole seconds, and an answer is under way for a while: by it the forge's clock is never ahead. Of several
answers the one that came the quickest, and the latest within its second, tells most.
"""

from __future__ import annotations

from collections import deque

from respondby.calendars.instants import Instant

#: What was told longer ago than so many seconds no longer counts: two clocks drift apart.
REMEMBERED = 600.0


class ForgeClock:
    """What answers have told of the forge's clock; `at` counts on a clock of this machine that never jumps."""

    def __init__(self) -> None:
        self._ahead: deque[tuple[float, float]] = deque()

    def tell(self, date: Instant, at: float) -> None:
        """An answer with this `Date` has come."""
        ahead = date - at
        while self._ahead and self._ahead[-1][1] <= ahead:
            self._ahead.pop()
        self._ahead.append((at, ahead))
        while at - self._ahead[0][0] > REMEMBERED:
            self._ahead.popleft()

    def now(self, at: float) -> float:
        """The forge's time, at the earliest. 0 before an answer has come."""
        return at + self._ahead[0][1] if self._ahead else 0.0
