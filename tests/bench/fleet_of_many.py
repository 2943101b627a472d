"""What a fleet of idle repositories costs: requests, jobs, and how equal the parts are. A script, not a test.

    python tests/bench/fleet_of_many.py [REPOSITORIES [REFUSING]]

The sandbox holds so many repositories of one owner, each with some issues at rest. A run is `respondby fleet plan` and
then each part of its matrix, in one process here. The first two read and write, the others are idle; in the last
one some repositories refuse the token. Parts are made however little work there is.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
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


def main() -> int:
    """Print a line for each run, with the least and the most of its parts (the sandbox works in the same process)."""
    count, refusing = (int(text) for text in [*sys.argv[1:], *("500", "30")[len(sys.argv) - 1 :]][:2])
    balancing.WORTH_A_JOB = 0.0001
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'run':>4}{'parts':>7}{'requests':>10}{'failed':>8}{'a part: requests':>22}{'CPU s':>16}{'wall s':>18}")
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
                cpu = time.process_time()
                swept = run("sweep", "--shard", json.dumps(part), "--state", "state")
                worked.append(time.process_time() - cpu)
                asked.append(int(swept["requests"]))
                took.append(float(swept["seconds"]))
                failed += sum(bool(one["failed"]) for one in swept["repositories"])
            print(
                f"{number:>4}{len(took):>7}{world.requests() - before:>10}{failed:>8}"
                f"{f'{min(asked)} to {max(asked)}':>22}{f'{min(worked):.2f} to {max(worked):.2f}':>16}"
                f"{f'{min(took):.2f} to {max(took):.2f}':>18}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
