"""What `respondby impact` costs on thousands of closed cases: seconds and requests. A script, not a test.

    python -m tests.bench.impact [--cases 5000] [--profile FILE]

Fills a repository of the sandbox with requests of ninety days: opened, answered sooner or later, waited for, some made
urgent, closed; each has the card that the desk would have written. Then runs the command as a workflow does, with a
token that only reads, for a proposal with another target. Fails where that takes more than thirty seconds or sixty
requests for 5,000 cases, or where the self-check does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from tests.bench.request_counts import PROCESS, ROOT, Bench

from respondby.forge import writing
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.applying import Applier
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.loop.deciding import decided
from respondby.rehearsal.receiver import Receiver
from respondby.rules.plan import Action, Plan
from respondby.sandbox.server import Sandbox

#: What is proposed, of the default process.
CHANGES = (("by: end of next business day", "within: 4 business hours"),)
MOST_SECONDS, MOST_REQUESTS, OF = 30.0, 60, 5_000
DAYS = 90


class Closed(Bench):
    """A repository full of closed requests."""

    def fill(self, cases: int) -> None:
        """So many, over ninety days, with cards."""
        self.opens()
        self.copies(cases, cards=False)
        self._talk()
        self._cards()
        self._close()

    def _talk(self) -> None:
        world = self.sandbox._world
        now = world.clock.now()
        with world.transaction():
            people = {row["login"]: row["id"] for row in world.all("SELECT id, login FROM users")}
            issues = world.all("SELECT id, number FROM issues ORDER BY number")
            step = DAYS * 86_400 // len(issues)
            for row in issues:
                number = row["number"]
                at = now - step * (len(issues) - number + 1)
                answered = at + 600 * (1 + number * 7 % (300 if number % 5 == 0 else 24))
                said = [("carla", at + 300, "And soon, please"), ("ann", answered, "Hello, we look")]
                if number % 3 == 0:
                    said += [("ann", answered + 900, "/wait for the name"), ("carla", answered + 9_000, "It is this")]
                if number % 7 == 0:
                    said += [("ann", at + 400, "/priority urgent")]
                world.run("UPDATE issues SET created_at = ?, updated_at = ? WHERE id = ?", at, at, row["id"])
                world.run("UPDATE events SET at = ? WHERE issue_id = ?", at, row["id"])
                for who, when, text in sorted(said, key=lambda one: one[1]):
                    made = {"body": text, "created_at": min(when, now), "updated_at": min(when, now)}
                    world.insert("comments", issue_id=row["id"], author_id=people[who], **made)

    def _cards(self) -> None:
        """The cards, by the desk's own code, without the way over HTTP."""
        desk = self.desk()
        gathered = gather_open(desk.client)
        held = policy_in_force(desk.client, gathered)
        applier = Applier(desk.client, held, desk.secrets, desk.identify(gathered.policy), gathered.label_ids)
        with self.sandbox._world.transaction(), patch.object(writing, "create_comment", self._comment):
            for case in gathered.cases:
                found = decided(held.policy, case, gathered.now)
                card = [action for action in found.plan.actions if type(action).__name__ == "WriteCard"]
                applier.apply(_only(found.plan, card), found.history, gathered.now)

    def _close(self) -> None:
        world = self.sandbox._world
        now = world.clock.now()
        with world.transaction():
            ann = world.one("SELECT id FROM users WHERE login = 'ann'")["id"]
            for row in world.all("SELECT id FROM issues"):
                world.run(
                    "UPDATE issues SET state = 'closed', state_reason = 'completed', closed_at = ?, closed_by = ?,"
                    " updated_at = ? WHERE id = ?", now, ann, now, row["id"],
                )  # fmt: skip
                data = json.dumps({"state_reason": "completed"})
                world.insert("events", issue_id=row["id"], kind="closed", actor_id=ann, at=now, data=data)


def _only(plan: Plan, actions: list[Action]) -> Plan:
    return replace(plan, actions=tuple(actions))


def main() -> int:
    """Print the figures; 1 where one is too large."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=OF)
    parser.add_argument("--profile")
    options = parser.parse_args()
    with Sandbox() as sandbox, Receiver() as receiver, tempfile.TemporaryDirectory() as scratch:
        bench = Closed(sandbox, receiver, "closed")
        bench.fill(options.cases)
        sandbox.clock("2026-11-23T10:00:00Z")
        policy = (PROCESS / "support.yml").read_text()
        for old, new in CHANGES:
            assert old in policy, old
            policy = policy.replace(old, new)
        folder = Path(scratch)
        (folder / ".github").mkdir()
        (folder / ".github/support.yml").write_text(policy)
        (folder / "rota").mkdir()
        for file in PROCESS.glob("rota/*.yml"):
            (folder / "rota" / file.name).write_text(file.read_text())
        told, seconds, used = run(bench, folder, options.profile)
    check = told["self_check"]
    print(
        f"{told['cases']:,} cases, {len(told['changed']):,} of them differ: {seconds:.1f} s, {used:.1f} s of processor,"
        f" {told['requests']} requests; load {os.getloadavg()[0]:.1f}"
    )
    print(f"  self-check: {check}")
    share = max(1.0, told["cases"] / OF)
    return int(not check["holds"] or seconds > MOST_SECONDS * share or told["requests"] > MOST_REQUESTS * share)


def run(bench: Closed, folder: Path, profile: str | None) -> tuple[dict[str, object], float, float]:
    """What the command says, how long it took, and how much of a processor."""
    token = bench.sandbox.workflow_token(bench.repository, {"issues": "read", "contents": "read"})
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "PYTHONPATH": str(ROOT / "actions"),
        "GITHUB_API_URL": bench.sandbox.url,
        "GITHUB_REPOSITORY": bench.repository,
        "GITHUB_TOKEN": token,
    }
    more = ["-m", "cProfile", "-o", profile] if profile else []
    begin = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, *more, "-m", "respondby", "impact", "--json", "--days", str(DAYS + 1)],
        env=env, stdout=subprocess.PIPE, cwd=folder,
    )  # fmt: skip
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"the command failed: {output[-2000:]!r}")
    return json.loads(output), time.monotonic() - begin, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
