"""Runs: `triage` and `comment` look at the case of an event, `enforce` at every open one, `receive` (`jobs.receiving`)
at what a dispatch touched. All are the same loop.

Each run: gather (one request a page), find the policy that holds, settle case by case, report. One case that fails does
not stop the others; the run says which and ends non-zero (law 7):

- What concerns one case (it cannot be read or changed, GitHub cannot serve it) is its failure.
- A mistake of ours, whatever it is, is that case's failure too: it is named with its place in the code, its traceback
  goes to the log, and the next run tries again. What had been done by then and stood in no card yet may be done again
  under its own key.
- What every case would meet (a bad token, a limit, no network) ends the run; the report says what was done before, and
  how many cases were not looked at.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.desk.case import Case
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.log import Log
from respondby.forge.client import Client
from respondby.forge.errors import CaseError, CaseGone, ForgeError, NotGranted, PartialAnswer, TooHeavy
from respondby.forge.files import PolicyText
from respondby.forge.gathering import Gathered, Identity, gather_case, gather_open
from respondby.jobs.effects import maintainers
from respondby.jobs.effects.applying import Applier, Secrets
from respondby.jobs.effects.duties import Duties, Opened
from respondby.jobs.effects.heartbeat import beat
from respondby.jobs.effects.logbook import Logbook, is_log
from respondby.jobs.inputs import closed_cases
from respondby.jobs.inputs.lateness import Lateness, Schedule, measured
from respondby.jobs.inputs.maintenance import maintenance_windows
from respondby.jobs.inputs.policy_in_force import PolicyInForce, policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.jobs.loop.finishing import Finishing
from respondby.jobs.loop.joint_messages import Decided, merges, tell_together
from respondby.jobs.loop.settling import Settled, look_whole, reread, settle
from respondby.jobs.planned import planned
from respondby.policy.loading.bots import bots_of
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Window
from respondby.rules.duties import issue_of
from respondby.rules.plan import Open, Plan

LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Report:
    """What a run did, for JSON, outputs and the summary. `now` is 0 where nothing was read.

    `coming` is when the next duty comes. `complete` says that every case was looked at; `remarks` are what a maintainer
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
            "policy": {
                "commit": self.in_force.policy.commit if self.in_force else None,
                "problems": [str(problem) for problem in self.in_force.problems] if self.in_force else [],
            },
            "dry_run": self.dry or self.shadow,
            "requests": self.requests,
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


@dataclass(frozen=True, slots=True)
class Desk:
    """What a run needs from outside: the connection, the secrets that channels name, the key that signs records, and
    the schedule that started it (None: something else did).
    """

    client: Client
    secrets: Secrets
    signing: bytes | None = None
    schedule: Schedule | None = None

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
    return run_over(desk, verb, gathered, dry=dry)


def sweep(desk: Desk, *, number: int | None = None, dry: bool = False) -> Report:
    """One sweep over every open case (and those closed lately), or over one."""
    if number is not None:
        return run_event(desk, "enforce", number, dry=dry)
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    report = run_over(desk, "enforce", gathered, dry=dry, whole=True)
    if not dry:
        _pulse(desk, report)
    return report


def _pulse(desk: Desk, report: Report) -> None:
    """What a sweep does when it has looked at everything: how late it was, where that mattered, and its heartbeat."""
    assert report.in_force is not None
    if report.late and desk.schedule is not None:
        found = measured(desk.client, desk.schedule)
        if isinstance(found, str):
            report.remarks.append(found)
        else:
            report.lateness = found
        report.requests = desk.client.requests
    policy = report.in_force.policy
    if report.complete and policy.mode == "live" and (why := beat(policy, desk.secrets)) is not None:
        report.remarks.append(why)


#: A sweep also looks at cases that were touched within these seconds and are closed: what a lost event would have done.
CLOSED_LATELY = 14 * 86_400


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


