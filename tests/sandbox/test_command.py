"""`respondby sandbox` runs in the foreground and tells where."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from respondby.cli.sandbox import command

ACTIONS = Path(__file__).parents[2] / "actions"


def test_the_command_says_where_it_listens_and_serves_there_until_interrupted(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "respondby",
        "sandbox",
        "--port",
        "0",
        "--db",
        str(tmp_path / "db"),
        "--now",
        "2026-12-24T10:00",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ACTIONS)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert found
        with urlopen(f"{found[0]}/_sandbox/clock") as response:
            assert json.load(response) == {"now": "2026-12-24T10:00:00Z"}
        process.terminate()
    assert (tmp_path / "db").exists()


@pytest.mark.parametrize("words", [["--now", "noon"], ["--port", "70000"]])
def test_an_option_that_makes_no_sense_is_refused(words: list[str]) -> None:
    assert CliRunner().invoke(command, words).exit_code == 2


def test_a_file_of_another_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    kept = sqlite3.connect(tmp_path / "old")
    kept.execute("CREATE TABLE sequence (last INTEGER NOT NULL)")
    kept.close()
    result = CliRunner().invoke(command, ["--port", "0", "--db", str(tmp_path / "old")])

    assert (result.exit_code, "name a new file" in result.output) == (2, True)
