"""`/help-desk`: what its speaker may say on a case, as it is typed."""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.case import Actor
from respondby.desk.standings import acts_as_any
from respondby.desk.state import State
from respondby.policy.model.policy import Policy


def may_say(policy: Policy, by: Actor, at: Instant, state: State) -> tuple[str, ...]:
    """What this person may say on this case now: `/assign [who]`, `/priority urgent | normal`."""
    lines = []
    for word, command in policy.commands.items():
        if acts_as_any(policy, command.by, by, state) and state.holds(command.only, at):
            takes = (f"[{argument.name}]" if argument.optional else argument.name for argument in command.takes)
            lines.append(" ".join((word, *takes)))
    for name, field in policy.fields.items():
        values = [value.id for value in field.values if state.holds(value.only, at)]
        if values and acts_as_any(policy, field.set_by, by, state):
            lines.append(f"/{name} {' | '.join(values)}")
    return tuple(lines)
