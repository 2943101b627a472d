"""A month of runners' minutes, played, beside what `respondby cost` says of it beforehand. A script, not a test.

    python tests/bench/month_of_minutes.py [--requests N] [--seed S] [--write] [DESK …]

Each desk is what `respondby init` writes: one of one's own, and the five processes, these also with a watch. Three
months of it are played on the sandbox by stories such as those of `tests/months`: people act, and what they do starts
the workflows whose triggers and `if`s hold for what GitHub would deliver; schedules start theirs at each line's own
times; a watch that a run asks for lives in simulated time. A job is billed as by GitHub, a minute for each that it has
begun. Sweeps are performed where something may change, those of a desk without a watch once a day. Before the last
month its forecast is asked for: by the policy and so many requests, and by the repository's own runs. `--write` puts
the table into docs/on-time.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from click.testing import CliRunner
from tests.months.lives import ASKERS, DAY, HOUR, LIVES, MEMBERS, Story, _soon, opens, says
from tests.months.living import _SERIAL, Life, _Living

from respondby.calendars.crons import parse_cron
from respondby.calendars.instants import Instant, iso, parse_time
from respondby.cli import main as cli
from respondby.cli.policy_files import read_named
from respondby.forge.client import Client, Patience
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.watching import loop
from respondby.jobs.watching.watching import Watching
from respondby.policy.loading.loader import load
from respondby.policy.text import yaml_text
from respondby.rehearsal.ground import OWNER, REPOSITORY, SIGNING, Ground
from respondby.rehearsal.receiver import Receiver
from respondby.rehearsal.workflows import Workflow, read_workflows
from respondby.sandbox.server import Sandbox
from respondby.setup.choices import Choices, Source
from respondby.setup.schedules import with_schedule
from respondby.setup.starting import POLICY, processes, start_from_choices, start_from_process, workflow_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/on-time.md"
MARK, END = "<!-- python tests/bench/month_of_minutes.py --write -->", "<!-- end -->"
OWN = "a desk of one's own"
SOURCE = Source("acme", "0" * 40, "1")
CHOICES = Choices(
    "Acme support", "Europe/Brussels", "mon-fri", ("09:00-17:00",), ("ann", "bob"), "tess", "chat", date(2026, 7, 31),
)  # fmt: skip
#: Three months, of which the last is the one that is forecast: it has 31 days, and a change of the clocks in Europe.
BEGINS, MIDDLE, ENDS = (parse_time(f"2026-{month}-01T00:00:00Z", None) for month in ("08", "10", "11"))
MONTHS, BEFORE = 3, 60
#: What the processes' watches are awake for: everything, unless it is said here.
WATCHES = {"priorities-and-help": "{ when: { priority: [production-down, urgent] } }"}
#: How long the jobs last that do not sleep, and until a runner has one that was dispatched.
LASTS, STARTS = 25, 20


def own_desk(draw: Random) -> Story:
    """A request to a desk as `respondby init` asks for it; one in five is urgent, one in thirty stops everybody."""
    who, staff = draw.choice(["carla", "conny"]), draw.choice(["ann", "bob"])
    form = draw.choice(["problem", "request"])
    down = form == "problem" and draw.random() < 0.07
    priority = "down" if down else "urgent" if draw.random() < 0.2 else "normal"
    steps = [opens(who, form, f"{form} of {who}", priority=priority, what="It hangs")]
    if draw.random() < 0.95:
        steps.append(says(_soon(draw, HOUR if priority != "normal" else 2 * DAY), staff, "I am on it"))
    if draw.random() < 0.4:
        steps += [says(_soon(draw, HOUR), staff, "/wait for a log"), says(_soon(draw, DAY), who, "Here it is")]
    steps += [says(_soon(draw, 5 * HOUR), draw.choice([who, staff]), "And this?") for _ in range(draw.randrange(3))]
    if down:
        steps += [says(_soon(draw, 4 * HOUR), staff, "/resolved"), says(_soon(draw, HOUR), staff, "/cause change")]
    if draw.random() < 0.9:
        steps.append(says(_soon(draw, 3 * DAY), staff, "/close"))
    return steps


class Asleep(Watching):
    """A watch whose sleep is simulated; its successors are the same watch, which does not end in between."""

    month: Month

    def wait(self, seconds: float) -> bool:
        """Let the month go on for so long."""
        self.month.play(self.month.now + max(1, round(seconds)))
        return self.month.now < ENDS


@dataclass
class Bill:
    """Minutes of a time, by what started the job; `jobs` counts jobs by workflow."""

    schedule: int = 0
    events: int = 0
    watch: int = 0
    jobs: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        """All of them."""
        return self.schedule + self.events + self.watch


class Month(_Living):
    """A desk that is lived with its workflows: `now` is how far the play has come."""

    def __init__(
        self, life: Life, draw: Random, workflows: Sequence[Workflow], ticks: Mapping[str, list[Instant]]
    ) -> None:
        super().__init__(life, draw)
        self.workflows, self.ticks = workflows, ticks
        self.bills = (Bill(), Bill())
        self.now = BEGINS
        self.seen = 0
        self.next: Instant | None = BEGINS
        self.wanted: Instant | None = None
        self.awake = False
        self.swept = BEGINS

    def begin(self, story: Callable[[Random], Story], requests: int) -> None:
        """What people will do in these months, and when the sweeps come."""
        for number in range(MONTHS * requests):
            at = BEGINS + self.draw.randrange(ENDS - BEGINS)
            for step in story(self.draw):
                at += step.wait + 1
                heappush(self.coming, (at, next(_SERIAL), (number, step)))
        for file, instants in self.ticks.items():
            for at in instants:
                self._bill(at).schedule += self._start(file, "schedule", {}, at)
        for at in self.ticks["enforce.yml"]:
            heappush(self.coming, (at, next(_SERIAL), None))

    def play(self, until: Instant) -> None:
        """Whatever comes until then."""
        while self.coming and self.coming[0][0] <= until:
            at, _, what = heappop(self.coming)
            if what is None and not self._may_change(at):
                continue
            at = self._to(max(at, self.now + 1))
            if at >= ENDS:
                return
            if what is None:
                self.next, self.wanted, self.swept = None, None, at
                self._sweep(at)
            elif isinstance(what, int):
                self._do_duty(what)
            else:
                self._act(at, *what)
            self._follow()
        self._to(max(until, self.now))

    def _to(self, at: Instant) -> Instant:
        self.now = at
        self.life.ground.at(at)
        return at

    def _may_change(self, at: Instant) -> bool:
        watch = self.life.ground.policy.watch
        if watch is None and at < self.swept + DAY:
            return False
        soon = watch is not None and self.wanted is not None and not self.awake and at >= self.wanted - watch.idle
        return soon or (self.next is not None and at >= self.next)

    def _ran(self, report: Any) -> None:
        self.life.runs += 1
        assert not report.failed, report.failed
        # Of one case; what was known of the others still stands.
        self.next = min((at for at in (self.next, report.next) if at is not None), default=None)
        self.wanted = min((at for at in (self.wanted, report.wanted_at) if at is not None), default=None)

    def _follow(self) -> None:
        """Start what has happened since: runs of events, and a watch that somebody asked for."""
        watches = 0
        for one in self.life.ground.forge.deliveries(self.seen):
            self.seen = one["id"]
            if one["event"] == "workflow_dispatch":
                watches += 1
            elif not one["by_workflow_token"] and one["repository"] == REPOSITORY:
                for workflow in self.workflows:
                    if workflow.starts_for(one["event"], one["action"]):
                        payload = {"event": one["payload"], "event_name": one["event"]}
                        self._bill(self.now).events += self._start(workflow.file, one["event"], payload, self.now)
        if watches and not self.awake:
            self._watch()

    def _start(self, file: str, event: str, github: Mapping[str, Any], at: Instant) -> int:
        """Record a run of the workflow; its minutes, one for each job whose `if` holds."""
        [workflow] = [one for one in self.workflows if one.file == file]
        given = {"github": {"event_name": event, "event": {}, **github}, "inputs": {}, "needs": {}}
        jobs = sum(job.runs(given) for job in workflow.jobs)
        self.life.ground.forge.run(REPOSITORY, file, iso(at), event, "success" if jobs else "skipped")
        self._bill(at).jobs[file] += jobs
        return jobs

    def _watch(self) -> None:
        """The watch that was dispatched, until it ends."""
        self.awake, began = True, self.now + STARTS
        forge = self.life.ground.forge
        self.play(began)
        one = Asleep(replace(self.life.desk, wakes=False), f"at {began}", lambda _: None, threading.Event())
        one.month = self
        one.run(10**9)
        minutes = -(-(self.now + LASTS - began) // 60)
        self._bill(began).watch += minutes
        self._bill(began).jobs["watch.yml"] += 1
        path = "/actions/workflows/watch.yml/runs?status=in_progress"
        for run in self.life.ground.call(OWNER, "GET", path)[1]["workflow_runs"]:
            forge.finish_run(REPOSITORY, run["id"], "success")
        self.awake, self.next = False, self.now

    def _bill(self, at: Instant) -> Bill:
        return self.bills[at >= MIDDLE]


def desks() -> Iterator[tuple[str, Mapping[str, str], Callable[[Random], Story]]]:
    """Each desk as `init` writes it: its name, its files and its stories."""
    yield OWN, start_from_choices(CHOICES, SOURCE).files, own_desk
    for name in processes():
        files = start_from_process(name, SOURCE, None, {}).files
        yield name, files, LIVES[name]
        text = f"{files[POLICY]}\nwatch: {WATCHES.get(name, '{ at-most: 300h }')}\n"
        policy = load(text, path=POLICY, files={path: text for path, text in files.items() if path != POLICY})
        enforce = ".github/workflows/enforce.yml"
        more = {POLICY: text, ".github/workflows/watch.yml": workflow_text("watch", SOURCE, ())}
        yield (
            f"{name}, watched",
            {**files, **more, enforce: with_schedule(enforce, files[enforce], policy)},
            LIVES[name],
        )


@contextmanager
def played(
    name: str, files: Mapping[str, str], story: Callable[[Random], Story], requests: int, seed: int, folder: Path
) -> Iterator[Month]:
    """The months of a desk, yet to be played."""
    process = name.partition(",")[0]
    here = {path: re.sub(r"acme/respondby/(actions/\w+)@\S+", r"$/\1", text) for path, text in files.items()}
    for path, text in here.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "actions").symlink_to(ROOT / "actions")
    workflows = read_workflows(folder)
    text = here[POLICY]
    named = read_named(folder / POLICY, text)
    policy = load(text, path=POLICY, files=named)
    ground = Ground(
        policy,
        text,
        {**named, **{path: here[path] for path in here if "/workflows/" in path}},
        MEMBERS.get(process, ()),
    )
    with Sandbox(now=iso(BEGINS - DAY)) as forge, Receiver() as receiver:
        ground.forge, ground.receiver = forge, receiver
        ground.at(BEGINS - DAY)
        ground.settle("a key of these months' own")
        for login in ASKERS.get(process, ("carla", "conny")):
            forge.user(login)
        granted = {"issues": "write", "contents": "read", "pull-requests": "read", "actions": "write"}
        month: Month
        client = Client(
            forge.url, forge.workflow_token(REPOSITORY, granted), REPOSITORY, pace=None, patience=Patience(tries=2),
            sleep=lambda _: None, monotonic=lambda: float(month.now),
        )  # fmt: skip
        desk = Desk(client, ground.secrets.get, ground.secrets[SIGNING].encode(), wakes=True)
        month = Month(Life(name, ground, desk), Random(f"{process}/{seed}"), workflows, ticks_of(here))
        month.begin(story, requests)
        yield month


def ticks_of(files: Mapping[str, str]) -> dict[str, list[Instant]]:
    """When each workflow's schedule is due in these months."""
    found: dict[str, list[Instant]] = {}
    for path, text in files.items():
        on = yaml_text.read(text, path=path).data()["on"] if "/workflows/" in path else {}
        lines = on.get("schedule", ()) if isinstance(on, dict) else ()
        for line in lines:
            cron, at = parse_cron(line["cron"], line.get("timezone")), BEGINS - 1
            while (due := cron.after(at)) is not None and due < ENDS:
                found.setdefault(Path(path).name, []).append(due)
                at = due
    return found


