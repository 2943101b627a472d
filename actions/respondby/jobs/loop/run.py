"""A run: what its phases share, and the fence around each of them.

Laws (7):

- What one phase cannot do stops no other: it is reported, the run ends non-zero, and the next run tries again.
- A mistake of ours is reported with its place in the code; its traceback goes to the log.
- What every case would meet (a bad token, a limit, no network) ends the run: the report says what was done before, and
  how many cases were not looked at.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path

from respondby.calendars.instants import Instant
from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.known import Known
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.log import Log
from respondby.desk.related import IndexedText
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, ForgeError, NotGranted, PartialAnswer, TooHeavy
from respondby.forge.gathering import Gathered
from respondby.jobs.effects import locked
from respondby.jobs.effects.applying import Applier
from respondby.jobs.effects.duties import Opened
from respondby.jobs.effects.logbook import Logbook
from respondby.jobs.inputs.closed_cases import ClosedCases
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.jobs.inputs.sweep_cache import Rest
from respondby.jobs.loop.deciding import Decided
from respondby.jobs.loop.report import Report
from respondby.jobs.loop.resting import Resting
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Window

LOG = logging.getLogger(__name__)

#: What concerns one case, one file or one permission: the rest of the run goes on.
PASSING = (CaseError, NotGranted, TooHeavy, PartialAnswer)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the gathered cases a run has to look at (None: all), what a maintainer should know beside them, and
    what their cards shall keep, by number.
    """

    numbers: frozenset[int] | None = frozenset()
    remarks: tuple[str, ...] = ()
    memory: Mapping[int, Ledger] = field(default_factory=dict)


#: What a run does before it looks at its cases: it may write to the log, and says which cases it has touched.
First = Callable[[Policy, Logbook, Report], Selection]


@dataclass(slots=True)
class Run:
    """One run. `whole` says that it looks at every case, `preview` that it only says what it would do, `writes` that it
    may write; `rest` says which cases are at rest and were not gathered (None: all were), `resting` which ones were let
    go as they were read.

    What phases leave for later ones: `selection`, `opened` (duties), the `cases` to look at (None: not chosen),
    `revisited` (closed ones among them), `others` (windows of other cases), `related` (what new incidents are like, by
    number), `decided` by number, `updates` (what was said on incidents for a case, by its number), `latest` (how each
    case stood when it was looked at last, by number), and `finished`: every case was looked at.
    """

    desk: Desk
    gathered: Gathered
    in_force: PolicyInForce
    logbook: Logbook
    applier: Applier
    whole: bool
    preview: bool
    writes: bool
    first: First | None = None
    rest: Rest | None = None
    resting: Resting = field(default_factory=Resting)
    selection: Selection = Selection(None)
    opened: Opened = field(default_factory=Opened)
    cases: list[Case] | None = None
    revisited: ClosedCases = field(default_factory=ClosedCases)
    others: tuple[Window, ...] = ()
    related: dict[int, tuple[IndexedText, ...]] = field(default_factory=dict)
    decided: dict[int, Decided] = field(default_factory=dict)
    updates: dict[int, Mapping[str, str]] = field(default_factory=dict)
    latest: dict[int, Decided] = field(default_factory=dict)
    finished: bool = False

    @property
    def client(self) -> Client:
        """The connection."""
        return self.desk.client

    @property
    def policy(self) -> Policy:
        """The policy in force, with its teams."""
        return self.in_force.policy

    @property
    def files(self) -> Mapping[str, str]:
        """The files that it names, by path."""
        return self.in_force.files

    @property
    def now(self) -> Instant:
        """The forge's clock when the run began."""
        return self.gathered.now

    @property
    def log(self) -> Log:
        """What the desk's log says, with what this run has written."""
        return self.logbook.log

    def known_of(self, case: Case) -> Known:
        """What this run knows of a case that does not stand there: what a dispatch said, and what the log keeps.

        Raises Unreadable.
        """
        memory, updates = self.selection.memory.get(case.number, EMPTY), self.updates.get(case.number, {})
        known = Known(memory, updates=updates, related=self.related.get(case.number, ()))
        return known.remembering(locked.remembered(self.log, case))

    @property
    def secrets(self) -> Secrets:
        """What the environment holds."""
        return self.desk.secrets


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of a run: `what` names it in a failure, `applies` says whether this run takes it."""

    what: str
    perform: Callable[[Run, Report], None]
    applies: Callable[[Run, Report], bool]


def perform(run: Run, report: Report, phases: Iterable[Phase]) -> None:
    """Take the phases that apply, in order, each within its fence."""
    for phase in phases:
        if not phase.applies(run, report):
            continue
        try:
            phase.perform(run, report)
        except PASSING as error:
            report.failed.append(f"{phase.what}: {error}" if phase.what else str(error))
        except ForgeError as error:
            report.failed.append(str(error))
            if not run.finished:
                report.complete = False
                return
        except Exception as error:
            LOG.exception("%s: a mistake in respondby", phase.what)
            report.failed.append(f"{phase.what}: {mistake(error)}")


def mistake(error: Exception) -> str:
    """What is told of an error that was not foreseen: what it is, and where in the code."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(traceback.format_exception_only(error)[-1].split())
    return (
        f"a mistake in respondby ({what}, at {Path(last.filename).name}:{last.lineno}): the rest went on, the"
        " next run tries again; please report it with the traceback in the log"
    )
