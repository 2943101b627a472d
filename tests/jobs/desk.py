"""A repository with a desk in the sandbox, for tests of whole runs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from respondby.desk.case import Case
from respondby.forge.client import Client, Patience
from respondby.forge.gathering import gather_case
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Help desk
timezone: UTC
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] }, first: ann }
channels: { log: { console: LOG } }
fields:
  type: { label: type/ }
  priority:
    name: Priority
    label: priority/
    set-by: staff
    default: normal
    values: { high: High, normal: Normal }
  state: { label: state/, set-by: staff, values: { resolved: Resolved } }
forms:
  question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } }
commands:
  "@help": { by: anyone, raise: { priority: high }, notify: staff, via: log, cooldown: 15m }
  /resolved: { by: staff, set: { state: resolved } }
  /close: { by: [author, staff] }
clocks:
  first-response:
    start: opened
    stop: comment by staff
    target: 1h
    ladder: [{ at: due, label: late, notify: first }]
"""
BODY = "### Priority\n\nNormal\n\n### What?\n\nHow do I log in?\n"
OPENED = "2026-01-05T09:00:00Z"

_serial = itertools.count(1)


@dataclass
class Repository:
    """One repository of the sandbox, with a policy and people."""

    sandbox: Sandbox
    name: str
    bot: str

    @classmethod
    def make(cls, sandbox: Sandbox, policy: str = POLICY, **files: str) -> Repository:
        """A fresh repository; the clock stands at `OPENED`."""
        short = f"desk-{next(_serial)}"
        name = f"acme/{short}"
        sandbox.clock(OPENED)
        sandbox.repo("acme", short, files={".github/support.yml": policy, **files})
        for login in ("ann", "bob"):
            sandbox.member(name, login, "MEMBER")
        for login in ("carla", "mallory"):
            sandbox.user(login)
        return cls(sandbox, name, sandbox.workflow_token(name, {"issues": "write", "contents": "read"}))

    def at(self, time: str) -> None:
        """Move the clock to a time of the opening's day, or to an instant."""
        self.sandbox.clock(time if "T" in time else f"2026-01-05T{time}Z")

    def act(self, who: str, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        """A person's own request below the repository."""
        got, answer = self.sandbox.call(method, f"/repos/{self.name}{path}", self.sandbox.token(who), body)
        assert got == status if status is not None else got < 300, (got, answer)
        return answer

    def opens(self, who: str = "carla", title: str = "Help", body: str | None = BODY) -> int:
        """Open an issue; its number."""
        return int(self.act(who, "POST", "/issues", {"title": title, "body": body})["number"])

    def says(self, who: str, text: str, number: int = 1) -> int:
        """Comment; the comment's id."""
        return int(self.act(who, "POST", f"/issues/{number}/comments", {"body": text})["id"])

    def desk(self, secret: bytes | None = None) -> Desk:
        """A run's desk, which waits for nothing."""
        client = Client(
            self.sandbox.url, self.bot, self.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None
        )
        return Desk(client, {"LOG": "log"}.get, secret)

    def triage(self, number: int = 1, secret: bytes | None = None) -> Report:
        """The run that an event of this issue starts."""
        return run_event(self.desk(secret), "triage", number)

    def sweep(self, *, dry: bool = False) -> Report:
        """One sweep."""
        return sweep(self.desk(), dry=dry)

    def sweep_at(self, time: str) -> Report:
        """A sweep at a time, which must go well."""
        self.at(time)
        report = self.sweep()
        assert report.failed == []
        return report

    def case(self, number: int = 1, secret: bytes | None = None) -> Case:
        """The case as the desk reads it."""
        return gather_case(self.desk().client, number, identify=self.desk(secret).identify).cases[0]

    def comments(self, number: int = 1) -> list[tuple[str, str]]:
        """Every comment as (author, body)."""
        found = self.act("ann", "GET", f"/issues/{number}/comments?per_page=100")
        return [(comment["user"]["login"] if comment["user"] else "ghost", comment["body"]) for comment in found]

    def labels(self, number: int = 1) -> list[str]:
        """The issue's labels."""
        return sorted(label["name"] for label in self.act("ann", "GET", f"/issues/{number}")["labels"])
