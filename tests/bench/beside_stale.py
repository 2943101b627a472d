"""Requests and writes of actions/stale on the sandbox, for the rows beside `sweeping.py --due`. A script, not a test.

    python tests/bench/beside_stale.py BUILD [--cases N] [--due N …]

`BUILD` is a folder with a build of actions/stale (`npm ci; npx tsc --project tsconfig.app.json` in a checkout of it
makes `lib/main.js`). Node.js runs it as Actions would, told to comment and label; an issue that nobody touched for
sixty days is due. It goes by the machine's clock, so the sandbox is set to that.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from respondby.calendars.instants import iso
from respondby.sandbox.server import Sandbox

DAY = 86_400


def inputs(build: Path) -> dict[str, str]:
    """The action's inputs as its own file has them, with a message, and no limit to its operations."""
    text = (build / "action.yml").read_text(encoding="utf-8")
    found = dict(re.findall(r"(?m)^  ([\w-]+):\n(?:    \w[^\n]*\n)*?    default: '?([^'\n]*)'?$", text))
    return found | {"stale-issue-message": "Nobody has touched this for a while.", "operations-per-run": "1000000"}


def swept(sandbox: Sandbox, build: Path, repository: str) -> tuple[int, int]:
    """(requests, writes) of one run."""
    token = sandbox.workflow_token(repository, {"issues": "write", "pull-requests": "write", "actions": "write"})
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": folder,
            "TMPDIR": folder,
            "GITHUB_API_URL": sandbox.url,
            "GITHUB_REPOSITORY": repository,
            **{f"INPUT_{name.upper()}": value for name, value in inputs(build).items()},
            "INPUT_REPO-TOKEN": token,
        }
        seen = sandbox.requests()
        before = int(seen[-1]["id"]) if seen else 0
        done = subprocess.run(
            ["node", str(build / "lib/main.js")], env=env, capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(f"it failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    sent = sandbox.requests(before)
    return len(sent), sum(one["method"] != "GET" for one in sent)


def main() -> None:
    """Print a row for each number of issues that are due."""
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--due", type=int, nargs="*", default=(0, 10, 100, 1_000))
    options = parser.parse_args()
    now = int(time.time())
    with Sandbox(now=iso(now - 90 * DAY)) as sandbox:
        sandbox.user("carla")
        token = sandbox.token("carla")
        for due in options.due:
            name = f"due-{due}"
            sandbox.clock(iso(now - 90 * DAY))
            sandbox.repo("acme", name)
            for number in range(options.cases):
                if number == due:
                    sandbox.clock(iso(now))
                status, answer = sandbox.call("POST", f"/repos/acme/{name}/issues", token, {"title": f"Case {number}"})
                assert status == 201, answer
            sandbox.clock(iso(now))
            requests, writes = swept(sandbox, options.build, f"acme/{name}")
            print(f"{options.cases} issues, {due} due: {requests} requests, {writes} writes", flush=True)


if __name__ == "__main__":
    main()
