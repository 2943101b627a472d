"""The first hour's figures: python tests/bench/first_hour.py [--beside CHECKOUT] [--runs N] [--fresh]

Prints, for this checkout: `init` to a passing `check`; the show-piece, warm, to its first line and to its end; every
scenario of docs/processes; with --fresh, from a clone with an empty cache to the end of the show-piece. With --beside,
the same of another checkout, run in turns, and the ratios: on a machine that does other work only those mean something,
and of them CPU more than wall.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Took:
    """Seconds: wall, of all processors, and until the first line came."""

    wall: float
    cpu: float
    first: float


def timed(command: list[str], folder: Path, **more: str) -> Took:
    """Run it to its end."""
    before, begin, first = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GITHUB_ACTIONS")}
    with subprocess.Popen(
        command, cwd=folder, env={**environment, **more}, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        for _ in running.stdout:
            first = first or time.perf_counter() - begin
    assert running.returncode == 0, command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begin, cpu, first)


def said(what: str, took: Took) -> str:
    return f"{what:<52} {took.wall:7.2f} s wall {took.cpu:7.2f} s CPU, first line after {took.first:5.2f} s"


def best(found: list[Took]) -> Took:
    return Took(min(one.wall for one in found), min(one.cpu for one in found), min(one.first for one in found))


def side_by_side(what: str, arguments: list[str], checkouts: list[Path], runs: int) -> None:
    """The command in each checkout, in turns; the best of each, and the ratio."""
    found: dict[Path, list[Took]] = {checkout: [] for checkout in checkouts}
    for _ in range(runs):
        for checkout in checkouts:
            found[checkout].append(timed(["sh", "actions/run.sh", *arguments], checkout))
    for checkout in checkouts:
        print(said(f"{what} ({checkout.name})", best(found[checkout])), flush=True)
    if len(checkouts) == 2:
        ours, theirs = (best(found[checkout]) for checkout in checkouts)
        print(
            f"{'':<52} 1/{theirs.wall / ours.wall:.2f} of the wall time, 1/{theirs.cpu / ours.cpu:.2f} of the CPU",
            flush=True,
        )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--beside", type=Path, metavar="CHECKOUT")
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--fresh", action="store_true")
    given = reader.parse_args()
    print("load:", *(f"{one:.1f}" for one in os.getloadavg()), "on", os.cpu_count(), "processors")
    checkouts = [ROOT, *([given.beside.resolve()] if given.beside else [])]
    with tempfile.TemporaryDirectory() as scratch:
        run, desk = str(ROOT / "actions" / "run.sh"), Path(scratch) / "desk"
        desk.mkdir()
        options = ["--actions", f"acme@{'f' * 40}", "--people", "ann,bob", "--timezone", "Europe/Brussels"]
        begun = timed(["sh", run, "init", *options], desk)
        checked = timed(["sh", run, "check"], desk)
        print(said("init, then a passing check", Took(begun.wall + checked.wall, begun.cpu + checked.cpu, begun.first)))
        if given.fresh:
            clone = Path(scratch) / "clone"
            copied = timed(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], Path(scratch))
            cold = timed(["sh", "actions/run.sh", "rehearse"], clone, XDG_CACHE_HOME=str(Path(scratch) / "cache"))
            print(
                said(
                    "a clone, an empty cache, the show-piece",
                    Took(copied.wall + cold.wall, copied.cpu + cold.cpu, cold.first),
                )
            )
            warm = timed(["sh", "actions/run.sh", "rehearse"], clone, XDG_CACHE_HOME=str(Path(scratch) / "cache"))
            print(said("the same clone once more", warm), flush=True)
    side_by_side("the show-piece, warm", ["rehearse"], checkouts, given.runs)
    side_by_side("every scenario of docs/processes", ["rehearse", "docs/processes"], checkouts, 1)


if __name__ == "__main__":
    main()
