"""Calendars: which instants are open, and open time counted (rules 0, 1, 4 and 5)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.support import OFFICE, OFFICE_MAPPING, at, hours

from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import iso
from respondby.calendars.spans import Spans

ROUND_THE_CLOCK = hours(mon_sun="00:00-24:00")
NIGHTS = hours(mon_fri="22:00-06:00")
LUNCH = hours(mon_fri="09:00-12:30 13:00-17:00")
HOUR = 3600


@pytest.mark.parametrize(
    "calendar, begin, end, seconds",
    [
        pytest.param(ROUND_THE_CLOCK, "2026-03-29", "2026-03-30", 23 * HOUR, id="a day without its third hour"),
        pytest.param(ROUND_THE_CLOCK, "2026-10-25", "2026-10-26", 25 * HOUR, id="a day with an hour twice"),
        pytest.param(hours(sun="02:00-03:00"), "2026-03-29", "2026-03-30", 0, id="a window inside a gap"),
        pytest.param(hours(sun="02:00-03:00"), "2026-10-25", "2026-10-26", 2 * HOUR, id="a window that is repeated"),
        pytest.param(hours(sun="02:00-02:30"), "2026-10-25", "2026-10-26", HOUR // 2, id="only its first pass counts"),
        pytest.param(hours(sat="22:00-06:00"), "2026-03-28", "2026-03-30", 7 * HOUR, id="a night an hour shorter"),
        pytest.param(NIGHTS, "2026-12-24", "2026-12-25", 8 * HOUR, id="a night's end belongs to it, not to the date"),
        pytest.param(LUNCH, "2026-11-23T12:00", "2026-11-23T13:30", HOUR, id="lunch is not open"),
        pytest.param(hours(mon="09:00-13:00 12:00-17:00"), "2026-11-23", "2026-11-24", 8 * HOUR, id="overlaps merge"),
        pytest.param(hours(mon="22:00-06:00", tue="05:00-09:00"), "2026-11-23", "2026-11-25", 11 * HOUR, id="at night"),
        pytest.param(hours(mon="18:00-24:00", tue="00:00-06:00"), "2026-11-23", "2026-11-25", 12 * HOUR, id="midnight"),
        pytest.param(OFFICE, "2026-12-24", "2026-12-28", 3 * HOUR, id="a half-day, a holiday and a weekend"),
        pytest.param(OFFICE, "2026-12-31", "2027-01-04", 0, id="a closed date, a holiday and a weekend"),
    ],
)
def test_open_time_between_two_instants(calendar: Calendar, begin: str, end: str, seconds: int) -> None:
    if calendar is NIGHTS:
        # Thursday's window opens on the 24th and ends on the 25th; Wednesday's ended on the 24th at six.
        assert calendar.between(at("2026-12-24T06:00"), at("2026-12-25T06:00")) == seconds
    else:
        assert calendar.between(at(begin), at(end)) == seconds
    assert calendar.between(at(end), at(begin)) == 0


@pytest.mark.parametrize(
    "timezone, days, begin, end, seconds",
    [
        ("Australia/Lord_Howe", "01:00-03:00", "2026-10-04", "2026-10-05", 5400),
        ("Australia/Lord_Howe", "02:00-02:30", "2026-10-04", "2026-10-05", 0),
        ("Australia/Lord_Howe", "01:00-03:00", "2026-04-05", "2026-04-06", 9000),
        ("Africa/Casablanca", "02:15-03:30", "2026-03-22", "2026-03-23", 1800),
        ("Africa/Casablanca", "01:00-04:00", "2026-02-15", "2026-02-16", 4 * HOUR),
        ("America/Sao_Paulo", "00:00-24:00", "2018-11-04", "2018-11-05", 23 * HOUR),
        ("America/Sao_Paulo", "22:00-02:00", "2018-11-03T12:00", "2018-11-04T12:00", 3 * HOUR),
        ("America/Sao_Paulo", "22:00-02:00", "2018-02-17T12:00", "2018-02-18T12:00", 5 * HOUR),
        ("Pacific/Apia", "09:00-17:00", "2011-12-30", "2011-12-31", 0),
        ("Pacific/Apia", "09:00-17:00", "2011-12-29", "2012-01-01", 16 * HOUR),
        ("Pacific/Apia", "22:00-06:00", "2011-12-29T12:00", "2011-12-31T12:00", 8 * HOUR),
        ("Asia/Kathmandu", "09:00-17:30", "2026-11-23", "2026-11-24", 8 * HOUR + 1800),
        ("America/St_Johns", "23:00-01:00", "2010-11-06T12:00", "2010-11-07T12:00", 3 * HOUR),
    ],
)
def test_awkward_zones_keep_their_wall_clock(timezone: str, days: str, begin: str, end: str, seconds: int) -> None:
    calendar = hours(timezone, mon_sun=days)
    assert calendar.between(at(begin, timezone), at(end, timezone)) == seconds


@pytest.mark.parametrize(
    "closed, opened, open_spans",
    [
        pytest.param([], [], ["09:00/17:30"], id="hours"),
        pytest.param(["2026-11-24"], [], [], id="a closed date removes its windows"),
        pytest.param(["2026-11-20/2026-11-24"], [], [], id="the last date of a span is included"),
        pytest.param(["2026-11-20/2026-11-23"], [], ["09:00/17:30"], id="the date after it is not"),
        pytest.param(
            ["2026-11-24T12:00/2026-11-24T13:00"], [], ["09:00/12:00", "13:00/17:30"], id="closed times are cut"
        ),
        pytest.param(["2026-11-24T00:00/2026-11-24T24:00"], [], [], id="closed times may be a whole day"),
        pytest.param(["2026-11-24T11:00Z/2026-11-24T12:00Z"], [], ["09:00/12:00", "13:00/17:30"], id="with an offset"),
        pytest.param([], ["2026-11-24T18:00/2026-11-24T20:00"], ["09:00/17:30", "18:00/20:00"], id="an opening adds"),
        pytest.param([], ["2026-11-24T17:00/2026-11-24T20:00"], ["09:00/20:00"], id="an opening merges"),
        pytest.param([], ["2026-11-24"], ["00:00/24:00"], id="an open date is open from midnight to midnight"),
        pytest.param(["2026-11-24"], ["2026-11-24T10:00/2026-11-24T12:00"], ["10:00/12:00"], id="openings come last"),
        pytest.param(["2026-11-24T08:00/2026-11-24T20:00"], ["2026-11-24"], ["00:00/24:00"], id="over closed times"),
    ],
)
def test_closings_and_openings_of_a_tuesday(closed: list[str], opened: list[str], open_spans: list[str]) -> None:
    calendar = hours(mon_fri="09:00-17:30", closed=closed, open=opened)
    expected = Spans((at(f"2026-11-24T{span[:5]}"), at(f"2026-11-24T{span[6:]}")) for span in open_spans)
    assert calendar.spans(at("2026-11-24"), at("2026-11-25")) == expected


def test_closed_times_cut_a_window_that_crosses_midnight() -> None:
    nights = hours(mon_fri="22:00-06:00", closed=["2026-11-24T02:00/2026-11-24T04:00"])
    assert nights.spans(at("2026-11-23T12:00"), at("2026-11-24T12:00")).pairs == (
        (at("2026-11-23T22:00"), at("2026-11-24T02:00")),
        (at("2026-11-24T04:00"), at("2026-11-24T06:00")),
    )


def test_a_closed_date_removes_the_night_that_opens_on_it_and_not_the_one_before() -> None:
    nights = hours(mon_fri="22:00-06:00", closed=["2026-11-24"])
    assert nights.spans(at("2026-11-23T12:00"), at("2026-11-26T00:00")).pairs == (
        (at("2026-11-23T22:00"), at("2026-11-24T06:00")),
        (at("2026-11-25T22:00"), at("2026-11-26T00:00")),
    )


def test_an_opening_that_lasts_for_days_is_seen_from_any_of_them() -> None:
    calendar = hours(mon="09:00-10:00", open=["2026-12-20T12:00/2027-01-10T12:00"])
    assert calendar.is_open(at("2027-01-09T03:00"))
    assert calendar.next_closing(at("2027-01-02T00:00")) == at("2027-01-10T12:00")


@pytest.mark.parametrize(
    "calendar, instant, is_open, opening, closing",
    [
        (OFFICE, "2026-11-23T08:59:59", False, "2026-11-23T09:00", "2026-11-23T17:30"),
        (OFFICE, "2026-11-23T09:00", True, "2026-11-23T09:00", "2026-11-23T17:30"),
        (OFFICE, "2026-11-23T17:29:59", True, "2026-11-24T09:00", "2026-11-23T17:30"),
        (OFFICE, "2026-11-23T17:30", False, "2026-11-24T09:00", "2026-11-24T17:30"),
        (OFFICE, "2026-12-24T12:00", False, "2026-12-28T09:00", "2026-12-28T17:30"),
        (OFFICE, "2026-12-30T18:00", False, "2027-01-04T09:00", "2027-01-04T17:30"),
        (NIGHTS, "2026-11-24T03:00", True, "2026-11-24T22:00", "2026-11-24T06:00"),
        (LUNCH, "2026-11-24T12:30", False, "2026-11-24T13:00", "2026-11-24T17:00"),
    ],
)
def test_openings_and_closings(calendar: Calendar, instant: str, is_open: bool, opening: str, closing: str) -> None:
    assert calendar.is_open(at(instant)) is is_open
    assert calendar.next_opening(at(instant)) == at(opening)
    assert calendar.next_closing(at(instant)) == at(closing)
    assert calendar.open_from(at(instant)) == at(instant if is_open else opening)


@pytest.mark.parametrize(
    "calendar, start, seconds, end",
    [
        (OFFICE, "2026-11-20T17:00", 30 * 60, "2026-11-20T17:30"),
        (OFFICE, "2026-11-20T17:00", 30 * 60 + 1, "2026-11-23T09:00:01"),
        (OFFICE, "2026-11-21T12:00", 1, "2026-11-23T09:00:01"),
        (OFFICE, "2026-11-20T17:00", 0, "2026-11-20T17:00"),
        (OFFICE, "2026-11-21T12:00", 0, "2026-11-21T12:00"),
        (OFFICE, "2026-11-23T10:00", 51 * HOUR, "2026-12-01T10:00"),
        (ROUND_THE_CLOCK, "2026-03-28T12:00", 24 * HOUR, "2026-03-29T13:00"),
        (NIGHTS, "2026-12-24T23:00", 7 * HOUR, "2026-12-25T06:00"),
    ],
)
def test_open_time_added(calendar: Calendar, start: str, seconds: int, end: str) -> None:
    assert iso(calendar.add(at(start), seconds)) == iso(at(end))
    assert calendar.subtract(at(start), -seconds) == at(end)


@pytest.mark.parametrize(
    "calendar, end, seconds, start",
    [
        (OFFICE, "2026-11-23T10:00", HOUR, "2026-11-23T09:00"),
        (OFFICE, "2026-11-23T10:00", HOUR + 1, "2026-11-20T17:29:59"),
        (OFFICE, "2026-11-20T17:30", 30 * 60, "2026-11-20T17:00"),
        (OFFICE, "2026-11-22T12:00", 30 * 60, "2026-11-20T17:00"),
        (OFFICE, "2026-11-22T12:00", 0, "2026-11-22T12:00"),
        (OFFICE, "2026-01-02T10:00", 2 * HOUR, "2025-12-31T16:30"),
    ],
)
def test_open_time_subtracted(calendar: Calendar, end: str, seconds: int, start: str) -> None:
    assert iso(calendar.subtract(at(end), seconds)) == iso(at(start))
    assert calendar.add(at(end), -seconds) == at(start)


INSTANTS = st.integers(at("2025-06-01"), at("2028-06-01"))


@given(st.sampled_from([OFFICE, NIGHTS, LUNCH, ROUND_THE_CLOCK]), INSTANTS, INSTANTS, INSTANTS)
def test_open_time_adds_up(calendar: Calendar, one: int, two: int, three: int) -> None:
    begin, middle, end = sorted((one, two, three))
    assert calendar.between(begin, end) == calendar.between(begin, middle) + calendar.between(middle, end)
    assert calendar.between(begin, end) == calendar.spans(begin, end).seconds


@given(st.sampled_from([OFFICE, NIGHTS, LUNCH, ROUND_THE_CLOCK]), INSTANTS, st.integers(1, 10**7))
def test_adding_and_subtracting_undo_each_other(calendar: Calendar, start: int, seconds: int) -> None:
    end = calendar.add(start, seconds)
    assert calendar.between(start, end) == seconds
    assert calendar.between(start, end - 1) == seconds - 1
    back = calendar.subtract(end, seconds)
    assert calendar.between(back, end) == seconds
    assert back == calendar.open_from(start)


@settings(max_examples=20)
@given(st.lists(INSTANTS, min_size=2, max_size=4))
def test_an_answer_does_not_depend_on_the_questions_before(instants: list[int]) -> None:
    warm = Calendar(OFFICE.timezone, OFFICE.week, closed=OFFICE.closed)
    for instant in instants:
        fresh = Calendar(OFFICE.timezone, OFFICE.week, closed=OFFICE.closed)
        assert warm.add(instant, 10**6) == fresh.add(instant, 10**6)
        assert warm.subtract(instant, 10**6) == fresh.subtract(instant, 10**6)


@pytest.mark.parametrize(
    "calendar, question, says",
    [
        (hours(), lambda c: c.add(0, 1), "never opens after Thu 1 Jan 1970, 01:00 .Europe/Brussels."),
        (hours(), lambda c: c.subtract(0, 1), "never opens before"),
        (hours(), lambda c: c.next_opening(0), "never opens"),
        (hours(), lambda c: c.next_closing(0), "never closes"),
        (hours(), lambda c: c.closed_by(0), "never closes before"),
        (hours(), lambda c: c.open_day(720_000), "never opens"),
        (hours(), lambda c: c.open_day(720_000, -1), "never opens before"),
        (ROUND_THE_CLOCK, lambda c: c.next_closing(0), "never closes after"),
        (hours(open=["2026-11-24"]), lambda c: c.next_opening(at("2026-11-25")), "never opens after"),
        (hours(open=["2026-11-24"]), lambda c: c.add(at("2026-11-01"), 90_000), "never opens after"),
        (hours(mon="09:00-10:00", closed=["2020-01-01/2200-12-31"]), lambda c: c.add(at("2026-11-01"), 1), "for 2201"),
        (OFFICE, lambda c: c.add(at("2026-11-01"), 10**9), "holidays of BE are known for"),
        (hours(mon="09:00-10:00"), lambda c: c.add(at("2026-11-01"), 10**9), "years 1900 to 2200, not for 2201"),
        (hours(mon="09:00-10:00"), lambda c: c.is_open(at("1850-01-01")), "years 1900 to 2200, not for 18"),
    ],
)
def test_a_question_without_an_answer_is_an_error_and_ends(calendar: Calendar, question, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TimeError, match=says):
        question(calendar)


def test_an_open_instant_belongs_to_the_date_of_its_window() -> None:
    assert NIGHTS.day_holding(at("2026-11-24T03:00")).opens == at("2026-11-23T22:00")
    assert OFFICE.day_holding(at("2026-11-24T09:00")).closes == at("2026-11-24T17:30")
    with pytest.raises(TimeError, match=r"Tue 24 Nov 2026, 17:30 \(Europe/Brussels\) is outside hours"):
        OFFICE.day_holding(at("2026-11-24T17:30"))


def test_a_calendar_that_never_opens_has_no_open_time() -> None:
    assert hours().between(at("2026-01-01"), at("2027-01-01")) == 0
    assert not hours().is_open(at("2026-01-01"))


@pytest.mark.parametrize(
    "mapping",
    [
        OFFICE_MAPPING,
        {"timezone": "UTC", "hours": {}},
        {"timezone": "UTC", "hours": {"mon-fri": ["13:00-22:00"]}, "holidays": {"country": "DE", "subdivision": "BY"}},
        {"timezone": "UTC", "hours": {"sat": ["22:00-06:00"]}, "closed": ["2026-01-01/2026-01-05"]},
        {
            "timezone": "UTC",
            "hours": {"mon": ["09:00-10:00"]},
            "open": ["2026-02-01", "2026-02-02T10:00Z/2026-02-02T12:00Z"],
        },
    ],
)
def test_a_calendar_written_back_is_equal_and_shares_its_work(mapping: dict[str, object]) -> None:
    calendar = Calendar.from_mapping(mapping)
    again = Calendar.from_mapping(calendar.to_mapping())
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.to_mapping() == calendar.to_mapping()
    assert Calendar.from_mapping(dict(mapping)) is calendar


def test_calendars_that_say_another_thing_are_unequal() -> None:
    assert hours(mon="09:00-10:00") != hours(tue="09:00-10:00")
    assert hours("Europe/Paris", mon="09:00-10:00") != hours("Europe/Brussels", mon="09:00-10:00")


def test_the_zone_of_a_calendar_that_names_none_is_the_desk_s() -> None:
    assert Calendar.from_mapping({"hours": {}}, timezone="Asia/Karachi").timezone == "Asia/Karachi"
    assert Calendar.from_mapping({"hours": {}}).timezone == "UTC"


@pytest.mark.parametrize(
    "mapping, says",
    [
        ("office", "a calendar must be a mapping"),
        ([], "a calendar must be a mapping"),
        ({"hour": {}}, "unknown key “hour” in a calendar; did you mean “hours”"),
        ({"timezone": "Europe/Brusels"}, "“Europe/Brussels”"),
        ({"timezone": 3}, "timezone must be text"),
        ({"hours": {"mon": ["25:00-26:00"]}}, "25:00"),
        ({"hours": {"mon": ["09:00-09:00"]}}, "no length"),
        ({"holidays": "BE"}, "holidays must be a mapping"),
        ({"holidays": {"subdivision": "BY"}}, "holidays must be a mapping"),
        ({"holidays": {"country": "BE", "region": "x"}}, "unknown key “region” in holidays"),
        ({"holidays": {"country": 32}}, "holidays.country must be text"),
        ({"closed": "2026-12-31"}, "closed must be a list"),
        ({"closed": ["2026-02-30"]}, "2026-02-30"),
        ({"closed": ["2026-12-31/2026-12-24"]}, "ends before it begins"),
        ({"closed": ["2026-12-24T12:00/2026-12-24T12:00"]}, "no length"),
        ({"closed": ["2026-12-24T12:00"]}, "not a span"),
        ({"closed": ["2026-12-24T12:00/2026-12-25"]}, "mixes a date and a time"),
        ({"closed": ["2026-12-24/2026-12-25T12:00"]}, "is not a date"),
        ({"closed": ["2026-12-24T12:00Z/2026-12-24T17:00"]}, "offset on one side only"),
        ({"closed": ["9999-12-31"]}, "years 1 to 9999"),
        ({"open": [20261231]}, "must be text"),
        ({"sprints": {"every": "2 weeks"}}, "needs `from`"),
        ({"hours": {"mon": [{1, 2}]}}, "must be text"),
    ],
)
def test_a_calendar_that_cannot_be_read_says_why(mapping: object, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        Calendar.from_mapping(mapping)
