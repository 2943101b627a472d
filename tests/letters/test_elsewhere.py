"""What is cut from an answer in an issue elsewhere is counted, and can be read where the request stands."""

from __future__ import annotations

import pytest
from tests.letters.facts import FACTS

from respondby.desk.case import Actor, Case
from respondby.letters.elsewhere import MOST_LINES, render_elsewhere

CASE = Case(
    "acme/desk",
    7,
    "I_7",
    "https://github.test/acme/desk/issues/7",
    "Help",
    Actor("carla"),
    0,
    True,
    frozenset(),
    (),
    (),
)
LANGUAGES = [("en", "And 5 more lines"), ("de", "Und 5 weitere"), ("nl", "En 5 regels"), ("fr", "Et 5 lignes de plus")]


@pytest.mark.parametrize("language, says", LANGUAGES)
def test_a_long_answer_says_how_much_of_it_is_left_out(language: str, says: str) -> None:
    lines = "\n".join(f"line {number}" for number in range(MOST_LINES + 5))
    text = render_elsewhere(CASE, FACTS, "", inside=False, answers=[("What happens?", lines)], language=language)
    assert f"> line {MOST_LINES - 1}\n" in text
    assert f"line {MOST_LINES}" not in text
    assert says in text
    assert CASE.url in text.partition(says)[2]


def test_an_answer_that_is_shown_whole_says_nothing_of_it() -> None:
    lines = "\n".join(f"line {number}" for number in range(MOST_LINES))
    assert "more lines" not in render_elsewhere(CASE, FACTS, "", inside=False, answers=[("What?", lines)])
