"""How many requests the desk makes, beside what others publish. A script, not a test: counts, no times.

    python tests/bench/request_counts.py

Prints, with the default process as the policy and its rota as a named file:
- full sweeps of N idle issues, each with its card: at most ⌈N/100⌉ + 2, plus pages within;
- cases that escalate in one sweep: one for each effect, one read before acting and one after editing the card;
- from a comment's event to the reaction on it: at most 7.
It fails where a count is larger than what it is held to.

actions/stale's figures are its own formula for its reads and writes, github/issue-metrics' follow from its code: one
search page and one rate limit for each hundred issues, and one request for each issue's comments.
"""

from __future__ import annotations

import sys
from math import ceil
from pathlib import Path
from unittest.mock import patch

from respondby.calendars.instants import iso
from respondby.forge import writing
from respondby.forge.client import Client, Patience
from respondby.forge.gathering import gather_open
from respondby.forge.mutations import OPERATION
from respondby.jobs.effects.applying import Applier
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.loop.deciding import decided
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.people import WORKFLOW_BOT

ROOT = Path(__file__).resolve().parents[2]
PROCESS = ROOT / "docs/processes/priorities-and-help"
ANSWERS = ("### Priority", "Normal priority", "### What has to change?", "Add a record")
BODY = "\n\n".join((*ANSWERS, "### Any date to respect?", "_No response_"))
SIZES = (100, 250, 1_000)


class Bench:
    """One repository with the default process, as it is in the folder `process`."""

    def __init__(self, sandbox: Sandbox, receiver: Receiver, name: str, process: Path = PROCESS) -> None:
        files = {path.relative_to(process).as_posix(): path.read_text() for path in process.glob("rota/*.yml")}
        self.sandbox = sandbox
        self.secrets = {
            "CHAT_URL": receiver.address("apprise", "CHAT_URL"),
            "PAGERDUTY_ROUTING_KEY": receiver.address("pagerduty", "PAGERDUTY_ROUTING_KEY"),
        }
        self.repository = f"acme/{name}"
        sandbox.clock("2026-11-23T09:00:00Z")
        sandbox.repo("acme", name, files={".github/support.yml": (process / "support.yml").read_text(), **files})
        for login in ("ann", "bob", "cid", "tess"):
            sandbox.member(self.repository, login, "MEMBER")
        sandbox.user("carla")
        self.bot = sandbox.workflow_token(self.repository, {"issues": "write", "contents": "read"})

    def desk(self) -> Desk:
        """A run's desk, which waits for nothing."""
        client = Client(
            self.sandbox.url, self.bot, self.repository, pace=None, patience=Patience(tries=1), sleep=lambda _: None
        )
        return Desk(client, self.secrets.get)

    def does(self, who: str, method: str, path: str, body: object) -> int:
        """A person's request; the number or id of what it made."""
        status, made = self.sandbox.call(method, f"/repos/{self.repository}{path}", self.sandbox.token(who), body)
        assert status < 300, made
        return int(made.get("number") or made["id"])

    def opens(self) -> int:
        """A customer opens an issue."""
        return self.does("carla", "POST", "/issues", {"title": "Add a record", "body": BODY})

    def copies(self, total: int, *, cards: bool = True, of: int = 1) -> None:
        """As many open issues as `total`, each new one as that with number `of`, with the card that the desk writes.

        Only the writing itself takes a short cut, into the sandbox's tables: three requests a case would take minutes.
        """
        world = self.sandbox._world
        with world.transaction():
            repo = world.one("SELECT id FROM repos ORDER BY id DESC LIMIT 1")
            first = world.one("SELECT * FROM issues WHERE repo_id = ? AND number = ?", repo["id"], of)
            last = world.count("SELECT max(number) FROM issues WHERE repo_id = ?", repo["id"])
            for number in range(last + 1, total + 1):
                issue = world.insert("issues", **{**_fields(first), "number": number})
                for row in world.all("SELECT label_id FROM issue_labels WHERE issue_id = ?", first["id"]):
                    world.run("INSERT INTO issue_labels VALUES (?, ?)", issue, row["label_id"])
                for row in world.all("SELECT * FROM events WHERE issue_id = ?", first["id"]):
                    world.insert("events", **{**_fields(row), "issue_id": issue})
        if not cards:
            return
        desk = self.desk()
        gathered = gather_open(desk.client)
        held = policy_in_force(desk.client, gathered)
        applier = Applier(desk.client, held, desk.secrets, desk.identify(gathered.policy), gathered.label_ids)
        with world.transaction(), patch.object(writing, "create_comment", self._comment):
            for case in gathered.cases:
                found = decided(held.policy, case, gathered.now)
                applier.apply(found.plan, found.history, gathered.now)

    def _comment(self, _: Client, number: int, body: str) -> None:
        world = self.sandbox._world
        repo = world.one("SELECT id FROM repos ORDER BY id DESC LIMIT 1")
        issue = world.one("SELECT id FROM issues WHERE repo_id = ? AND number = ?", repo["id"], number)
        bot = world.one("SELECT id FROM users WHERE login = ?", WORKFLOW_BOT)
        now = world.clock.now()
        made = {"body": body, "created_at": now, "updated_at": now}
        world.insert("comments", issue_id=issue["id"], author_id=bot["id"], **made)


