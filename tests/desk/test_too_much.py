"""Nobody can make a sweep slow by what they write: one text has so many commands, and is read so far."""

from __future__ import annotations

import pytest
from tests.promises.told import HEAD, told

from respondby.desk.hearing import MOST_COMMANDS, MOST_READ

CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"
OPENED = '10:00 carla opens "Nothing works"'


def heard(text: str, by: str = "bob") -> list[tuple[str, str]]:
    """What became of each command in a comment: its verdict, and why."""
    story = f'{OPENED}\n10:05 {by} says "{text}"'
    found = told(CLOCKS, story, head=HEAD).history.said
    return [(one.verdict, one.why.code if one.why else "") for one in found]


@pytest.mark.parametrize("by, verdict", [("bob", "accepted"), ("mallory", "refused")])
def test_of_thousands_of_commands_the_first_are_read_and_one_more_is_refused(by: str, verdict: str) -> None:
    found = heard("\\n".join(["/ack"] * 9_000), by)
    assert [one for one, _ in found] == [verdict] * MOST_COMMANDS + ["refused"]
    assert found[-1][1] == "too-much"
    assert heard("\\n".join(["/ack"] * MOST_COMMANDS), by)[-1][1] != "too-much"


def test_a_command_far_behind_is_refused_and_one_at_the_beginning_is_read() -> None:
    filler = "\\n".join(["| a | b |", "|-|-|", *["| x | y |"] * (MOST_READ // 8)])
    assert heard(f"/ack\\n\\n{filler}\\n\\n/ack") == [("accepted", ""), ("refused", "too-much")]
    assert heard(f"/ack\\n\\n{filler}\\n\\nThanks") == [("accepted", "")]
