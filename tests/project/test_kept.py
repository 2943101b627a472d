"""What is kept by its name: made once, the oldest forgotten first, and failures never kept."""

from __future__ import annotations

from functools import partial

import pytest

from respondby.kept import Kept


def refuse() -> int:
    """A maker that cannot."""
    raise ValueError("no")


def test_a_thing_is_made_once_and_the_oldest_is_forgotten() -> None:
    kept: Kept[str, int] = Kept(2)
    made = [kept.get(name, partial(int, number)) for number, name in enumerate("aabcab")]
    assert made == [0, 0, 2, 3, 4, 5]
    assert kept.items() == (("a", 4), ("b", 5))
    kept.clear()
    assert kept.items() == ()


def test_what_could_not_be_made_is_tried_again_and_puts_nothing_out() -> None:
    kept: Kept[str, int | None] = Kept(1)
    assert kept.get("nothing", lambda: None) is None
    with pytest.raises(ValueError, match="no"):
        kept.get("other", refuse)
    assert kept.get("nothing", refuse) is None
