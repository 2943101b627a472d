"""What earlier runs have decided about a case, found by where it was said or done.

What was decided stays: a command that was accepted does what it did then, whatever its word means today; one that was
not is not obeyed later; a request keeps the answers that it was read with; an act whose author has deleted the account
is still theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from respondby.desk.asked import Asked
from respondby.desk.case import GHOST, Actor
from respondby.desk.keeping import in_order, kept_by, source_of
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept

#: The kind under which a reading of the request's text is kept.
REQUEST = "request"

#: A source's second part is a line of the text or the instant of an edit: no text has as many lines.
_MOST_LINES = 100_000


class Remembered:
    """The kept facts of a case, by source."""

    def __init__(self, ledger: Ledger) -> None:
        self._kept = ledger.kept
        self._at: dict[str, list[Kept]] = {}
        self._words: dict[str, set[str]] = {}
        self._people: dict[str, Kept] = {}
        for item in in_order(ledger.kept.values()):
            source = source_of(item)
            self._at.setdefault(source, []).append(item)
            if item.kind in ("command", "field"):
                word = item.name if item.kind == "command" else f"/{item.name}"
                self._words.setdefault(text_of(source), set()).add(word)
            if item.by:
                self._people.setdefault(text_of(source), item)

    def by(self, actor: Actor, source: str) -> Actor:
        """Who did that: of a deleted account, who it was, where something of that act was kept."""
        kept = self._people.get(source) if actor.login == GHOST.login else None
        return actor if kept is None else kept_by(kept)

    def has(self, source: str, kind: str, name: str = "") -> bool:
        """Whether that fact of that source was kept."""
        return f"{source} {kind} {name}".strip() in self._kept

    def words(self, source: str) -> frozenset[str]:
        """The commands and fields that a text was heard to say, whether or not they are words of today's policy."""
        return frozenset(self._words.get(source, ()))

    def at(self, source: str) -> list[Kept]:
        """What was kept of exactly that: a line of a text, an event."""
        return self._at.get(source, [])

    def request(self, source: str) -> Mapping[str, Any] | None:
        """How a text of the request was read; None where no run has read it, or nothing can be made of what is kept."""
        item = self._kept.get(f"{source} {REQUEST}")
        if item is None:
            return None
        try:
            data = json.loads(item.value)
        except ValueError:
            return None
        return data if isinstance(data, dict) else None


def text_of(source: str) -> str:
    """The text (a comment, the request, a later edit of either) in which a line with this source stands."""
    text, _, line = source.rpartition(":")
    return text if text and line.isdigit() and int(line) < _MOST_LINES else source


def asked_then(data: Mapping[str, Any]) -> Asked | None:
    """The form by which a request was read; None where it had none."""
    if not isinstance(data.get("asked"), dict):
        return None
    try:
        return Asked.from_json(data["asked"])
    except (KeyError, ValueError, TypeError):
        return None


def kept_request(source: str, at: int, by: Actor, data: Mapping[str, Any]) -> Kept:
    """How a text of the request was read, as the record keeps it."""
    value = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Kept(f"{source} {REQUEST}", at, by.login, by.association, REQUEST, "", value)
