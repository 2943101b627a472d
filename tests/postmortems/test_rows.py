"""A cell of an action item is written, and nothing else of the document."""

from __future__ import annotations

import pytest
from tests.postmortems.documents import TOP

from respondby.postmortems.document.document import read_document
from respondby.postmortems.rows import Column, with_cells

HEAD = "| What | Owner | Due | Kind | State | Issue |\n| --- | --- | --- | --- | --- | --- |\n"
ISSUE = "https://github.com/acme/shop/issues/57"

#: What a row says, which cells are written, what it says then; None: it is left as it was.
CASES: dict[str, tuple[str, dict[Column, str], str | None]] = {
    "a row": (
        HEAD + "| Alert | @ann | 2026-12-15 | detect | agreed |  |\n",
        {"issue": ISSUE},
        HEAD + f"| Alert | @ann | 2026-12-15 | detect | agreed | {ISSUE} |\n",
    ),
    "two cells": (
        HEAD + f"| Alert | @ann | 2026-12-15 | detect | agreed | {ISSUE} |\n",
        {"state": "done", "owner": "@bob"},
        HEAD + f"| Alert | @bob | 2026-12-15 | detect | done | {ISSUE} |\n",
    ),
    "a sign in another cell": (
        HEAD + "| Alert on `a \\| b` | @ann | 2026-12-15 | detect | agreed |  |\n",
        {"state": "done"},
        HEAD + "| Alert on `a \\| b` | @ann | 2026-12-15 | detect | done |  |\n",
    ),
    "a row that ends too soon": (
        HEAD + "| Alert | @ann | 2026-12-15 | | agreed\n",
        {"issue": ISSUE},
        HEAD + f"| Alert | @ann | 2026-12-15 | | agreed | {ISSUE} |\n",
    ),
    "no bars at the ends": (
        "What | Owner | Due | State | Issue\n--- | --- | --- | --- | ---\nAlert | @ann | 2026-12-15 | agreed |\n",
        {"state": "done"},
        "What | Owner | Due | State | Issue\n--- | --- | --- | --- | ---\nAlert | @ann | 2026-12-15 | done |\n",
    ),
    "a reason": (
        HEAD + f"| Alert | @ann | 2026-12-15 | detect | agreed | {ISSUE} |\n",
        {"state": "won't do, because #57 was closed as not planned"},
        HEAD + f"| Alert | @ann | 2026-12-15 | detect | won't do, because #57 was closed as not planned | {ISSUE} |\n",
    ),
    "a list's item": (
        "- [ ] Alert on the queue's age: @ann, due 2026-12-15, detect, agreed\n- Other: @bob, agreed\n",
        {"issue": ISSUE},
        f"- [ ] Alert on the queue's age: @ann, due 2026-12-15, detect, agreed, {ISSUE}\n- Other: @bob, agreed\n",
    ),
    "a list's item that is done": (
        f"- [ ] Alert on the queue: @ann, due 2026-12-15, agreed, {ISSUE}\n",
        {"state": "done"},
        f"- [x] Alert on the queue: @ann, due 2026-12-15, done, {ISSUE}\n",
    ),
    "an item of two lines": (
        "- Alert on the queue's age,\n  @ann, due 2026-12-15, agreed\n",
        {"issue": ISSUE},
        f"- Alert on the queue's age,\n  @ann, due 2026-12-15, agreed, {ISSUE}\n",
    ),
    "a list's item that was handed over": (
        f"- Alert on the queue: @ann, due 2026-12-15, agreed, {ISSUE}\n",
        {"owner": "@bob"},
        f"- Alert on the queue: @bob, due 2026-12-15, agreed, {ISSUE}\n",
    ),
    "no such column": (
        "| What | Owner | Due | State |\n| --- | --- | --- | --- |\n| Alert | @ann | 2026-12-15 | agreed |\n",
        {"issue": ISSUE},
        None,
    ),
    "no owner to replace": ("- Alert on the queue, agreed\n", {"owner": "@bob"}, None),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("shape", ["plain", "CRLF", "BOM"])
def test_only_that_cell_changes(name: str, shape: str) -> None:
    rows, cells, wanted = CASES[name]

    def whole(rows: str) -> str:
        text = f"{TOP}## Action items\n\n{rows}\n## Facts\n\n| What | State |\n| --- | --- |\n| agreed | agreed |\n"
        text = text.replace("\n", "\r\n") if shape == "CRLF" else text
        return f"\ufeff{text}" if shape == "BOM" else text

    document = read_document(whole(rows), "docs/incidents/2026-11-30-41-orders-fail.md")
    written = with_cells(document, document.items[0], cells)
    assert (written.source.text if written is not None else None) == (whole(wanted) if wanted is not None else None)


def test_a_text_whose_lines_end_in_several_ways_is_left_alone() -> None:
    top = TOP.replace("Orders fail", "Orders\rfail")
    document = read_document(f"{top}## Action items\n\n{HEAD}| Alert | @ann | 2026-12-15 | | agreed |  |\n", "a.md")
    assert with_cells(document, document.items[0], {"state": "done"}) is None


def test_a_cell_cannot_break_out_of_its_row() -> None:
    document = read_document(f"{TOP}## Action items\n\n{HEAD}| Alert | @ann | 2026-12-15 | | agreed |  |\n", "a.md")
    written = with_cells(document, document.items[0], {"state": "won't do, because a | b"})
    assert written is not None
    assert [(item.state, item.why, item.issue) for item in written.items] == [("won't do", "a", "")]
    assert r"| won't do, because a \| b |" in written.source.text
