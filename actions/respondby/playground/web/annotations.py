"""What a run says of places in files: read from the commands in its log, as a runner reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from respondby.playground.kept import Kept

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


def checks_of(kept: Kept, number: int) -> list[dict[str, Any]]:
    """The last run of each workflow that looked at a pull request, with what it said: those that failed first."""
    last: dict[str, int] = {}
    for run in kept.runs():
        if run["event"] == "pull_request" and run["issue"] == number:
            last.setdefault(run["workflow"], run["number"])
    found = (kept.run(one) for one in last.values())
    return sorted((run for run in found if run is not None), key=lambda run: bool(run["exit_code"] == 0))


def annotations_of(runs: Iterable[Mapping[str, Any]]) -> list[Note]:
    """The annotations of runs, worst first, as they were given."""
    lines = (line for run in runs for line in run["log"].splitlines())
    found = [note for line in lines if (note := _note(line)) is not None]
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
