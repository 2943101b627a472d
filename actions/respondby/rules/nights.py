"""Whose night an instant is part of: a page breaks it that goes out from 22:00 until before 07:00 on the clock of
whoever is called. A night is named by the date of its evening.
"""

from __future__ import annotations

from datetime import date, timedelta

from respondby.calendars.instants import Instant, wall, zone
from respondby.policy.model.policy import Policy

#: The hours of a night, on the clock of whoever is called.
NIGHT_BEGINS, NIGHT_ENDS = 22, 7


def night_of(policy: Policy, person: str, at: Instant) -> date | None:
    """The date of the evening of that person's night that holds `at`; None by day."""
    known = next((member for login, member in policy.people.items() if login.lower() == person.lower()), None)
    return night_at(at, (known.timezone if known else None) or policy.timezone)


def night_at(at: Instant, where: str) -> date | None:
    """The same in a time zone."""
    local = wall(at, zone(where))
    if local.hour >= NIGHT_BEGINS:
        return local.date()
    return local.date() - timedelta(days=1) if local.hour < NIGHT_ENDS else None
