"""What a job's start costs on a runner: python tests/bench/starting_on_a_runner.py [--runs N]

Prints the wall time until a command of the desk has ended: on a bare runner, whose packages the index gives;
on one to which GitHub's cache gave them back; and on one of your own, which keeps the environment. In turns, the median
of each, and as a share of the first. What GitHub takes to start the machine and to hand over 16 MB is not in it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def seconds(cache: Path, packages: Path) -> float:
    """Wall seconds of `run.sh deadline`, on a machine whose tool cache and packages are these."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"RUNNER_TOOL_CACHE": str(cache), "RESPONDBY_PACKAGES": str(packages), "PIP_NO_CACHE_DIR": "1"}
    command = ["sh", str(ROOT / "actions" / "run.sh"), "deadline", "4 hours", "--from", "2026-11-30T10:00Z"]
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    found: dict[str, list[float]] = {"bare": [], "packages from the cache": [], "a runner of one's own": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            tools, packages = Path(folder) / "tools", Path(folder) / "packages"
            for what in found:
                if what != "a runner of one's own":
                    shutil.rmtree(tools, ignore_errors=True)
                if what == "bare":
                    shutil.rmtree(packages, ignore_errors=True)
                found[what].append(seconds(tools, packages))
    whole = statistics.median(found["bare"])
    for what, taken in found.items():
        print(f"{what:<26} {statistics.median(taken):6.2f} s   {statistics.median(taken) / whole:5.0%} of the first")


if __name__ == "__main__":
    main()
