"""How far a read is, for whoever waits for it: a client tells it, and this silent one tells nobody."""

from __future__ import annotations


class ReadProgress:
    """Hears of every request, and of how many issues have been read."""

    def asks(self, doing: str) -> None:
        """A request is about to be sent; `doing` is its errand, such as `reading the cases of acme/support`."""

    def has(self, done: int, total: int) -> None:
        """So many of so many issues have been read."""

    def waits(self, why: str, seconds: float) -> None:
        """Nothing is sent for so many seconds, and why."""


#: What every client has until somebody looks on.
NOBODY = ReadProgress()
