"""Rungs of a ladder: shares of a clock's own time, and offsets from its due (rule 7)."""

import pytest
from tests.calendars.support import OFFICE, at, same

from respondby.calendars.dues import due, offset, share
from respondby.calendars.durations import parse_duration
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER
from respondby.calendars.targets import EndOf


def test_the_draft_s_example_is_three_quarters_gone_on_monday_afternoon() -> None:
    start = at("2026-12-24T10:00")
    end = due(EndOf("business day", following=True), start, None, OFFICE)
    same(end, "2026-12-28T17:30")
    same(share(start, end, 75, OFFICE), "2026-12-28T14:52:30")


@pytest.mark.parametrize(
    "start, end, percent, calendar, pauses, expected",
    [
        ("2026-11-23T10:00", "2026-11-23T12:00", 50, None, [], "2026-11-23T11:00"),
        ("2026-11-23T10:00", "2026-11-23T12:00", 0, None, [], "2026-11-23T10:00"),
        ("2026-11-23T10:00", "2026-11-23T12:00", 100, None, [], "2026-11-23T12:00"),
        ("2026-11-23T10:00:00", "2026-11-23T10:00:10", 33, None, [], "2026-11-23T10:00:04"),
        ("2026-11-23T16:30", "2026-11-24T10:00", 50, OFFICE, [], "2026-11-23T17:30"),
        ("2026-11-23T16:30", "2026-11-24T10:00", 51, OFFICE, [], "2026-11-24T09:01:12"),
        ("2026-11-23T10:00", "2026-11-23T13:00", 50, OFFICE, [("10:30", "11:30")], "2026-11-23T12:00"),
        ("2026-11-23T10:00", "2026-11-23T13:00", 25, OFFICE, [("10:30", "11:30")], "2026-11-23T10:30"),
        # A time agreed for the night has no open time of its own: it is shared out as it passes.
        ("2026-11-23T18:00", "2026-11-23T22:00", 75, OFFICE, [], "2026-11-23T21:00"),
        ("2026-11-23T18:00", "2026-11-23T22:00", 50, OFFICE, [("18:00", "20:00")], "2026-11-23T21:00"),
        ("2026-11-23T18:00", "2026-11-23T22:00", 50, OFFICE, [("17:00", "23:00")], "2026-11-23T20:00"),
        # Promised when it had passed: at once.
        ("2026-11-23T10:00", "2026-11-23T09:00", 75, OFFICE, [], "2026-11-23T09:00"),
    ],
)
def test_a_share_of_the_clock_s_own_time(
    start: str, end: str, percent: int, calendar: Calendar | None, pauses: list[tuple[str, str]], expected: str
) -> None:
    spans = [(at(f"2026-11-23T{begin}"), at(f"2026-11-23T{finish}")) for begin, finish in pauses]
    same(share(at(start), at(end), percent, calendar, spans), expected)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_share_is_between_nothing_and_all(percent: int) -> None:
    with pytest.raises(TimeError, match="is no share"):
        share(0, 100, percent, None)


def test_a_share_of_a_due_that_is_held_is_held() -> None:
    assert share(0, FOREVER, 50, OFFICE) == FOREVER
    assert offset(FOREVER, parse_duration("1 business hour"), OFFICE) == FOREVER


@pytest.mark.parametrize(
    "end, duration, before, expected",
    [
        ("2026-11-27T17:30", "15m", False, "2026-11-27T17:45"),
        ("2026-11-27T17:30", "15m", True, "2026-11-27T17:15"),
        ("2026-11-27T17:30", "1 day", False, "2026-11-28T17:30"),
        ("2026-11-27T17:30", "1 business hour", False, "2026-11-30T10:00"),
        ("2026-11-27T17:30", "1 business hour", True, "2026-11-27T16:30"),
        ("2026-11-30T09:30", "1 business hour", True, "2026-11-27T17:00"),
        ("2026-11-30T10:00", "1 business hour", True, "2026-11-30T09:00"),
        ("2026-11-27T16:00", "1 business day", False, "2026-11-30T16:00"),
        ("2026-11-30T16:00", "1 business day", True, "2026-11-27T16:00"),
        ("2026-11-30T17:30", "1 business day", True, "2026-11-27T17:30"),
        ("2026-11-29T12:00", "1 business day", True, "2026-11-26T17:30"),
        ("2026-12-28T17:30", "1 business day", True, "2026-12-24T12:00"),
        ("2026-11-30T09:00", "1 business day", True, "2026-11-26T17:30"),
        ("2026-11-02T09:30", "1 business day", True, "2026-10-31T10:00"),
    ],
)
def test_rungs_before_and_after_the_due(end: str, duration: str, before: bool, expected: str) -> None:
    same(offset(at(end), parse_duration(duration), OFFICE, before=before), expected)


@pytest.mark.parametrize("before", [False, True])
def test_a_business_rung_needs_a_calendar(before: bool) -> None:
    with pytest.raises(TimeError, match="needs a calendar"):
        offset(0, parse_duration("1 business hour"), None, before=before)
