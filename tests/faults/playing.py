"""One play of a scenario in which a schedule's runs are disturbed, and what stands in the end.

A disturbed run is followed in calm by runs until one finds nothing to do, in the same instant or, where nothing else
happens for a while, after some sweeps that did not come: what the next sweep does. So the end must be the undisturbed
play's. Runs are the real commands, in this process.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.faults.hooks import (
    Calling,
    Counting,
    Doing,
    Hook,
    HookedClient,
    KillAt,
    Killed,
    Lagging,
    Late,
    Spoiling,
    TakingTurns,
    Turns,
)
from tests.faults.outcome import Made, Outcome, outcome
from tests.faults.schedules import KINDS, Disturbance, Schedule

from respondby.calendars.instants import Instant, parse_time
from respondby.channels import dispatch
from respondby.channels.message import Channel, Message, Sent
from respondby.cli.main import main
from respondby.forge import client as client_module
from respondby.forge.client import Patience
from respondby.rehearsal.messages import at_pager, in_log, in_post
from respondby.rehearsal.play import play
from respondby.rehearsal.reading import read_scenario
from respondby.rehearsal.rehearse import open_house
from respondby.rehearsal.running import in_process
from respondby.rehearsal.sense import read_policy
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import AnswersPage, Expect, Scenario, Sweeps
from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.world import mentions

#: Nothing waits in a test; what asks for more than this much waiting ends the run.
PATIENCE = Patience(tries=2)

#: Who is told of what became of a page.
PAGER = "the pager"

#: How many runs in calm a disturbed one may need until nothing is left to do.
ROUNDS = 5

#: For so many seconds nothing may happen where that many sweeps are dropped. While they fail they come at the first,
#: second, fourth … of the grid's minutes: the one that makes it good is the third, or the fifteenth, and later where
#: runs had failed before.
QUIET = {1: 900, 3: 3_600}

#: Policies with clocks or rungs that count from what the desk did itself: they may come later when it does.
_COUNTS_FROM_US = re.compile(r"\bafter: *\d|\bcard\b")

_OPEN = dispatch.open_channel

_PERFORMED = re.compile(r"performed<<(\S+)\n(\d*)\n\1")


@dataclass(frozen=True, slots=True, order=True)
class Called:
    """Somebody was called: by a key of its own, or where the channel has none (not `keyed`) by its words."""

    key: str
    person: str
    channel: str
    pages: bool
    keyed: bool = True


@dataclass(slots=True)
class Played:
    """What came of it: what each run sent, who was called how often, what the desk made, what stands, and what did not
    come to rest. `busy` are the instants of runs that did something; `paged` is who was paged, as often as that was
    anew, up to each `expect` since the one before. It has `stumbled` where a run in it failed. `twice` are calls
    that went out more often than once under one key.

    Of an undisturbed play also how many of the scenario's expectations were `kept`, and which were `broken`.
    """

    sent: list[list[tuple[str, str]]] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    busy: list[Instant] = field(default_factory=list)
    paged: list[list[str]] = field(default_factory=list)
    stumbled: bool = False
    twice: list[Called] = field(default_factory=list)
    outcome: Outcome | None = None
    kept: int = 0
    broken: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)


def undisturbed(file: Path) -> Played:
    """The scenario when nothing goes wrong."""
    return _Play(file, {}).play()


def disturbed(file: Path, schedule: Schedule, calm: Played) -> Played:
    """The scenario with everything that the schedule says. `calm` is its undisturbed play."""
    return _Play(file, {one.run: one for one in schedule.disturbances}, calm.busy).play()


class _Play:
    def __init__(self, file: Path, plan: Mapping[int, Disturbance], busy: Sequence[Instant] = ()) -> None:
        scenario = read_scenario(file)
        self.scenario = _without_expectations(scenario) if plan else scenario
        self.plan = plan
        self.busy = busy
        self.played = Played()
        self.hooks: dict[int, Hook] = {}
        self.calls: dict[int, int] = {}
        self.posts = 0
        self.pages: list[tuple[Instant, str]] = []
        self.keys: set[str] = set()
        self.rested = False
        self.dropping = 0
        self.begin = in_process(lambda arguments: main.main(arguments, prog_name="respondby"))

    def play(self) -> Played:
        policy, text, files = read_policy(self.scenario.policy)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(patch.object(client_module, "Client", self.connect))
            stack.enter_context(patch.object(dispatch, "open_channel", self.open_channel))
            self.stage = stack.enter_context(Stage(self.scenario, policy, text, files))
            house = stack.enter_context(open_house(folder, start=self.start))
            told = play(self.scenario, self.stage, house)
            if not self.rested:  # a story in which the forge stumbles expects what calm has made good here
                self.played.kept = sum(check.kept for check in told.checked)
                self.played.broken = [f"line {check.line}: {check.about}" for check in told.checked if not check.kept]
            with self.stage.forge.calm():
                self.played.outcome, self.played.made, plain = outcome(self.stage, self.begin)
        expects = [step.at for step in self.scenario.story if isinstance(step.deed, Expect)]
        for since, at in pairwise([self.scenario.starts - 1, *expects]):
            self.played.paged.append(sorted(person for paged, person in self.pages if since < paged <= at))
        self.played.stumbled = self.rested
        self.played.twice = [call for call, count in Counter(self.played.calls).items() if count > 1 and call.keyed]
        self.played.calls = [replace(call, key=plain(call.key)) for call in self.played.calls]
        return self.played

    def connect(self, *arguments: Any, **given: Any) -> HookedClient:
        """A run's connection, which waits for nothing; its hook is that of the thread in which it runs."""
        client = HookedClient(*arguments, **{**given, "pace": None, "patience": PATIENCE, "sleep": lambda _: None})
        client.hook = self.hooks.get(threading.get_ident())
        return client

    def open_channel(self, *arguments: Any, **given: Any) -> Channel:
        """A channel whose calls are told to the hook of the run."""
        return _Hooked(_OPEN(*arguments, **given), self)

    def call(self, send: Callable[[], Sent]) -> Sent:
        """A call of the run in this thread."""
        me = threading.get_ident()
        hook = self.hooks.get(me)
        if hook is None:
            return send()
        number, self.calls[me] = self.calls.get(me, 0), self.calls.get(me, 0) + 1
        return hook.call(number, send)

    @property
    def now(self) -> Instant:
        """The forge's clock."""
        return parse_time(self.stage.forge.now(), None)

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """One run, in the place of a process; afterwards what is left to do is done in calm."""
        if arguments[0] == "explain":  # what is expected is asked for, not a run of the desk
            with self.stage.forge.calm():
                return self.begin(arguments, environment)
        if self.dropping and arguments[0] == "enforce":
            self.dropping -= 1
            return (1, "", "") if self.dropping else self.make_good(arguments, environment)
        one = self.plan.get(len(self.played.sent))
        counting = Counting(calls=not any(isinstance(step.deed, AnswersPage) for step in self.scenario.story))
        self.played.sent.append(counting.sent)
        if one is None:
            with self.hooked(counting):
                code, output, errors = self.begin(arguments, environment)
            if _performed(environment):
                self.played.busy.append(self.now)
        else:
            self.rested = True
            self.played.struck.append(one.kind)
            code, output, errors = self.disturb(one, arguments, environment)
            if one.sweeps and arguments[0] != "receive" and self.quiet_for(QUIET[one.sweeps]):
                self.dropping = one.sweeps + 1
                self.hear(output + errors)
                return 1, output, errors
        if one is not None or code:
            self.rested = True
            well = one is not None and code == 0 and not KINDS[one.kind].left
            code, more, other = self.rest(arguments, environment, one, well=well)
            output, errors = output + more, errors + other
        self.hear(output + errors)
        return code, output, errors

    def make_good(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """The sweep that comes in the end."""
        code, output, errors = self.rest(arguments, environment, None)
        self.hear(output + errors)
        return code, output, errors

    def quiet_for(self, seconds: int) -> bool:
        """Whether nothing happens for that long: nobody does anything, and no run would have anything to do.

        Where duties open issues, or clocks and rungs count from what the desk did, later is not the same.
        """
        now, story = self.now, self.scenario.story
        deeds = [step for step in story if not isinstance(step.deed, Expect)]
        return (
            story[-1].at > now + seconds
            and not any(now < step.at <= now + seconds for step in deeds)
            and not any(now < at <= now + seconds for at in self.busy)
            and not any(isinstance(step.deed, Sweeps) for step in story)
            and not self.stage.policy.duties
            and not _COUNTS_FROM_US.search(self.stage.text)
        )

    def rest(
        self, arguments: list[str], environment: Mapping[str, str], one: Disturbance | None, *, well: bool = False
    ) -> tuple[int, str, str]:
        """Run in calm until nothing is left to do. What fails in calm as well, fails in the undisturbed play too.

        A run that ended `well` has left nothing.
        """
        code, output, errors = 0, "", ""
        with self.stage.forge.calm():
            for number in range(ROUNDS):
                code, more, other = self.begin(arguments, environment)
                output, errors = output + more, errors + other
                performed = _performed(environment)
                if performed == 0:
                    return code, output, errors
                # Of two logs that runs at once have opened, the next sweep closes one: what stands in it counts all the
                # same, and only a sweep looks for logs. One run by itself opens no second log.
                meant = more.count(", a second log") if one is not None and KINDS[one.kind].twins else 0
                if well and number == 0 and performed > meant:
                    self.played.restless.append(f"{one}: the run ended well, and {performed} actions were left to do")
        self.played.restless.append(f"after {one or 'a failed run'} there was something to do for {ROUNDS} runs")
        return code, output, errors

    def hear(self, log: str) -> None:
        """Who was called in a run."""
        stage = self.stage
        new = stage.receiver.posts[self.posts :]
        self.posts += len(new)
        told = [
            in_post(post, stage.policy, stage.files) for post in new if not at_pager(post, stage.policy, stage.files)
        ]
        for one in (*told, *in_log(log, stage.policy)):
            self.played.calls.append(Called(one.key or one.subject, one.person, one.channel, one.pages, bool(one.key)))
            # What has no key of its own is the same call again where it says the same at the same instant: an
            # expectation asks who was paged. How often that went out is held against the undisturbed play's calls.
            key = one.key or f"{self.now} {one.person} {one.subject}"
            if one.pages and key not in self.keys:
                self.pages.append((self.now, one.person))
                self.keys.add(key)
        for post in new:
            change = at_pager(post, stage.policy, stage.files)
            # A tracker is asked what it has before it is told: the receiver, which remembers nothing, cannot say.
            if change is not None and "dedup_key" in post.body:
                self.played.calls.append(Called(f"{change[1]}: {post.body['dedup_key']}", PAGER, post.secret, False))

    # -- what goes wrong --------------------------------------------------------------------------------------------

    def disturb(self, one: Disturbance, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """The run, and what goes wrong in it: its exit code, 1 where it was killed, and what it said."""
        kind = KINDS[one.kind]
        if kind.way == "lost":
            return 1, "", ""
        if kind.way == "meet":
            return self.meet(one, arguments, environment)
        late = Late(one.request, one.later)
        hook: Hook = late
        if kind.way == "kill":
            hook = KillAt(one.request, kind.what["when"])
        elif kind.way == "fault":
            plan = {**kind.what, "match": {"times": 1}}
            hook = Doing(one.request, lambda: self.stage.forge.faults([plan]))
        elif kind.way == "spoil":
            hook = Spoiling(one.request, kind.what["variable"])
        elif kind.way == "lag":
            hook = Lagging(one.request, min(one.later, 2), lambda: replica(self.stage.forge))
        elif kind.way == "call":
            hook = Calling(one.request, **kind.what)
        said = self.one(hook, arguments, environment)
        late.arrive()
        return said

    def one(self, hook: Hook, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """One run with a hook in this thread."""
        with self.hooked(hook):
            try:
                return self.begin(arguments, environment)
            except Killed:
                return 1, "", ""

    def meet(self, one: Disturbance, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """Several runs at once, which take turns at each request and call; 0 where all of them ended well."""
        what = KINDS[one.kind].what
        turns = Turns(one.order)
        codes = dict.fromkeys(range(what["runs"]), 1)

        def run(who: int) -> None:
            killed = KillAt(one.request, "after") if what.get("killed") and who == 0 else None
            with self.hooked(TakingTurns(turns, who, killed)):
                try:
                    main.main(arguments, prog_name="respondby")
                except SystemExit as end:
                    codes[who] = int(end.code or 0)
                except Killed:
                    pass
                finally:
                    turns.end(who)

        def all_of_them(_: list[str]) -> None:
            threads = [threading.Thread(target=run, args=(who,)) for who in range(what["runs"])]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive(), f"runs wait for each other: {one}"

        _, output, errors = in_process(all_of_them)(arguments, environment)
        return max(codes.values()), output, errors

    @contextmanager
    def hooked(self, hook: Hook) -> Iterator[None]:
        """Connections that are made in this thread have this hook."""
        me = threading.get_ident()
        self.hooks[me], self.calls[me] = hook, 0
        try:
            yield
        finally:
            del self.hooks[me]


@dataclass(frozen=True, slots=True)
class _Hooked:
    """A channel; its calls pass through the play."""

    channel: Channel
    play: _Play

    def send(self, message: Message) -> Sent:
        return self.play.call(lambda: self.channel.send(message))


def replica(forge: Sandbox) -> Callable[[], AbstractContextManager[None]]:
    """The forge as it is now; within what is returned, it answers from that."""
    world = forge._world
    kept = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    kept.row_factory = sqlite3.Row
    kept.create_function("mentions", 2, mentions, deterministic=True)
    with world.lock:
        world.db.backup(kept)

    @contextmanager
    def answering() -> Iterator[None]:
        with world.lock:
            real, world.db = world.db, kept
        try:
            yield
        finally:
            with world.lock:
                world.db = real

    return answering


def _without_expectations(scenario: Scenario) -> Scenario:
    """What is expected on the way is for the undisturbed play; its instants stay, for sweeps come up to them."""
    story = tuple(replace(step, deed=Expect()) if isinstance(step.deed, Expect) else step for step in scenario.story)
    return replace(scenario, story=story)


def _performed(environment: Mapping[str, str]) -> int:
    """What the last of the runs said that it performed; 0 for one that says nothing of it."""
    file = Path(environment["GITHUB_OUTPUT"])
    found = _PERFORMED.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    return int(found[-1][1] or 0) if found else 0
