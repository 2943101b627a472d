"""What a run of the desk costs: requests, and wall time as a share of what cannot be saved. A script, not a test.

    python tests/bench/desk_at_work.py [--runs N]

Prints, for one machine and one run of this script:
- `respondby triage` on an opened issue whose labels exist: API requests, and wall time beside `import github` alone;
- a sweep of 250 open issues with nothing due: API requests and wall time;
- `actions/run.sh` cold (its environment is made) and warm, and the warm one as a share of the whole job.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
POLICY = (ROOT / "docs/processes/priorities-and-help/support.yml").read_text()
ROTA = (ROOT / "docs/processes/priorities-and-help/rota/on-call.yml").read_text()
ANSWERS = {
    "Priority": "Normal priority",
    "What has to change?": "Add a record",
    "Any date to respect?": "_No response_",
}
BODY = "\n\n".join(f"### {question}\n\n{answer}" for question, answer in ANSWERS.items())


def timed(command: list[str], env: dict[str, str]) -> float:
    """Wall seconds of one process; its failure ends the script."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return seconds


def medians(runs: int, **commands: Callable[[], float]) -> dict[str, float]:
    """The median of each, taken in turn so that the machine's moods fall on all alike; one warm-up is not counted."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds = command()
            if number:
                times[name].append(seconds)
    return {name: statistics.median(found) for name, found in times.items()}


class Stage:
    """A repository in a sandbox with GitHub's environment for one event."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        sandbox.clock("2026-11-23T09:00:00Z")
        sandbox.repo("acme", "support", files={".github/support.yml": POLICY, "rota/on-call.yml": ROTA})
        sandbox.user("carla")
        self.carla = sandbox.token("carla")
        bot = sandbox.workflow_token("acme/support", {"issues": "write", "contents": "read"})
        self.event = folder / "event.json"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "PYTHONPATH": str(ROOT / "actions"),
            "GITHUB_API_URL": sandbox.url,
            "GITHUB_REPOSITORY": "acme/support",
            "GITHUB_TOKEN": bot,
            "GITHUB_EVENT_NAME": "issues",
            "GITHUB_EVENT_PATH": str(self.event),
        }

    def open(self) -> None:
        """A customer opens an issue, and the event file is written."""
        status, _ = self.sandbox.call(
            "POST", "/repos/acme/support/issues", self.carla, {"title": "Add a record", "body": BODY}
        )
        assert status == 201
        self.event.write_text(json.dumps(self.sandbox.deliveries()[-1]["payload"]))

    def requests(self, since: int) -> int:
        """How many API requests came after the one with this id."""
        return len(self.sandbox.requests(since))

    def last(self) -> int:
        """The id of the last request so far."""
        found = self.sandbox.requests()
        return int(found[-1]["id"]) if found else 0


def triage(stage: Stage, runs: int) -> None:
    """Figures of one triage."""
    command = [sys.executable, "-m", "respondby", "triage"]
    stage.open()
    timed(command, stage.env)  # the first one makes the labels
    counts: list[int] = []

    def one() -> float:
        stage.open()
        before = stage.last()
        seconds = timed(command, stage.env)
        counts.append(stage.requests(before))
        return seconds

    found = medians(
        runs,
        importing=lambda: timed([sys.executable, "-c", "import github"], stage.env),
        triage=one,
        python=lambda: timed([sys.executable, "-c", "pass"], stage.env),
    )
    ratio = found["triage"] / found["importing"]
    print(f"triage, labels exist   requests {max(counts)} (at most 6)")
    print(
        f"                       {found['triage']:.3f} s = {ratio:.2f} × a process that imports github"
        f" ({found['importing']:.3f} s; an empty one {found['python']:.3f} s); at most 1.8"
    )


def sweep(stage: Stage, issues: int) -> None:
    """Figures of a sweep with nothing due."""
    while True:
        status, _ = stage.sandbox.call(
            "POST", "/repos/acme/support/issues", stage.carla, {"title": "Another", "body": BODY}
        )
        assert status == 201
        number = stage.sandbox.deliveries()[-1]["payload"]["issue"]["number"]
        if number >= issues:
            break
    command = [sys.executable, "-m", "respondby", "enforce"]
    env = {**stage.env, "GITHUB_EVENT_NAME": "schedule", "RESPONDBY_PACE": "off"}
    timed(command, env)
    before = stage.last()
    seconds = timed(command, env)
    print(f"sweep of {issues} idle       requests {stage.requests(before)} (at most 5), {seconds:.2f} s")


def run_sh(stage: Stage, runs: int) -> None:
    """Figures of the script that every action runs."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**stage.env, "RUNNER_TOOL_CACHE": cache}
        env.pop("PYTHONPATH")
        command = ["sh", str(ROOT / "actions/run.sh"), "triage"]
        stage.open()
        cold = timed(command, env)
        bare = [sys.executable, "-m", "respondby", "triage"]
        found = medians(runs, warm=lambda: timed(command, env), bare=lambda: timed(bare, stage.env))
        share = max(0.0, found["warm"] - found["bare"]) / found["warm"]
        print(f"run.sh                 cold {cold:.1f} s, warm {found['warm']:.3f} s, of which its own {share:.0%}")


def main() -> None:
    """Run all of it."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--runs", type=int, default=7)
    given = reader.parse_args()
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        stage = Stage(sandbox, Path(folder))
        triage(stage, given.runs)
        run_sh(stage, given.runs)
        sweep(stage, 250)


if __name__ == "__main__":
    main()
