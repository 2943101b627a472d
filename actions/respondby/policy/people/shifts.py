"""Roles at a change of shift: who goes and who comes, whenever it is asked.

In the issue of a hand-over, `shift: previous` is who is on call until the change, and `shift: next` who is from then
on. Asked a day before the change, the plain roles would name whoever went a week ago; asked an hour after it, whoever
comes next week. A swap on the day itself counts: who really has the shift just before, and just after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.policy.model.conditions import Alternative, Role
from respondby.policy.model.policy import Policy


def outgoing(policy: Policy, rota: str, at: Instant) -> tuple[str, ...]:
    """Who is on call until the change of shift `at`."""
    return policy.rotas[rota].rota.on_call(at - 1).people


def incoming(policy: Policy, rota: str, at: Instant) -> tuple[str, ...]:
    """Who is on call from the change of shift `at` on."""
    return policy.rotas[rota].rota.on_call(at).people


def roles_at_change(policy: Policy, rota: str, at: Instant) -> Mapping[str, Role]:
    """The policy's roles, with whom they mean at the change of shift `at` of that rota."""
    people = {"previous": outgoing(policy, rota, at), "next": incoming(policy, rota, at)}

    def meant(alternative: Alternative) -> Alternative:
        if alternative.rota != rota or alternative.shift not in people:
            return alternative
        return replace(alternative, rota=None, shift="current", people=people[alternative.shift])

    return {
        name: replace(role, alternatives=tuple(meant(one) for one in role.alternatives))
        for name, role in policy.roles.items()
    }
