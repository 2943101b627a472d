"""How late a watch acts, in real time: a thousand steps that come due one after another. A script, not a test.

    python tests/bench/watch_on_time.py [STEPS [SECONDS]]

`respondby watch` runs as a process of its own against the sandbox, whose clock runs. Each case has one step, which
labels it; how late it came is the label's time less the due's, both on the sandbox's clock.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from respondby.calendars.instants import UTC, iso, parse_time
from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {} }
channels: { log: { console: LOG } }
forms:
  question: { name: Question, about: Ask., ask: { what: { ask: "What?", kind: text } } }
clocks:
  first-response: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: due, label: late }] }
"""
OPENED = parse_time("2026-01-05T09:00:00Z", UTC)


def main() -> int:
    """Print the histogram."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    with Sandbox() as sandbox:
        sandbox.clock(iso(OPENED))
        sandbox.repo("acme", "desk", files={".github/support.yml": POLICY})
        sandbox.member("acme/desk", "ann", "MEMBER")
        sandbox.user("carla")
        bot = sandbox.workflow_token("acme/desk", {"issues": "write", "contents": "read"})
        token = sandbox.token("carla")
        for number in range(steps):
            sandbox.clock(iso(OPENED + number * seconds // steps))
            body = {"title": f"Case {number}", "body": "### What?\n\nHow?\n"}
            status, answer = sandbox.call("POST", "/repos/acme/desk/issues", token, body)
            assert status == 201, answer
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "actions"), "GITHUB_API_URL": sandbox.url,
            "GITHUB_TOKEN": bot, "LOG": "log", "RESPONDBY_PACE": "off",
        }  # fmt: skip
        sandbox.clock(iso(OPENED + 1800))
        sweep = [sys.executable, "-m", "respondby", "enforce", "--json"]
        given = {**environment, "GITHUB_REPOSITORY": "acme/desk", "GITHUB_EVENT_NAME": "workflow_dispatch"}
        subprocess.run(sweep, env=given, check=True, stdout=subprocess.DEVNULL)
        sandbox.set_clock(iso(OPENED + 3600 - 15), running=True)
        watch = [sys.executable, "-m", "respondby", "watch", "--repo", "acme/desk", "--json"]
        with subprocess.Popen(watch, env=environment, stdout=subprocess.DEVNULL) as process:
            time.sleep(seconds + 30)
            process.send_signal(signal.SIGTERM)
        world = sandbox._world
        rows = world.all(
            "SELECT i.created_at AS opened, e.at AS labelled FROM issues i JOIN events e ON e.issue_id = i.id"
            " WHERE e.kind = 'labeled' AND json_extract(e.data, '$.name') = 'late'"
        )
        late = sorted(row["labelled"] - row["opened"] - 3600 for row in rows)
    print(f"{steps:,} steps in {seconds} s: {len(late):,} taken, {steps - len(late)} not")
    for value, count in sorted(Counter(late).items()):
        print(f"{value:>6} s late {count:>6,} {'#' * (count * 60 // len(late))}")
    print(f"median {late[len(late) // 2]} s, 99 of 100 within {late[len(late) * 99 // 100]} s, worst {late[-1]} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
