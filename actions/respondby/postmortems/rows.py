"""Single cells of action items written into a document, and nothing else of it.

An item is a row of a table or a line of a list (`document.items`). Laws: what is written is read back, and stands only
where the item then says it and every other item, and every other line, is as before; line ends and marks stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from respondby.postmortems.document.document import Document, read_document
from respondby.postmortems.document.items import Item, item_tables

Column = Literal["owner", "state", "issue"]

#: Every `|` that ends a cell; `\\|` stands for the sign itself.
_PIPE = re.compile(r"(?<!\\)\|")
_STATE = re.compile(r"\b(?:proposed|agreed|done|won['’]?t[ -]do)\b", re.IGNORECASE)
_BOX = re.compile(r"\[[ xX]\]")


def with_cells(document: Document, item: Item, cells: Mapping[Column, str]) -> Document | None:
    """The document with those cells of one item; None where they cannot be written into it."""
    raw = document.source.text.split("\n")
    if len(raw) != len(document.source.lines):
        return None  # lines end in more than one way: `--fix` mends that first
    lines = _row(document, raw, item, cells) if item.table >= 0 else _listed(document, raw, item, cells)
    if lines is None:
        return None
    written = read_document("\n".join(lines), document.path)
    wanted = [_said(_changed(one, cells) if one == item else one) for one in document.items]
    return written if [_said(one) for one in written.items] == wanted else None


def _said(item: Item) -> Item:
    """What is compared: an item without its reason."""
    return replace(item, why="", owner=item.owner.lstrip("@"))


def _changed(item: Item, cells: Mapping[Column, str]) -> Item:
    state = cells.get("state", item.state)
    return replace(
        item,
        owner=cells.get("owner", item.owner),
        state="won't do" if state.casefold().startswith("won") else state,
        issue=cells.get("issue", item.issue),
    )


def _row(document: Document, raw: list[str], item: Item, cells: Mapping[Column, str]) -> list[str] | None:
    table = next((one for one in item_tables(document.outline) if one.table == item.table), None)
    if table is None or not set(cells) <= set(table.columns):
        return None
    line = raw[item.line]
    for column, text in cells.items():
        line = _with_cell(line, table.columns.index(column), text.replace("|", "\\|"))
    return [*raw[: item.line], line, *raw[item.line + 1 :]]


def _with_cell(line: str, column: int, text: str) -> str:
    end = line[len(line.rstrip()) :]
    body = line.rstrip()
    pipes = [found.start() for found in _PIPE.finditer(body)]
    first = [] if body.lstrip().startswith("|") else [-1]
    starts = [at + 1 for at in (*first, *pipes) if at + 1 < len(body)]
    ends = [next((at for at in pipes if at >= start), len(body)) for start in starts]
    if column < len(starts):
        return f"{body[: starts[column]]} {text} {body[ends[column] :]}{end}"
    closed = body if pipes and pipes[-1] == len(body) - 1 else f"{body} |"
    return f"{closed}{'  |' * (column - len(starts))} {text} |{end}"


def _listed(document: Document, raw: list[str], item: Item, cells: Mapping[Column, str]) -> list[str] | None:
    block = next((one for one in document.outline.blocks if one.line == item.line and one.item), None)
    if block is None:
        return None
    last = item.line + block.content.count("\n")
    text = "\n".join(raw[item.line : last + 1])
    for column, said in cells.items():
        written = _with_words(text, item, column, said)
        if written is None:
            return None
        text = written
    return [*raw[: item.line], *text.split("\n"), *raw[last + 1 :]]


def _with_words(text: str, item: Item, column: Column, said: str) -> str | None:
    """A list's item that says something else of one column; None where its words give no place for that."""
    match column:
        case "issue":
            end = text[len(text.rstrip()) :]
            return None if item.issue else f"{text.rstrip()}, {said}{end}"
        case "owner":
            old = f"@{item.owner.lstrip('@')}"
            return text.replace(old, said, 1) if item.owner and text.count(old) == 1 else None
        case "state":
            found = list(_STATE.finditer(text))
            if not found:
                return None
            text = f"{text[: found[-1].start()]}{said}{text[found[-1].end() :]}"
            return _BOX.sub("[x]" if said == "done" else "[ ]", text, count=1)
