"""How far a read is: a bar in a terminal, lines where there is none, nothing beside JSON."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jobs.desk import Repository
from tests.jobs.test_publishing import DESK, PUBLISH

from respondby.cli.progress import Bar, Lines
from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
#: More than a page of a hundred.
MANY = 120


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_log_hears_nothing_of_what_is_short() -> None:
    stream, clock = io.StringIO(), Clock()
    lines = Lines(stream, clock)
    lines.asks("reading all cases of acme/support")
    lines.has(100, 2_000)
    clock.now += 1.9
    lines.asks("reading all cases of acme/support")
    lines.ends()
    assert stream.getvalue() == ""


def test_a_log_hears_every_two_seconds_of_what_is_long() -> None:
    stream, clock = io.StringIO(), Clock()
    lines = Lines(stream, clock)
    for page in range(1, 8):
        lines.asks("reading all cases of acme/support")
        lines.has(page * 100, 2_000)
        clock.now += 0.9
    assert stream.getvalue().splitlines() == [
        "reading all cases of acme/support: 300 of 2,000",
        "reading all cases of acme/support: 600 of 2,000",
    ]


def test_a_log_hears_at_once_why_nothing_moves() -> None:
    stream = io.StringIO()
    Lines(stream, Clock()).waits("GitHub's rate limit", 61.2)
    assert stream.getvalue() == "GitHub's rate limit: going on in 61 s\n"


def test_a_bar_is_one_line_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    stream = io.StringIO()
    bar = Bar(stream)
    bar.asks("reading all cases of acme/support")
    bar.has(500, 2_000)
    bar.asks("reading \x1b[31m long\ntimelines of a name that is far too long")
    bar.ends()
    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn[1] == "reading all cases of acme/support"
    assert drawn[2].startswith("[#####---------------] 500 of 2,000 re")
    assert drawn[-1] == ""
    assert max(map(len, drawn)) == 39
    assert not re.search(r"[\x00-\x1f]", "".join(drawn))


@pytest.fixture(scope="module")
def crowded() -> Iterator[Repository]:
    with Sandbox() as sandbox:
        made = Repository.make(sandbox, DESK + PUBLISH)
        for number in range(MANY):
            made.opens("carla", f"Question {number}")
        yield made


def run(crowded: Repository, folder: Path, *args: str) -> tuple[str, str]:
    """What a command that is started there prints on standard output, a pipe, and on standard error, a terminal."""
    (folder / ".github").mkdir(exist_ok=True)
    (folder / ".github" / "support.yml").write_text(DESK + PUBLISH, encoding="utf-8")
    ours, theirs = pty.openpty()
    environ = {
        **os.environ, "PYTHONPATH": str(ROOT / "actions"), "GITHUB_API_URL": crowded.sandbox.url, "TERM": "xterm",
        "GITHUB_REPOSITORY": crowded.name, "GITHUB_TOKEN": crowded.bot, "LOG": "log",
    }  # fmt: skip
    environ.pop("GITHUB_ACTIONS", None)
    started = subprocess.Popen(
        [sys.executable, "-m", "respondby", *args],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environ,
        text=True,
        cwd=folder,
    )
    os.close(theirs)
    told = ""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        told += part.decode()
    output, _ = started.communicate(timeout=60)
    os.close(ours)
    assert started.returncode in (0, 1), told
    return output, told


@pytest.mark.parametrize(
    "args, errand",
    [
        (["report", "--month", "2026-01"], "reading all cases of"),
        (["publish", "site"], "reading all cases of"),
        (["impact"], "reading all cases of"),
        (["queue"], "reading the cases of"),
        (["related", "1"], "reading the cases of"),
        (["duty"], "reading the cases of"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_reads_of_many_cases_show_a_bar_that_is_gone_in_the_end(
    crowded: Repository, tmp_path: Path, args: list[str], errand: str
) -> None:
    output, told = run(crowded, tmp_path, *args)
    assert "[################----] 100 of 120" in told
    assert "[####################] 120 of 120" in told
    assert errand in told
    assert told.endswith("\r\x1b[K")
    assert "[####" not in output


@pytest.mark.parametrize(
    "args, errand", [(["explain", "1"], "reading acme/"), (["doctor"], "asking what the token has left")]
)
def test_other_reads_say_what_they_are_at(crowded: Repository, tmp_path: Path, args: list[str], errand: str) -> None:
    output, told = run(crowded, tmp_path, *args)
    assert errand in told
    assert told.endswith("\r\x1b[K")
    assert errand not in output


@pytest.mark.parametrize(
    "args",
    [["report"], ["publish", "new"], ["impact"], ["queue"], ["related", "1"], ["duty"], ["explain", "1"], ["doctor"]],
)
def test_beside_json_nothing_is_said(crowded: Repository, tmp_path: Path, args: list[str]) -> None:
    output, told = run(crowded, tmp_path, *args, "--json")
    assert told == ""
    assert output.startswith("{" if args[0] != "related" else "[")
