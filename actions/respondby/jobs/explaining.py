"""One case explained: its assessment as data, for people and machines."""

from __future__ import annotations

from typing import Any

from respondby.calendars.instants import iso
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.forge.errors import ForgeError
from respondby.forge.gathering import gather_case
from respondby.jobs.effects.maintainers import is_ours
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.promises.assess import assess
from respondby.promises.explaining import explanation
from respondby.rules.duty_cases import as_case
from respondby.rules.items import as_item
from respondby.rules.ladders import coming_rungs


class NoCase(ForgeError):
    """The issue is one that the desk keeps for itself: nothing is promised there."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"{ref} is an issue that the desk keeps for itself, and no case: nothing is promised there.")


def explained(desk: Desk, number: int) -> dict[str, Any]:
    """The explanation of one case, read as it is now. Raises NoCase for what is none."""
    gathered = gather_case(desk.client, number, identify=desk.identify)
    in_force = policy_in_force(desk.client, gathered)
    (case,) = gathered.cases
    if is_ours(case) or case.is_about_the_desk:
        raise NoCase(case.ref)
    policy, _ = with_teams(in_force.policy, desk.client, desk.secrets)
    policy, case = as_item(*as_case(policy, case))
    history = read(policy, case, Known(now=gathered.now))
    assessment = assess(policy, history, gathered.now, history.ledger.pins)
    document = explanation(policy, history, assessment)
    rungs = [
        {"at": iso(at), "clock": run.clock, "source": run.source, "what": rung.id}
        for run in assessment.runs
        for at, rung in coming_rungs(history, run, policy.clocks[run.clock], history.ledger, gathered.now)
    ]
    return document | {"coming": sorted([*document["coming"], *rungs], key=lambda event: event["at"])}
