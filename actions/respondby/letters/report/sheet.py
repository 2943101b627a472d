"""A report as CSV: every table below its title, figures as numbers where a sheet calculates with them.

Spreadsheets run what begins with `=`, `+`, `-`, `@`, a tab or a line's end as a formula: such a text gets an apostrophe
before it, which they show as nothing and take as “this is text”.
"""

from __future__ import annotations

import csv
import io
import re

from respondby.letters.neutral import flat
from respondby.letters.report.paper import Cell, Paper

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_RUNS = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


def sheet(paper: Paper) -> str:
    """The whole report, its lines ended as RFC 4180 wants them."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([harmless(paper.title), harmless(paper.subtitle)])
    for section in paper.sections:
        writer.writerow([])
        writer.writerow([harmless(section.title)])
        if section.rows:
            writer.writerow([harmless(column) for column in section.columns])
        writer.writerows([_value(cell) for cell in row] for row in section.rows)
        writer.writerows([harmless(line.text), harmless(line.url)] for line in section.lines)
    return written.getvalue()


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    line = flat(text, 4_000)
    return f"'{line}" if line.startswith(_RUNS) and not _NUMBER.fullmatch(line) else line


def _value(cell: Cell) -> str:
    if cell.raw:
        return harmless(cell.raw)
    return harmless(", ".join(filter(None, (*(one.text for one in cell.more), cell.text))))
