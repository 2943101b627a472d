"""How wide what is printed may be."""

from __future__ import annotations

import os
import shutil

#: The widest that a text for people is set: longer lines are hard to read. Where nothing tells, this is the width.
WIDEST = 80
#: The narrowest that tables and indents are made for.
NARROWEST = 40


def width() -> int:
    """Columns of the terminal, from 40 to 80; `COLUMNS` of the environment says another, a pipe is 80 wide."""
    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() and int(said) else shutil.get_terminal_size((WIDEST, 24)).columns
    return max(NARROWEST, min(WIDEST, columns))
