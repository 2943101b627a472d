"""The workflow commands that the desk itself gives: annotations.

This is the only file that writes commands. Whatever they carry is escaped, so that a message cannot end its command
and begin another.
"""

from collections.abc import Iterable
from typing import Literal, TextIO

from respondby.dataclass import dataclass
from respondby.runner.log import HarmlessStream, harmless

# GitHub shows this many annotations of a level for each step and drops the rest without a word.
SHOWN_PER_LEVEL = 10

Level = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One remark on the run, or on a place in a file of the repository (its path, line and column from 1)."""

    level: Level
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    title: str | None = None

    def command(self) -> str:
        """The workflow command for it, without a line break."""
        properties = {"file": self.file, "line": self.line, "col": self.column, "title": self.title}
        given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
        return f"::{self.level}{' ' if given else ''}{given}::{_data(self.message)}"

    def __str__(self) -> str:
        """`file:line:column: error: message`, as compilers print it."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.level}: {self.message}" if place else f"{self.level}: {self.message}"


def annotate(annotations: Iterable[Annotation], stream: TextIO) -> None:
    """Writes each as an annotation; where a level has more than GitHub shows, the last one shown counts the rest.

    Give the worst first. Those that GitHub would not show are written to the log as plain lines. Call it once a step.
    """
    levels: dict[Level, list[Annotation]] = {}
    for annotation in annotations:
        levels.setdefault(annotation.level, []).append(annotation)
    for level, found in levels.items():
        shown = found if len(found) <= SHOWN_PER_LEVEL else found[: SHOWN_PER_LEVEL - 1]
        hidden = found[len(shown) :]
        for annotation in shown:
            _write(stream, annotation.command())
        if hidden:
            _write(stream, Annotation(level, f"{len(hidden)} more of this kind: they are listed in the log.").command())
            for annotation in hidden:
                _write(stream, harmless(str(annotation)))


def _write(stream: TextIO, line: str) -> None:
    if isinstance(stream, HarmlessStream):
        stream.flush()  # a command is one only where its line begins
        stream = stream.stream
    stream.write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
    stream.flush()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
