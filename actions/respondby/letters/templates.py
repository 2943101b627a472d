"""The one place where templates become text. Laws:

- Templates are sandboxed (`letters.bounds`), and they see plain values only: texts that are harmless already
  (`letters.neutral`), numbers, yes and no, and lists of these. Nothing in a case is ever a template's source.
- A name that a template uses and nobody gives is an error, not an empty place.
- A letter fits into one comment, marker included; what is cut says so.
"""

from __future__ import annotations

from typing import Any

from respondby.letters.when import Speaking

#: What GitHub takes as one comment, in characters.
MOST = 65_536


def render(name: str, context: dict[str, Any], speaking: Speaking) -> str:
    """The letter of that file name in the language spoken, without white space around it."""
    return speaking.messages.render(speaking.language, name, context)


def with_marker(letter: str, marker: str, speaking: Speaking) -> str:
    """The letter, then its marker at the very end, cut between two lines where both do not fit."""
    return f"{bounded(letter, MOST - len(marker) - 2, speaking)}\n\n{marker}"


def bounded(letter: str, most: int, speaking: Speaking) -> str:
    """The letter, or as many of its lines as fit and a word that there was more."""
    if len(letter) <= most:
        return letter
    cut = f"\n\n{speaking.words['cut']}"
    kept = letter[: max(0, most - len(cut) + 1)]
    return f"{kept[: max(0, kept.rfind(chr(10)))].rstrip()}{cut}"
