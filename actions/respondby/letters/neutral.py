"""User text made harmless: what people wrote is shown as they wrote it, and does nothing.

Laws, for every text whatever it holds:

- `inline` stays one line of ordinary text wherever a letter puts it: in a sentence, a list, a table's cell. It opens no
  markup, no link and no HTML comment, and names nobody in a way that GitHub tells them (an `@` is kept from its name by
  a character without width, and so is a `#` from its number).
- `flat` is one line for places that know no markup.
- `mention` is the only way in which a letter calls somebody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

#: Nobody sees it, and no name, number or address goes on across it.
BREAK = "\u200b"

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9])?")
_MARKUP = re.compile(r"[\\`*_\[\]|~$]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_STARTS_BLOCK = re.compile(r"[#+=-]|\d{1,9}(?=[.)])")
#: Where GitHub makes a link of plain text: names, numbers of issues, addresses.
_LINKED = re.compile(r"@(?=[\w-])|#(?=\d)|\bGH-(?=\d)|:(?=//)|\bwww(?=\.)|\b(?:mailto|xmpp)(?=:)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[\w.:-]+(?:/[\w.,~%+=&;#?/-]*)?")
#: An answer to a form may be long, and a message to people is to be read.
_LONGEST_VALUE = 1_000
_PLACE = re.compile(r"\{([A-Za-z][\w-]*)\}")


def flat(text: str, most: int = 300) -> str:
    """The text on one line, without control characters and marks that turn the direction, and no longer than `most`."""
    # Only as much as can be shown is looked at: white space makes text longer than what is left of it.
    visible = "".join(character for character in text[: most * 4] if not _unseen(character))
    line = " ".join(visible.split())
    return line if len(line) <= most and len(text) <= most * 4 else f"{line[: most - 1].rstrip()}…"


def inline(text: str, most: int = 300) -> str:
    """The text as one line of Markdown that shows exactly `flat(text)`."""
    line = _LINKED.sub(lambda found: found[0] + BREAK, flat(text, most))
    line = _MARKUP.sub(lambda found: "\\" + found[0], line).translate(_ENTITIES)
    start = _STARTS_BLOCK.match(line)
    if start is None:
        return line
    # A number keeps its point from making a list; any other sign is escaped.
    return f"{start[0]}{BREAK}{line[start.end() :]}" if start[0].isdigit() else f"\\{line}"


def quoted(text: str, most: int) -> str:
    """What somebody wrote as a quotation, line by line as `inline` shows them; blank lines in a row are one."""
    lines: list[str] = []
    for line in text[:most].splitlines():
        shown = inline(line, most)
        if shown or (lines and lines[-1] != ">"):
            lines.append(f"> {shown}".rstrip())
    return "\n".join(lines)


def mention(login: str) -> str:
    """`@login`, which tells that person; a name that cannot be a login is only shown."""
    return f"@{login}" if _LOGIN.fullmatch(login) else inline(login)


def filled(text: str, values: Mapping[str, str], harmless: Callable[[str, int], str] = inline) -> str:
    """A text of the policy with `{name}` replaced by the values, made harmless and no longer than a thousand
    characters; unknown names stay as they are.

    `{url}` is an address of the forge's own and stays a link.
    """
    return _PLACE.sub(lambda place: _value(place, values, harmless), text)


def _value(place: re.Match[str], values: Mapping[str, str], harmless: Callable[[str, int], str]) -> str:
    name = place[1]
    if name not in values:
        return place[0]
    if name == "url" and _ADDRESS.fullmatch(values[name]):
        return values[name]
    return harmless(values[name], _LONGEST_VALUE)


def _unseen(character: str) -> bool:
    """Control characters, marks of direction and fillers without width; white space and what joins scripts stay."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\t\n\v\f\r\x85\u200c\u200d"