def _fields(row: object) -> dict[str, object]:
    return {name: row[name] for name in row.keys() if name != "id"}  # type: ignore[attr-defined,index]  # noqa: SIM118


def idle(sandbox: Sandbox, receiver: Receiver) -> list[tuple[int, Report]]:
    """Full sweeps in which nothing is due."""
    bench = Bench(sandbox, receiver, "idle")
    run_event(bench.desk(), "triage", bench.opens())
    found = []
    for size in SIZES:
        bench.copies(size)
        report = sweep(bench.desk())
        assert (len(report.cases), report.performed, report.failed) == (size, 0, []), (
            report.performed,
            report.failed[:3],
        )
        found.append((size, report))
    return found


def escalated(sandbox: Sandbox, receiver: Receiver, cases: int) -> tuple[int, int]:
    """(requests, effects) of a sweep in which that many cases are escalated."""
    bench = Bench(sandbox, receiver, "escalated")
    for _ in range(cases):
        run_event(bench.desk(), "triage", bench.opens())
    due = next(iter(run_event(bench.desk(), "enforce", 1).cases)).assessment
    assert due is not None
    last = max(run.due for run in due.runs if run.due is not None)
    bench.sandbox.clock(iso(last + 60))
    before = len(bench.sandbox.requests())
    report = sweep(bench.desk())
    sent = bench.sandbox.requests(before)
    return report.requests, sum(request["path"] != "/graphql" or request["operation"] == OPERATION for request in sent)


def reaction(sandbox: Sandbox, receiver: Receiver) -> int:
    """Requests from a comment's event to the reaction on it, that one included."""
    bench = Bench(sandbox, receiver, "reaction")
    number = bench.opens()
    run_event(bench.desk(), "triage", number)
    bench.does("ann", "POST", f"/issues/{number}/comments", {"body": "/priority urgent"})
    before = len(bench.sandbox.requests())
    run_event(bench.desk(), "comment", number)
    sent = [request["path"].rpartition("/")[2] for request in bench.sandbox.requests(before)]
    return sent.index("reactions") + 1


def main() -> int:
    """Print the table; 1 where a count is too large."""
    bad = False
    with Sandbox() as sandbox, Receiver() as receiver:
        print("requests in a full sweep of N open issues    N = " + "".join(f"{size:>8,}" for size in SIZES))
        swept = idle(sandbox, receiver)
        rows = {
            "respondby, nothing due": [report.requests for _, report in swept],
            "  at most ⌈N/100⌉ + 2": [ceil(size / 100) + 2 for size, _ in swept],
            "actions/stale, idle: ⌈N/100⌉ + 5": [ceil(size / 100) + 5 for size, _ in swept],
            "actions/stale, all newly stale: + 4N": [ceil(size / 100) + 5 + 4 * size for size, _ in swept],
            "issue-metrics: 2⌈N/100⌉ + N": [2 * ceil(size / 100) + size for size, _ in swept],
        }
        for name, counts in rows.items():
            print(f"  {name:<48}" + "".join(f"{count:>8,}" for count in counts))
        bad |= any(report.requests > ceil(size / 100) + 2 for size, report in swept)
        cases = 10
        requests, effects = escalated(sandbox, receiver, cases)
        most = 2 + effects + 2 * cases
        print(f"{cases} cases escalated in one sweep: {requests} requests for {effects} effects (at most {most})")
        until = reaction(sandbox, receiver)
        print(f"from a comment's event to the reaction on it: {until} requests (at most 7)")
        return int(bad or requests > most or until > 7)


if __name__ == "__main__":
    sys.exit(main())
