"""One play of a scenario in which a schedule's runs are disturbed, and what stands in the end.

A disturbed run is followed, in the same instant and in calm, by runs until one finds nothing to do: what the next
sweep does. So the end must be the undisturbed play's. Runs are the real commands, in this process.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.faults.hooks import Counting, Doing, Hook, HookedClient, KillAt, Killed, Late, TakingTurns, Turns
from tests.faults.outcome import Outcome, outcome
from tests.faults.schedules import KINDS, Disturbance, Schedule

from respondby.cli.main import main
from respondby.forge import client as client_module
from respondby.forge.client import Patience
from respondby.jobs.inputs import policy_in_force
from respondby.policy.model.policy import Policy
from respondby.policy.text import yaml_text
from respondby.rehearsal.messages import at_pager, in_log, in_post
from respondby.rehearsal.play import play
from respondby.rehearsal.reading import read_scenario
from respondby.rehearsal.rehearse import open_house
from respondby.rehearsal.running import in_process
from respondby.rehearsal.sense import read_policy
from respondby.rehearsal.stage import Stage
from respondby.rehearsal.story import Expect, Scenario

#: Nothing waits in a test; what asks for more than this much waiting ends the run.
PATIENCE = Patience(tries=2)

#: How many runs in calm a disturbed one may need until nothing is left to do.
ROUNDS = 5

_READ, _LOAD = yaml_text.read, policy_in_force.load

_PERFORMED = re.compile(r"performed<<(\S+)\n(\d*)\n\1")


@dataclass(frozen=True, slots=True, order=True)
class Called:
    """Somebody was called: by a key of its own, or where the channel has none by its words."""

    key: str
    person: str
    channel: str
    pages: bool


@dataclass(slots=True)
class Played:
    """What came of it: what each run sent, who was called how often, what stands, and what did not come to rest.

    Of an undisturbed play also how many of the scenario's expectations were `kept`, and which were `broken`.
    """

    sent: list[list[tuple[str, str]]] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    outcome: Outcome | None = None
    kept: int = 0
    broken: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)


def undisturbed(file: Path) -> Played:
    """The scenario when nothing goes wrong."""
    return _Play(file, {}).play()


def disturbed(file: Path, schedule: Schedule) -> Played:
    """The scenario with everything that the schedule says."""
    return _Play(file, {one.run: one for one in schedule.disturbances}).play()


class _Play:
    def __init__(self, file: Path, plan: Mapping[int, Disturbance]) -> None:
        scenario = read_scenario(file)
        self.scenario = _without_expectations(scenario) if plan else scenario
        self.plan = plan
        self.played = Played()
        self.hooks: dict[int, Hook] = {}
        self.posts = 0
        self.rested = False
        self.begin = in_process(lambda arguments: main.main(arguments, prog_name="respondby"))

    def play(self) -> Played:
        policy, text, files = read_policy(self.scenario.policy)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(patch.object(client_module, "Client", self.connect))
            # Reading a text is pure, and a play reads the same ones again and again.
            stack.enter_context(patch.object(yaml_text, "read", _read))
            stack.enter_context(patch.object(policy_in_force, "load", _load))
            self.stage = stack.enter_context(Stage(self.scenario, policy, text, files))
            house = stack.enter_context(open_house(folder, start=self.start))
            told = play(self.scenario, self.stage, house)
            if not self.rested:  # a story in which the forge stumbles expects what calm has made good here
                self.played.kept = sum(check.kept for check in told.checked)
                self.played.broken = [f"line {check.line}: {check.about}" for check in told.checked if not check.kept]
            with self.stage.forge.calm():
                self.played.outcome, plain = outcome(self.stage, self.begin)
        self.played.calls = [replace(call, key=plain(call.key)) for call in self.played.calls]
        return self.played

    def connect(self, *arguments: Any, **given: Any) -> HookedClient:
        """A run's connection, which waits for nothing; its hook is that of the thread in which it runs."""
        client = HookedClient(*arguments, **{**given, "pace": None, "patience": PATIENCE, "sleep": lambda _: None})
        client.hook = self.hooks.get(threading.get_ident())
        return client

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
        """One run, in the place of a process; afterwards what is left to do is done in calm."""
        if arguments[0] == "explain":  # what is expected is asked for, not a run of the desk
            with self.stage.forge.calm():
                return self.begin(arguments, environment)
        one = self.plan.get(len(self.played.sent))
        counting = Counting()
        self.played.sent.append(counting.sent)
        code, output, errors = 0, "", ""
        if one is None:
            with self.hooked(counting):
                code, output, errors = self.begin(arguments, environment)
        else:
            output, errors = self.disturb(one, arguments, environment)
            self.played.struck.append(one.kind)
        if one is not None or code:
            self.rested = True
            code, more, other = self.rest(arguments, environment, one)
            output, errors = output + more, errors + other
        self.hear(output + errors)
        return code, output, errors

    def rest(
        self, arguments: list[str], environment: Mapping[str, str], one: Disturbance | None
    ) -> tuple[int, str, str]:
        """Run in calm until nothing is left to do. What fails in calm as well, fails in the undisturbed play too."""
        code, output, errors = 0, "", ""
        with self.stage.forge.calm():
            for _ in range(ROUNDS):
                code, more, other = self.begin(arguments, environment)
                output, errors = output + more, errors + other
                if _performed(environment) == 0:
                    return code, output, errors
        self.played.restless.append(f"after {one or 'a failed run'} there was something to do for {ROUNDS} runs")
        return code, output, errors

    def hear(self, log: str) -> None:
        """Who was called in a run."""
        stage = self.stage
        new = stage.receiver.posts[self.posts :]
        self.posts += len(new)
        told = [in_post(post, stage.policy, stage.files) for post in new if not at_pager(post)]
        for one in (*told, *in_log(log, stage.policy)):
            self.played.calls.append(Called(one.key or one.subject, one.person, one.channel, one.pages))
        for post in new:
            if change := at_pager(post):
                self.played.calls.append(Called(f"{change}: {post.body['dedup_key']}", "the pager", post.secret, False))

    # -- what goes wrong --------------------------------------------------------------------------------------------

    def disturb(self, one: Disturbance, arguments: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
        """The run, and what goes wrong in it. How it ends does not matter: runs in calm follow."""
        kind = KINDS[one.kind]
        if kind.way == "lost":
            return "", ""
        if kind.way == "meet":
            return self.meet(one, arguments, environment)
        late = Late(one.request, one.later)
        hook: Hook = late
        if kind.way == "kill":
            hook = KillAt(one.request, kind.what["when"])
        elif kind.way == "fault":
            plan = {**kind.what, "match": {"times": 1}}
            hook = Doing(one.request, lambda: self.stage.forge.faults([plan]))
        said = self.one(hook, arguments, environment)
        late.arrive()
        return said

    def one(self, hook: Hook, arguments: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
        """One run with a hook in this thread."""
        with self.hooked(hook):
            try:
                _, output, errors = self.begin(arguments, environment)
            except Killed:
                return "", ""
        return output, errors

    def meet(self, one: Disturbance, arguments: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
        """Several runs at once, which take turns at each request."""
        what = KINDS[one.kind].what
        turns = Turns(one.order)

        def run(who: int) -> int:
            killed = KillAt(one.request, "after") if what.get("killed") and who == 0 else None
            with self.hooked(TakingTurns(turns, who, killed)):
                try:
                    main.main(arguments, prog_name="respondby")
                except (Killed, SystemExit):
                    pass
                finally:
                    turns.end(who)
            return 0

        def all_of_them(_: list[str]) -> int:
            threads = [threading.Thread(target=run, args=(who,)) for who in range(what["runs"])]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive(), f"runs wait for each other: {one}"
            return 0

        _, output, errors = in_process(all_of_them)(arguments, environment)
        return output, errors

    @contextmanager
    def hooked(self, hook: Hook) -> Iterator[None]:
        """Connections that are made in this thread have this hook."""
        me = threading.get_ident()
        self.hooks[me] = hook
        try:
            yield
        finally:
            del self.hooks[me]


@cache
def _read(text: str, *, path: str) -> yaml_text.Node:
    return _READ(text, path=path)


def _load(text: str, *, path: str, files: Mapping[str, str]) -> Policy:
    return _loaded(text, path, tuple(sorted(files.items())))


@cache
def _loaded(text: str, path: str, files: tuple[tuple[str, str], ...]) -> Policy:
    return _LOAD(text, path=path, files=dict(files))


def _without_expectations(scenario: Scenario) -> Scenario:
    """What is expected on the way is for the undisturbed play; its instants stay, for sweeps come up to them."""
    story = tuple(replace(step, deed=Expect()) if isinstance(step.deed, Expect) else step for step in scenario.story)
    return replace(scenario, story=story)


def _performed(environment: Mapping[str, str]) -> int:
    """What the last of the runs said that it performed; 0 for one that says nothing of it."""
    file = Path(environment["GITHUB_OUTPUT"])
    found = _PERFORMED.findall(file.read_text(encoding="utf-8")) if file.is_file() else []
    return int(found[-1][1] or 0) if found else 0
