"""Pacing: how fast we write, so that GitHub's secondary limits never have to tell us.

GitHub allows about 80 content creations a minute and 500 an hour, and asks for a second between writes. A desk writes
in bursts (one triage is a handful of writes), so the first ten of a burst go out at once.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import fields

from respondby.dataclass import dataclass
from respondby.forge.errors import LimitReached, WrongPace

_MINUTE = 60.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How many writes: `burst` at once, then one each `seconds`, never more than `minute` and `hour` in those spans."""

    burst: int = 10
    seconds: float = 1.0
    minute: int = 80
    hour: int = 500


def read_pace(text: str) -> Pace | None:
    """The pace that `RESPONDBY_PACE` says: `off` (None), or members of it such as `burst=5 hour=200`; empty is usual.

    Raises WrongPace.
    """
    if text.strip() == "off":
        return None
    said: dict[str, float] = {}
    for part in text.replace(",", " ").split():
        found = re.fullmatch(r"(\w+)=(\d+(?:\.\d+)?)", part)
        if found is None or found[1] not in {field.name for field in fields(Pace)} or not float(found[2]):
            raise WrongPace(part)
        said[found[1]] = float(found[2])
    usual = Pace()
    return Pace(
        burst=max(1, int(said.get("burst", usual.burst))),
        seconds=said.get("seconds", usual.seconds),
        minute=max(1, int(said.get("minute", usual.minute))),
        hour=max(1, int(said.get("hour", usual.hour))),
    )


class Pacer:
    """Holds writes back to a pace. `pace` None holds nothing back; `monotonic` and `sleep` count in seconds."""

    def __init__(
        self, pace: Pace | None, monotonic: Callable[[], float], sleep: Callable[[float], None], longest: float
    ) -> None:
        self._pace = pace
        self._monotonic = monotonic
        self._sleep = sleep
        self._longest = longest
        self._sent: deque[float] = deque()

    def wait(self) -> None:
        """Return when the next write may go out. Raises LimitReached rather than wait longer than `longest` seconds."""
        if self._pace is None:
            return
        now = self._monotonic()
        pause = self._pause(self._pace, now)
        if pause > self._longest:
            raise LimitReached(f"GitHub's limit of {self._pace.hour} writes an hour", pause)
        if pause > 0:
            self._sleep(pause)
        self._sent.append(max(now + pause, self._monotonic()))

    def left(self) -> int | None:
        """How many writes may still go out before an hour is over; None for any number."""
        if self._pace is None:
            return None
        now = self._monotonic()
        return self._pace.hour - sum(sent > now - _HOUR for sent in self._sent)

    def _pause(self, pace: Pace, now: float) -> float:
        while self._sent and self._sent[0] <= now - _HOUR:
            self._sent.popleft()
        free_at = now
        if len(self._sent) >= pace.burst:
            # A bucket that holds `burst` writes; each write takes one, each `seconds` brings one back.
            level, last = float(pace.burst), self._sent[0]
            for sent in self._sent:
                level = min(float(pace.burst), level + (sent - last) / pace.seconds) - 1
                last = sent
            free_at = last + max(0.0, (1 - level) * pace.seconds)
        for count, span in ((pace.minute, _MINUTE), (pace.hour, _HOUR)):
            if len(self._sent) >= count:
                free_at = max(free_at, self._sent[-count] + span)
        return free_at - now
