"""What a change of the policy would have changed: the issues of the last days under both policies.

They are read as a report reads them, newest first, page by page, until those come that are older: ⌈N / 100⌉ requests
for N issues and what their long timelines need. Nothing is written, so a token that only reads is enough.
"""

from __future__ import annotations

from dataclasses import replace

from respondby.calendars.instants import DAY
from respondby.dataclass import dataclass
from respondby.forge.errors import RepositoryMissing
from respondby.forge.gathering import Gathered, gather_all
from respondby.jobs.effects.logbook import is_log
from respondby.jobs.effects.maintainers import is_ours
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import NoPolicy, policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.policy.model.policy import Policy
from respondby.replays.foreseeing import Foreseeing, Foreseen


@dataclass(frozen=True, slots=True)
class Proposed:
    """The policies: the head, the base and a second reading of it.

    `base` is None where there was none; `in_force` asks for the one of the default branch instead.
    """

    head: Policy
    base: Policy | None = None
    again: Policy | None = None
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class ForeseenHere:
    """What was foreseen, how many requests that took, and what a maintainer should know beside.

    `address` is that of the repository's issues.
    """

    foreseen: Foreseen
    repository: str
    address: str
    requests: int
    remarks: tuple[str, ...] = ()


def impact(desk: Desk, proposed: Proposed, days: int) -> ForeseenHere:
    """The issues that were opened in the last `days` days under both policies. Raises ForgeErrors."""
    first: Gathered | None = None
    found: Foreseeing | None = None
    remarks: tuple[str, ...] = ()
    since, address = 0, ""
    for page in gather_all(desk.client, identify=desk.identify):
        if first is None or found is None:
            first, since = page, page.now - days * DAY
            policies, remarks = _policies(desk, proposed, page)
            found = Foreseeing(policies.base, policies.again or policies.head, policies.head, since, page.now)
        found.unread(page.failed)
        address = address or next((case.url.rpartition("/")[0] for case in page.cases), "")
        for case in page.cases:
            if case.created >= since and case.is_request and not (is_log(case) or is_ours(case)):
                found.add(case)
        if page.cases and page.cases[-1].created < since and not page.cases[-1].arrived:
            break
    if first is None or found is None:
        raise RepositoryMissing(desk.client.repository)
    return ForeseenHere(found.finish(), first.repository, address, desk.client.requests, remarks)


def _policies(desk: Desk, proposed: Proposed, page: Gathered) -> tuple[Proposed, tuple[str, ...]]:
    """Both policies with their teams. The one in force is read where it is asked for."""
    remarks: list[str] = []
    if proposed.in_force:
        try:
            base, again = (policy_in_force(desk.client, page).policy for _ in range(2))
            proposed = replace(proposed, base=base, again=again)
        except NoPolicy as none:
            remarks.append(f"There is nothing to compare with, so this counts as the first policy: {none}")

    def staffed(policy: Policy) -> Policy:
        found, said = with_teams(policy, desk.client, desk.secrets)
        remarks.extend(said)
        return found

    proposed = replace(
        proposed,
        head=staffed(proposed.head),
        base=staffed(proposed.base) if proposed.base is not None else None,
        again=staffed(proposed.again) if proposed.again is not None else None,
    )
    return proposed, tuple(dict.fromkeys(remarks))
