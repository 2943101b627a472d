"""What the headers of answers tell: what a token may still do in its hour, and the forge's clock between two answers.

- Hours are shared by all clients of one token. Each answer says of one resource (REST and GraphQL are counted apart)
  how many requests or points are left, and when there will be all of them again; the last answer counts.
- `Date` tells whole seconds, and an answer is under way for a while: by it the forge's clock is never ahead. Of several
  answers the one that came the quickest, and the latest within its second, tells most.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

#: What was told longer ago than so many seconds no longer counts: two clocks drift apart.
REMEMBERED = 600.0


@dataclass(frozen=True, slots=True)
class Hour:
    """What is left of an hour: of `limit` requests or points `remaining`, until all are there again at `reset`."""

    limit: int
    remaining: int
    reset: Instant


class Allowance:
    """The token's hours by resource; `waited` counts seconds, `limited` says which limit ended a run (empty: none)."""

    def __init__(self) -> None:
        self.hours: dict[str, Hour] = {}
        self.waited = 0.0
        self.limited = ""

    def tell(self, headers: Mapping[str, str]) -> None:
        """Take note of what an answer's headers say; they are in lower case."""
        said = [headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining", "reset")]
        if all(text.isdigit() for text in said):
            limit, remaining, reset = map(int, said)
            self.hours[headers.get("x-ratelimit-resource", "core")] = Hour(limit, remaining, reset)

    @property
    def scarcest(self) -> Hour | None:
        """The hour of which the smallest share is left; None before an answer has told."""
        return min(self.hours.values(), key=lambda hour: hour.remaining / max(1, hour.limit), default=None)


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
