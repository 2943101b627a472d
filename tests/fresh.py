"""Draws fresh examples for every property, for a while: python -m tests.fresh [--minutes M] [--seed N] [PYTEST ARG …]

Rounds follow each other, each with a seed of its own, until the time is up or one fails; the last may end later. What
failed prints the command that draws the same again. Hypothesis keeps it in `.hypothesis` as well, and begins with it
until it passes.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::\S.*?)(?: - .*)?$", re.MULTILINE)


def main() -> int:
    """Rounds until the time is up; 1 where one failed."""
    reader = argparse.ArgumentParser(prog="python -m tests.fresh", description=__doc__)
    reader.add_argument("--minutes", type=float, default=2, metavar="M", help="begin no round after that (default: 2)")
    reader.add_argument("--seed", type=int, metavar="N", help="the first round's seed (default: drawn)")
    given, arguments = reader.parse_known_args()
    seed = random.randrange(1 << 31) if given.seed is None else given.seed
    begin = time.perf_counter()
    rounds = 0
    while rounds == 0 or time.perf_counter() - begin < given.minutes * 60:
        code, output = play(seed, arguments)
        rounds += 1
        if code:
            print(output)
            print("\n".join(["To draw the same again:", *again(seed, output)]))
            return 1
        print(f"seed {seed}: {output.strip().splitlines()[-1].strip('= ')}", flush=True)
        seed += 1
    return 0


def play(seed: int, arguments: Sequence[str]) -> tuple[int, str]:
    """One round over every property, or over those that the arguments choose: pytest's exit code and what it says."""
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
    )
    return done.returncode, done.stdout


def again(seed: int, output: str) -> list[str]:
    """The command for each test that pytest's summary says failed, or where there is none for all of them."""
    found = [f" '{name}'" for name in _FAILED.findall(output)] or [" -m hypothesis"]
    return [f"  sh tests/run -n 0 --fresh={seed}{name}" for name in found]


if __name__ == "__main__":
    sys.exit(main())
