"""What a sweep knows of the other cases while it looks at one: their maintenance windows."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from respondby.desk.case import Case
from respondby.desk.reading import read
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Window, planned

LOG = logging.getLogger(__name__)


def maintenance_windows(policy: Policy, cases: Iterable[Case]) -> tuple[Window, ...]:
    """The maintenance windows of these cases. Only requests for maintenance are read, so most desks pay nothing."""
    if policy.uptime is None or policy.uptime.maintenance is None:
        return ()
    found = []
    for case in cases:
        if not is_maintenance(policy, case):
            continue
        try:
            window = planned(policy, read(policy, case)).window
        except Exception:
            # That case's own turn says what is wrong with it (law 7); the others go on without its window.
            LOG.exception("%s: its maintenance window cannot be read", case.ref)
            continue
        if window is not None:
            found.append(window)
    return tuple(found)


def is_maintenance(policy: Policy, case: Case) -> bool:
    """Whether this may be a request for maintenance, by its label (by any, where the policy has no types)."""
    maintenance = policy.uptime.maintenance if policy.uptime is not None else None
    if maintenance is None:
        return False
    kind = policy.fields.get("type")
    label = f"{kind.label}{maintenance.form}".lower() if kind is not None else None
    return label is None or label in (name.lower() for name in case.labels)
