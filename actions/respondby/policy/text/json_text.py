"""JSON that others wrote, within bounds: what is read here can be walked by a function that calls itself."""

from __future__ import annotations

import json
from typing import Any

#: More levels than these no file or answer has that is meant for a desk.
DEEPEST = 100


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text. ValueError, which says why, where it is none or is nested more than 100 levels deep."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return value


_TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"
