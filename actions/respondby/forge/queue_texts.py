"""The queue's issue is written anew all day: of its texts the last one that we wrote is read, and none before it.

Everybody else's texts are read with their whole history; this one would be the longest of all, and nobody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from respondby.desk import markers
from respondby.desk.ledger import LedgerError
from respondby.forge.nodes import Json, Us, did_author, instant_of, login_of


def is_queue_of_ours(issue: Json, us: Us) -> bool:
    """Whether the issue is the queue and was written last by us, so that its text is as we wrote it."""
    if not did_author(issue, us) or issue["editor"] is None or not us.did(login_of(issue["editor"])):
        return False
    return _is_queue(issue["body"], issue["lastEditedAt"], us)


def no_older_text_matters(edits: Sequence[Json], us: Us) -> bool:
    """Whether one of these edits of a text is the queue as we wrote it."""
    return any(
        edit["diff"] is not None and us.did(login_of(edit["editor"])) and _is_queue(edit["diff"], edit["editedAt"], us)
        for edit in edits
    )


def pinned_last(items: Iterable[Json]) -> bool | None:
    """Whether an issue with this timeline stands on top of the repository's list; None where it never did."""
    events = [node["__typename"] for node in items if node["__typename"] in ("PinnedEvent", "UnpinnedEvent")]
    return events[-1] == "PinnedEvent" if events else None


def _is_queue(text: str, at: str, us: Us) -> bool:
    try:
        mark = markers.read_mark(text, us.home, secret=us.secret, at=instant_of(at))
    except LedgerError:
        return False  # whoever reads the case says what is wrong with it
    return mark is not None and mark.kind == "queue"
