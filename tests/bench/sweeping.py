"""What a sweep costs at a thousand cases: processor time and requests. A script, not a test.

    python tests/bench/sweeping.py [--against CHECKOUT] [--cases N] [--runs N] [--profile FILE] [--due N …]

Prints, for the default process and a process of its own for each sweep:
- a sweep at which nothing is due: processor seconds (the least of several runs, taken in turn) and requests; and the
  same with the cache that the action keeps from sweep to sweep;
- a sweep at which every case is due, and others at which so many of them are (`--due`): processor seconds, requests and
  writes. A write is a request that changes something; a GraphQL mutation of several parts is one, as GitHub's limits
  count. The token has as many requests as it takes.
With `--against`, another checkout sweeps the same repository in turn, by the process as it is there, and the figures
stand side by side.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.request_counts import ROOT, Bench

from respondby.forge.mutations import OPERATION
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox
from respondby.sandbox.serving.limits import Rules


def _writes(request: Mapping[str, Any]) -> bool:
    return request["path"] != "/graphql" or request["operation"] == OPERATION


def swept(bench: Bench, checkout: Path, *more: str, cache: str | None = None) -> tuple[float, int, int]:
    """(processor seconds, requests, writes) of one sweep by the code of a checkout, with a cache where it is given."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "PYTHONPATH": str(checkout / "actions"),
        "GITHUB_API_URL": bench.sandbox.url,
        "GITHUB_REPOSITORY": bench.repository,
        "GITHUB_TOKEN": bench.bot,
        "RESPONDBY_PACE": "off",
        **bench.secrets,
        **({"RESPONDBY_CACHE": cache} if cache is not None else {}),
    }
    seen = bench.sandbox.requests()
    before = int(seen[-1]["id"]) if seen else 0
    child = subprocess.Popen(
        [sys.executable, *more, "-m", "respondby", "enforce", "--json"], env=env, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"the sweep of {checkout} failed: {output[-2000:]!r}")
    sent = bench.sandbox.requests(before)
    return used.ru_utime + used.ru_stime, len(sent), sum(map(_writes, sent))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", type=Path)
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile")
    parser.add_argument("--due", type=int, nargs="*", default=())
    options = parser.parse_args()
    checkouts = [ROOT, *([options.against] if options.against is not None else [])]
    with Sandbox() as sandbox, Receiver() as receiver:
        sandbox.limits(Rules(requests_an_hour=1_000_000))  # a sweep leaves nothing to the next one
        benches = {
            checkout: _desk(sandbox, receiver, f"swept-{place}", checkout, options.cases, checkouts[-1])
            for place, checkout in enumerate(checkouts)
        }
        if options.profile:
            print(swept(benches[ROOT], ROOT, "-m", "cProfile", "-o", options.profile))
            return
        sandbox.clock("2026-11-23T09:10:00Z")  # nothing is due, and nothing was touched just now
        idle: dict[Path, list[tuple[float, int, int]]] = {checkout: [] for checkout in checkouts}
        for _ in range(options.runs):
            for checkout in checkouts:
                idle[checkout].append(swept(benches[checkout], checkout))
        with tempfile.TemporaryDirectory() as folder:
            swept(benches[ROOT], ROOT, cache=folder)  # what fills it
            cached = min(swept(benches[ROOT], ROOT, cache=folder) for _ in range(options.runs))
        print(f"{options.cases} idle     {ROOT}, cached: {cached[0]:.2f} s, {cached[1]} requests, {cached[2]} writes")
        for checkout, found in idle.items():
            seconds, requests, writes = min(found)
            print(f"{options.cases} idle     {checkout}: {seconds:.2f} s, {requests} requests, {writes} writes")
        sandbox.clock("2026-12-23T09:00:00Z")
        for checkout, bench in benches.items():
            seconds, requests, writes = swept(bench, checkout)
            each = f"{requests / options.cases:.2f} and {writes / options.cases:.2f} a case"
            print(f"{options.cases} all due  {checkout}: {seconds:.2f} s, {requests} requests, {writes} writes, {each}")
        for due in options.due:
            seconds, requests, writes = some_due(sandbox, receiver, due, options.cases)
            print(f"{options.cases}, {due} due: {seconds:.2f} s, {requests} requests, {writes} writes")


def some_due(sandbox: Sandbox, receiver: Receiver, due: int, cases: int) -> tuple[float, int, int]:
    """(processor seconds, requests, writes) of a sweep at which so many of the cases are due, and no others."""
    bench = Bench(sandbox, receiver, f"due-{due}-of-{cases}")
    first = bench.opens() if due else 0
    sandbox.clock("2026-11-24T09:00:00Z")  # a day later, before anything of the first is due
    later = bench.opens() if due < cases else 0
    if first:
        bench.copies(due + bool(later), cards=False, of=first)
    if later:
        bench.copies(cases, cards=False, of=later)
    swept(bench, ROOT)
    sandbox.clock("2026-11-24T16:40:00Z")
    return swept(bench, ROOT)


def _desk(sandbox: Sandbox, receiver: Receiver, name: str, checkout: Path, cases: int, policy: Path) -> Bench:
    """A repository whose cards were written by the code of that checkout, with the policy of another."""
    bench = Bench(sandbox, receiver, name, policy / "docs/processes/priorities-and-help")
    bench.opens()
    swept(bench, checkout)
    bench.copies(cases, cards=False)
    swept(bench, checkout)
    return bench


if __name__ == "__main__":
    main()
