"""Draws the queue anew in a terminal, again and again, until somebody ends it by Ctrl-C.

The terminal's other screen is drawn on, so that the first one is as it was when this ends. What could not be read is
said below what was read last, and read again next time.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from respondby.calendars.durations import people_seconds
from respondby.cli.errors import exit_code
from respondby.letters.neutral import flat
from respondby.terminal import fold

_OTHER, _FIRST = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _TO_END, _LINE_END = "\x1b[H", "\x1b[J", "\x1b[K\r\n"


class Redrawing:
    """`read` reads, every `every` seconds, and gives what sets what it has read in lines for the terminal's width.

    `sleep` and `size` (columns, lines) are injected.
    """

    def __init__(
        self,
        read: Callable[[], Callable[[], Sequence[str]]],
        stream: TextIO,
        every: int,
        *,
        sleep: Callable[[float], None] = time.sleep,
        size: Callable[[], tuple[int, int]] = lambda: shutil.get_terminal_size((80, 24)),
    ) -> None:
        self._read = read
        self._stream = stream
        self._every = every
        self._sleep = sleep
        self._size = size

    def run(self) -> None:
        """Draw until Ctrl-C. What the first read raises is raised: nothing has been drawn then."""
        lines = self._read()
        self._stream.write(_OTHER)
        try:
            failure = ""
            while True:
                self._show(lines, failure)
                try:
                    lines, failure = self._read(), ""
                except Exception as error:
                    if exit_code(error) is None:
                        raise
                    failure = str(error)
        except KeyboardInterrupt:
            pass
        finally:
            self._stream.write(_FIRST)
            self._stream.flush()

    def _show(self, lines: Callable[[], Sequence[str]], failure: str) -> None:
        """Draw, and again where the terminal changes its size, until it is time to read."""
        drawn = None
        for _ in range(self._every):
            size = self._size()
            if size != drawn:
                drawn = size
                self._draw(list(lines()), failure, size[1])
            self._sleep(1)

    def _draw(self, lines: list[str], failure: str, high: int) -> None:
        foot = [""]
        if failure:
            foot += fold(f"Could not be read again: {flat(failure, 400)}", "", "  ")
        foot += fold(f"Read every {people_seconds(self._every)}. Ctrl-C ends.")
        room = max(1, high - len(foot))
        if len(lines) > room:
            hidden = len(lines) - room + 1
            lines = [*lines[: room - 1], f"… {hidden} more line{'' if hidden == 1 else 's'}"]
        self._stream.write(_HOME + _LINE_END.join([*lines, *foot]) + "\x1b[K" + _TO_END)
        self._stream.flush()
