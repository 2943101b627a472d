"""A length of time that another document states too, to the minute, and that fits there and not here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.stated import Stated
from respondby.postmortems.rule import Context, Example, Finding, Rule
from respondby.postmortems.rules.length_contradicted import contradicted

#: Shorter ones, and those of whole hours, are the same by chance.
_LEAST = 8 * 60


def _look(document: Document, context: Context) -> Iterator[Finding]:
    places = context.once("stated lengths", _places)
    for stated in _stated_lengths(document):
        others = [path for path in places.get(stated.length.minutes, ()) if path != document.path]
        if others and contradicted(document, stated):
            column = document.column(stated.line, stated.text, stated.length.start)
            message = f"“{stated.length.text}” is stated in {others[0]} too, to the minute."
            hint = "Was it copied? Work it out from this incident's times."
            yield Finding(stated.line + 1, column, message, stated.length.text, hint)


def _places(documents: Mapping[str, Document]) -> dict[float, list[str]]:
    """The documents that state a length, by its minutes."""
    found: dict[float, list[str]] = {}
    for path, document in documents.items():
        for minutes in {stated.length.minutes for stated in _stated_lengths(document)}:
            found.setdefault(minutes, []).append(path)
    return found


def _stated_lengths(document: Document) -> Iterator[Stated]:
    if document.source.refusal() is None:
        for stated in document.stated:
            if stated.length.minutes >= _LEAST and stated.length.slack <= 1 and not stated.length.about:
                yield stated


def _document(length: str, until: str) -> str:
    return (
        "# Orders fail\n\n- **Key events**\n  - First detected 2026-09-07 10:26\n"
        f"  - Repaired {until}\n\n- **Time to repair**: {length}\n"
    )


RULE = Rule(
    name="copied-length",
    says=(
        "A length of time, contradicted by the document's own times, that another "
        "document of the same run states to the minute."
    ),
    why="Documents are begun as copies of the last one; one such figure was published in a quarter's mean.",
    look=_look,
    ours="warning",
    others="warning",
    flagged=(
        Example(
            _document("35h 36m", "2026-09-07 11:21"), beside={"before.md": _document("35h 36m", "2026-09-08 22:02")}
        ),
    ),
    left_alone=(
        Example(_document("0h 55m", "2026-09-07 11:21"), beside={"before.md": _document("0h 55m", "2026-09-07 11:21")}),
        Example(
            _document("35h 36m", "2026-09-08 22:02"), beside={"before.md": _document("35h 36m", "2026-09-07 11:21")}
        ),
    ),
)
