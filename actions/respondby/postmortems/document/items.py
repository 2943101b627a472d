"""Action items as people write them: a table with columns, or a list whose lines say owner, due, state and link.

| What | Owner | Due | Kind | State | Issue |
- [ ] Alert on the queue's age: @ann, due 2026-12-15, prevent, agreed, https://github.com/acme/shop/issues/57
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from respondby.postmortems.document.outline import Block, Outline

#: The columns of a table of items, and what they are called elsewhere.
COLUMNS: dict[str, tuple[str, ...]] = {
    "what": ("what", "action item", "action items", "action", "actions", "task", "description", "item"),
    "owner": ("owner", "who", "assignee", "assigned to", "owners", "dri"),
    "due": ("due", "due date", "deadline", "expected date", "by", "by when", "when"),
    "kind": ("kind", "type", "category"),
    "state": ("state", "status"),
    "issue": ("issue", "link", "bug", "ticket", "tracking", "tracked in"),
}
#: What an item of ours must have a column for; a kind is welcome.
NEEDED = ("what", "owner", "due", "state", "issue")
STATES = ("proposed", "agreed", "done", "won't do")

_COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names}
_OWNER = re.compile(r"(?<![\w@])@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?![\w@])|\bowner:\s*@?([\w-]+)", re.IGNORECASE)
_DUE = re.compile(r"\b(?:due|by|until|deadline):?\s+(?:on\s+)?(\S{4,12}?)(?=[\s,;.)]|$)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ISSUE = re.compile(r"https?://[^\s)\]>|]+/(?:issues|pull)/\d+|(?<![\w&/])[\w.-]+/[\w.-]+#\d+|(?<![\w&/])#\d+")
_STATE = re.compile(
    r"(?:^|[(,;|]\s*|\s[–—-]\s)(?P<state>proposed|agreed|done|won['’]?t[ -]do)\b"
    r"(?:,?\s*(?:because|as|:|-)?\s*(?P<why>[^|]*))?",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:^|[,;]\s*)(prevent|detect|mitigate|process|document|investigate|repair|improve)\b", re.IGNORECASE
)
_BOX = re.compile(r"\[(?P<tick>[ xX])\]\s+")
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOTHING = ("", "-", "–", "—", "none", "n/a")


@dataclass(frozen=True, slots=True)
class Item:
    """An action item at `line` (from 0): everything as written, an empty text where it is not said.

    `state` is one of `STATES`, empty where none is said, or the word that stands there; `why` is the reason of a
    `won't do`. `table` says that it is a row of a table.
    """

    line: int
    what: str
    owner: str = ""
    due: str = ""
    kind: str = ""
    state: str = ""
    why: str = ""
    issue: str = ""
    table: int = -1
    row: int = -1

    @property
    def due_day(self) -> date | None:
        """The day of its due, None where it says none that can be read."""
        found = _DATE.search(self.due)
        try:
            return date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None

    @property
    def open(self) -> bool:
        """Whether it was agreed and is still to be done."""
        return self.state == "agreed"


@dataclass(frozen=True, slots=True)
class ItemTable:
    """A table of items: the line (from 0) of its head, the columns by their place, and those that are missing."""

    table: int
    line: int
    columns: tuple[str, ...]
    missing: tuple[str, ...]


def items_of(outline: Outline) -> tuple[Item, ...]:
    """The action items of a document, in order."""
    blocks = [block for block in outline.blocks if block.section.within("actions") and not block.quoted]
    tables = {table.table: table for table in item_tables(outline)}
    return tuple(sorted([*_rows(blocks, tables), *_listed(blocks)], key=lambda item: item.line))


def item_tables(outline: Outline) -> tuple[ItemTable, ...]:
    """The tables of items."""
    heads: dict[int, list[Block]] = {}
    for block in outline.blocks:
        if block.kind == "cell" and block.row == 0 and block.section.within("actions"):
            heads.setdefault(block.table, []).append(block)
    found = []
    for table, cells in heads.items():
        columns = tuple(_COLUMN_OF.get(cell.content.strip(" *_`").casefold(), "") for cell in cells)
        missing = tuple(name for name in NEEDED if name not in columns)
        found.append(ItemTable(table, cells[0].line, columns, missing))
    return tuple(found)


def _rows(blocks: list[Block], tables: dict[int, ItemTable]) -> Iterator[Item]:
    rows: dict[tuple[int, int], dict[str, str]] = {}
    lines: dict[tuple[int, int], int] = {}
    for block in blocks:
        if block.kind != "cell" or block.row <= 0:
            continue
        columns = tables[block.table].columns if block.table in tables else ()
        name = columns[block.column] if block.column < len(columns) else ""
        if name:
            place = (block.table, block.row)
            rows.setdefault(place, {})[name] = _text(block.content)
            lines[place] = block.line
    for place, cells in rows.items():
        if any(value for value in cells.values()):
            yield _of_cells(cells, lines[place], *place)


def _of_cells(cells: dict[str, str], line: int, table: int, row: int) -> Item:
    owner = _OWNER.search(cells.get("owner", ""))
    named = (owner[1] or owner[2]) if owner else cells.get("owner", "")
    state, why = _state(cells.get("state", ""))
    return Item(
        line,
        cells.get("what", ""),
        "" if named.casefold() in _NOTHING else named,
        "" if cells.get("due", "").casefold() in _NOTHING else cells.get("due", ""),
        cells.get("kind", ""),
        state,
        why,
        _issue(cells.get("issue", "")),
        table,
        row,
    )


def _listed(blocks: list[Block]) -> Iterator[Item]:
    for block in blocks:
        if block.kind != "text" or not block.item or (block.section.level > 6 and block.line == block.section.line):
            continue
        text = _text(block.content)
        box = _BOX.match(text)
        rest = text[box.end() :] if box else text
        if not rest:
            continue
        owner, due, kind = _OWNER.search(rest), _DUE.search(rest), _KIND.search(rest)
        state, why = _state_in(rest)
        if not state and box and box["tick"] != " ":
            state = "done"
        yield Item(
            block.line,
            _what(rest),
            (owner[1] or owner[2]) if owner else "",
            due[1] if due else "",
            kind[1].casefold() if kind else "",
            state,
            why,
            _issue(rest),
        )


def _text(content: str) -> str:
    return " ".join(_HTML_COMMENT.sub("", content).split())


def _what(text: str) -> str:
    """What is to be done: the text up to where it says who, when and which state."""
    found = (pattern.search(text) for pattern in (_OWNER, _STATE, _ISSUE))
    ends = [one.start() for one in found if one is not None and one.start() > 8]
    return text[: min(ends, default=len(text))].rstrip(" ,;:([–—-")


def _state(text: str) -> tuple[str, str]:
    """The state of a cell and its reason; a word that is none stays as it is."""
    plain = text.strip(" *_`")
    found = _STATE.match(plain)
    if found is None:
        return plain, ""
    return _state_name(found["state"]), (found["why"] or "").strip(" .,")


def _state_in(text: str) -> tuple[str, str]:
    """The state that a line says: the last one, for the first words may be part of what is to be done."""
    several = list(_STATE.finditer(text))
    if not several:
        return "", ""
    found = several[-1]
    name = _state_name(found["state"])
    return name, (found["why"] or "").strip(" .,") if name == "won't do" else ""


def _state_name(word: str) -> str:
    return "won't do" if word.casefold().startswith("won") else word.casefold()


def _issue(text: str) -> str:
    found = _ISSUE.search(text)
    return found[0] if found else ""
