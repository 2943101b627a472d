"""Boxes of a task list: who ticked which, and when, as the edits of a text tell."""

from __future__ import annotations

import pytest

from respondby.desk.case import Revision
from respondby.desk.ticks import Task, gone, tasks_of


def texts(*edits: tuple[str, str]) -> list[Revision]:
    """Revisions at 1, 2, 3 …, each by somebody."""
    return [Revision(at, by, text) for at, (by, text) in enumerate(edits, 1)]


@pytest.mark.parametrize(
    "edits, tasks",
    [
        ([("desk", "- [ ] a\n- [ ] b")], [Task("a"), Task("b")]),
        ([("desk", "- [ ] a"), ("ann", "- [x] a")], [Task("a", 2, "ann")]),
        ([("desk", "- [ ] a"), ("ann", "- [x] a"), ("bob", "Look!\n\n- [x] a")], [Task("a", 2, "ann")]),
        ([("desk", "- [ ] a"), ("ann", "- [x] a"), ("bob", "- [ ] a"), ("cid", "- [x] a")], [Task("a", 4, "cid")]),
        ([("desk", "- [ ] a"), ("ann", "- [x] a"), ("bob", "- [x] a, again")], [Task("a, again", 3, "bob")]),
        ([("desk", "- [ ] a\n- [ ] a"), ("ann", "- [ ] a\n- [x] a")], [Task("a"), Task("a", 2, "ann")]),
        ([("desk", "- [ ] a\n- [ ] b"), ("ann", "- [x] b\n- [ ] a")], [Task("b", 2, "ann"), Task("a")]),
        ([("desk", "```\n- [x] a\n```\n> - [x] b\n\n- [X] c")], [Task("c", 1, "desk")]),
        ([("desk", "no boxes")], []),
        ([], []),
    ],
    ids=[
        "none yet", "by whoever edited", "other words change nothing", "the last tick counts", "a reworded box is new",
        "two of the same words", "moved", "code and quotes are no boxes", "no list", "no text",
    ],
)  # fmt: skip
def test_ticks_are_whoevers_edit_made_them(edits: list[tuple[str, str]], tasks: list[Task]) -> None:
    assert tasks_of(texts(*edits)) == tasks


@pytest.mark.parametrize(
    "written, text, missing",
    [
        ("- [ ] a\n- [ ] b", "- [x] a\n- [ ] b", ()),
        ("- [ ] a\n- [ ] b", "- [x] a", ("b",)),
        ("- [ ] a\n- [ ] b", "- [x] a\n- [x] b, more or less", ()),
        ("- [ ] a", "- [x] a\n- [ ] mine", ()),
        ("- [ ] a", "", ("a",)),
        ("nothing", "", ()),
    ],
    ids=["ticked", "taken out", "reworded", "added", "all gone", "there were none"],
)
def test_boxes_are_gone_where_there_are_fewer(written: str, text: str, missing: tuple[str, ...]) -> None:
    assert gone(written, text) == missing
