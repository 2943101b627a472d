"""How far a read is, on standard error: a bar in a terminal, lines where there is none, nothing beside JSON.

A bar is gone when the command has its answer. Lines come only of what takes longer than two seconds, and no more often.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from respondby.forge.client import Client
from respondby.forge.progress import NOBODY, ReadProgress
from respondby.letters.neutral import flat

#: Seconds between two lines, and before the first one.
EVERY = 2.0
_BAR = 20
_CLEAR = "\r\x1b[K"


@contextmanager
def showing(client: Client, *, quiet: bool) -> Iterator[None]:
    """While this lasts, whoever waits sees how far the client's reads are; nothing where it is to be `quiet`."""
    if quiet:
        yield
        return
    shown = Bar(sys.stderr) if _is_terminal(sys.stderr) else Lines(sys.stderr)
    client.progress = shown
    try:
        yield
    finally:
        client.progress = NOBODY
        shown.ends()


class Bar(ReadProgress):
    """One line of a terminal, written over as it changes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = False
        self._doing = ""
        self._part = ""

    def asks(self, doing: str) -> None:
        """The errand, and the bar where it is known how much there is."""
        self._doing = doing
        self._draw()

    def has(self, done: int, total: int) -> None:
        """The bar, from the first page on."""
        filled = _BAR * done // total if total else _BAR
        self._part = f"[{'#' * filled}{'-' * (_BAR - filled)}] {done:,} of {total:,}"
        self._draw()

    def waits(self, why: str, seconds: float) -> None:
        """Why nothing moves."""
        self._draw(f"{why}: going on in {seconds:.0f} s")

    def ends(self) -> None:
        """The line is gone."""
        if self._drawn:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def _draw(self, text: str = "") -> None:
        wide = shutil.get_terminal_size((80, 24)).columns - 1
        line = text or " ".join(part for part in (self._part, self._doing) if part)
        self._stream.write(_CLEAR + flat(line, max(10, wide)))
        self._stream.flush()
        self._drawn = True


class Lines(ReadProgress):
    """A line now and then, for a log."""

    def __init__(self, stream: TextIO, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._monotonic = monotonic
        self._last_line = monotonic()
        self._part = ""

    def asks(self, doing: str) -> None:
        """The errand, with how far it is."""
        self._tell(f"{doing}{self._part}")

    def has(self, done: int, total: int) -> None:
        """What the next line says."""
        self._part = f": {done:,} of {total:,}"

    def waits(self, why: str, seconds: float) -> None:
        """At once: from here on nothing moves."""
        if seconds >= EVERY:
            self._last_line -= EVERY
            self._tell(f"{why}: going on in {seconds:.0f} s")

    def ends(self) -> None:
        """Nothing is left to say."""

    def _tell(self, line: str) -> None:
        if self._monotonic() - self._last_line >= EVERY:
            self._last_line = self._monotonic()
            self._stream.write(f"{flat(line)}\n")
            self._stream.flush()


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM", "") != "dumb"
