"""Draws fresh examples for every property, for a while: python -m tests.fresh [--minutes M] [--seed N] [PYTEST ARG …]

Rounds follow each other, each with a seed of its own, as long as most of one fits into the time, until one fails. What
failed prints the command that draws the same again. Hypothesis keeps it in `.hypothesis` as well, and begins with it
until it passes.

With `--against COMMIT` what failed is drawn there too, the same examples. A property that fails there as well was wrong
before this change: it is told, and the exit code is 0. One that held there, or was not there, is this change's: 1.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::\S.*?)(?: - .*)?$", re.MULTILINE)


def main() -> int:
    """Rounds until the time is up; 1 where one failed."""
    reader = argparse.ArgumentParser(prog="python -m tests.fresh", description=__doc__)
    reader.add_argument("--minutes", type=float, default=2, metavar="M", help="for so long, about (default: 2)")
    reader.add_argument("--seed", type=int, metavar="N", help="the first round's seed (default: drawn)")
    reader.add_argument("--against", metavar="COMMIT", help="what fails on this commit too is told, and ends with 0")
    given, arguments = reader.parse_known_args()
    if not any(Path(argument.partition("::")[0]).exists() for argument in arguments):
        arguments += files_with_properties()
    seed = random.randrange(1 << 31) if given.seed is None else given.seed
    begin = time.perf_counter()
    rounds, past = 0, 0.0
    while rounds == 0 or past + past / rounds / 2 <= given.minutes * 60:
        code, output = play(seed, arguments)
        rounds, past = rounds + 1, time.perf_counter() - begin
        if code:
            print(output)
            print("\n".join(["To draw the same again:", *again(seed, output)]))
            return 1 if given.against is None or held_before(seed, output, given.against) else 0
        print(f"seed {seed}: {output.strip().splitlines()[-1].strip('= ')}", flush=True)
        seed += 1
    return 0


def files_with_properties(folder: Path = Path("tests")) -> list[str]:
    """The test files that name hypothesis; `tests/conftest.py` holds that to be all that have a property."""
    return sorted(str(file) for file in folder.rglob("test_*.py") if "hypothesis" in file.read_text(encoding="utf-8"))


def play(seed: int, arguments: Sequence[str], place: Path | None = None) -> tuple[int, str]:
    """One round over every property, or over those that the arguments choose: pytest's exit code and what it says.

    `place` is another checkout, whose own code is played.
    """
    environment = None if place is None else {**os.environ, "PYTHONPATH": str(place / "actions")}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "hypothesis",
            "-p",
            "no:cacheprovider",
            f"--fresh={seed}",
            *arguments,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=place,
        env=environment,
    )
    return done.returncode, done.stdout


def held_before(seed: int, output: str, commit: str) -> bool:
    """Whether one of the tests that failed here passes at that commit, with the examples of that seed, or is not there;
    what that commit says is printed. Nothing is known of a commit that this clone does not have: then it held.
    """
    names = _FAILED.findall(output)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "before"
        made = _git("worktree", "add", "--quiet", "--detach", str(place), commit)
        if made.returncode:
            print(f"{commit or 'The commit before'} is not here to compare with: {made.stderr.strip()}")
            return True
        try:
            known = Path(".hypothesis")
            if known.is_dir():  # what is known to fail is tried first, here and there
                shutil.copytree(known, place / ".hypothesis")
            held = [name for name in names if _passes(place, seed, name)] if names else ["all of it"]
        finally:
            _git("worktree", "remove", "--force", str(place))
    for name in names:
        what = "held, or was not there: this change" if name in held else "fails too: it was wrong before this change"
        print(f"At {commit[:12]} {name} {what}")
    return bool(held)


def _passes(place: Path, seed: int, name: str) -> bool:
    """Whether a test does anything but fail in that checkout."""
    code, _ = play(seed, ["-n", "0", name], place)
    return code != int(pytest.ExitCode.TESTS_FAILED)


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def again(seed: int, output: str) -> list[str]:
    """The command for each test that pytest's summary says failed, or where there is none for all of them."""
    found = [f" '{name}'" for name in _FAILED.findall(output)] or [" -m hypothesis"]
    return [f"  sh tests/run -n 0 --fresh={seed}{name}" for name in found]


if __name__ == "__main__":
    sys.exit(main())
