"""What pauses a clock, and what ends each pause (rule 6).

- A pause ends at `/resume`, at a reopening, and where the policy says so (`pause: {from, until}`) at that moment.
- Else it ends by its kind. `waiting` ends at the customer's word. One that a command began ends at the time that the
  command was given as `until`, which the customer's word leaves alone. One that a field's value began lasts as long as
  the field has it. What has no end of its own ends as `waiting` does.
- Said again, a command moves the end. Of several pauses the last one to end counts.
"""

from __future__ import annotations

from typing import NamedTuple

from respondby.calendars.dues import later
from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import UTC, Instant, parse_time
from respondby.desk.history import Fact
from respondby.policy.model.clocks import Clock
from respondby.policy.model.policy import Policy

#: The argument of a command that says until when it pauses.
UNTIL = "until"


class Lasting(NamedTuple):
    """A pause that lasts: `source` is what began it, `until` its own end (None: nobody knows).

    `value` is the field and value that it lasts with; `reply` says that the customer's word ends it.
    """

    source: str
    until: Instant | None = None
    value: tuple[str, str] | None = None
    reply: bool = False


def lasting(policy: Policy, clock: Clock, word: str, source: str, fact: Fact | None, at: Instant) -> Lasting | None:
    """The pause of this clock that a moment begins, `word` being what the clock listens for; None for one that is over
    already.
    """
    if clock.pause_ends:
        return Lasting(source)
    if fact is not None and fact.kind == "command" and UNTIL in fact.args:
        until = _until(policy, fact, at)
        if until is not None:
            return Lasting(source, until) if until > at else None
    if fact is not None and fact.kind == "field" and fact.value is not None and word == f"{fact.name} = {fact.value}":
        return Lasting(source, value=(fact.name, fact.value))
    return Lasting(source, reply=True)


def _until(policy: Policy, fact: Fact, at: Instant) -> Instant | None:
    """Until when the command pauses: a time was made absolute when it was said, a duration counts from then."""
    command = policy.commands.get(fact.name)
    kinds = {argument.name: argument.type for argument in command.takes} if command is not None else {}
    try:
        if kinds.get(UNTIL) == "duration":
            length = parse_duration(fact.args[UNTIL])
            return later(at, length, policy.default_calendar if length.business else None)
        return parse_time(fact.args[UNTIL], UTC)
    except TimeError:
        return None  # a text of some other kind, or a record of another policy: it says no time
