"""What a run did: case by case, and as a whole."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.dataclass import dataclass
from respondby.jobs.inputs.lateness import Lateness
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.jobs.loop.planned import planned
from respondby.promises.assessment import Assessment
from respondby.rules.plan import Call, Plan, WriteComment


@dataclass(slots=True)
class Settled:
    """What a run did with one case. `planned` is the first plan; `failures` in words; `next` when to look again.

    `alone` says that what is to be done depends on nothing but the case's own timeline, so that it can be left at rest,
    `watched` that what comes next is what a watch stays awake for.
    """

    ref: str
    number: int
    title: str
    next: Instant | None = None
    done: list[str] = field(default_factory=list)
    planned: Plan | None = None
    assessment: Assessment | None = None
    failures: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    gone: bool = False
    alone: bool = False
    watched: bool = False

    @property
    def late(self) -> int:
        """By how many seconds the latest of what was done came late, from where that matters (law 7)."""
        if not self.done or self.planned is None:
            return 0
        reasons = (action.because for action in self.planned.actions if isinstance(action, (Call, WriteComment)))
        return max((reason.late for because in reasons for reason in because), default=0)


@dataclass(slots=True)
class Report:
    """What a run did, for JSON, outputs and the summary. `now` is 0 where nothing was read.

    `coming` is when the next duty comes. `complete` says that every case was looked at, but for
    `resting` ones, which the sweep's cache knew to be at rest; `remarks` are what a maintainer
    should know of the run itself; `lateness` is how late the schedule's runs come, where something came late in this
    one.
    """

    verb: str
    now: Instant
    requests: int = 0
    cases: list[Settled] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    in_force: PolicyInForce | None = None
    dry: bool = False
    shadow: bool = False
    coming: Instant | None = None
    complete: bool = True
    resting: int = 0
    wanted_at: Instant | None = None
    branch: str | None = None
    remarks: list[str] = field(default_factory=list)
    lateness: Lateness | None = None

    @property
    def performed(self) -> int:
        """How many actions were carried out."""
        return sum(len(case.done) for case in self.cases)

    @property
    def late(self) -> int:
        """By how many seconds the latest of its steps came late, from where that matters."""
        return max((case.late for case in self.cases), default=0)

    def wanted(self, rest: Instant | None = None) -> Instant | None:
        """When something comes that a watch stays awake for; `rest` is when among the cases that were left at rest."""
        found = (case.next for case in self.cases if case.watched)
        return min((at for at in (*found, rest) if at is not None), default=None)

    @property
    def next(self) -> Instant | None:
        """When something may change next if nothing happens."""
        found = [case.next for case in self.cases if case.next is not None]
        return min(found if self.coming is None else [*found, self.coming], default=None)

    def to_json(self) -> dict[str, Any]:
        """The machine's form: instants in UTC."""
        return {
            "verb": self.verb,
            "now": iso(self.now) if self.now else None,
            "timezone": self.in_force.policy.timezone if self.in_force else "UTC",
            "policy": {
                "commit": self.in_force.policy.commit if self.in_force else None,
                "problems": [str(problem) for problem in self.in_force.problems] if self.in_force else [],
            },
            "dry_run": self.dry or self.shadow,
            "requests": self.requests,
            "resting": self.resting,
            "performed": self.performed,
            "failed": self.failed,
            "remarks": self.remarks,
            "late": self.late,
            "schedule": asdict(self.lateness) if self.lateness is not None else None,
            "next": iso(self.next) if self.next is not None else None,
            "cases": [
                {
                    "case": case.ref,
                    "title": case.title,
                    "done": case.done,
                    "planned": planned(case.planned.actions) if case.planned else [],
                    "next": iso(case.next) if case.next is not None else None,
                    "failures": case.failures,
                    "remarks": case.remarks,
                    "gone": case.gone,
                }
                for case in self.cases
            ],
        }
