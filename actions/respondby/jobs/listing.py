"""The duties as they stand: for each, and each product or customer, what was last, what comes next, what is open."""

from __future__ import annotations

from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.desk.case import Case
from respondby.desk.known import Known
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.desk.ticks import tasks_of
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.inputs.desk import CLOSED_LATELY, Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.promises.periods import next_period, subjects
from respondby.rules.due_reports import ReportPlan, due_reports, last_made
from respondby.rules.duties import DutyIssue, decide_duties, issue_of, standings
from respondby.rules.duty_cases import as_case, came_late


def duties_now(desk: Desk) -> dict[str, Any]:
    """Every duty of the policy in force, as plain data; instants in UTC. Nothing is written.

    `due` are the periods that the next sweep opens an issue for. An `issue` is the last one of this duty that is open,
    or was touched lately: its number, whether it is open, how its clock stands, its boxes and who ticked them when.
    """
    gathered = gather_open(desk.client, identify=desk.identify, closed_within=CLOSED_LATELY)
    policy = policy_in_force(desk.client, gathered).policy
    log = Log.of(*(case.ledger for case in gathered.cases if is_log(case)))
    issues = [issue for case in gathered.cases if (issue := issue_of(case)) is not None]
    plan = decide_duties(policy, log, gathered.cases, gathered.now)
    due = {(one.duty, one.subject): [iso(period.at) for period in one.periods] for one in plan.open}
    rows = []
    for standing in standings(policy, log, issues, gathered.now):
        duty, subject = standing.duty, standing.subject
        coming = next_period(policy, duty, subject, standing.watermark, gathered.now)
        rows.append(
            {
                "duty": duty.name,
                "name": duty.title,
                "for": subject or None,
                "last": iso(standing.opened) if standing.opened is not None else None,
                "due": due.get((duty.name, subject), []),
                "next": None if coming is None else {"period": iso(coming.at), "opens": iso(coming.opens)},
                "issue": _issue(policy, log, _last(issues, duty.name, subject), gathered.now),
            }
        )
    reports = due_reports(policy, log, gathered.now)
    others = [
        _report(policy, log, duty, subject, reports, gathered.now)
        for duty in policy.duties.values()
        if duty.report is not None
        for subject in subjects(policy, duty)
    ]
    return {"now": iso(gathered.now), "timezone": policy.timezone, "mode": policy.mode, "duties": [*rows, *others]}


def _report(policy: Policy, log: Log, duty: Duty, subject: str, plan: ReportPlan, now: Instant) -> dict[str, Any]:
    """A duty that reports something: it opens no issue."""
    last = last_made(log, duty.name, subject)
    behind = now if last is None else max(last.at, now)
    coming = next_period(policy, duty, subject, behind, now)
    return {
        "duty": duty.name,
        "name": duty.title,
        "for": subject or None,
        "report": duty.report,
        "last": iso(last.at) if last is not None else None,
        "due": [iso(one.at) for one in plan.due if (one.duty.name, one.subject) == (duty.name, subject)],
        "next": None if coming is None else {"period": iso(coming.at), "opens": iso(coming.opens)},
        "issue": None,
    }


def _last(issues: list[DutyIssue], duty: str, subject: str) -> DutyIssue | None:
    mine = [issue for issue in issues if (issue.duty, issue.subject) == (duty, subject)]
    return max(mine, key=lambda issue: (issue.last, -issue.case.number), default=None)


def _issue(policy: Policy, log: Log, issue: DutyIssue | None, now: Instant) -> dict[str, Any] | None:
    if issue is None:
        return None
    alone, case = as_case(policy, issue.case)
    history = read(alone, case, Known(came_late(policy, issue.case, log), now=now))
    run = assess(alone, history, now, history.ledger.pins).latest(issue.duty)
    return {
        "number": case.number,
        "open": case.open,
        "assignees": list(case.assignees),
        "state": run.state if run is not None else None,
        "due": iso(run.due) if run is not None and run.due is not None else None,
        "boxes": _boxes(issue.case),
    }


def _boxes(case: Case) -> list[dict[str, Any]]:
    opened = next(moment for moment in case.moments if moment.kind == "opened")
    return [
        {"text": task.text, "ticked": iso(task.at) if task.at is not None else None, "by": task.by}
        for task in tasks_of(opened.revisions)
    ]
