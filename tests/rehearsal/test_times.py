"""The words in which a scenario says when."""

from datetime import date

import pytest

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import iso, parse_time, zone
from respondby.rehearsal import times

BRUSSELS = zone("Europe/Brussels")
THURSDAY_TEN = parse_time("2026-12-24T10:00", BRUSSELS)


@pytest.mark.parametrize(
    "text,expected",
    [
        ("10:05", "2026-12-24T09:05:00Z"),
        ("9:30", "2026-12-24T08:30:00Z"),
        ("10:05:30", "2026-12-24T09:05:30Z"),
        ("+1s", "2026-12-24T09:00:01Z"),
        ("+20m", "2026-12-24T09:20:00Z"),
        ("+1h30m", "2026-12-24T10:30:00Z"),
        ("+2 days", "2026-12-26T09:00:00Z"),
        ("mon 09:00", "2026-12-28T08:00:00Z"),
        ("thu 10:00", "2026-12-24T09:00:00Z"),
        ("thu 09:59", "2026-12-31T08:59:00Z"),
        ("2026-12-28T17:30", "2026-12-28T16:30:00Z"),
        ("2026-12-28T17:30+05:00", "2026-12-28T12:30:00Z"),
    ],
)
def test_a_time_is_read_after_the_step_before(text: str, expected: str) -> None:
    assert iso(times.instant(text, BRUSSELS, THURSDAY_TEN)) == expected


def test_a_bare_time_belongs_to_the_local_day_and_not_to_that_of_utc() -> None:
    karachi = zone("Asia/Karachi")
    before = parse_time("2026-10-20T02:00", karachi)
    assert iso(times.instant("03:00", karachi, before)) == "2026-10-19T22:00:00Z"


def test_a_weekday_over_a_change_of_clocks_keeps_its_local_time() -> None:
    before = parse_time("2026-10-23T12:00", BRUSSELS)
    assert iso(times.instant("mon 09:00", BRUSSELS, before)) == "2026-10-26T08:00:00Z"


def test_a_local_time_in_a_gap_is_the_first_instant_after_it() -> None:
    before = parse_time("2026-03-29T01:00", BRUSSELS)
    assert iso(times.instant("02:30", BRUSSELS, before)) == "2026-03-29T01:00:00Z"


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "10:60", "+", "+20", "+m", "monday 09:00", "mon", "2026-13-01T10:00", "+1 business day"],
)
def test_what_names_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeError):
        times.instant(text, BRUSSELS, THURSDAY_TEN)


def test_a_time_is_told_without_its_date_on_the_same_day() -> None:
    day = parse_time("2026-12-28T00:00", BRUSSELS)
    assert times.time_words(day + 63_000, BRUSSELS) == "Mon 28 Dec, 17:30"
    assert times.time_words(day + 63_001, BRUSSELS, day=date(2026, 12, 28)) == "17:30:01"
