"""The table of built-in commands: whatever it says is there, and nothing else is."""

from __future__ import annotations

from importlib import import_module

import pytest

from respondby.desk.built_in.effects import EFFECTS
from respondby.policy.model.built_in import BUILT_IN


@pytest.mark.parametrize("word", BUILT_IN)
def test_each_says_what_it_does_and_where(word: str) -> None:
    entry = BUILT_IN[word]
    assert entry.who
    assert entry.does
    assert import_module(f"respondby.{entry.module}").__doc__
    assert (word in EFFECTS) == (entry.module == "desk.built_in.effects")


def test_only_listed_words_have_effects() -> None:
    assert EFFECTS.keys() <= BUILT_IN.keys()
