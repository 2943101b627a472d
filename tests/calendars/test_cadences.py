"""What recurs on a wall clock (rule 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.support import at

from respondby.calendars.cadences import Cadence
from respondby.calendars.errors import TimeError
from respondby.calendars.instants import iso

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    "timezone, cadence, starts",
    [
        ("UTC", {"every": "1 day", "from": "2026-01-05T09:30"}, ["2026-01-05T09:30", "2026-01-06T09:30"]),
        ("UTC", {"every": "12 hours", "from": "2026-01-05"}, ["2026-01-05T00:00", "2026-01-05T12:00"]),
        ("UTC", {"every": "12 hours", "at": "08:00", "from": "2026-01-05T09:00"}, ["2026-01-06T08:00"]),
        ("UTC", {"every": "2 days", "at": "10:00", "from": "2026-01-05"}, ["2026-01-05T10:00", "2026-01-07T10:00"]),
        ("UTC", {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}, ["2026-01-05T10:00"]),
        ("UTC", {"every": "1 week", "at": "mon 10:00", "from": "2026-01-05T10:01"}, ["2026-01-12T10:00"]),
        ("UTC", {"every": "2 weeks", "at": "friday 10:00", "from": "2026-01-05"}, ["2026-01-09T10:00"]),
        ("UTC", {"every": "1 week", "at": "10:00", "from": "2026-01-07"}, ["2026-01-07T10:00", "2026-01-14T10:00"]),
        ("UTC", {"every": "1 week", "at": "10:00", "from": "2026-01-07T11:00"}, ["2026-01-14T10:00"]),
        ("UTC", {"every": "1 month", "at": "1 09:00", "from": "2026-01-01"}, ["2026-01-01T09:00", "2026-02-01T09:00"]),
        ("UTC", {"every": "3 months", "at": "28 09:00", "from": "2025-11-29"}, ["2025-12-28T09:00"]),
        ("UTC", {"every": "1 month", "at": "09:00", "from": "2026-01-15T09:01"}, ["2026-02-15T09:00"]),
        ("UTC", {"every": "1 month", "from": "2025-12-28T09:00"}, ["2025-12-28T09:00", "2026-01-28T09:00"]),
        ("UTC", {"every": "5 months", "from": "2025-12-28"}, ["2025-12-28", "2026-05-28", "2026-10-28", "2027-03-28"]),
        ("UTC", {"every": "2 weeks", "from": "2026-01-05"}, ["2026-01-05", "2026-01-19", "2026-02-02"]),
        # Wall-clock time: steps over a clock change are longer or shorter.
        (CHICAGO, {"every": "1 hour", "from": "2026-03-08T00:00"},
         ["2026-03-08T06:00Z", "2026-03-08T07:00Z", "2026-03-08T08:00Z", "2026-03-08T08:00Z", "2026-03-08T09:00Z"]),
        (CHICAGO, {"every": "1 hour", "from": "2026-11-01T00:00"},
         ["2026-11-01T05:00Z", "2026-11-01T06:00Z", "2026-11-01T08:00Z"]),
        (CHICAGO, {"every": "1 day", "from": "2026-03-07T15:00Z"}, ["2026-03-07T15:00Z", "2026-03-08T14:00Z"]),
        ("Pacific/Apia", {"every": "1 day", "from": "2011-12-29T09:00"},
         ["2011-12-29T19:00Z", "2011-12-30T10:00Z", "2011-12-30T19:00Z"]),
    ],
)  # fmt: skip
def test_occurrences(timezone: str, cadence: dict[str, str], starts: list[str]) -> None:
    read = Cadence.from_mapping(cadence, timezone)
    assert [iso(read.start(k)) for k in range(len(starts))] == [iso(at(start, timezone)) for start in starts]
    assert Cadence.from_mapping(read.to_mapping(), timezone) == read


@pytest.mark.parametrize(
    "cadence, after, next_start",
    [
        ({"every": "1 day", "at": "22:00"}, "2026-11-23T21:59:59", "2026-11-23T22:00"),
        ({"every": "1 day", "at": "22:00"}, "2026-11-23T22:00", "2026-11-24T22:00"),
        ({"every": "1 week", "at": "friday 10:00"}, "2026-11-23", "2026-11-27T10:00"),
        ({"every": "1 week"}, "2026-11-24", "2026-11-30"),
        ({"every": "1 month", "at": "1 09:00"}, "2026-11-23", "2026-12-01T09:00"),
        ({"every": "1 month"}, "2026-12-23", "2027-01-01"),
        ({"every": "1 hour"}, "2026-11-23T10:30", "2026-11-23T11:00"),
    ],
)
def test_one_of_a_kind_needs_no_beginning(cadence: dict[str, str], after: str, next_start: str) -> None:
    assert Cadence.from_mapping(cadence, "Europe/Brussels").after(at(after)) == at(next_start)


def test_a_clock_set_back_to_yesterday_starts_nothing_twice() -> None:
    daily = Cadence.from_mapping({"every": "1 day", "from": "2010-11-01"}, "America/St_Johns")
    midnight = at("2010-11-07T02:30Z")
    # Forty minutes later it is twenty to midnight again.
    assert daily.at_or_before(midnight + 40 * 60) == midnight
    assert daily.after(midnight) == at("2010-11-08T03:30Z")


def test_until_is_the_end_and_nothing_starts_at_it() -> None:
    daily = Cadence.from_mapping({"every": "1 day", "from": "2026-01-05T09:00", "until": "2026-01-08T09:00"}, "UTC")
    expected = [at(f"2026-01-0{day}T09:00", "UTC") for day in (5, 6, 7)]
    assert list(daily.between(at("2026-01-01"), at("2027-01-01"))) == expected
    assert daily.after(expected[-1]) is None
    assert daily.at_or_before(at("2027-01-01")) == expected[-1]
    assert Cadence.from_mapping(daily.to_mapping(), "UTC") == daily


def test_before_its_beginning_nothing_has_started() -> None:
    daily = Cadence.from_mapping({"every": "1 day", "from": "2026-01-05T09:00"}, "UTC")
    assert daily.index(at("2026-01-05T08:59:59", "UTC")) == -1
    assert daily.at_or_before(at("2020-01-01")) is None
    assert daily.after(at("2020-01-01")) == at("2026-01-05T09:00", "UTC")


def test_two_starts_that_a_gap_swallows_are_one_instant() -> None:
    hourly = Cadence.from_mapping({"every": "1 hour", "from": "2026-03-08T00:00"}, CHICAGO)
    between = list(hourly.between(at("2026-03-08T06:00Z"), at("2026-03-08T09:00Z")))
    assert [iso(start) for start in between] == ["2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"]


CADENCES = st.builds(
    lambda every, unit, begin, timezone: Cadence.from_mapping({"every": f"{every} {unit}", "from": begin}, timezone),
    st.integers(1, 40),
    st.sampled_from(["hours", "days", "weeks", "months"]),
    st.sampled_from(["2026-03-08T02:30", "2026-10-25T01:30", "2011-12-28", "2018-11-03T00:00"]),
    st.sampled_from(["UTC", CHICAGO, "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]),
)


@given(CADENCES, st.integers(at("2011-01-01"), at("2030-01-01")))
def test_the_index_is_the_last_that_has_started(cadence: Cadence, instant: int) -> None:
    k = cadence.index(instant)
    assert k == -1 or cadence.start(k) <= instant
    assert cadence.start(k + 1) > instant


@given(CADENCES, st.integers(0, 500))
def test_starts_never_go_back(cadence: Cadence, k: int) -> None:
    assert cadence.start(k) <= cadence.start(k + 1)
    if cadence.start(k) < cadence.start(k + 1):
        assert cadence.index(cadence.start(k)) == k


@pytest.mark.parametrize(
    "cadence, says",
    [
        ("weekly", "a cadence must be a mapping"),
        ({}, "a cadence must be a mapping"),
        ({"every": "1 week", "form": "2026-01-05"}, "unknown key “form” in a cadence; did you mean “from”"),
        ({"every": "0 days", "from": "2026-01-05"}, "is not a cadence"),
        ({"every": "-1 days", "from": "2026-01-05"}, "is not a cadence"),
        ({"every": "2 fortnights", "from": "2026-01-05"}, "is not a cadence"),
        ({"every": "week"}, "is not a cadence"),
        ({"every": 7}, "every must be text"),
        ({"every": "2 weeks"}, "needs `from`"),
        ({"every": "12 hours", "at": "08:00"}, "needs `from`"),
        ({"every": "1 month", "from": "2026-01-29"}, "no day 29; use a day from 1 to 28"),
        ({"every": "1 month", "at": "31 09:00"}, "no day 31"),
        ({"every": "1 month", "at": "0 09:00"}, "no day 0"),
        ({"every": "1 month", "at": "monday 09:00"}, "does not go with months"),
        ({"every": "1 week", "at": "1 09:00"}, "does not go with weeks"),
        ({"every": "1 day", "at": "monday 09:00"}, "does not go with days"),
        ({"every": "1 week", "at": "moonday 09:00"}, "did you mean “monday”"),
        ({"every": "1 week", "at": "monday"}, "not a time of a cadence"),
        ({"every": "1 day", "at": "9:00"}, "not a time of a cadence"),
        ({"every": "1 day", "at": "24:00"}, "not a time of day"),
        ({"every": "1 day", "at": "25:00"}, "not a time of day"),
        ({"every": "1 day", "from": "2026-02-30"}, "2026-02-30"),
        ({"every": "1 day", "from": "0001-01-01"}, "years 1900 to 2200"),
        ({"every": "1 day", "until": "soon"}, "not a time"),
    ],
)
def test_a_cadence_that_cannot_be_read_says_why(cadence: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        Cadence.from_mapping(cadence, "Europe/Brussels")


def test_an_occurrence_beyond_all_years_is_an_error() -> None:
    for unit in ("weeks", "months"):
        with pytest.raises(TimeError, match="years 1 to 9999"):
            Cadence.from_mapping({"every": f"9 {unit}", "from": "2026-01-05"}, "UTC").start(10**6)
