"""A rota with hand-overs has exactly one answer at every instant, over ten years and every change of the clocks.

Two ways: ten years of shifts follow each other edge to edge; and around each change of a zone's clocks, and around
hand-overs put into it, every 30 seconds are asked one by one and compared with a list that is walked.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from tests.calendars.support import at

from respondby.calendars.instants import resolve, wall, zone
from respondby.calendars.rotas import Rota

FIRST = datetime(2025, 1, 6)
BEGIN, END = at("2025-01-06", "UTC"), at("2035-01-08", "UTC")

#: Zones, and how often their clocks change in those ten years: by half an hour, at midnight and at 01:00, in Ramadan,
#: in the southern summer, by two hours. Morocco has kept +00 since 20 September 2026, and British Columbia -07 since
#: 8 March 2026 (IANA 2026f): their rotas live through the last change and the years without one.
CHANGES = {
    "America/Chicago": 20,
    "Europe/London": 20,
    "Australia/Lord_Howe": 20,
    "Africa/Casablanca": 5,
    "America/Vancouver": 3,
    "America/Santiago": 20,
    "Asia/Beirut": 20,
    "Antarctica/Troll": 20,
}
ZONES = list(CHANGES)
STEP = 30
AROUND = 2 * 3600
MEMBERS = ["ann", "bob", "cid"]


def transitions(timezone: str, begin: int, end: int) -> list[int]:
    """The instants at which a zone's offset changes, found by halving."""
    where = zone(timezone)

    def offset(instant: int) -> timedelta | None:
        return wall(instant, where).utcoffset()

    found = []
    for low in range(begin, end, 7 * 86_400):
        high = low + 7 * 86_400
        if offset(low) == offset(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
        found.append(high)
    return found


def rota(timezone: str, every: str, first: datetime) -> Rota:
    handover = {"every": every, "from": first.isoformat()}
    return Rota.from_mapping({"timezone": timezone, "handover": handover, "members": MEMBERS})


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize("every", ["12 hours", "1 day", "1 week", "2 weeks", "1 month"])
def test_ten_years_of_shifts_follow_each_other_edge_to_edge(timezone: str, every: str) -> None:
    who = rota(timezone, every, FIRST.replace(hour=2, minute=30))
    begin = resolve(FIRST.replace(hour=2, minute=30), zone(timezone))
    shifts = list(who.shifts(begin, END))
    assert shifts[0].since == begin
    for one, two in pairwise(shifts):
        assert one.until == two.since
        assert one.people
        assert one.since is not None
        assert one.until is not None
        assert one.since < one.until
    assert shifts[-1].until is not None
    assert shifts[-1].until >= END


@pytest.mark.parametrize("timezone", ZONES)
def test_every_30_seconds_around_every_change_of_the_clocks_one_person_answers(timezone: str) -> None:
    where = zone(timezone)
    changed = transitions(timezone, BEGIN, END)
    assert len(changed) == CHANGES[timezone], "another zone database: look up what it says, and say so above"
    for number, change in enumerate(changed):
        # Hand-overs every hour, and every day at a time of day that this change skips, repeats or just touches.
        hourly = number // 2 % 2 == 1  # of each two changes one goes forward and one back
        every, unit = (timedelta(hours=1), "1 hour") if hourly else (timedelta(days=1), "1 day")
        minutes = (-60, -30, -1, 0, 30)[number % 5]
        first = wall(change - 3 * 86_400, where).replace(tzinfo=None, fold=0) + timedelta(minutes=minutes)
        who = rota(timezone, unit, first)
        starts = [resolve(first + k * every, where) for k in range(7 * 24 if hourly else 7)]
        for instant in range(change - AROUND, change + AROUND + 1, STEP):
            k = bisect_right(starts, instant) - 1
            shift = who.on_call(instant)
            assert shift.people == (MEMBERS[k % 3],)
            assert (shift.since, shift.until) == (starts[k], starts[k + 1])
