"""Months of a process lived: people act in the sandbox, and after each deed the desk's real runs act, over HTTP.

What a person does starts `triage` or `comment`, as the workflows would; a sweep comes at each instant at which a run
said that something changes, some minutes late, as GitHub's schedule is. Everything is told by the seed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.months.lives import AMENDED, ASKERS, DAY, LIVES, MEMBERS, Step

from respondby.calendars.instants import Instant, iso, parse_time, wall, zone
from respondby.cli.policy_files import read_named
from respondby.forge.client import Client, Patience
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.runs import run_event, sweep
from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import form_data
from respondby.rehearsal.filling import fill_in, in_names
from respondby.rehearsal.ground import DESK, OWNER, REPOSITORY, SIGNING, Ground
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

PROCESSES = Path(__file__).parents[2] / "docs/processes"
_LATER = re.compile(r"\{\+(-?\d+)\}")
#: So many seconds ago on the desk's clock.
_CLOCK = re.compile(r"\{clock-(\d+)\}")
_SERIAL = count()


@dataclass
class Life:
    """A process that was lived: its forge, its desk, and how many runs that took."""

    name: str
    ground: Ground
    desk: Desk
    runs: int = 0


@contextmanager
def lived(
    process: str, months: float, a_month: int, *, seed: int = 1, start: str = "2026-08-30T22:00:00Z"
) -> Iterator[Life]:
    """Months of a process, with so many stories begun in each."""
    folder = PROCESSES / process
    text = (folder / "support.yml").read_text(encoding="utf-8")
    for old, new in AMENDED.get(process, ()):
        assert text.count(old) == 1, f"{process}: {old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    files = read_named(folder / "support.yml", text)
    policy = load(text, files=files)
    ground = Ground(policy, text, files, MEMBERS.get(process, ()))
    begin = parse_time(start, zone("UTC"))
    with Sandbox(now=iso(begin)) as forge, Receiver() as receiver:
        ground.forge, ground.receiver = forge, receiver
        ground.at(begin)
        ground.settle("a key of these months' own")
        for login in ASKERS[process]:
            forge.user(login)
        permissions = {"issues": "write", "contents": "read", "pull-requests": "read"}
        client = Client(
            forge.url, forge.workflow_token(REPOSITORY, permissions), REPOSITORY, pace=None,
            patience=Patience(tries=2), sleep=lambda _: None,
        )  # fmt: skip
        desk = Desk(client, ground.secrets.get, ground.secrets[SIGNING].encode())
        life = Life(process, ground, desk)
        _Living(life, Random(f"{process}/{seed}")).live(begin, months, a_month)
        yield life


class _Living:
    def __init__(self, life: Life, draw: Random) -> None:
        self.life, self.draw = life, draw
        self.coming: list[tuple[Instant, int, Any]] = []
        self.numbers: dict[int, int] = {}
        self.swept_for: Instant | None = None
        self.done: set[int] = set()

    def live(self, begin: Instant, months: float, a_month: int) -> None:
        until = begin + int(months * 31) * DAY
        for story in range(int(months * a_month)):
            at = begin + self.draw.randrange(int(months * 30 * DAY))
            for step in LIVES[self.life.name](self.draw):
                at += step.wait + 1
                if at < until:
                    heappush(self.coming, (at, next(_SERIAL), (story, step)))
        last = begin
        while self.coming:
            at, _, what = heappop(self.coming)
            at = last = max(at, last + 1)  # no two things in one second
            if at >= until:
                break
            self.life.ground.at(at)
            if what is None:
                self._sweep(at)
            elif isinstance(what, int):
                self._do_duty(what)
            else:
                self._act(at, *what)
        self.life.ground.at(until)

    def _sweep(self, at: Instant) -> None:
        self.swept_for = None
        self._ran(sweep(self.life.desk))
        _, issues = self.life.ground.call(OWNER, "GET", f"/issues?creator={DESK}&per_page=100")
        for issue in issues:
            if issue["number"] in self.done or "duty" not in issue["body"]:
                continue
            self.done.add(issue["number"])
            if self.draw.random() < 0.9:  # what the desk asked for is done some time, or never
                heappush(self.coming, (at + self.draw.randrange(600, 30_000), next(_SERIAL), issue["number"]))

    def _do_duty(self, number: int) -> None:
        """Somebody of the desk closes the issue of a duty."""
        who = next(iter(self.life.ground.policy.people))
        got, _ = self.life.ground.call(who, "PATCH", f"/issues/{number}", {"state": "closed"})
        assert got < 300, got
        self._ran(run_event(self.life.desk, "triage", number))

    def _act(self, at: Instant, story: int, step: Step) -> None:
        ground = self.life.ground
        if step.what == "opens":
            form = ground.policy.forms[step.form]
            answers = {id: self._later(at, text) for id, text in (step.answers or {}).items()}
            body = fill_in(form_data(ground.policy, form), in_names(ground.policy, form, answers.items()))
            labels = form_data(ground.policy, form).get("labels", ())
            self.numbers[story] = ground.forge.open_by_form(REPOSITORY, step.who, step.text, body, labels)
            self._ran(run_event(self.life.desk, "triage", self.numbers[story]))
            return
        issue = f"/issues/{self.numbers[story]}"
        if step.what == "says":
            text = _CLOCK.sub(
                lambda found: f"{wall(at - int(found[1]), zone(ground.policy.timezone)):%H:%M}", step.text
            )
            got, _ = ground.call(step.who, "POST", f"{issue}/comments", {"body": text})
        else:
            got, _ = ground.call(step.who, "PATCH", issue, {"state": "open" if step.what == "reopens" else "closed"})
        assert got < 300, (got, step)
        self._ran(run_event(self.life.desk, "comment" if step.what == "says" else "triage", self.numbers[story]))

    def _later(self, at: Instant, text: str) -> str:
        found = _LATER.fullmatch(text)
        if found is None:
            return text
        return f"{wall(at + int(found[1]), zone('UTC')):%Y-%m-%dT%H:%M}Z"

    def _ran(self, report: Any) -> None:
        self.life.runs += 1
        assert not report.failed, report.failed
        following = report.next
        if following is not None and (self.swept_for is None or following < self.swept_for):
            self.swept_for = following
            heappush(self.coming, (following + self.draw.randrange(20, 700), next(_SERIAL), None))
