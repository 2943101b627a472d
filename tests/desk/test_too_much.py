"""Nobody can make a sweep slow by what they write: one text has so many commands, and is read so far."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, story_of

from respondby.desk.commands import MOST_READ, MOST_WORDS, parted
from respondby.desk.hearing import MOST_COMMANDS

WORDS = ("/ack", "@help")
CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"
OPENED = '10:00 carla opens "Nothing works"'


def heard(text: str, by: str = "bob") -> list[tuple[str, str]]:
    """What became of each command in a comment: its verdict, and why."""
    story = f'{OPENED}\n10:05 {by} says "{text}"'
    found = story_of(CLOCKS, story, head=HEAD).history.commands
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


@pytest.mark.parametrize(
    "piece",
    ["/ack\n", "/ack\n\n", "@help me\n\n", "word @help ", "[@help](https://example.com) ", "> > @help\n", "- @help\n"],
)
def test_of_a_text_full_of_commands_little_is_read_and_none_of_it_is_lost(piece: str) -> None:
    text = piece * (65_000 // len(piece))
    read, unread = parted(text, WORDS)
    assert read + unread == text
    assert read.count("/ack") + read.count("@help") <= 2 * MOST_WORDS + 1
    assert len(read) <= MOST_READ


def test_a_text_without_an_end_of_its_line_is_read_no_further_than_any_other() -> None:
    read, unread = parted("/ack " + "word " * 13_000, WORDS)
    assert (len(read), read + unread) == (MOST_READ, "/ack " + "word " * 13_000)


@pytest.mark.parametrize("text", ["", "/ack", "Thanks!\n\n/ack\n" * 20, "| x |\n" * 2_000])
def test_what_people_write_is_read_whole(text: str) -> None:
    assert parted(text, WORDS) == (text, "")


@pytest.mark.parametrize(
    "tail, stands", [("Fixed in 1.2, please try again.", "met"), ("> Nothing works", "due"), ("/ack", "due")]
)
def test_an_answer_that_stands_far_behind_commands_is_an_answer(tail: str, stands: str) -> None:
    quoted = "\\n".join(["> a line of the log"] * (MOST_READ // 20 + 10))
    story = f'{OPENED}\n10:05 bob says "/ack\\n\\n{quoted}\\n\\n{tail}"'
    assert story_of(CLOCKS, story, head=HEAD).stands("10:30").split()[1] == stands
