"""Issues that the desk opens of itself, for what is due and for what was received: opened once, twins closed.

Laws (5 and 7):

- An issue is opened before it is remembered, and names in its text what it is for: a run that is killed in between has
  opened an issue that the next run finds, and nothing is opened twice.
- After opening, a run reads again before anybody is told: of two runs that met, the later one sees both issues.
- What could not be opened is a failure of the run, and is owed still; all others, and all cases, go on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import ClassVar, Generic, Protocol, TypeVar

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.keys import Secret
from respondby.desk.log import Entry
from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, NotGranted
from respondby.forge.gathering import Gathered, Identify, gather_open
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.policy_in_force import PolicyInForce


@dataclass(slots=True)
class OpenedIssues:
    """What a run did: the cases it opened, the numbers of twins, those that a run before has closed (`closed_twins`),
    what is said of each issue, failures.
    """

    cases: list[Case] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    closed_twins: frozenset[int] = frozenset()
    done: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Doubled:
    """An issue that another one makes needless: its number, and what is said of it once it is closed."""

    number: int
    why: str


Opening = TypeVar("Opening")
Opening_co = TypeVar("Opening_co", covariant=True)


class IssuePlan(Protocol[Opening_co]):
    """What is to be opened, and what is to be remembered of what stands."""

    @property
    def open(self) -> Sequence[Opening_co]:
        """What no issue stands for yet."""

    @property
    def remember(self) -> Sequence[Entry]:
        """What the log does not know yet."""


Plan = TypeVar("Plan", bound=IssuePlan[object])
Opened = TypeVar("Opened", bound=OpenedIssues)


class OwnIssues(ABC, Generic[Plan, Opening, Opened]):
    """The issues of one kind in one run; `what` names them in a failure."""

    what: ClassVar[str]

    def __init__(
        self,
        client: Client,
        gathered: Gathered,
        in_force: PolicyInForce,
        identify: Identify,
        signing: Secret,
        logbook: Logbook,
    ) -> None:
        self._client = client
        self._in_force = in_force
        self._policy = in_force.policy
        self._identify = identify
        self._signing = signing
        self._home = gathered.us.home
        self._gathered = gathered
        self._logbook = logbook

    @abstractmethod
    def _decide(self, cases: Iterable[Case], now: Instant) -> Plan:
        """What is to be done."""

    @abstractmethod
    def _doubled(self, plan: Plan) -> Iterable[Doubled]:
        """The twins of a plan."""

    @abstractmethod
    def _open(self, opening: Opening, opened: Opened) -> int | None:
        """Open an issue; its number, or None where that failed."""

    @abstractmethod
    def _note(self, plan: Plan, opened: Opened) -> None:
        """What else the plan says of what stands."""

    def _cases_of(self, again: Gathered) -> Iterable[Case]:
        """What is decided on once it was read again."""
        return again.cases

    def _perform(self, plan: Plan, openings: Sequence[Opening], opened: Opened) -> Opened:
        """Do what is due, and read again where something was opened."""
        try:
            self._close(plan, opened)
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"{self.what}: {error}")
            return opened  # without its record, whatever is opened might be opened again
        made = [number for opening in openings if (number := self._open(opening, opened)) is not None]
        if made:
            self._read_again(made, opened)
        return opened

    def _read_again(self, made: Sequence[int], opened: Opened) -> None:
        """What stands now: new issues are remembered, and of those that two runs have opened one is closed."""
        try:
            again = gather_open(self._client, identify=self._identify)
            plan = self._decide(self._cases_of(again), again.now)
            self._close(plan, opened)
            self._logbook.write(plan.remember)
        except (CaseError, NotGranted) as error:
            opened.failures.append(f"{self.what}: {error}")
            return
        opened.cases.extend(case for case in again.cases if case.number in made and case.number not in opened.twins)
        self._note(plan, opened)

    def _close(self, plan: Plan, opened: Opened) -> None:
        for twin in self._doubled(plan):
            opened.twins.add(twin.number)
            writing.close(self._client, twin.number, "not_planned")
            before = opened.done.get(twin.number)
            opened.done[twin.number] = f"closed, {twin.why}" if before is None else f"{before}; closed, {twin.why}"
