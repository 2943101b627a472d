"""One case explained: its assessment as data, for people and machines."""

from __future__ import annotations

from typing import Any

from respondby.desk.reading import read
from respondby.forge.gathering import gather_case
from respondby.jobs.promised import promised
from respondby.jobs.runs import Desk
from respondby.promises.assess import assess
from respondby.promises.explaining import explanation


def explained(desk: Desk, number: int) -> dict[str, Any]:
    """The explanation of one case, read as it is now."""
    gathered = gather_case(desk.client, number, identify=desk.identify)
    held = promised(desk.client, gathered)
    (case,) = gathered.cases
    history = read(held.policy, case)
    return explanation(held.policy, history, assess(held.policy, history, gathered.now, case.ledger.pins))
