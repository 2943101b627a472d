"""Instants, wall clocks and the reading of times (rule 5)."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import (
    FOREVER,
    iso,
    parse_time,
    people_time,
    read_date,
    read_time,
    resolve,
    time_text,
    wall,
    zone,
)

ZONES = ["UTC", "Europe/Brussels", "America/Chicago", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
         "America/Sao_Paulo", "America/St_Johns", "Asia/Kathmandu", "Europe/Dublin"]  # fmt: skip


@pytest.mark.parametrize(
    "timezone, local, instant",
    [
        ("UTC", "2026-11-20T16:00", "2026-11-20T16:00:00Z"),
        ("Europe/Brussels", "2026-11-20T16:00", "2026-11-20T15:00:00Z"),
        # A gap: every time in it is the first instant after it.
        ("America/Chicago", "2026-03-08T01:59:59", "2026-03-08T07:59:59Z"),
        ("America/Chicago", "2026-03-08T02:00", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08T02:30", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08T02:59:59", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08T03:00", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08T03:00:01", "2026-03-08T08:00:01Z"),
        # A repeated hour: its first occurrence, and nothing of the second until it is over.
        ("America/Chicago", "2026-11-01T01:00", "2026-11-01T06:00:00Z"),
        ("America/Chicago", "2026-11-01T01:59:59", "2026-11-01T06:59:59Z"),
        ("America/Chicago", "2026-11-01T02:00", "2026-11-01T08:00:00Z"),
        # Half an hour, both ways.
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30:00Z"),
        # Clocks go back for Ramadan, and forward after it.
        ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30:00Z"),
        ("Africa/Casablanca", "2026-02-15T03:00", "2026-02-15T03:00:00Z"),
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:00:00Z"),
        # A day that begins at one o'clock, and one that was left out.
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", "2018-11-04T01:00", "2018-11-04T03:00:00Z"),
        ("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z"),
        ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00Z"),
        # Clocks that go back at one past midnight show yesterday again.
        ("America/St_Johns", "2010-11-06T23:30", "2010-11-07T02:00:00Z"),
        ("America/St_Johns", "2010-11-07T00:00", "2010-11-07T02:30:00Z"),
        ("America/St_Johns", "2010-11-07T00:01", "2010-11-07T03:31:00Z"),
    ],
)
def test_a_local_time_is_one_instant(timezone: str, local: str, instant: str) -> None:
    assert iso(parse_time(local, zone(timezone))) == instant


@given(st.sampled_from(ZONES), st.integers(0, 4_000_000_000))
def test_a_wall_clock_read_back_is_the_instant_or_its_first_pass(timezone: str, instant: int) -> None:
    shown = wall(instant, zone(timezone))
    back = resolve(shown.replace(tzinfo=None, fold=0), zone(timezone))
    assert back == instant if shown.fold == 0 else back < instant
    assert wall(back, zone(timezone)).replace(tzinfo=None, fold=0) == shown.replace(tzinfo=None, fold=0)


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda local: local.replace(microsecond=0)),
    st.timedeltas(min_value=datetime.resolution * 0, max_value=datetime(2026, 1, 3) - datetime(2026, 1, 1)),
)
def test_later_local_times_are_never_earlier_instants(timezone: str, local: datetime, more) -> None:  # type: ignore[no-untyped-def]
    later = (local + more).replace(microsecond=0)
    assert resolve(local, zone(timezone)) <= resolve(later, zone(timezone))


@pytest.mark.parametrize(
    "text, instant",
    [
        ("2026-11-21T23:50+01:00", "2026-11-21T22:50:00Z"),
        ("2026-11-21T23:50:07+0530", "2026-11-21T18:20:07Z"),
        ("2026-11-21T23:50:59.999Z", "2026-11-21T23:50:59Z"),
        ("2026-11-21t23:50z", "2026-11-21T23:50:00Z"),
        ("2026-11-21 23:50-03:30", "2026-11-22T03:20:00Z"),
        ("2026-12-31T24:00Z", "2027-01-01T00:00:00Z"),
        ("1969-12-31T23:59:58Z", "1969-12-31T23:59:58Z"),
        ("0001-01-01T00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_time_with_an_offset_needs_no_zone(text: str, instant: str) -> None:
    assert iso(parse_time(text, None)) == instant
    assert iso(parse_time(text, zone("Asia/Kathmandu"))) == instant


def test_a_date_alone_is_its_midnight() -> None:
    assert iso(parse_time("2026-11-21", zone("Europe/Brussels"))) == "2026-11-20T23:00:00Z"


@pytest.mark.parametrize(
    "text", ["2026-11-21T23:50", "2026-11-21T23:50:01", "2026-11-21T23:50+01:00", "2026-11-21T23:50Z"]
)
def test_a_time_written_back_is_what_was_written(text: str) -> None:
    assert time_text(read_time(text)) == text


@pytest.mark.parametrize(
    "text, says",
    [
        ("2026-02-30", "day is out of range for month"),
        ("2026-13-01T10:00Z", "month must be in 1..12"),
        ("2026-11-21T25:00Z", "00:00 to 24:00"),
        ("2026-11-21T24:01Z", "00:00 to 24:00"),
        ("2026-11-21T10:60Z", "00:00 to 24:00"),
        ("2026-11-21T10:00:60Z", "00:00 to 24:00"),
        ("2026-11-21T10:00+25:00", "no valid offset"),
        ("2026-11-21T10:00+01:60", "no valid offset"),
        ("2026-11-21T10", "not a time"),
        ("2026-11-21T9:00", "not a time"),
        ("21/11/2026 10:00", "not a time"),
        ("2026-W47-6", "not a time"),
        ("tomorrow", "not a time"),
        ("", "not a time"),
        ("2026-11-21T10:00:00Z and more", "not a time"),
        ("٢٠٢٦-11-21T10:00Z", "not a time"),
        ("0000-01-01T00:00Z", "not a date"),
        ("9999-12-31T24:00Z", "years 1 to 9999"),
        ("2026-11-21T10:00", "needs an offset"),
        (5, "must be text"),
        (None, "must be text"),
    ],
)
def test_a_time_that_cannot_be_read_says_why(text: str, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        parse_time(text, None)


@pytest.mark.parametrize("text", ["2026-11-21T10:00", "26-11-21", "2026-11-31", "2026-1-1"])
def test_a_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeError, match="is not a date"):
        read_date(text)


@pytest.mark.parametrize(
    "name, says",
    [
        ("Europe/Bruxelles", "“Europe/Brussels”"),
        ("europe/brusels", "“Europe/Brussels”"),
        ("Mars/Olympus", "not an IANA time zone"),
        ("Europe", "not an IANA time zone"),
        ("", "not an IANA time zone"),
        ("../etc/passwd", "not an IANA time zone"),
        ("/etc/localtime", "not an IANA time zone"),
        ("localtime", "not an IANA time zone"),
        ("right/Europe/Brussels", "not an IANA time zone"),
        ("Europe/Brussels\x00", "not an IANA time zone"),
        (3, "must be text"),
    ],
)
def test_a_zone_that_does_not_exist_is_refused_with_the_nearest_name(name: str, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        zone(name)


@pytest.mark.parametrize("instant", [FOREVER, -(10**14), 10**20])
def test_an_instant_that_no_calendar_shows_is_refused(instant: int) -> None:
    with pytest.raises(TimeError, match="years 1 to 9999"):
        iso(instant)


@pytest.mark.parametrize(
    "text, shown",
    [("2026-11-21T08:05", "Sat 21 Nov 2026, 08:05"), ("2026-03-01T00:00:09", "Sun 1 Mar 2026, 00:00:09")],
)
def test_people_read_a_weekday_and_a_month(text: str, shown: str) -> None:
    assert people_time(parse_time(text, zone("Europe/Brussels")), zone("Europe/Brussels")) == shown


@pytest.mark.parametrize(
    "timezone, instant, shown",
    [
        ("Europe/Brussels", "2026-10-24T23:59:59Z", "Sun 25 Oct 2026, 01:59:59"),
        ("Europe/Brussels", "2026-10-25T00:30Z", "Sun 25 Oct 2026, 02:30 UTC+2"),
        ("Europe/Brussels", "2026-10-25T01:30Z", "Sun 25 Oct 2026, 02:30 UTC+1"),
        ("Europe/Brussels", "2026-10-25T01:59:59Z", "Sun 25 Oct 2026, 02:59:59 UTC+1"),
        ("Europe/Brussels", "2026-10-25T02:00Z", "Sun 25 Oct 2026, 03:00"),
        ("Europe/Brussels", "2026-03-29T01:00Z", "Sun 29 Mar 2026, 03:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:45Z", "Sun 5 Apr 2026, 01:45 UTC+11"),
        ("Australia/Lord_Howe", "2026-04-04T15:15Z", "Sun 5 Apr 2026, 01:45 UTC+10:30"),
        ("America/New_York", "2026-11-01T06:30Z", "Sun 1 Nov 2026, 01:30 UTC-5"),
        ("UTC", "2026-10-25T01:30Z", "Sun 25 Oct 2026, 01:30"),
    ],
)
def test_what_a_clock_shows_twice_says_which_time_is_meant(timezone: str, instant: str, shown: str) -> None:
    assert people_time(parse_time(instant, None), zone(timezone)) == shown


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda time: time.replace(microsecond=0)))
def test_a_time_that_datetime_reads_for_us_is_what_our_own_reading_says(time: datetime) -> None:
    """The quick way and the slow one: a blank in front takes the slow one."""
    for timespec in ("minutes", "seconds"):
        for offset in ("", "Z", "+01:00", "-11:30", "+0545"):
            text = time.isoformat(timespec=timespec) + offset
            assert read_time(text) == read_time(f" {text}")


@pytest.mark.parametrize(
    "text", ["2026-W47-6T10:00", "2026-11-21T10:0a", "2026-11-21T10:00:0٣", "2026-11-21T10:00+1:00"]
)
def test_what_only_datetime_would_take_is_no_time(text: str) -> None:
    with pytest.raises(TimeError):
        read_time(text)
