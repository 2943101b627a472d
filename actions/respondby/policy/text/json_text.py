"""JSON that others wrote, within bounds: what is read here can be walked by a function that calls itself."""

from __future__ import annotations

import json
from typing import Any

#: More levels than these no file or answer has that is meant for a desk.
DEEPEST = 100

_HOLDS_OTHERS = frozenset({dict, list})


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text. ValueError, which says why, where it is none or is nested more than 100 levels deep."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level, depth = [value] if type(value) in _HOLDS_OTHERS else [], 0
    while level:
        depth += 1
        if depth == DEEPEST and any(level):  # what they hold lies deeper
            raise ValueError(_TOO_DEEP)
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) in _HOLDS_OTHERS
        ]
    return value


_TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"