def forecast(*arguments: str) -> dict[str, Any]:
    """What the command says in the folder of the desk."""
    done = CliRunner().invoke(cli.main, ["cost", *arguments, "--json"])
    assert done.exit_code == 0, (done.output, done.exception)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


HEAD = """| desk | sweeps | of `*/5` | events | a watch | others | together | forecast | by its own runs |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
EVERY_FIVE = 31 * 288


def row(name: str, told: Mapping[str, Any], bill: Bill) -> str:
    """A desk's month as it was, and how far the forecasts were from it."""
    sweeps = bill.jobs["enforce.yml"]
    own = told["seen"]["month"]
    off = [f"{minutes:,} ({(minutes - bill.all) / bill.all:+.1%})" for minutes in (told["minutes"], own)]
    share = f"{(sweeps + bill.watch) / EVERY_FIVE:.2f}"
    counts = [f"{many:,}" for many in (bill.events, bill.watch, bill.schedule - sweeps, bill.all)]
    return f"| {' | '.join([name, f'{sweeps:,}', share, *counts, *off])} |\n"


def write(rows: Sequence[str]) -> None:
    """Put these rows into the page, beside those of desks that were not played."""
    text = PAGE.read_text(encoding="utf-8")
    begin, _, rest = text.partition(f"{MARK}\n")
    before, _, rest = rest.partition(END)
    known = {one.split(" | ")[0]: one for one in (*before.splitlines(keepends=True)[2:], *rows)}
    table = "".join(known[f"| {name}"] for name, _, _ in desks() if f"| {name}" in known)
    PAGE.write_text(f"{begin}{MARK}\n{HEAD}{table}{END}{rest}", encoding="utf-8")


def main() -> None:
    """Print a row for each desk."""
    parser = argparse.ArgumentParser()
    parser.add_argument("desks", nargs="*")
    parser.add_argument("--requests", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    back, rows = Path.cwd(), []
    loop.POLL = loop.SLOWLY  # what happens while a watch is awake is seen within a minute: nine of ten questions less
    for name, files, story in desks():
        if given.desks and name not in given.desks:
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            played(name, files, story, given.requests, given.seed, Path(folder)) as month,
        ):  # fmt: skip
            os.chdir(folder)
            month.play(MIDDLE)
            ground = month.life.ground
            os.environ |= {"GITHUB_API_URL": ground.forge.url, "GITHUB_TOKEN": ground.token(OWNER)}
            told = forecast("--requests", str(given.requests), "--repo", REPOSITORY, "--days", str(BEFORE))
            month.play(ENDS - 1)
            os.chdir(back)
        rows.append(row(name, told, month.bills[1]))
        print(rows[-1], end="", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")
    if given.write:
        write(rows)


if __name__ == "__main__":
    main()
