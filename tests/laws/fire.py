"""A desk under fire: the sandbox over HTTP, runs that are killed at any request, and runs that meet.

A trial is a story of a few acts on a fresh repository; the usual one has four (asked, half of the time gone, overdue,
answered). In each act a run of the desk follows what people do. A trial may kill one run at one request, let two runs
meet, or break requests; afterwards undisturbed runs bring the act to rest. What stands in the end is compared with a
trial in which nothing went wrong. Other stories are classes below `Trial`.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from tests.channels.serving import Answer, Asked, serving
from tests.faults.hooks import Hook, HookedClient, KillAt, Killed, TakingTurns, Turns

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
_serial = itertools.count(1)


@dataclass
class Receiver:
    """A pager: what was posted to it, as (key, person), and as `bodies` whole."""

    url: str = ""
    posts: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        """Take it."""
        self.posts.append((asked.body["key"], asked.body["to"]))
        self.bodies.append(asked.body)
        return Answer(200)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A pager on this machine."""
    made = Receiver()
    with serving(made) as made.url:
        yield made


@dataclass
class Trial:
    """One repository in the sandbox, with one case."""

    sandbox: Sandbox
    pager: Receiver
    repository: str
    bot: str
    staff: str
    first_post: int

    #: What the desk promises; whether a case is there before the first act; when each act begins.
    POLICY = POLICY
    ASKED = True
    ACTS: ClassVar[tuple[str, ...]] = ("09:00:00", "09:31:00", "10:05:00", "10:20:00")

    @classmethod
    def begin(cls, sandbox: Sandbox, pager: Receiver) -> Self:
        """A fresh repository, whose customer has just asked where the story is about a case."""
        name = f"desk-{next(_serial)}"
        repository = f"acme/{name}"
        sandbox.clock("2026-01-05T09:00:00Z")
        sandbox.repo("acme", name, files={".github/support.yml": cls.POLICY})
        for login in ("ann", "bob", "tess"):
            sandbox.member(repository, login, "MEMBER")
        sandbox.user("carla")
        bot = sandbox.workflow_token(repository, {"issues": "write", "contents": "read"})
        if cls.ASKED:
            status, _ = sandbox.call(
                "POST", f"/repos/{repository}/issues", sandbox.token("carla"), {"title": "Help", "body": BODY}
            )
            assert status == 201
        return cls(sandbox, pager, repository, bot, sandbox.token("bob"), len(pager.posts))

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

    def desk(self, hook: Hook | None = None) -> Desk:
        """What a new run starts from."""
        return Desk(self.client(hook), {"PAGER": self.pager.url}.get)

    def run(self, number: int, hook: Hook | None = None) -> Report:
        """The run that an act starts: an event's in the first and last, a sweep's between."""
        return run_event(self.desk(hook), "triage", 1) if number in (0, 3) else sweep(self.desk(hook))

    def rest(self, number: int) -> None:
        """Bring an act to rest: whatever went wrong in it, the next run makes it good."""
        assert self.run(number).failed == []

    def play(self, wrong: int | None = None, disturb: Callable[[], None] = lambda: None) -> Self:
        """The whole story, in which something goes wrong in one act."""
        for number in range(len(self.ACTS)):
            self.act(number)
            if number == wrong:
                disturb()
            self.rest(number)
        return self

    def play_killed(self, wrong: int, request: int, when: str) -> bool:
        """The whole story, in which one act's run is killed at a request; whether it was: it may have fewer of them."""
        killed = False

        def kill() -> None:
            nonlocal killed
            try:
                self.run(wrong, KillAt(request, when))
            except Killed:
                killed = True

        self.play(wrong, kill)
        return killed

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

    def stands(self) -> dict[str, Any]:
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


def kill_everywhere(begin: Callable[[], Trial], expected: object, wrong: int, when: str, *, first: int = 0) -> int:
    """A trial for each request of one act's run, which is killed there; how many requests the run has."""
    for request in range(first, 40):
        trial = begin()
        killed = trial.play_killed(wrong, request, when)
        assert trial.stands() == expected, f"killed {when} request {request} of act {wrong}"
        if not killed:
            return request
    raise AssertionError("the run has more requests than were tried")


def let_two_meet(trial: Trial, wrong: int, seed: int) -> None:
    """The trial's whole story, in one act of which two runs meet, interleaved by chance."""
    order = random.Random(seed)
    trial.play(wrong, lambda: trial.meet(wrong, [order.randrange(2) for _ in range(120)]))
