"""Ten years of twenty duties in thirty zones: each period once, at its local time, whenever somebody looked."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from dateutil import rrule, tz
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.test_duties import Desk, at, policy

from respondby.calendars.zones import zone as locked_zone

ZONES = (
    "UTC", "Europe/Brussels", "Europe/London", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul", "Europe/Chisinau",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo",
    "America/St_Johns", "America/Havana", "America/Santiago", "America/Asuncion", "Africa/Cairo", "Africa/Casablanca",
    "Africa/Johannesburg", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Beirut", "Asia/Gaza",
    "Asia/Tehran", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia",
)  # fmt: skip
BEGIN = datetime(2016, 1, 1)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def cadence(number: int) -> tuple[str, dict[str, object]]:
    """A schedule of the policy, and dateutil's words for the same."""
    hour, minute = number * 7 % 24, number * 13 % 60
    clock = f"{hour:02}:{minute:02}"
    kind = number % 4
    if kind == 0:
        return f"{{ every: {1 + number % 3} days, at: '{clock}', from: 2016-01-01 }}", {
            "freq": rrule.DAILY, "interval": 1 + number % 3, "dtstart": _on(BEGIN, hour, minute),
        }  # fmt: skip
    if kind == 1:
        first = BEGIN + timedelta(days=(number % 7 - BEGIN.weekday()) % 7)
        return f"{{ every: {1 + number % 2} weeks, at: {DAYS[number % 7]} {clock}, from: 2016-01-01 }}", {
            "freq": rrule.WEEKLY, "interval": 1 + number % 2, "dtstart": _on(first, hour, minute),
        }  # fmt: skip
    if kind == 2:
        return f"{{ every: {1 + number % 4} months, at: {1 + number % 28} {clock}, from: 2016-01-01 }}", {
            "freq": rrule.MONTHLY, "interval": 1 + number % 4,
            "dtstart": _on(BEGIN.replace(day=1 + number % 28), hour, minute),
        }  # fmt: skip
    return f"{{ every: {12 + number} hours, from: 2016-01-01T{clock} }}", {
        "freq": rrule.HOURLY, "interval": 12 + number, "dtstart": _on(BEGIN, hour, minute),
    }  # fmt: skip


def _on(day: datetime, hour: int, minute: int) -> datetime:
    return day.replace(hour=hour, minute=minute)


def expected(rule: dict[str, object], zone: str, begin: int, end: int) -> list[int]:
    """The same by dateutil: naive local times, each made an instant by the standard library (rule 5)."""
    where = locked_zone(zone)
    found = []
    for naive in rrule.rrule(until=datetime.fromtimestamp(end, UTC).replace(tzinfo=None) + timedelta(days=2), **rule):
        shown = naive.replace(tzinfo=where, fold=0)
        if not tz.datetime_exists(shown):
            shown = _after_the_gap(shown)
        instant = int(shown.astimezone(UTC).timestamp())
        if begin <= instant <= end:
            found.append(instant)
    return sorted(set(found))


def _after_the_gap(shown: datetime) -> datetime:
    """The first instant after the gap that swallowed a local time, found by looking at each minute."""
    while not tz.datetime_exists(shown):
        shown += timedelta(minutes=1)
    return shown


def covered(desk: Desk) -> dict[str, list[int]]:
    """Every period that any issue named, by duty, in the order of opening."""
    found: dict[str, list[int]] = {}
    for duty, _, periods in desk.opened:
        found.setdefault(duty, []).extend(periods)
    return found


def sweeps(chance: random.Random, begin: int, end: int) -> Iterable[int]:
    """Instants of sweeps: some minutes apart, then hours, then gaps of weeks."""
    now = begin
    while now < end:
        now += chance.choice((300, 3600, 86_400, 3 * 86_400, 9 * 86_400, 30 * 86_400)) + chance.randrange(3600)
        yield min(now, end)


@settings(max_examples=1)
@given(seed=st.integers(0, 10**6))
def test_ten_years_of_twenty_duties_in_thirty_zones_are_each_period_once_at_its_local_time(seed: int) -> None:
    chance = random.Random(seed)
    rules = {}
    lines = []
    for number in range(20):
        text, rule = cadence(number)
        zone = ZONES[(number + seed) % len(ZONES)]
        rules[f"d{number}"] = (rule, zone)
        lines.append(f"d{number}: {{ schedule: {text}, timezone: {zone}, owner: first, checklist: [Look] }}")
    desk = Desk(policy(*lines))
    begin, end = at("2016-01-04T00:00"), at("2026-01-01T00:00")
    desk.sweep(begin)
    for now in sweeps(chance, begin, end):
        desk.sweep(now)
        if chance.random() < 0.3:
            desk.sweep(now)  # what stands is not opened again
        if chance.random() < 0.1:
            desk.sweep(now)  # as a run does, which reads again what it has opened and remembers it
            desk.cases = []  # everything was closed and forgotten, or deleted
        if len(desk.cases) > 40:
            del desk.cases[:20]
    found = covered(desk)
    for name, (rule, zone) in rules.items():
        assert found.get(name, []) == expected(rule, zone, begin, end), (name, zone)
