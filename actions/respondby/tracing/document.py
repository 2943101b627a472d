"""The promises of a written document, as a team lists them in `promises.yml` beside its policy.

Each stands there word for word, under its section. What no software can do about one is said beside it, so that nobody
reads more into the row than is true.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from respondby.dataclass import dataclass
from respondby.policy.text import yaml_text
from respondby.policy.text.cursor import Cursor, Notes, Refused, each
from respondby.policy.text.problems import PolicyError, Problem
from respondby.rehearsal.reading_deeds import file_text

#: What lies beside a policy.
FILE = "promises.yml"

#: A document of more sentences than this is no promise that anybody could know.
MOST = 2000

_SAME = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})
#: A link's address in Markdown, with the end of its text.
_ADDRESS = re.compile(r"\]\([^)\s]*\)")
#: What stands around a part of a line and says nothing.
_MARKS = " \t#*_`|•-–—:,;.()[]“”\"'"


@dataclass(frozen=True, slots=True)
class Promised:
    """A sentence of the document and its section. `beyond` is what the desk cannot do about it; empty: nothing."""

    says: str
    section: str
    beyond: str
    line: int


@dataclass(frozen=True, slots=True)
class Written:
    """A document's promises, in its order. `text` is the file of the document itself, where the repository has it."""

    title: str
    promises: tuple[Promised, ...]
    file: Path
    text: Path | None = None


def words(text: str) -> str:
    """A text as quotations are compared: blanks are one, and quotes and dashes are what a keyboard has."""
    return " ".join(text.translate(_SAME).split())


def read_written(file: Path) -> Written:
    """The promises in that file. PolicyError, with every place, for what cannot be read."""
    notes = Notes(str(file))
    root = Cursor(yaml_text.read(file_text(file, str(file)), path=str(file)), (), notes)
    written = None
    try:
        written = _written(root, file)
    except Refused:
        assert notes.problems, "whoever refuses says why"
    if notes.problems or written is None:
        raise PolicyError(notes.problems)
    return written


def unlike(written: Written, document: str) -> tuple[Promised, ...]:
    """The promises that do not stand in the document's text, letter for letter: marks and blanks are left out."""
    said = "".join(letter for letter, _, _ in _letters(document))
    return tuple(one for one in written.promises if _quote(one) not in said)


def unquoted(written: Written, document: str) -> tuple[tuple[int, str], ...]:
    """What no promise quotes of the document, with the numbers of its lines: parts of three words or more, or whole
    lines. Headings that name a section are left out.
    """
    letters = list(_letters(document))
    plain = "".join(letter for letter, _, _ in letters)
    quoted: set[tuple[int, int]] = set()
    for promise in written.promises:
        quote = _quote(promise)
        at = plain.find(quote)
        while at >= 0:
            quoted.update((line, column) for _, line, column in letters[at : at + len(quote)])
            at = plain.find(quote, at + 1)
    sections = {words(part) for one in written.promises for part in one.section.split(" / ")}
    found = []
    for number, line in enumerate(_lines(document)):
        left = "".join("\0" if (number, column) in quoted else letter for column, letter in enumerate(line))
        parts = [part.strip(_MARKS) for part in left.split("\0")]
        said = [part for part in parts if len(part.split()) > 2 or (part and part == line.strip(_MARKS))]
        if said and words(line.strip(_MARKS)) not in sections:
            found.append((number + 1, " … ".join(said)))
    return tuple(found)


def _lines(text: str) -> list[str]:
    """A document's lines without the addresses of its links."""
    return [_ADDRESS.sub("]", line) for line in text.splitlines()]


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Every letter and digit of a text, with its line and column."""
    for number, line in enumerate(_lines(text)):
        yield from ((letter, number, column) for column, letter in enumerate(line) if letter.isalnum())


def _quote(promise: Promised) -> str:
    return "".join(letter for letter, _, _ in _letters(promise.says))


def _written(root: Cursor, file: Path) -> Written:
    root.mapping(("document", "text", "promises"), required=("document", "promises"))
    promises = tuple(
        promise
        for section, sentences in root.at("promises").items()
        for promise in each(sentences.one_or_more(), partial(_promised, section=section))
    )
    seen: dict[str, int] = {}
    for promise in promises:
        before = seen.setdefault(words(promise.says), promise.line)
        if before != promise.line:
            message = f"Line {before} says the same. Once is enough; a longer quotation tells the two apart."
            root.notes.problem(promise.line, 1, message, value=promise.says, rule="promise")
    if not promises and not root.notes.problems:
        raise root.at("promises").refused("This document promises nothing.", hint="Quote its sentences, by section.")
    if len(promises) > MOST:
        raise root.at("promises").refused(f"These are {len(promises)} promises.", value="", hint=f"At most {MOST}.")
    text = root.maybe("text", lambda node: _text(node, file))
    return Written(" ".join(root.at("document").text().split()), promises, file, text)


def _promised(cursor: Cursor, section: str) -> Promised:
    beyond = ""
    says = cursor
    if cursor.node.kind == "mapping":
        cursor.mapping(("says", "beyond"), required=("says",))
        says = cursor.at("says")
        if "beyond" in cursor:
            beyond = " ".join(cursor.at("beyond").text().split())
    quoted = " ".join(says.text().split())
    if not quoted:
        raise says.refused("Nothing is promised here.", hint="Quote the document, word for word.")
    return Promised(quoted, section, beyond, cursor.node.line)


def _text(cursor: Cursor, file: Path) -> Path:
    """The document's own file. It has to lie in the repository: a proposal must not make `check` read what else lies
    on the machine.
    """
    path = Path(os.path.normpath(file.parent / cursor.text()))
    root = file.parent.parent if file.parent.name == ".github" else _top(file.parent)
    if not path.is_file() or not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        hint = f"Paths are relative to {file.name}, and stay within the repository."
        raise cursor.refused("There is no such file.", hint=hint, rule="file")
    return path


def _top(folder: Path) -> Path:
    """The repository's folder, else this one."""
    found = (one for one in (folder, *folder.absolute().parents) if (one / ".git").exists())
    return next(found, folder)


def quoted_problems(written: Written) -> tuple[Problem, ...]:
    """A problem for each promise that its document, where it lies in the repository, does not make in these words."""
    if written.text is None:
        return ()
    hint = f"Quote {written.text} word for word. Has the document changed? Then so has what was promised."
    found = unlike(written, file_text(written.text, str(written.text)))
    said = "The document does not say this."
    return tuple(Problem(str(written.file), one.line, 1, said, one.says, hint, rule="promise") for one in found)
