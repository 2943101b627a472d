"""Runs: `triage` and `comment` look at the case of an event, `enforce` at every open one. All are the same loop.

Each run: gather (one request a page), find the policy that holds, settle case by case, report. One case that fails does
not stop the others; the run says which and ends non-zero (law 7).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.desk.case import Case
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone
from respondby.forge.files import PolicyText
from respondby.forge.gathering import Gathered, Identity, gather_case, gather_open
from respondby.jobs import maintainers
from respondby.jobs.applying import Applier, Secrets
from respondby.jobs.promised import Promised, promised
from respondby.jobs.settling import Settled, settle
from respondby.policy.bots import bots_of


@dataclass(slots=True)
class Report:
    """What a run did, for JSON, outputs and the summary."""

    verb: str
    now: Instant
    requests: int = 0
    cases: list[Settled] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    promised: Promised | None = None
    dry: bool = False
    shadow: bool = False

    @property
    def performed(self) -> int:
        """How many actions were carried out."""
        return sum(len(case.done) for case in self.cases)

    @property
    def next(self) -> Instant | None:
        """When something may change next if nothing happens."""
        return min((case.next for case in self.cases if case.next is not None), default=None)

    def to_json(self) -> dict[str, Any]:
        """The machine's form: instants in UTC."""
        return {
            "verb": self.verb,
            "now": iso(self.now),
            "policy": {
                "commit": self.promised.policy.commit if self.promised else None,
                "problems": [str(problem) for problem in self.promised.problems] if self.promised else [],
            },
            "dry_run": self.dry or self.shadow,
            "requests": self.requests,
            "performed": self.performed,
            "failed": self.failed,
            "next": iso(self.next) if self.next is not None else None,
            "cases": [
                {
                    "case": case.ref,
                    "title": case.title,
                    "done": case.done,
                    "planned": [repr(action) for action in case.planned.actions] if case.planned else [],
                    "next": iso(case.next) if case.next is not None else None,
                    "failures": case.failures,
                    "remarks": case.remarks,
                    "gone": case.gone,
                }
                for case in self.cases
            ],
        }


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run needs from outside: the connection, the secrets that channels name, the key that signs records."""

    client: Client
    secrets: Secrets
    signing: bytes | None = None

    def identify(self, policy: PolicyText) -> Identity:
        """Whose comments carry our records: the token's own, and those of the bots that the policy names."""
        return Identity(bots_of(policy.text), self.signing)


def run_event(desk: Desk, verb: str, number: int, *, dry: bool = False) -> Report:
    """The loop over the case of an event. An issue that is gone meanwhile is no failure: nothing is left to do."""
    try:
        gathered = gather_case(desk.client, number, identify=desk.identify)
    except CaseGone as error:
        report = Report(verb, 0, requests=desk.client.requests)
        report.cases.append(Settled(f"{desk.client.repository}#{number}", number, "", gone=True, remarks=[str(error)]))
        return report
    return _run(desk, verb, gathered, dry=dry)


def sweep(desk: Desk, *, number: int | None = None, dry: bool = False) -> Report:
    """One sweep over every open case (and those closed lately), or over one."""
    if number is not None:
        return run_event(desk, "enforce", number, dry=dry)
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    return _run(desk, "enforce", gathered, dry=dry, whole=True)


#: A sweep also looks at cases that were touched within these seconds and are closed: what a lost event would have done.
CLOSED_LATELY = 14 * 86_400


def _run(desk: Desk, verb: str, gathered: Gathered, *, dry: bool, whole: bool = False) -> Report:
    report = Report(verb, gathered.now, dry=dry)
    held = report.promised = promised(desk.client, gathered)
    report.shadow = held.policy.mode == "shadow"
    report.failed.extend(f"{ref}: {why}" for ref, why in gathered.failed)
    applier = Applier(desk.client, held, desk.secrets, desk.signing, gathered.labels)
    if whole and not (dry or report.shadow):
        _tell_maintainers(desk, held, gathered, report)
    for case in gathered.cases:
        if not maintainers.is_ours(case):
            report.cases.append(_one(desk, held, applier, case, gathered.now, report, dry=dry or report.shadow))
    report.requests = desk.client.requests
    return report


def _one(
    desk: Desk, held: Promised, applier: Applier, case: Case, now: Instant, report: Report, *, dry: bool
) -> Settled:
    try:
        settled = settle(desk.client, held.policy, applier, case, now, identify=desk.identify, dry=dry)
    except CaseError as error:
        settled = Settled(case.ref, case.number, case.title, next=now, failures=[str(error)])
    report.failed.extend(f"{case.ref}: {failure}" for failure in settled.failures)
    return settled


def _tell_maintainers(desk: Desk, held: Promised, gathered: Gathered, report: Report) -> None:
    try:
        maintainers.tell(desk.client, held, gathered)
    except CaseError as error:
        report.failed.append(f"the maintainers' issue about the policy: {error}")
