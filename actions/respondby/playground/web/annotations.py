"""What a run says of places in files: read from the commands in its log, as a runner reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_COMMAND = re.compile(r"::(?P<level>error|warning|notice)(?: (?P<given>[^:]*))?::(?P<words>.*)")


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: `line` is 0 where it is of a whole file, `file` empty where it is of the run."""

    level: str
    message: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log: `level` is that of an annotation, else empty."""

    text: str
    level: str = ""


def annotations_of(run: Mapping[str, Any] | None) -> list[Note]:
    """The annotations of a run, worst first, as they were given."""
    found = [note for line in (run["log"].splitlines() if run else ()) if (note := _note(line)) is not None]
    order = ("error", "warning", "notice")
    return sorted(found, key=lambda note: order.index(note.level))


def log_lines(log: str) -> Iterator[Line]:
    """A log's lines; those with an annotation say it as a runner shows it."""
    for line in log.splitlines():
        note = _note(line)
        if note is None:
            yield Line(line)
        else:
            place = f"{note.file}{f':{note.line}' if note.line else ''}: " if note.file else ""
            yield Line(f"{note.level.capitalize()}: {place}{note.message}", note.level)


def _note(line: str) -> Note | None:
    found = _COMMAND.fullmatch(line)
    if found is None:
        return None
    given = dict(part.partition("=")[::2] for part in (found["given"] or "").split(",") if part)
    number = given.get("line", "")
    return Note(
        found["level"], _plain(found["words"]), _plain(given.get("file", "")), int(number) if number.isdecimal() else 0
    )


def _plain(text: str) -> str:
    for code, sign in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text