def run_over(
    desk: Desk, verb: str, gathered: Gathered, *, dry: bool, whole: bool = False, first: First | None = None
) -> Report:
    """The loop over what was gathered; `whole` says that this is every open case, and `first` what comes before it."""
    report = Report(verb, gathered.now, dry=dry)
    in_force = policy_in_force(desk.client, gathered)
    policy, remarks = with_teams(in_force.policy, desk.client, desk.secrets)
    in_force = report.in_force = replace(in_force, policy=policy)
    report.remarks.extend(remarks)
    report.shadow = in_force.policy.mode == "shadow"
    report.failed.extend(f"{ref}: {why}" for ref, why in gathered.failed)
    applier = Applier(desk.client, in_force, desk.secrets, desk.identify(gathered.policy), gathered.labels)
    fresh = desk.client.requests
    writes = not (dry or report.shadow or in_force.policy.mode == "off")
    if whole and not (dry or report.shadow):
        _tell_maintainers(desk, in_force, gathered, report)
    logbook = Logbook(desk.client, gathered, in_force, desk.identify, desk.signing)
    selection = Selection(None)
    try:
        if whole and writes:
            logbook.tidy()
        if first is not None:
            selection = first(in_force.policy, logbook, report)
    except (CaseError, NotGranted, TooHeavy, PartialAnswer) as error:
        report.failed.append(str(error))
    opened = Opened()
    if (whole or first is not None) and in_force.policy.duties:
        opened = Duties(desk.client, gathered, in_force, desk.identify, desk.signing, logbook).settle(dry=not writes)
        report.coming = opened.next
        report.failed.extend(opened.failures)
        report.cases.extend(_planned(desk, opened) if not writes else _twins(desk, opened, gathered))
    cases = [case for case in gathered.cases if not (maintainers.is_ours(case) or is_log(case))]
    if selection.numbers is not None:
        cases = [case for case in cases if case.number in selection.numbers or _expecting(in_force.policy, case)]
    cases = [*(case for case in cases if case.number not in opened.twins), *opened.cases]
    revisited = closed_cases.ClosedCases()
    if whole:
        revisited = closed_cases.fetch(desk.client, desk.identify, logbook.log, gathered)
        report.failed.extend(revisited.failed)
        cases.extend(revisited.cases)
    others = maintenance_windows(in_force.policy, cases)
    resting: dict[int, Settled] = {}
    if whole and writes and merges(in_force.policy):
        busy, resting = _first_look(in_force.policy, cases, gathered.now, others, logbook.log)
        applier.told.update(tell_together(in_force, desk.secrets, applier.messages, busy, gathered.now))
    for place, case in enumerate(cases, 1):
        settled = Settled(case.ref, case.number, case.title, next=gathered.now)
        try:
            stale = desk.client.requests > fresh
            shown = dry or report.shadow
            settled = resting.get(case.number) or _one(
                desk,
                in_force,
                applier,
                case,
                gathered.now,
                dry=shown,
                stale=stale,
                others=others,
                log=logbook.log,
                memory=selection.memory.get(case.number, EMPTY),
            )
            settled.done[:0] = [opened.done[case.number]] if case.number in opened.done else []
        except (CaseError, TooHeavy, PartialAnswer) as error:
            settled.failures.append(str(error))
        except ForgeError as error:
            report.failed.append(f"{case.ref}: {error}")
            report.complete = False
            if left := len(cases) - place:
                report.failed.append(
                    f"the sweep ended there; {left} case{'s were' if left > 1 else ' was'} not looked at"
                )
            break
        except Exception as error:
            LOG.exception("%s: a mistake in respondby", case.ref)
            settled.failures.append(_mistake(error))
        report.cases.append(settled)
        report.failed.extend(f"{case.ref}: {failure}" for failure in settled.failures)
        if whole and not settled.failures:
            revisited.looked_at(logbook.log, case, settled.next, gathered.now)
    if whole and report.complete:
        swept = Finishing(
            desk.client, in_force, gathered, logbook, desk.identify, desk.signing, desk.secrets, writes,
            report.performed > 0, CLOSED_LATELY, tuple(revisited.notes),
        )  # fmt: skip
        after = swept.finish(cases)
        report.cases.extend(after.cases)
        report.failed.extend(after.failed)
        report.coming = min((at for at in (report.coming, after.coming) if at is not None), default=None)
    if logbook.done or selection.remarks:
        told = Settled(logbook.ref, logbook.issue.number if logbook.issue else 0, logbook.title)
        told.done, told.remarks = logbook.done, list(selection.remarks)
        report.cases.append(told)
    report.requests = desk.client.requests
    return report


