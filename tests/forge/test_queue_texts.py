"""The queue's issue: whether it is pinned, and which of its texts is ours."""

from __future__ import annotations

from typing import Any

import pytest

from respondby.desk import markers
from respondby.desk.case import Mark
from respondby.forge.nodes import Us
from respondby.forge.queue_texts import is_queue_of_ours, no_older_text_matters, pinned_last

US = Us("desk[bot]", home="R_1")
QUEUE = f"What to answer next.\n\n{markers.write_mark(Mark('queue', {}), 'R_1')}"
DUTY = f"Look.\n\n{markers.write_mark(Mark('duty', {}), 'R_1')}"
ELSEWHERE = f"Look.\n\n{markers.write_mark(Mark('queue', {}), 'R_2')}"
AT = "2026-03-02T10:00:00Z"
OURS, THEIRS = ({"login": login, "__typename": kind} for login, kind in (("desk", "Bot"), ("bob", "User")))


@pytest.mark.parametrize(
    "events, pinned",
    [
        ([], None),
        (["LabeledEvent"], None),
        (["PinnedEvent"], True),
        (["PinnedEvent", "LabeledEvent"], True),
        (["PinnedEvent", "UnpinnedEvent"], False),
        (["PinnedEvent", "UnpinnedEvent", "PinnedEvent"], True),
    ],
)
def test_it_stands_on_top_of_the_list_as_was_done_last(events: list[str], pinned: bool | None) -> None:
    assert pinned_last([{"__typename": event} for event in events]) is pinned


@pytest.mark.parametrize(
    "author, editor, body, ours",
    [
        (OURS, OURS, QUEUE, True),
        (OURS, OURS, DUTY, False),
        (OURS, OURS, ELSEWHERE, False),
        (OURS, OURS, "What to answer next.", False),
        (OURS, THEIRS, QUEUE, False),
        (OURS, None, QUEUE, False),
        (THEIRS, OURS, QUEUE, False),
        (None, OURS, QUEUE, False),
    ],
)
def test_only_what_we_wrote_last_is_ours(author: Any, editor: Any, body: str, ours: bool) -> None:
    issue = {"viewerDidAuthor": False, "author": author, "editor": editor, "body": body, "lastEditedAt": AT}
    assert is_queue_of_ours(issue, US) is ours
    assert is_queue_of_ours({**issue, "viewerDidAuthor": True}, US) is (ours or (author is not OURS and body == QUEUE))


@pytest.mark.parametrize(
    "edits, ours",
    [
        ([], False),
        ([(OURS, QUEUE)], True),
        ([(THEIRS, QUEUE)], False),
        ([(OURS, DUTY)], False),
        ([(OURS, None)], False),
        ([(THEIRS, "x"), (OURS, None), (OURS, QUEUE)], True),
    ],
)
def test_of_its_edits_those_before_one_of_ours_do_not_matter(edits: list[tuple[Any, str | None]], ours: bool) -> None:
    found = [{"editor": editor, "diff": text, "editedAt": AT} for editor, text in edits]
    assert no_older_text_matters(found, US) is ours
