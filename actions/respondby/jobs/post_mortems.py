"""Post-mortems of incidents: the draft of one."""

from __future__ import annotations

from respondby.desk.reading import read
from respondby.forge.gathering import gather_case
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.inputs.policy_in_force import policy_in_force
from respondby.jobs.inputs.teams import with_teams
from respondby.postmortems.drafting import draft, path_of
from respondby.postmortems.facts import facts_of
from respondby.promises.assess import assess


def drafted(desk: Desk, number: int) -> tuple[str, str]:
    """Where the post-mortem of this case goes, and its text, from the case as it is now."""
    gathered = gather_case(desk.client, number, identify=desk.identify)
    in_force = policy_in_force(desk.client, gathered)
    policy, _ = with_teams(in_force.policy, desk.client, desk.secrets)
    (case,) = gathered.cases
    history = read(policy, case)
    facts = facts_of(policy, history, assess(policy, history, gathered.now, case.ledger.pins))
    return path_of(facts), draft(facts)
