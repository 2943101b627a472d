"""Instants at which a condition may change by itself: a product enters a stage, a calendar opens or closes."""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.state import State, stage_begins
from respondby.policy.model import Policy
from respondby.promises.triggers import triggers


def next_boundary(policy: Policy, state: State, after: Instant, until: Instant | None) -> Instant | None:
    """The first instant after `after` at which a clock's `when` may turn by itself; None where none does (by `until`)."""
    keys = triggers(policy).time_keys
    if not keys:
        return None
    found: list[Instant] = []
    product = state.fields.get("product")
    if "stage" in keys and product is not None and product in policy.products:
        begins = (stage_begins(policy, product, stage) for stage in policy.stages)
        found.extend(at for at in begins if at is not None and at > after)
    for name in keys:
        calendar = policy.calendars.get(name)
        if calendar is not None:
            found.append(calendar.next_opening(after))
            found.append(calendar.next_closing(after))
    earliest = min((at for at in found if at > after), default=None)
    return None if earliest is None or (until is not None and earliest > until) else earliest
