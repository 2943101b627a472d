"""How wide what is printed may be."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from textwrap import wrap

#: The widest that a text for people is set: longer lines are hard to read. Where nothing tells, this is the width.
WIDEST = 80
#: The narrowest that tables and indents are made for.
NARROWEST = 40


def width() -> int:
    """Columns of the terminal, from 40 to 80; `COLUMNS` of the environment says another, a pipe is 80 wide."""
    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() and int(said) else shutil.get_terminal_size((WIDEST, 24)).columns
    return max(NARROWEST, min(WIDEST, columns))


def fitted(lines: Iterable[str], *, err: bool = False) -> Iterator[str]:
    """The lines, those that are too wide for the terminal in several, each but the first indented by two more. Words
    that are wider stay whole, and so does every line where no terminal is: whoever searches a log looks for them.
    With `err` they go to standard error.
    """
    wide, stream = width(), sys.stderr if err else sys.stdout
    stays = wide == WIDEST and not (stream is not None and stream.isatty())
    for line in lines:
        if stays or len(line) <= wide:
            yield line
            continue
        indent = line[: len(line) - len(line.lstrip())]
        yield from wrap(
            line.lstrip(), wide, initial_indent=indent, subsequent_indent=f"{indent}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def fold(text: str, first: str = "", rest: str = "") -> list[str]:
    """The text in lines as wide as the terminal: `first` before the first one, `rest` before the others, as far as it
    leaves half of the line. Nothing is broken at a hyphen.
    """
    wide = width()
    rest = rest if len(rest) <= wide // 2 else " " * (wide // 4)
    return wrap(text, wide, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
