"""How all cases of a desk stand: read as the desk's own runs read them, and written nowhere.

Whoever plays sees by it how much time is left, and the time machine which due comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.desk.keys import read_keys
from respondby.desk.reading import read
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.maintainers import is_ours
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.inputs.policy_in_force import NoPolicy, policy_in_force
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.assessment import Run
from respondby.rehearsal.ground import REPOSITORY, SIGNING
from respondby.rehearsal.wording import verb_words
from respondby.rules.duty_cases import as_case
from respondby.rules.items import as_item
from respondby.rules.ladders import coming_rungs

State = Literal["running", "paused", "met", "late", "breached", "cancelled"]


@dataclass(frozen=True, slots=True)
class ClockStands:
    """One clock of a case: its `name` as cards say it, where it is due (None: nowhere), when it ended."""

    name: str
    state: State
    due: Instant | None
    ended: Instant | None
    promise: str

    @property
    def live(self) -> bool:
        """Whether it can still be kept or missed."""
        return self.ended is None


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens at an instant if nobody does anything: a step of a clock's ladder, or its due."""

    at: Instant
    clock: str
    what: str


@dataclass(frozen=True, slots=True)
class Stands:
    """A case: its clocks, and what comes in order."""

    open: bool
    clocks: tuple[ClockStands, ...]
    coming: tuple[Coming, ...]

    @property
    def next(self) -> ClockStands | None:
        """The clock that asks for something soonest: one that runs, else one that was missed and is not done."""
        live = [clock for clock in self.clocks if clock.live and clock.due is not None]
        return min(live, key=lambda clock: clock.due or 0, default=None) if self.open else None

    @property
    def last(self) -> ClockStands | None:
        """The clock that ended last, or else one that is paused."""
        paused = [clock for clock in self.clocks if clock.live]
        ended = [clock for clock in self.clocks if clock.ended is not None and clock.state != "cancelled"]
        return paused[-1] if paused else max(ended, key=lambda clock: clock.ended or 0, default=None)


@dataclass(frozen=True, slots=True)
class Next:
    """Where time can be sent to: an instant, and what is then."""

    at: Instant
    what: Literal["due", "step"]


@dataclass(frozen=True, slots=True)
class Standing:
    """All of them, by number, at an instant. `problem` says why they could not be read."""

    at: Instant
    cases: dict[int, Stands]
    problem: str = ""

    def next(self) -> Next | None:
        """The next instant at which a promise runs out; where none does, the next step of a ladder."""
        live = [case for case in self.cases.values() if case.open]
        dues = [clock.due for case in live for clock in case.clocks if clock.live and (clock.due or 0) > self.at]
        steps = [step.at for case in live for step in case.coming if step.at > self.at]
        due, step = min((due for due in dues if due is not None), default=None), min(steps, default=None)
        if due is not None:
            return Next(due, "due")
        return None if step is None else Next(step, "step")


def standing(forge: str, token: str, secrets: Callable[[str], str | None], now: Instant) -> Standing:
    """Read them at the forge with that address, `now`. `token` is one of the desk's own."""
    client = Client(forge, token, REPOSITORY, graphql_url=f"{forge}/graphql", pace=None)
    desk = Desk(client, secrets, read_keys(secrets(SIGNING), None))
    try:
        gathered = gather_open(client, identify=desk.identify, closed_within=CLOSED_LATELY)
        policy = policy_in_force(client, gathered).policy
    except (ForgeError, NoPolicy) as error:
        return Standing(now, {}, str(error))
    found = {}
    for case in gathered.cases:
        if is_ours(case) or case.is_about_the_desk:
            continue
        own, asked = as_item(*as_case(policy, case))
        history = read(own, asked)
        runs = assess(own, history, gathered.now, asked.ledger.pins).runs
        coming = [
            Coming(at, _named(own, run.clock), f"{rung.at.text}: {verb_words(rung.verbs)}")
            for run in runs
            for at, rung in coming_rungs(history, run, own.clocks[run.clock], asked.ledger, gathered.now)
        ]
        clocks = tuple(_clock(own, run) for run in runs)
        found[case.number] = Stands(case.open, clocks, tuple(sorted(coming, key=lambda one: one.at)))
    return Standing(now, found)


def _named(policy: Policy, clock: str) -> str:
    return policy.clocks[clock].title or clock.replace("-", " ")


def _clock(policy: Policy, run: Run) -> ClockStands:
    state: State = "paused" if run.paused and run.state == "running" else run.state
    return ClockStands(_named(policy, run.clock), state, run.due, run.ended, run.promise.text if run.promise else "")
