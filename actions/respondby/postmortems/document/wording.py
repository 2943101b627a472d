"""The words that a document's author wrote themselves: no quotes, no code, no chat, no links' addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.postmortems.document.document import Document
from respondby.postmortems.document.stamps import stamp_at_start

_COVERED = re.compile(
    r"`[^`]*`|“[^”]*”|\"[^\"\n]*\"|(?<!\w)'[^'\n]{3,}'(?!\w)|(?<=\])\([^)]*\)|https?://\S+|<[^>\n]*>|\[[^\]\n]*\](?!\()"
)
#: `RK: which one?`: a line of chat has its speaker in front.
_CHAT = re.compile(r"[\s*_>-]*(?:@?[A-Za-z][\w.-]{1,20}|[A-Z]{2,3})[*_]*:[*_]*\s")


def said_in(document: Document, pattern: re.Pattern[str], *roles: str) -> Iterator[tuple[int, int, str]]:
    """Where a pattern is first found in lines of these sections: the line and column, from 1, and what was found."""
    for line, text, words in _own_words(document, *roles):
        found = pattern.search(words)
        if found is not None:
            yield line + 1, document.column(line, text, found.start()), found[0]


def _own_words(document: Document, *roles: str) -> Iterator[tuple[int, str, str]]:
    """Lines in sections of the roles: the number (from 0), the text, and the text with what is not theirs blanked."""
    for block in document.said(*roles):
        for line, text in block.lines():
            if _CHAT.match(text) or stamp_at_start(text) is not None:
                continue
            yield line, text, _COVERED.sub(lambda found: " " * len(found[0]), text)
