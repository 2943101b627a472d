"""Closures and openings that come back every year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.support import at, hours

from respondby.calendars.dated import DateSpan, TimeSpan, read_calendar_span, read_span
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar


def opens(calendar: Calendar, *times: str) -> list[bool]:
    return [calendar.is_open(at(time)) for time in times]


def test_a_date_is_closed_every_year() -> None:
    calendar = hours(mon_sun="09:00-17:00", closed=["12-24"])
    assert opens(calendar, "2026-12-24T12:00", "2031-12-24T12:00", "2026-12-23T12:00") == [False, False, True]


def test_a_closure_goes_on_into_the_next_year() -> None:
    calendar = hours(mon_sun="09:00-17:00", closed=["12-24/01-02"])
    times = ["2026-12-23T12:00", "2026-12-24T12:00", "2027-01-02T12:00", "2027-01-03T12:00", "2027-12-31T12:00"]
    assert opens(calendar, *times) == [True, False, False, True, False]


def test_a_half_day_comes_back() -> None:
    calendar = hours(mon_sun="09:00-17:00", closed=["12-24T13:00/12-24T24:00"])
    for year in (2026, 2027):
        assert opens(calendar, f"{year}-12-24T12:59", f"{year}-12-24T13:00", f"{year}-12-25T12:00") == [
            True,
            False,
            True,
        ]
    night = hours(mon_sun="00:00-24:00", closed=["12-31T20:00/01-01T08:00"])
    assert opens(night, "2026-12-31T19:59", "2027-01-01T07:59", "2027-01-01T08:00") == [True, False, True]


def test_an_opening_comes_back() -> None:
    calendar = hours(open=["12-24T10:00/12-24T12:00", "01-06"])
    assert opens(calendar, "2030-12-24T11:00", "2030-12-24T12:00", "2031-01-06T23:59") == [True, False, True]
    assert calendar.next_opening(at("2026-02-01T00:00")) == at("2026-12-24T10:00")


def test_it_reads_back_from_its_own_mapping() -> None:
    calendar = hours(mon_fri="09:00-17:00", closed=["12-24", "12-27/01-02", "12-24T13:00/12-24T24:00", "2026-05-04"])
    assert Calendar.from_mapping(calendar.to_mapping()) == calendar


@given(st.dates(date(2001, 1, 1), date(2001, 12, 31)), st.dates(date(2001, 1, 1), date(2001, 12, 31)))
def test_what_comes_back_is_each_year_s_span(first: date, last: date) -> None:
    spans = read_calendar_span(f"{first:%m-%d}/{last:%m-%d}")
    assert not isinstance(spans, DateSpan | TimeSpan)
    for year in (2024, 2026):
        end = last.replace(year=year if last >= first else year + 1)
        assert spans.beginning_in(year) == DateSpan(first.replace(year=year), end)


@pytest.mark.parametrize(
    "written, says",
    [
        ("13-01", "not a date"),
        ("02-30", "not a date"),
        ("02-29", "most years have no 29 February"),
        ("12-24T12:00", "two times with a slash"),
        ("12-24T12:00/12-26", "mixes a date and a time"),
        ("12-24/12-26T12:00", "mixes a date and a time"),
        ("12-24T25:00/12-24T26:00", "a day runs from 00:00 to 24:00"),
    ],
)
def test_one_that_cannot_be_read_says_why(written: str, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        read_calendar_span(written)


def test_elsewhere_a_span_needs_its_year() -> None:
    with pytest.raises(TimeError, match="has no year; only `closed` and `open` of a calendar"):
        read_span("12-24")


def test_an_opening_of_centuries_costs_no_more_than_the_years_that_are_asked() -> None:
    calendar = hours(open=["1900-01-01/2199-12-31"])
    assert calendar.between(at("2026-01-01"), at("2026-01-08")) == timedelta(days=7) // timedelta(seconds=1)
    with pytest.raises(TimeError, match="open for more than a year on end"):
        hours(open=["1900-01-01T00:00/2199-12-31T00:00"])


def test_lists_that_nobody_writes_are_refused() -> None:
    with pytest.raises(TimeError, match="closed lists 501 spans"):
        hours(closed=["2026-01-01"] * 501)
    with pytest.raises(TimeError, match=r"lists 49 windows"):
        Calendar.from_mapping({"hours": {"mon": [f"{n // 4:02}:{n % 4 * 15:02}-23:59" for n in range(49)]}})
