"""What a fleet of idle repositories costs: requests, jobs, and how equal the parts are. A script, not a test.

    python tests/bench/fleet_of_many.py [REPOSITORIES [REFUSING]]

The sandbox holds so many repositories of one owner, each with some issues at rest. A run is `respondby fleet plan` and
then each part of its matrix, a process of its own one after another, as its job is. The first two read and write, the
others are idle; in the last one some repositories refuse the token. Parts are made however little work there is. How
far they lie apart is told as a share of their mean: of the process's CPU, and of the seconds that it says it took.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from click.testing import CliRunner
from tests.fleet.world import World

from respondby.cli import main as cli
from respondby.fleet import balancing
from respondby.sandbox.server import Sandbox


def run(*arguments: str) -> dict[str, Any]:
    """What a command of the fleet says."""
    done = CliRunner().invoke(cli.main, ["fleet", *arguments, "--json"])
    found: dict[str, object] = json.loads(done.stdout)
    return found


def job(*arguments: str) -> tuple[dict[str, Any], float]:
    """What a command of the fleet says as a process of its own, and that one's seconds of CPU."""
    command = [sys.executable, "-m", "respondby", "fleet", *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        said: dict[str, Any] = json.loads(child.stdout.read())
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return said, used.ru_utime + used.ru_stime


def apart(figures: Sequence[float]) -> str:
    """The least and the most, and how far they lie apart."""
    mean = sum(figures) / len(figures)
    return f"{min(figures):.2f} to {max(figures):.2f}, {(max(figures) - min(figures)) / mean:4.0%}"


def main() -> int:
    """Print a line for each run, with the least and the most of its parts (the sandbox works in the same process)."""
    count, refusing = (int(text) for text in [*sys.argv[1:], *("500", "30")[len(sys.argv) - 1 :]][:2])
    balancing.WORTH_A_JOB = 0.0001
    head = f"{'run':>4}{'parts':>7}{'requests':>10}{'failed':>8}{'a part: requests':>22}"
    print(f"{head}{'CPU s':>22}{'wall s':>24}{'load':>6}")
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        world = World.make(sandbox, folder)
        names = world.several(count)
        for index, repository in enumerate(names):
            for _ in range(index % 4):
                world.opens(repository)
        os.environ.update(world.environment())
        world.fleet_of(*names)
        denied = [
            {
                "match": {"operation": operation, "body": f'"{one.partition("/")[2]}"'},
                "do": {"status": 403, "body": {"message": "Resource protected by organization SAML enforcement."}},
            }
            for one in names[:refusing]
            for operation in ("Open", "Touched")
        ]
        for number, at in enumerate(("09:02", "09:20", "09:25", "09:30", "09:35", "09:40"), start=1):
            world.at(f"{at}:00")
            sandbox.clear_faults()
            if number == 6:
                sandbox.faults(denied)
            before = world.requests()
            plan = run("plan", "--state", "state")
            asked, worked, took, failed = [], [], [], 0
            for part in plan["matrix"]["include"]:
                swept, cpu = job("sweep", "--shard", json.dumps(part), "--state", "state")
                worked.append(cpu)
                asked.append(int(swept["requests"]))
                took.append(float(swept["seconds"]))
                failed += sum(bool(one["failed"]) for one in swept["repositories"])
            print(
                f"{number:>4}{len(took):>7}{world.requests() - before:>10}{failed:>8}"
                f"{f'{min(asked)} to {max(asked)}':>22}{apart(worked):>22}{apart(took):>24}"
                f"{os.getloadavg()[0]:>6.1f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
