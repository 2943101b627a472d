"""The sandbox's own clock: it stands still, moves when told, or runs on from where it was set.

An instant is a whole number of seconds since the Unix epoch, UTC, as everywhere in this room.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=4096)
def iso(instant: int) -> str:
    """Return the instant as GitHub writes it, e.g. ``2026-01-05T09:00:00Z``."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def maybe_iso(instant: int | None) -> str | None:
    """Return the instant as text, or None where there is none."""
    return None if instant is None else iso(instant)


def parse(text: str) -> int:
    """Return the instant that an ISO 8601 text names; without an offset it is UTC.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


class Clock:
    """A clock that can be set to any instant."""

    def __init__(self, now: int, running: bool = False) -> None:
        self._set_to = now
        self._set_when = time.monotonic()
        self.running = running

    def now(self) -> int:
        """Return the current instant."""
        if not self.running:
            return self._set_to
        return self._set_to + int(time.monotonic() - self._set_when)

    def set(self, now: int, running: bool = False) -> None:
        """Move the clock to an instant; it stands there unless it is to run."""
        self._set_to = now
        self._set_when = time.monotonic()
        self.running = running

    def http_date(self) -> str:
        """Return the current instant as an HTTP ``Date`` header."""
        moment = datetime.fromtimestamp(self.now(), UTC)
        day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
        return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"
