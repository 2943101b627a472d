"""A desk under fire: the sandbox over HTTP, runs that are killed at any request, and runs that meet.

A trial is a story of four acts on a fresh repository (asked, half of the time gone, overdue, answered). Each act ends
with a run of the desk. A trial may kill one run at one request, let two runs meet, or break requests; afterwards an
undisturbed run brings the act to rest. What stands in the end is compared with a trial in which nothing went wrong.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.faults.hooks import Hook, HookedClient, TakingTurns, Turns

from respondby.desk.case import Case
from respondby.forge.client import Patience
from respondby.forge.gathering import gather_case
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import run_event, sweep
from respondby.sandbox.server import Sandbox

POLICY = """
version: 1
desk: Under fire
timezone: UTC
people: { ann: {}, bob: {}, tess: {} }
roles: { staff: { people: [ann, bob, tess] }, first: ann, lead: tess }
channels: { pager: { webhook: PAGER } }
fields:
  type: { label: type/ }
  priority: { name: Priority, label: priority/, default: normal, values: { high: High, normal: Normal } }
forms:
  question: { name: Question, about: Ask., choose: [priority], ask: { what: { ask: "What?", kind: text } } }
clocks:
  first-response:
    start: opened
    stop: comment by staff
    target: 1h
    ladder:
      - { at: start, notify: lead, via: pager }
      - { at: 50%, notify: first }
      - { at: due, label: late, page: [first, lead], via: pager, comment: Nobody has answered yet. }
"""
BODY = "### Priority\n\nHigh\n\n### What?\n\nsomething\n"

#: Nothing waits in a test.
PATIENCE = Patience(tries=2)


@dataclass
class Receiver:
    """A pager: what was posted to it, as (key, person), and as `bodies` whole."""

    url: str
    posts: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A pager on this machine."""
    posts: list[tuple[str, str]] = []
    bodies: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posts.append((message["key"], message["to"]))
            bodies.append(message)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_address[1]}/", posts, bodies)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Trial:
    """One repository in the sandbox, with one case."""

    sandbox: Sandbox
    pager: Receiver
    repository: str
    bot: str
    staff: str
    first_post: int

    ACTS = ("09:00:00", "09:31:00", "10:05:00", "10:20:00")

    def act(self, number: int) -> None:
        """What people do at the beginning of an act."""
        self.sandbox.clock(f"2026-01-05T{self.ACTS[number]}Z")
        if number == 3:
            status, _ = self.sandbox.call(
                "POST", f"/repos/{self.repository}/issues/1/comments", self.staff, {"body": "We are on it."}
            )
            assert status == 201

    def client(self, hook: Hook | None = None) -> HookedClient:
        """A new run's connection."""
        client = HookedClient(
            self.sandbox.url, self.bot, self.repository, pace=None, patience=PATIENCE, sleep=lambda _: None
        )
        client.hook = hook
        return client

    def run(self, number: int, hook: Hook | None = None) -> Report:
        """The run that an act starts: an event's in the first and last, a sweep's between."""
        desk = Desk(self.client(hook), {"PAGER": self.pager.url}.get)
        return run_event(desk, "triage", 1) if number in (0, 3) else sweep(desk)

    def meet(self, number: int, order: list[int]) -> None:
        """Two runs of the same act, interleaved request by request."""
        turns = Turns(order)

        def one(who: int) -> None:
            try:
                self.run(number, TakingTurns(turns, who))
            finally:
                turns.end(who)

        threads = [threading.Thread(target=one, args=(who,)) for who in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "two runs wait for each other"

    def case(self) -> Case:
        """The case as the desk reads it."""
        return gather_case(self.client(), 1).cases[0]

    def outcome(self) -> dict[str, Any]:
        """What stands in the end, without what differs from one repository to the next."""
        case = self.case()
        mask = {case.node_id: "ISSUE", self.repository: "REPOSITORY"}
        mask |= {moment.source: "ANSWER" for moment in case.moments if moment.kind == "comment" and not moment.ours}

        def plain(text: str) -> str:
            for secret, word in mask.items():
                text = text.replace(secret, word)
            return text

        return {
            "labels": sorted(case.labels),
            "open": case.open,
            "comments": sorted(comment.kind for comment in case.own),
            "records": {plain(key): (r.at, r.outcome) for key, r in sorted(case.ledger.records.items())},
            "pins": sorted(plain(key) for key in case.ledger.pins),
            "digest": case.cards[0].digest and plain(case.cards[0].digest) != "",
            "called": sorted({(plain(key), to) for key, to in self.calls()}),
        }

    def calls(self) -> list[tuple[str, str]]:
        """Every call of this case, repetitions included."""
        sent = zip(self.pager.posts, self.pager.bodies, strict=True)
        return [post for post, body in list(sent)[self.first_post :] if body["case"].startswith(self.repository + "#")]


_serial = itertools.count(1)


def begin(sandbox: Sandbox, pager: Receiver) -> Trial:
    """A fresh repository whose customer has just asked."""
    name = f"desk-{next(_serial)}"
    repository = f"acme/{name}"
    sandbox.clock("2026-01-05T09:00:00Z")
    sandbox.repo("acme", name, files={".github/support.yml": POLICY})
    for login in ("ann", "bob", "tess"):
        sandbox.member(repository, login, "MEMBER")
    sandbox.user("carla")
    bot = sandbox.workflow_token(repository, {"issues": "write", "contents": "read"})
    status, _ = sandbox.call(
        "POST", f"/repos/{repository}/issues", sandbox.token("carla"), {"title": "Help", "body": BODY}
    )
    assert status == 201
    return Trial(sandbox, pager, repository, bot, sandbox.token("bob"), len(pager.posts))


def undisturbed(sandbox: Sandbox, pager: Receiver) -> tuple[dict[str, Any], list[int]]:
    """The outcome when nothing goes wrong, and how many requests each act's run takes."""
    trial = begin(sandbox, pager)
    counts = []
    for number in range(len(Trial.ACTS)):
        trial.act(number)
        counts.append(trial.run(number).requests)
    return trial.outcome(), counts
