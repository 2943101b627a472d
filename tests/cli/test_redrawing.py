"""A queue that is drawn anew: what is read is drawn, what fails is said, Ctrl-C leaves the terminal as it was."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.jobs.desk import Repository

from respondby.cli.main import main
from respondby.cli.redrawing import Redrawing
from respondby.forge.errors import ForgeDown
from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def screens(
    looks: Sequence[list[str] | Exception], sizes: Sequence[tuple[int, int]] = ((80, 24),), every: int = 2
) -> list[list[str]]:
    """What a terminal shows, one screen after the other, until nothing is left to read and somebody presses Ctrl-C."""
    stream, waiting, high = io.StringIO(), iter(looks), iter(sizes)
    last = [sizes[0]]

    def read() -> Callable[[], Sequence[str]]:
        found = next(waiting, None)
        if found is None:
            raise KeyboardInterrupt
        if isinstance(found, Exception):
            raise found
        return lambda: found

    def size() -> tuple[int, int]:
        last[0] = next(high, last[0])
        return last[0]

    try:
        Redrawing(read, stream, every, sleep=lambda _: None, size=size).run()
    finally:
        written = stream.getvalue()
        assert written == "" or (written.startswith(ENTER) and written.endswith(LEAVE))
    drawn = written.removeprefix(ENTER).removesuffix(LEAVE).split("\x1b[H")[1:]
    return [screen.removesuffix("\x1b[K\x1b[J").split("\x1b[K\r\n") for screen in drawn]


FOOT = ["", "Read every 2 s. Ctrl-C ends."]


def test_each_look_is_drawn_and_the_screen_is_left_as_it_was() -> None:
    assert screens([["one"], ["two", "three"]]) == [["one", *FOOT], ["two", "three", *FOOT]]


def test_what_cannot_be_read_is_said_below_what_was_read_last() -> None:
    down = ForgeDown("reading", "GitHub answered 503", 4)
    shown = screens([["one"], down, ["two"]])
    assert shown[1][:2] == ["one", ""]
    assert " ".join(shown[1][2:]).startswith(f"Could not be read again: {down}"[:60])
    assert shown[2] == ["two", *FOOT]


def test_what_cannot_be_read_the_first_time_is_an_error_like_any() -> None:
    with pytest.raises(ForgeDown):
        screens([ForgeDown("reading", "GitHub answered 503", 4)])


def test_a_fault_of_ours_ends_it_with_the_screen_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError):
        screens([["one"], ZeroDivisionError()])


def test_a_terminal_that_changes_its_size_is_drawn_anew_from_what_was_read() -> None:
    assert screens([["one"]], sizes=[(80, 24), (40, 24)]) == [["one", *FOOT], ["one", *FOOT]]


def test_what_has_no_room_is_counted() -> None:
    (shown,) = screens([[str(number) for number in range(10)]], sizes=[(80, 6)])
    assert shown == ["0", "1", "2", "… 7 more lines", *FOOT]


@pytest.mark.parametrize(
    "args, said",
    [
        (["--json"], "ask for `--json` again and again instead"),
        ([], "draws in a terminal"),
        (["--every", "soon"], "soon"),
        (["--every", "2 business days"], "write an elapsed time"),
    ],
)
def test_it_is_refused_where_it_makes_no_sense(args: list[str], said: str) -> None:
    told = CliRunner().invoke(main, ["queue", "--watch", *args])
    assert told.exit_code == 2
    assert said in told.stderr


@pytest.fixture(scope="module")
def desk() -> Iterator[Repository]:
    with Sandbox() as sandbox:
        made = Repository.make(sandbox)
        made.opens("carla", "A question")
        yield made


def test_ctrl_c_ends_it_with_0_in_a_real_terminal(desk: Repository) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    environ = {
        **os.environ, "PYTHONPATH": str(ROOT / "actions"), "GITHUB_API_URL": desk.sandbox.url, "TERM": "xterm",
        "GITHUB_REPOSITORY": desk.name, "GITHUB_TOKEN": desk.bot,
    }  # fmt: skip
    for name in ("COLUMNS", "LINES", "GITHUB_ACTIONS"):
        environ.pop(name, None)
    started = subprocess.Popen(
        [sys.executable, "-m", "respondby", "queue", "--watch"],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    told = ""
    while "Ctrl-C ends." not in told:
        told += os.read(ours, 65_536).decode()
    started.send_signal(signal.SIGINT)
    try:
        while part := os.read(ours, 65_536):
            told += part.decode()
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert started.wait(timeout=60) == 0
    assert "#1 A question" in told
    assert told.count(ENTER) == 1
    assert told.endswith(LEAVE)
    assert "Traceback" not in told