def _first_look(
    policy: Policy, cases: Sequence[Case], now: Instant, others: Sequence[Window], log: Log
) -> tuple[list[Decided], dict[int, Settled]]:
    """The cases at which there is something to do, and what is to be said of those at rest, by number.

    A case that cannot be looked at is in neither: whoever settles it says why.
    """
    busy: list[Decided] = []
    resting: dict[int, Settled] = {}
    for case in cases:
        try:
            decided = look_whole(policy, case, now, others, log)
        except Exception:
            LOG.debug("%s: left to its own turn", case.ref, exc_info=True)
            continue
        if decided.plan:
            busy.append(decided)
        elif not decided.plan.inside:  # whether a companion follows its case is seen only by looking at it
            plan, settled = decided.plan, Settled(case.ref, case.number, case.title, next=decided.plan.next)
            settled.planned, settled.assessment, settled.remarks = plan, decided.assessment, list(plan.remarks)
            resting[case.number] = settled
    return busy, resting


def _expecting(policy: Policy, case: Case) -> bool:
    """Whether it is the issue of a duty that expects a dispatch: one that came after all closes it."""
    issue = issue_of(case)
    duty = policy.duties.get(issue.duty) if issue is not None else None
    return duty is not None and duty.expects is not None


def _planned(desk: Desk, opened: Opened) -> list[Settled]:
    """What a run that only reads would open."""
    told = []
    for one in opened.planned:
        name = f"{one.duty} for {one.subject}" if one.subject else one.duty
        plan = Plan(name, (Open(one.duty, one.subject, tuple(period.at for period in one.periods)),))
        told.append(Settled(f"{desk.client.repository}: {one.duty}", 0, name, planned=plan))
    return told


def _twins(desk: Desk, opened: Opened, gathered: Gathered) -> list[Settled]:
    """The twins that were closed."""
    titles = {case.number: case.title for case in gathered.cases}
    found = sorted(opened.twins)
    return [
        Settled(f"{desk.client.repository}#{number}", number, titles.get(number, ""), done=[opened.done[number]])
        for number in found
    ]


def _one(
    desk: Desk,
    in_force: PolicyInForce,
    applier: Applier,
    case: Case,
    now: Instant,
    *,
    dry: bool,
    stale: bool,
    others: Sequence[Window],
    log: Log,
    memory: Ledger = EMPTY,
) -> Settled:
    try:
        if stale and not dry:
            case, now = reread(desk.client, in_force.policy, case, now, identify=desk.identify, others=others, log=log)
        return settle(
            desk.client,
            in_force.policy,
            applier,
            case,
            now,
            identify=desk.identify,
            dry=dry,
            others=others,
            log=log,
            memory=memory,
        )
    except CaseGone:
        return Settled(case.ref, case.number, case.title, gone=True)


def _mistake(error: Exception) -> str:
    """What is told of an error that nobody foresaw: what it is, and where in the code."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(traceback.format_exception_only(error)[-1].split())
    return (
        f"a mistake in respondby ({what}, at {Path(last.filename).name}:{last.lineno}): the other cases went on, the"
        " next run tries again; please report it with the traceback in the log"
    )


def _tell_maintainers(desk: Desk, in_force: PolicyInForce, gathered: Gathered, report: Report) -> None:
    try:
        maintainers.tell(desk.client, in_force, gathered)
    except CaseError as error:
        report.failed.append(f"the maintainers' issue about the policy: {error}")
