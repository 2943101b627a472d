"""Which dispatched events a policy knows, and what for: the table by which a received one finds who records it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from respondby.policy.model.policy import Policy

#: What a dispatch can be for. Who records it is `jobs.receiving`'s table.
Purpose = Literal["duty", "alert", "resolved alert", "answer", "said"]


@dataclass(frozen=True, slots=True)
class DispatchUse:
    """One thing that a dispatch of that name is for: `name` is the duty's, for an alert the place of its source in the
    policy's list, the channel's for what was said there, and nothing for answers.
    """

    purpose: Purpose
    name: str = ""


def known_dispatches(policy: Policy) -> Mapping[str, tuple[DispatchUse, ...]]:
    """Every event type that the policy names, with what it is for."""
    found: dict[str, tuple[DispatchUse, ...]] = {}
    for duty in policy.duties.values():
        if duty.expects is not None:
            found[duty.expects] = (*found.get(duty.expects, ()), DispatchUse("duty", duty.name))
    for name in dict.fromkeys(channel.answers for channel in policy.channels.values() if channel.answers is not None):
        found[name] = (*found.get(name, ()), DispatchUse("answer"))
    for channel in policy.channels.values():
        if channel.says is not None:
            found[channel.says] = (*found.get(channel.says, ()), DispatchUse("said", channel.name))
    for place, alerts in enumerate(policy.incidents.alerts if policy.incidents is not None else ()):
        found[alerts.dispatch] = (*found.get(alerts.dispatch, ()), DispatchUse("alert", str(place)))
        if alerts.resolve is not None:
            found[alerts.resolve] = (*found.get(alerts.resolve, ()), DispatchUse("resolved alert", str(place)))
    return found
