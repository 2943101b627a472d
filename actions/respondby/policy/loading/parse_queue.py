"""The section `queue`: an issue that says what to answer next."""

from __future__ import annotations

from respondby.policy.loading.parse_ladders import parse_label
from respondby.policy.model.queue_issue import LABEL, QueueIssue
from respondby.policy.text.cursor import Cursor


def parse_queue(cursor: Cursor) -> QueueIssue:
    """Whether it is pinned, and its label."""
    cursor.mapping(("pinned", "label"))
    pinned = cursor.maybe("pinned", lambda item: item.flag())
    return QueueIssue(pinned=pinned is not False, label=cursor.maybe("label", parse_label) or LABEL)
