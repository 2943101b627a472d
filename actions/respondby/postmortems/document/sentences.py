"""Sentences as a template has them: told apart from their marks, their case and how their lines are broken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

_ENDS = re.compile(r"(?<=[.?!:])\s+")
_NOISE = re.compile(r"[^\w\s]|_|\b\d+\b", re.ASCII)
_LEAST_WORDS = 4


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence of a text, as a template is compared, with where it begins; short ones are left out."""
    place = 0
    for part in _ENDS.split(text):
        at = text.find(part, place)
        place = at + len(part)
        words = _NOISE.sub(" ", part).casefold().split()
        if len(words) >= _LEAST_WORDS:
            yield at, " ".join(words)


def sum_of(sentence: str) -> str:
    """Twelve hex digits of a sentence: templates are known by these and not by their words."""
    return hashlib.blake2b(sentence.encode(), digest_size=6).hexdigest()
