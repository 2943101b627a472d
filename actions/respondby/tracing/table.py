"""The table of promises, in Markdown: a block of a page that people write around, as `postmortem index` keeps its own.

Laws: the same documents, scenarios and results give the same text; nothing in a document can end a cell or the block.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from respondby.desk.blocks import Made, block, names, refreshed
from respondby.letters.neutral import inline
from respondby.postmortems.index import settled
from respondby.tracing.traced import Row, Traced

BLOCK = "promises"

_NOTICE = "This table was edited by hand and is not kept up to date. Empty it to have it written again."
_LONGEST = 600
_SAID = {
    "kept": "kept",
    "broken": "**not kept**",
    "changed": "changed since it was rehearsed",
    "never": "not rehearsed",
}


def page(documents: Sequence[Traced], text: str, folder: Path) -> str:
    """A page's text with the table in it, made from what stands there; links lead from `folder`."""
    made = _made(documents, folder)
    text = settled(text)
    if BLOCK not in names(text):
        return f"{text.rstrip()}\n\n{block(BLOCK, made)}\n".lstrip()
    return refreshed(text, {BLOCK: made}, _NOTICE)


def table(documents: Sequence[Traced], folder: Path) -> str:
    """The table alone; links lead from `folder`."""
    return "\n".join(_table(documents, folder)) + "\n"


def as_json(documents: Sequence[Traced]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "document": document.written.title,
            "policy": str(document.policy),
            "promises": [
                {
                    "says": row.promise.says,
                    "section": row.promise.section,
                    "beyond": row.promise.beyond or None,
                    "by": list(row.by),
                    "scenarios": [{"file": str(one.file), "result": one.standing} for one in row.shown],
                    "kept": row.kept,
                }
                for row in document.rows
            ],
        }
        for document in documents
    ]


def _made(documents: Sequence[Traced], folder: Path) -> Made:
    text = "\n".join([f"{_counted(documents)}", "", *_table(documents, folder)])
    return Made(hashlib.sha256(text.encode()).hexdigest()[:16], text)


def _counted(documents: Sequence[Traced]) -> str:
    rows = [row for document in documents for row in document.rows]
    kept = sum(row.kept for row in rows)
    shown = {one.file for row in rows for one in row.shown}
    alone = sum(bool(row.promise.beyond) for row in rows)
    said = f"{len(rows)} promises, {kept} of them kept by {len(shown)} scenarios."
    return f"{said} What no software can do about {alone} of them stands beside the key." if alone else said


def _table(documents: Sequence[Traced], folder: Path) -> Iterator[str]:
    yield "| document, section | it says | kept by | shown by | result |"
    yield "| --- | --- | --- | --- | --- |"
    for document in documents:
        for row in document.rows:
            where = f"{inline(document.written.title)}, {inline(row.promise.section)}"
            cells = (where, f"“{inline(row.promise.says, _LONGEST)}”", _keys(row), _links(row, folder), _result(row))
            yield f"| {' | '.join(cells)} |"


def _keys(row: Row) -> str:
    keys = ", ".join(f"`{key.replace('|', '')}`" for key in row.by) or "nothing yet"
    return f"{keys}. {inline(row.promise.beyond, _LONGEST)}" if row.promise.beyond else keys


def _links(row: Row, folder: Path) -> str:
    def link(file: Path) -> str:
        there = os.path.relpath(file, folder).replace(os.sep, "/")
        return f"[{inline(file.stem)}]({there.replace(' ', '%20')})"

    return ", ".join(link(one.file) for one in row.shown) or "no scenario"


def _result(row: Row) -> str:
    said = dict.fromkeys(_SAID[one.standing] for one in row.shown)
    return ", ".join(said) or "**not shown**"
