"""JSON that others wrote is read as it is, and refused where it is nested too deep."""

from __future__ import annotations

import json
from typing import Any

import pytest

from respondby.policy.text.json_text import DEEPEST, read_json


def nested(levels: int, inmost: Any) -> Any:
    """So many lists and objects, one in the other, and in the last one that."""
    for level in range(levels):
        inmost = {"a": inmost, "b": level} if level % 2 else [level, inmost]
    return inmost


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, nested(DEEPEST - 1, 7), nested(DEEPEST - 1, [])])
def test_what_is_no_deeper_than_a_hundred_levels_is_read(value: Any) -> None:
    assert read_json(json.dumps(value)) == value


@pytest.mark.parametrize("value", [nested(DEEPEST, 7), nested(DEEPEST, []), nested(DEEPEST - 1, [7]), nested(900, 7)])
def test_what_is_deeper_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="more than 100 levels deep"):
        read_json(json.dumps(value))
