"""Paths of a map: RFC 9535 (JSONPath), over the document `{"payload": …, "alert": …}`.

`$.payload` is what was sent, `$.alert` one item of the list inside it (without `each`, the payload again). A path is
part of a map, which is reviewed; what it finds is data.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery

#: As many nodes as one path may find, and as many characters as are read of a text that it finds.
MOST_NODES = 1_000
MOST_CHARACTERS = 2_000


#: What JSON can say and neither a forge nor a digest takes: half of a character, which is left where a text was cut
#: inside an emoji; and characters that control a terminal.
_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0e-\x1b\x7f]")


class PathError(Exception):
    """A path that cannot be read; the text says where and why."""


@lru_cache(maxsize=512)
def compiled(path: str) -> JSONPathQuery:
    """The query of a path. Raises PathError."""
    import jsonpath_rfc9535  # only a run that receives an alert, and `check`, need it

    try:
        return jsonpath_rfc9535.compile(path)
    except jsonpath_rfc9535.JSONPathError as wrong:
        raise PathError(f"“{path:.80}” is not a JSONPath (RFC 9535): {wrong}") from None


def nodes(path: str, document: object) -> list[object]:
    """What a path finds, in the order of the document, at most `MOST_NODES`."""
    found: list[object] = []
    for node in compiled(path).finditer(document):  # type: ignore[arg-type]  # any JSON value will do
        found.append(node.value)
        if len(found) == MOST_NODES:
            break
    return found


def first_text(paths: tuple[str, ...], document: object) -> str | None:
    """The first text, number or truth that one of the paths finds and that is not blank; None where none does."""
    for path in paths:
        for value in nodes(path, document):
            text = plain(value)
            if text is not None:
                return text
    return None


def plain(value: object) -> str | None:
    """A text, number or truth as one line of text of bounded length; None for nothing, a list or an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        return None
    return one_line(str(value)[:MOST_CHARACTERS]) or None


def one_line(text: str) -> str:
    """The text on one line; what cannot be written anywhere becomes U+FFFD, the sign for an unreadable character."""
    return _UNWRITABLE.sub("\ufffd", " ".join(text.split()))
