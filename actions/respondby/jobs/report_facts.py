"""The facts that reports are made of, from all cases there are: page by page, so that none but what is told of a case
stays in memory.

What reads them pays ⌈N / 100⌉ requests for N issues, what their long timelines and edits need, and four more at most.
"""

from __future__ import annotations

from collections.abc import Callable

from respondby.dataclass import dataclass
from respondby.desk.case import Case
from respondby.desk.known import NOTHING_KNOWN, Known
from respondby.desk.log import Log
from respondby.desk.reading import read
from respondby.forge.errors import RepositoryMissing, Unreadable
from respondby.forge.gathering import Gathered, gather_all
from respondby.jobs.effects import locked
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.effects.maintainers import is_ours
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import PolicyInForce, policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.reports.cases import CaseFacts
from respondby.reports.desk import ActionItem, Facts, WrittenUp, made
from respondby.reports.reading import facts_of
from respondby.rules.duties import issue_of
from respondby.rules.duty_cases import as_case, came_late
from respondby.rules.items import as_item


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The facts, and what came with them: the repository's own, the policy, the desk's log, remarks for maintainers.

    `gathered` is the first page, without its cases.
    """

    facts: Facts
    gathered: Gathered
    in_force: PolicyInForce
    logs: tuple[Case, ...]
    log: Log
    remarks: tuple[str, ...] = ()


def report_input(desk: Desk, needs: Callable[[Policy], object] | None = None) -> ReportInput:
    """Everything that a report may be about, as it is now. Raises NoPolicy and ForgeErrors, and what `needs` raises of
    the policy before the second page of issues is read.
    """
    cases: list[CaseFacts] = []
    later: list[Case] = []
    logs: list[Case] = []
    missing: list[tuple[str, str]] = []
    first: Gathered | None = None
    in_force: PolicyInForce | None = None
    policy: Policy | None = None
    remarks: tuple[str, ...] = ()
    for page in gather_all(desk.client, identify=desk.identify):
        if first is None or in_force is None or policy is None:
            first, in_force = page, policy_in_force(desk.client, page)
            if needs is not None:
                needs(in_force.policy)
            policy, remarks = with_teams(in_force.policy, desk.client, desk.secrets)
        missing.extend(page.failed)
        for case in page.cases:
            if is_log(case):
                logs.append(case)
            elif issue_of(case) is not None or case.locked:
                later.append(case)  # what is known of it may stand in the log, which comes late
            elif not (is_ours(case) or case.is_about_the_desk):
                cases.append(_facts(policy, case, first, NOTHING_KNOWN))
    if first is None or in_force is None or policy is None:
        raise RepositoryMissing(desk.client.repository)
    log = Log.of(*(case.ledger for case in logs))
    for case in later:
        try:
            cases.append(_facts(policy, case, first, from_log(policy, case, log)))
        except Unreadable as error:
            missing.append((case.ref, str(error)))
    base = next((case.url.rpartition("/issues/")[0] for case in cases), "")
    written = _written(desk, first, base)
    return ReportInput(made(policy, first.now, cases, written, missing), first, in_force, tuple(logs), log, remarks)


def from_log(policy: Policy, case: Case, log: Log) -> Known:
    """What the log remembers of a case: what came late of a duty, the record of a locked issue. Raises Unreadable."""
    return NOTHING_KNOWN.remembering(came_late(policy, case, log)).remembering(locked.remembered(log, case))


def _facts(policy: Policy, case: Case, gathered: Gathered, known: Known) -> CaseFacts:
    alone, case = as_item(*as_case(policy, case))
    history = read(alone, case, known.at(gathered.now))
    return facts_of(alone, history, assess(alone, history, gathered.now, history.ledger.pins))


def _written(desk: Desk, gathered: Gathered, base: str) -> list[WrittenUp]:
    """The post-mortems of the default branch of the repository with the address `base`; examples are none."""
    if gathered.commit is None:
        return []
    from respondby.jobs.inputs.merges import documents_at
    from respondby.postmortems.document.document import NOT_DOCUMENTS
    from respondby.postmortems.index import is_example

    found = []
    for document in documents_at(desk.client, gathered.commit):
        if document.path.rpartition("/")[2] in NOT_DOCUMENTS or is_example(document):
            continue
        items = tuple(
            ActionItem(item.what, item.owner, str(item.due_day or item.due), item.state, item.issue)
            for item in document.items
        )
        found.append(
            WrittenUp(
                document.path, f"{base}/blob/{gathered.default_branch}/{document.path}" if base else "",
                document.title, document.incidents, document.front.text("product"), document.front.text("cause"),
                document.front.text("status"), items,
            )
        )  # fmt: skip
    return found
