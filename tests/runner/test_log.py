"""Law 8 in the log: nothing that somebody wrote becomes a workflow command.

`commands_in` is a model of how GitHub's runner finds commands in what a step prints: it reads line by line, takes a
line that begins with `::` after blanks, and `##[` anywhere in a line.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import respondby
from respondby.runner.commands import Annotation, annotate
from respondby.runner.log import HarmlessStream, harmless, one_line


def commands_in(output):
    lines = output.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


PIECES = st.sampled_from(
    ["::", ":", "##[", "#", "[", "\n", "\r", " ", "\t", "\u2028", "\u00a0", "\x0b", "\x1c", "add-mask", "x"]
)
HOSTILE = st.one_of(st.text(), st.lists(PIECES).map("".join))

TITLES = [
    "x\n::set-output name=a::b",
    "::stop-commands::token",
    "  \t::add-mask::a",
    "\r::error::x",
    "a\r\n\r\n::debug::x",
    "ok ##[add-mask]a",
    "\u00a0::warning::x",
    "\x0b::warning::x",
    ":::warning::x",
    "::::",
]


def test_the_model_sees_what_the_runner_would_take():
    assert all(commands_in(title) for title in TITLES)


@pytest.mark.parametrize("title", TITLES)
def test_a_hostile_title_gives_no_command(title):
    assert commands_in(harmless(title)) == []
    assert commands_in(one_line(title)) == []


@given(HOSTILE)
def test_no_text_gives_a_command(text):
    assert commands_in(harmless(text)) == []


@given(st.lists(st.tuples(HOSTILE, st.booleans())))
def test_no_sequence_of_writes_and_flushes_gives_a_command(writes):
    behind = io.StringIO(newline="")
    stream = HarmlessStream(behind)
    for text, flushed in writes:
        stream.write(text)
        if flushed:
            stream.flush()
    stream.flush()
    assert commands_in(behind.getvalue()) == []


def test_harmless_text_is_left_as_it_is():
    text = "2026-11-22T10:00:00Z page: ann :: due in 5m\n\tstd::vector # [x] 10:30\n"
    assert harmless(text) == text


def test_terminal_sequences_are_shown_not_sent():
    assert harmless("\x1b[2Jgone") == "\\x1b[2Jgone"


def test_a_title_is_named_on_one_short_line():
    assert one_line("a\n b\t c") == "a b c"
    assert one_line("x" * 500, limit=10) == "x" * 9 + "…"


def test_our_own_annotations_pass_the_wrapper_on_lines_of_their_own():
    behind = io.StringIO()
    stream = HarmlessStream(behind)
    stream.write("not finished")
    annotate([Annotation("error", "a\n::debug::b")], stream)
    assert behind.getvalue() == "not finished\n::error::a%0A::debug::b\n"


def test_a_traceback_that_quotes_a_title_gives_no_command():
    program = (
        "from respondby.runner.log import guard_standard_streams as guard\n"
        "guard(); guard()\n"
        "print('title', 'x\\n::add-mask::a', end='')\n"
        "raise ValueError('\\n::stop-commands::b \\ud800')\n"
    )
    package = Path(respondby.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.stdout == "title x\n: :add-mask::a\n"
    assert ": :stop-commands::b" in done.stderr
    assert commands_in(done.stdout + done.stderr) == []
