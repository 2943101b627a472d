"""Repositories for doctors: one in which everything is as it should be, and what can be done to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from respondby.calendars.instants import parse_time
from respondby.doctor.examining import Health, examine
from respondby.doctor.findings import Place
from respondby.forge.client import Client, Patience
from respondby.forge.standing import read_standing
from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import form_files
from respondby.sandbox.server import Sandbox
from respondby.setup.labels import apply_labels, labels_of, plan_labels

ROOT = Path(__file__).parents[2]
SUPPORT = ".github/support.yml"
TRIAGE, COMMENT, ENFORCE = (f".github/workflows/{name}.yml" for name in ("triage", "comment", "enforce"))
FORM = ".github/ISSUE_TEMPLATE/question.yml"

POLICY = """\
version: 1
desk: Help desk
people: { ann: {}, bob: {} }
roles: { staff: { people: [ann, bob] } }
channels: { chat: { apprise: CHAT_URL } }
fields:
  type: { label: type/ }
  priority: { label: priority/, default: normal, values: { high: High, normal: Normal } }
forms: { question: { name: Question, about: Ask., choose: [priority], ask: { what: "What?" } } }
commands: { "@acme-desk": { by: anyone, notify: staff, via: chat } }
clocks:
  first-response:
    start: opened
    stop: comment by staff
    target: 4h
    ladder: [{ at: due, label: late, notify: staff, via: chat }]
"""
NOW = "2026-01-05T09:10:00Z"
GRANTS = {"contents": "read", "issues": "write", "actions": "read"}
SECRETS = {"CHAT_URL": "a-secret-address"}
KEY = b"0123456789abcdef0123456789abcdef"

_serial = itertools.count(1)


def files() -> dict[str, str]:
    """Policy, forms and workflows of a healthy repository."""
    policy = POLICY
    made = {SUPPORT: policy, **form_files(load(policy))}
    for action in ("triage", "comment", "enforce"):
        made[f"actions/{action}/action.yml"] = "name: A copy of respondby's\n"
    for path in (TRIAGE, COMMENT, ENFORCE):
        text = (ROOT / path).read_text(encoding="utf-8")
        made[path] = text.replace("          PAGERDUTY_ROUTING_KEY: ${{ secrets.PAGERDUTY_ROUTING_KEY }}\n", "")
    return made


def runs(*times: str) -> list[tuple[str, str | None]]:
    """Runs of this morning that went well."""
    return [(f"2026-01-05T{time}:00Z", "success") for time in times]


class Clinic:
    """One repository of the sandbox, healthy until something is done to it."""

    def __init__(self, sandbox: Sandbox, *, private: bool = False) -> None:
        self.sandbox = sandbox
        self.name = f"acme/clinic-{next(_serial)}"
        self.files = files()
        self.private = private
        self.members: tuple[str, ...] = ("ann", "bob")
        self.users: tuple[str, ...] = ()
        self.runs: list[tuple[str, str | None]] = runs("08:47", "08:53", "08:57", "09:04")
        self.state = "active"
        self.labels = True
        self.issues: list[tuple[str, str]] = []
        self.grants: Mapping[str, str] = GRANTS
        self.secrets: Mapping[str, str] = SECRETS
        self.key: bytes | None = KEY
        self.in_runner = True
        self.now = NOW
        self.ahead = 0.0
        self.working_copy: str | None = None

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Replace parts of a file that are there."""
        for old, new in changes:
            assert old in self.files[path], f"{old!r} is not in {path}"
            self.files[path] = self.files[path].replace(old, new)

    def build(self) -> None:
        """Make the repository in the sandbox."""
        owner, _, short = self.name.partition("/")
        self.sandbox.clock("2026-01-02T09:00:00Z")
        self.sandbox.repo(owner, short, self.private, files=self.files)
        for login in self.members:
            self.sandbox.member(self.name, login, "MEMBER")
        for login in self.users:
            self.sandbox.user(login)
        for at, conclusion in self.runs if ENFORCE in self.files else ():
            self.sandbox.run(self.name, "enforce.yml", at, conclusion=conclusion)
        if self.state != "active":
            self.sandbox.workflow_state(self.name, "enforce.yml", self.state)
        if self.labels:
            client = self.client(GRANTS)
            apply_labels(client, plan_labels(load(POLICY), labels_of(read_standing(client).labels)))
        self.sandbox.user("carla")
        for at, title in self.issues:
            self.sandbox.clock(at)
            self.act("carla", "POST", "/issues", {"title": title})
        self.sandbox.clock(self.now)

    def act(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """A person's own request below the repository."""
        status, answer = self.sandbox.call(method, f"/repos/{self.name}{path}", self.sandbox.token(who), body)
        assert status < 300, (status, answer)
        return answer

    def client(self, grants: Mapping[str, str]) -> Client:
        """A connection that waits for nothing."""
        token = self.sandbox.workflow_token(self.name, grants)
        return Client(self.sandbox.url, token, self.name, pace=None, patience=Patience(tries=2), sleep=lambda _: None)

    def place(self) -> Place:
        """Where the doctor stands."""
        machine = parse_time(self.now, None) + self.ahead
        get = dict(self.secrets).get
        return Place(self.client(self.grants), get, self.key, self.in_runner, lambda: machine, self.working_copy)

    def health(self) -> Health:
        """Build it, and look at it."""
        self.build()
        return examine(self.place())


def told(health: Health, *levels: str) -> list[str]:
    """The findings of these levels in short: `check: message → fix`."""
    wanted: Iterable[str] = levels or ("error", "warning")
    return [f"{item.check}: {item.message} → {item.fix}" for item in health.findings if item.level in wanted]
