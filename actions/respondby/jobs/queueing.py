"""What a queue is made of: every open case as it is now, in ⌈N / 100⌉ requests for N of them."""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.forge.errors import Unreadable
from respondby.forge.gathering import gather_open
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.effects.maintainers import is_ours
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.jobs.report_facts import from_log
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.reports.cases import CaseFacts
from respondby.reports.desk import Facts, made
from respondby.reports.reading import facts_of
from respondby.rules.duty_cases import as_case
from respondby.rules.items import as_item


@dataclass(frozen=True, slots=True)
class QueueInput:
    """The facts of all open cases, and remarks for maintainers."""

    facts: Facts
    remarks: tuple[str, ...] = ()


def queue_input(desk: Desk) -> QueueInput:
    """Everything that may have to be answered, as it is now. Raises NoPolicy and ForgeErrors."""
    gathered = gather_open(desk.client, identify=desk.identify)
    policy, remarks = with_teams(policy_in_force(desk.client, gathered).policy, desk.client, desk.secrets)
    log = Log.of(*(case.ledger for case in gathered.cases if is_log(case)))
    cases, missing = [], list(gathered.failed)
    for case in gathered.cases:
        if is_ours(case) or case.is_about_the_desk:
            continue
        try:
            cases.append(_facts(policy, case, gathered.now, log))
        except Unreadable as error:
            missing.append((case.ref, str(error)))
    return QueueInput(made(policy, gathered.now, cases, missing=missing), remarks)


def _facts(policy: Policy, case: Case, now: Instant, log: Log) -> CaseFacts:
    known = from_log(policy, case, log)
    alone, case = as_item(*as_case(policy, case))
    history = read(alone, case, known.at(now))
    return facts_of(alone, history, assess(alone, history, now, history.ledger.pins))
