"""The ends of business days, weeks and sprints (rule 3)."""

import pytest
from tests.calendars.support import OFFICE, at, hours

from respondby.calendars.closings import end_of
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import people_time

NIGHTS = hours(mon_fri="22:00-06:00")
ROUND_THE_CLOCK = hours(mon_sun="00:00-24:00")
LUNCH = hours(mon_fri="09:00-12:30 13:00-17:00")
WEEKEND_NIGHTS = hours(fri_sun="22:00-06:00")


def sprints(every: str, begin: str, *, until: str | None = None, at_time: str | None = None, **days: str) -> Calendar:
    """A Brussels calendar with sprints."""
    cadence = (
        {"every": every, "from": begin} | ({"until": until} if until else {}) | ({"at": at_time} if at_time else {})
    )
    week = {day.replace("_", "-"): windows.split() for day, windows in days.items()}
    return Calendar.from_mapping({"timezone": "Europe/Brussels", "hours": week, "sprints": cadence})


@pytest.mark.parametrize(
    "calendar, start, this_day, next_day",
    [
        (LUNCH, "2026-11-23T12:45", "2026-11-23T17:00", "2026-11-24T17:00"),
        (OFFICE, "2026-11-23T08:00", "2026-11-23T17:30", "2026-11-24T17:30"),
        (OFFICE, "2026-11-23T17:29:59", "2026-11-23T17:30", "2026-11-24T17:30"),
        (OFFICE, "2026-11-23T17:30", "2026-11-24T17:30", "2026-11-24T17:30"),
        # The half-day before Christmas, and a Saturday with an opening of its own.
        (OFFICE, "2026-12-24T11:59:59", "2026-12-24T12:00", "2026-12-28T17:30"),
        (OFFICE, "2026-12-24T12:00", "2026-12-28T17:30", "2026-12-28T17:30"),
        (OFFICE, "2026-10-30T12:00", "2026-10-30T17:30", "2026-10-31T12:00"),
        (OFFICE, "2026-10-31T09:00", "2026-10-31T12:00", "2026-11-02T17:30"),
        (OFFICE, "2026-12-31T12:00", "2027-01-04T17:30", "2027-01-04T17:30"),
        # A night closes on the morning after, and belongs to the date on which it opened.
        (NIGHTS, "2026-11-23T12:00", "2026-11-24T06:00", "2026-11-25T06:00"),
        (NIGHTS, "2026-11-24T03:00", "2026-11-24T06:00", "2026-11-26T06:00"),
        (NIGHTS, "2026-11-24T06:00", "2026-11-25T06:00", "2026-11-26T06:00"),
        (NIGHTS, "2026-11-28T03:00", "2026-11-28T06:00", "2026-12-01T06:00"),
        # Where nothing is ever closed a date closes at its midnight.
        (ROUND_THE_CLOCK, "2026-11-23T00:00", "2026-11-24T00:00", "2026-11-25T00:00"),
        (ROUND_THE_CLOCK, "2026-11-23T23:59:59", "2026-11-24T00:00", "2026-11-25T00:00"),
        (ROUND_THE_CLOCK, "2026-10-25T02:30", "2026-10-26T00:00", "2026-10-27T00:00"),
        # A window that vanishes in a gap does not open its date.
        (hours(sat_mon="02:00-03:00"), "2026-03-28T12:00", "2026-03-30T03:00", "2026-03-30T03:00"),
    ],
)
def test_the_end_of_a_business_day(calendar: Calendar, start: str, this_day: str, next_day: str) -> None:
    assert spoken(calendar, "business day", start) == [people(this_day), people(next_day)]


@pytest.mark.parametrize(
    "calendar, start, this_week, next_week",
    [
        (OFFICE, "2026-11-27T17:29:59", "2026-11-27T17:30", "2026-12-04T17:30"),
        (OFFICE, "2026-11-27T17:30", "2026-12-04T17:30", "2026-12-04T17:30"),
        (OFFICE, "2026-11-29T23:59:59", "2026-12-04T17:30", "2026-12-04T17:30"),
        (OFFICE, "2026-11-30T00:00", "2026-12-04T17:30", "2026-12-11T17:30"),
        (OFFICE, "2026-12-21T10:00", "2026-12-24T12:00", "2026-12-30T17:30"),
        (OFFICE, "2026-12-28T10:00", "2026-12-30T17:30", "2027-01-08T17:30"),
        # Sunday's night belongs to the week that ends with that Sunday, wherever it closes.
        (WEEKEND_NIGHTS, "2026-11-29T12:00", "2026-11-30T06:00", "2026-12-07T06:00"),
        (WEEKEND_NIGHTS, "2026-11-30T03:00", "2026-11-30T06:00", "2026-12-14T06:00"),
        (WEEKEND_NIGHTS, "2026-11-30T06:00", "2026-12-07T06:00", "2026-12-14T06:00"),
        # A week without any open time is passed over.
        (hours(mon_fri="09:00-17:00", closed=["2026-11-30/2026-12-06"]), "2026-11-26T10:00", "2026-11-27T17:00",
         "2026-12-11T17:00"),
        (hours(mon_fri="09:00-17:00", closed=["2026-11-23/2026-12-06"]), "2026-11-26T10:00", "2026-12-11T17:00",
         "2026-12-11T17:00"),
    ],
)  # fmt: skip
def test_the_end_of_a_week(calendar: Calendar, start: str, this_week: str, next_week: str) -> None:
    assert spoken(calendar, "week", start) == [people(this_week), people(next_week)]


MONDAYS = sprints("2 weeks", "2026-01-05", mon_fri="09:00-17:30")


