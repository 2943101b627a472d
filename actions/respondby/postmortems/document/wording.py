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


def own_words(document: Document, *roles: str) -> Iterator[tuple[int, str, str]]:
    """Lines in sections of the roles: the number (from 0), the text, and the text with what is not theirs blanked."""
    for block in document.said(*roles):
        for line, text in block.lines():
            if _CHAT.match(text) or stamp_at_start(text) is not None:
                continue
            yield line, text, _COVERED.sub(lambda found: " " * len(found[0]), text)
