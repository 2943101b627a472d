"""Generated blocks in a text that people write in: the desk refreshes the blocks, and nothing else.

A block begins and ends with an HTML comment. The first names it, with the digest of the facts that it shows and a sum
of its text. Laws:

- What stands outside of the blocks is people's: no refresh changes a character of it.
- A block whose text is not as the desk wrote it is somebody's now: it stays as it is, and says so below it. Emptied, it
  is the desk's again.
- A block that somebody took out stays out. One that stands twice is kept up to date twice.
- A block is written anew when its digest differs, and never because its prose does: refreshing what is fresh changes
  nothing.
- Facts cannot end a block: letters escape every `<`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from respondby.dataclass import dataclass

_BLOCK = re.compile(
    r"<!-- respondby:begin (?P<name>[a-z-]{1,40}) (?P<digest>[0-9a-f]{16}|-) (?P<sum>[0-9a-f]{16}|-) -->"
    r"(?P<text>.*?)"
    r"<!-- respondby:end (?P=name) -->(?P<notice>(?:\r?\n<sub>[^\n]*</sub>)?)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a block is to say: the digest (sixteen hex digits) of the facts, and the text that shows them."""

    digest: str
    text: str


def block(name: str, made: Made | None = None) -> str:
    """A block; without text it waits to be filled."""
    if made is None:
        return f"<!-- respondby:begin {name} - - -->\n<!-- respondby:end {name} -->"
    text = made.text.strip()
    head = f"<!-- respondby:begin {name} {made.digest} {_sum(text)} -->"
    return f"{head}\n\n{text}\n\n<!-- respondby:end {name} -->"


def refreshed(body: str, blocks: Mapping[str, Made], notice: str) -> str:
    """The body with its blocks up to date. `notice` is the line that stands below a block which is somebody's now."""

    def anew(found: re.Match[str]) -> str:
        made = blocks.get(found["name"])
        text = _plain(found["text"])
        if text and _sum(text) != found["sum"]:
            return found[0][: len(found[0]) - len(found["notice"])] + f"\n<sub>{notice}</sub>"
        if made is None or (text and made.digest == found["digest"]):
            return found[0]
        return block(found["name"], made)

    return _BLOCK.sub(anew, body)


def names(body: str) -> tuple[str, ...]:
    """The names of the blocks in a body, in order."""
    return tuple(found["name"] for found in _BLOCK.finditer(body))


def taken(body: str) -> tuple[str, ...]:
    """The names of the blocks that are somebody's now."""
    found = ((one["name"], _plain(one["text"]), one["sum"]) for one in _BLOCK.finditer(body))
    return tuple(name for name, text, known in found if text and _sum(text) != known)


def _plain(text: str) -> str:
    """A text as it was written: browsers send other line ends, and blank lines at its ends are nobody's words."""
    return text.replace("\r\n", "\n").strip()


def _sum(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:16]
