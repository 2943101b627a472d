"""Shorthand for tests of time: instants from readable local times."""

from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant, parse_time, people_time, zone

#: The office of most cases: Brussels, with a half-day before Christmas, a closed New Year's Eve and an open Saturday.
OFFICE_MAPPING: dict[str, object] = {
    "timezone": "Europe/Brussels",
    "hours": {"mon-fri": ["09:00-17:30"]},
    "holidays": {"country": "BE"},
    "closed": ["2026-12-24T12:00/2026-12-24T17:30", "2026-12-31"],
    "open": ["2026-10-31T10:00/2026-10-31T12:00"],
    "sprints": {"every": "2 weeks", "from": "2026-01-05"},
}
OFFICE = Calendar.from_mapping(OFFICE_MAPPING)


def at(text: str, timezone: str = "Europe/Brussels") -> Instant:
    """The instant of an ISO time, local in `timezone` unless it has an offset."""
    return parse_time(text, zone(timezone))


def hours(timezone: str = "Europe/Brussels", *, closed: object = (), open: object = (), **days: str) -> Calendar:
    """A calendar with, for each day or range of days (`mon_fri`), windows separated by spaces."""
    week = {day.replace("_", "-"): windows.split() for day, windows in days.items()}
    return Calendar.from_mapping({"timezone": timezone, "hours": week, "closed": closed, "open": open})


def same(instant: Instant, text: str) -> None:
    """The instant is that local time of the office; what differs is shown as people read it."""
    assert people_time(instant, OFFICE.zone) == people_time(at(text), OFFICE.zone)
