"""What a sweep costs with its cache, beside one without: requests, CPU, memory. A script, not a test.

    python tests/bench/incremental_sweep.py [N …]

Each sweep is `respondby enforce` in a process of its own, against the sandbox with N open issues that are at rest.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from request_counts import Bench

from respondby.jobs.runs import run_event
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

#: The command, and after it the most memory that the process has had; ru_maxrss would count its parent's as well.
MEASURED = """
import atexit, re, runpy, sys
atexit.register(lambda: print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr))
sys.argv = ["respondby", "enforce", "--json"]
runpy.run_module("respondby", run_name="__main__", alter_sys=True)
"""

HERE = Path(__file__).resolve().parents[2]
IDLE, TOUCHED = "nothing has changed", "one in a hundred touched"
STEPS = ("without a cache", "the first with one", IDLE, TOUCHED, "the one after it")


def enforce(bench: Bench, folder: Path, cache: str) -> tuple[dict[str, object], float, float]:
    """One sweep: its report, seconds of CPU, and the most memory of the process in MB."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HERE / "actions"),
        "GITHUB_API_URL": bench.sandbox.url,
        "GITHUB_REPOSITORY": bench.repository,
        "GITHUB_TOKEN": bench.bot,
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "RESPONDBY_CACHE": cache,
        **bench.secrets,
    }
    (folder / "event.json").write_text("{}", encoding="utf-8")
    command = [sys.executable, "-c", MEASURED]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), cpu, int(done.stderr.split()[-1]) / 1024


@dataclass(frozen=True)
class Swept:
    """One sweep of so many open issues: what it was, its requests, seconds of CPU and the process's megabytes."""

    issues: int
    what: str
    requests: int
    cpu: float
    memory: float


def sweeps(sizes: Sequence[int]) -> Iterator[Swept]:
    """For each size: without a cache, the first with one, nothing changed, one in a hundred touched, the one after."""
    with Sandbox() as sandbox, Receiver() as receiver, tempfile.TemporaryDirectory() as name:
        for size in sizes:
            bench = Bench(sandbox, receiver, f"incremental-{size}")
            run_event(bench.desk(), "triage", bench.opens())
            bench.copies(size)
            cache = str(Path(name) / f"cache-{size}")
            for minute, what in enumerate(STEPS):
                sandbox.clock(f"2026-11-23T09:{20 + minute}:00Z")
                if what == TOUCHED:
                    for number in range(1, size // 100 + 1):
                        bench.does("carla", "POST", f"/issues/{number}/comments", {"body": "One more thing."})
                    sandbox.clock(f"2026-11-23T09:{20 + minute}:30Z")
                report, cpu, memory = enforce(bench, Path(name), "" if what == STEPS[0] else cache)
                yield Swept(size, what, int(str(report["requests"])), cpu, memory)


def main() -> int:
    """Print the table."""
    print(f"{'open issues':>12}{'sweep':>28}{'requests':>10}{'CPU s':>8}{'MB':>7}")
    for one in sweeps([int(size) for size in sys.argv[1:]] or [1_000, 10_000]):
        print(f"{one.issues:>12,}{one.what:>28}{one.requests:>10}{one.cpu:>8.2f}{one.memory:>7.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