@pytest.mark.parametrize(
    "calendar, start, this_sprint, next_sprint",
    [
        (MONDAYS, "2026-11-24T10:00", "2026-12-04T17:30", "2026-12-18T17:30"),
        (MONDAYS, "2026-12-04T17:29:59", "2026-12-04T17:30", "2026-12-18T17:30"),
        (MONDAYS, "2026-12-04T17:30", "2026-12-18T17:30", "2026-12-18T17:30"),
        (MONDAYS, "2026-12-06T23:59:59", "2026-12-18T17:30", "2026-12-18T17:30"),
        (MONDAYS, "2026-12-07T00:00", "2026-12-18T17:30", "2027-01-01T17:30"),
        (MONDAYS, "2026-01-05T00:00", "2026-01-16T17:30", "2026-01-30T17:30"),
        # A boundary in the middle of a day: that day has not closed by then.
        (sprints("1 week", "2026-01-07", at_time="wednesday 13:00", mon_fri="09:00-17:30"), "2026-11-23T10:00",
         "2026-11-24T17:30", "2026-12-01T17:30"),
        (sprints("1 week", "2026-01-07", at_time="wednesday 13:00", mon_fri="09:00-17:30"), "2026-11-25T12:59",
         "2026-12-01T17:30", "2026-12-01T17:30"),
        # A close exactly at the boundary is the sprint's own.
        (sprints("1 week", "2026-01-05", mon_sun="00:00-24:00"), "2026-11-24T10:00", "2026-11-30", "2026-12-07"),
        # A night that goes on beyond the boundary closes in the sprint after.
        (sprints("1 week", "2026-01-05", fri_sun="22:00-06:00"), "2026-11-24T10:00", "2026-11-29T06:00",
         "2026-12-06T06:00"),
        # A sprint without open time is passed over.
        (sprints("1 day", "2026-01-05", mon_fri="09:00-17:30"), "2026-11-27T10:00", "2026-11-27T17:30",
         "2026-11-30T17:30"),
        (sprints("1 month", "2026-01-15", mon_fri="09:00-17:30"), "2026-11-27T10:00", "2026-12-14T17:30",
         "2027-01-14T17:30"),
    ],
)  # fmt: skip
def test_the_end_of_a_sprint(calendar: Calendar, start: str, this_sprint: str, next_sprint: str) -> None:
    assert spoken(calendar, "sprint", start) == [people(this_sprint), people(next_sprint)]


def test_before_the_first_sprint_its_end_is_known_and_that_of_the_next_is_not() -> None:
    assert end_of("sprint", False, at("2025-12-01T10:00"), MONDAYS) == at("2026-01-16T17:30")
    with pytest.raises(TimeError, match=r"the first begins at Mon 5 Jan 2026, 00:00 \(Europe/Brussels\)"):
        end_of("sprint", True, at("2026-01-04T23:59:59"), MONDAYS)


def test_sprints_without_open_time_are_passed_over_however_many_they_are() -> None:
    rare = Calendar.from_mapping(
        {"hours": {}, "open": ["2029-06-01T10:00Z/2029-06-01T10:30Z"], "sprints": {"every": "1 hour"}}
    )
    for following in (False, True):
        assert end_of("sprint", following, at("2026-11-23"), rare) == at("2029-06-01T10:30Z")


def test_sprints_end_with_their_until() -> None:
    ending = sprints("2 weeks", "2026-01-05", until="2026-01-28", mon_fri="09:00-17:30")
    assert end_of("sprint", True, at("2026-01-05T10:00"), ending) == at("2026-01-27T17:30")
    assert end_of("sprint", False, at("2026-01-27T10:00"), ending) == at("2026-01-27T17:30")
    with pytest.raises(TimeError, match=r"sprints end at Wed 28 Jan 2026, 00:00 \(Europe/Brussels\)"):
        end_of("sprint", False, at("2026-01-27T17:30"), ending)


@pytest.mark.parametrize(
    "calendar, period, says",
    [
        (LUNCH, "sprint", "needs `sprints`"),
        (hours(), "business day", "never opens"),
        (hours(), "week", "never opens"),
        (sprints("2 weeks", "2026-01-05"), "sprint", "never opens"),
        (hours(open=["2026-11-24"]), "business day", "never opens after"),
    ],
)
@pytest.mark.parametrize("following", [False, True])
def test_an_end_that_never_comes_is_an_error(calendar: Calendar, period: str, says: str, following: bool) -> None:
    with pytest.raises(TimeError, match=says):
        end_of(period, following, at("2026-11-25T10:00"), calendar)


def test_an_opening_that_lasts_for_days_closes_after_dates_that_open_later() -> None:
    fair = hours(mon_fri="09:00-17:00", open=["2026-11-23T20:00/2026-11-26T20:00"])
    assert end_of("business day", False, at("2026-11-23T12:00"), fair) == at("2026-11-24T17:00")
    assert end_of("business day", False, at("2026-11-26T18:00"), fair) == at("2026-11-26T20:00")
    long_fair = hours(mon_fri="09:00-17:00", open=["2026-11-27T20:00/2026-12-09T20:00"])
    assert end_of("week", False, at("2026-11-27T18:00"), long_fair) == at("2026-12-04T17:00")
    assert end_of("week", False, at("2026-12-04T17:00"), long_fair) == at("2026-12-09T20:00")


def spoken(calendar: Calendar, period: str, start: str) -> list[str]:
    return [people_time(end_of(period, following, at(start), calendar), calendar.zone) for following in (False, True)]


def people(text: str) -> str:
    return people_time(at(text), OFFICE.zone)
