"""When promises run out: rules 1, 2, 4 and 6."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.support import OFFICE, at, hours, same

from respondby.calendars.dues import due, elapsed, measured_on, running
from respondby.calendars.errors import TimeError
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER
from respondby.calendars.spans import Spans
from respondby.calendars.targets import Target, parse_promise, parse_within

NIGHTS = hours(mon_fri="22:00-06:00")
LUNCH = hours(mon_fri="09:00-12:30 13:00-17:00")
ROUND_THE_CLOCK = hours(mon_sun="00:00-24:00")
SHORT_FRIDAY = hours(mon_thu="09:00-17:30", fri="09:00-15:00")
LATE_TUESDAY = hours(mon="08:00-16:00", tue="11:00-19:00", wed_fri="08:00-16:00")


def target(text: str) -> Target:
    read = parse_promise(text)
    assert isinstance(read, Target)
    return read


@pytest.mark.parametrize(
    "calendar, start, days, expected",
    [
        (OFFICE, "2026-11-23T10:00", 1, "2026-11-24T10:00"),
        (OFFICE, "2026-11-23T10:00", 5, "2026-11-30T10:00"),
        (OFFICE, "2026-11-23T10:00:07", 1, "2026-11-24T10:00:07"),
        # Over Armistice Day; over New Year with a closed date.
        (OFFICE, "2026-11-10T10:00", 1, "2026-11-12T10:00"),
        (OFFICE, "2026-12-30T10:00", 1, "2027-01-04T10:00"),
        # At an opening, or outside hours: the closing before the opening that it would be.
        (OFFICE, "2026-11-23T09:00", 1, "2026-11-23T17:30"),
        (OFFICE, "2026-11-23T08:00", 1, "2026-11-23T17:30"),
        (OFFICE, "2026-11-23T17:30", 1, "2026-11-24T17:30"),
        (OFFICE, "2026-11-20T18:00", 2, "2026-11-24T17:30"),
        (OFFICE, "2026-11-23T17:29:59", 1, "2026-11-24T17:29:59"),
        # A day that closes earlier clamps back; one that opens later means the closing before it.
        (SHORT_FRIDAY, "2026-11-26T16:00", 1, "2026-11-27T15:00"),
        (SHORT_FRIDAY, "2026-11-26T15:00", 1, "2026-11-27T15:00"),
        (SHORT_FRIDAY, "2026-11-26T16:00", 2, "2026-11-30T16:00"),
        (LATE_TUESDAY, "2026-11-23T10:00", 1, "2026-11-23T16:00"),
        (LATE_TUESDAY, "2026-11-23T11:00", 1, "2026-11-23T16:00"),
        (LATE_TUESDAY, "2026-11-23T11:00:01", 1, "2026-11-24T11:00:01"),
        (LATE_TUESDAY, "2026-11-24T18:00", 1, "2026-11-25T16:00"),
        # Lunch: a time inside it goes back to its beginning, its end is open again.
        (LUNCH, "2026-11-23T12:45", 1, "2026-11-24T13:00"),
        (hours(mon="09:00-17:00", tue="09:00-12:30 13:00-17:00"), "2026-11-23T12:45", 1, "2026-11-24T12:30"),
        (hours(mon="09:00-17:00", tue="09:00-12:30 13:00-17:00"), "2026-11-23T13:00", 1, "2026-11-24T13:00"),
        (hours(mon="09:00-17:00", tue="09:00-12:30 13:00-17:00"), "2026-11-23T12:30", 1, "2026-11-24T12:30"),
        # Closed times are outside hours too.
        (OFFICE, "2026-12-23T11:00", 1, "2026-12-24T11:00"),
        (OFFICE, "2026-12-23T12:00", 1, "2026-12-24T12:00"),
        (OFFICE, "2026-12-24T12:00", 1, "2026-12-28T17:30"),
        # A night counts from the date of its window, also after midnight.
        (NIGHTS, "2026-11-23T23:00", 1, "2026-11-24T23:00"),
        (NIGHTS, "2026-11-24T03:00", 1, "2026-11-25T03:00"),
        (NIGHTS, "2026-11-28T03:00", 1, "2026-12-01T03:00"),
        (NIGHTS, "2026-11-24T12:00", 1, "2026-11-25T06:00"),
        # Where nothing is closed a day is a day; midnight is an opening, and so the closing before it.
        (ROUND_THE_CLOCK, "2026-11-23T10:00", 1, "2026-11-24T10:00"),
        (ROUND_THE_CLOCK, "2026-11-23T00:00", 1, "2026-11-24T00:00"),
        (ROUND_THE_CLOCK, "2026-10-24T02:30", 1, "2026-10-25T02:30"),
        (ROUND_THE_CLOCK, "2026-03-28T02:30", 1, "2026-03-29T03:00"),
        (ROUND_THE_CLOCK, "2026-03-28T02:30", 2, "2026-03-30T02:30"),
    ],
)
def test_business_days_keep_the_local_time(calendar: Calendar, start: str, days: int, expected: str) -> None:
    same(due(target(f"within {days} business days"), at(start), None, calendar), expected)


@pytest.mark.parametrize(
    "text, named, default, measured",
    [
        ("within 30m", None, OFFICE, None),
        ("within 30m", LUNCH, OFFICE, LUNCH),
        ("within 2 days", None, OFFICE, None),
        ("within 1 business hour", None, OFFICE, OFFICE),
        ("within 1 business hour", LUNCH, OFFICE, LUNCH),
        ("within 1 business day", None, OFFICE, OFFICE),
        ("by end of business day", None, OFFICE, OFFICE),
        ("by end of week", LUNCH, OFFICE, LUNCH),
        ("by 2026-11-24T12:00", None, OFFICE, OFFICE),
        ("by 2026-11-24T12:00", LUNCH, OFFICE, LUNCH),
        ("by 2026-11-24T12:00", None, None, None),
    ],
)
def test_a_clock_has_the_calendar_that_its_target_names_or_needs(
    text: str, named: Calendar | None, default: Calendar | None, measured: Calendar | None
) -> None:
    assert measured_on(target(text), named, default) is measured


@pytest.mark.parametrize(
    "text, named, says",
    [
        ("within 1 business hour", None, "needs a calendar"),
        ("within 1 business day", None, "needs a calendar"),
        ("by end of business day", None, "needs a calendar"),
        ("by end of next sprint", None, "needs a calendar"),
        ("within 1 day", OFFICE, "write “1 business day”"),
        ("within 1 week", OFFICE, "write “5 business days”"),
        ("within 2 weeks 1 day", OFFICE, "write “11 business days”"),
        ("within 2 days", OFFICE, "write “2 business days”"),
        ("within 1 week", OFFICE, "cannot be measured on a calendar"),
        ("within 1 day 4h", OFFICE, "cannot be measured on a calendar"),
    ],
)
def test_a_target_that_its_calendar_cannot_measure_is_refused(text: str, named: Calendar | None, says: str) -> None:
    with pytest.raises(TimeError, match=says):
        measured_on(target(text), named, None)
    with pytest.raises(TimeError, match=says):
        due(target(text), at("2026-11-23T10:00"), named)


@pytest.mark.parametrize(
    "text, named, default, expected",
    [
        ("within 1 day", None, OFFICE, "2026-10-25T09:00"),
        ("within 24h", None, OFFICE, "2026-10-25T09:00"),
        ("within 1 week", None, OFFICE, "2026-10-31T09:00"),
        ("within 24h", OFFICE, None, "2026-10-28T16:00"),
        ("within 8h30m", OFFICE, None, "2026-10-26T17:30"),
        ("by 2026-10-27T12:00", None, OFFICE, "2026-10-27T12:00"),
        ("by 2026-10-27T12:00Z", None, OFFICE, "2026-10-27T13:00"),
        ("by 2026-10-27", None, OFFICE, "2026-10-27T00:00"),
        ("by 2026-10-25T02:30", None, OFFICE, "2026-10-25T02:30"),
        ("by 2026-10-20T12:00", None, OFFICE, "2026-10-20T12:00"),
        ("by 2026-10-27T12:00", None, None, "2026-10-27T13:00"),
    ],
)
def test_targets_from_a_saturday_on_which_clocks_go_back_at_night(
    text: str, named: Calendar | None, default: Calendar | None, expected: str
) -> None:
    same(due(target(text), at("2026-10-24T10:00"), named, default), expected)


def test_a_local_time_without_a_calendar_is_in_the_desk_s_zone() -> None:
    karachi = due(target("by 2026-10-27T12:00"), at("2026-10-24T10:00"), timezone="Asia/Karachi")
    assert karachi == at("2026-10-27T12:00+05:00")


case = pytest.param
HOUR = "within 1 business hour"
NEXT_DAY = "by end of next business day"


@pytest.mark.parametrize(
    "text, start, pauses, expected",
    [
        case(HOUR, "10:00", ["10:00/10:20"], "2026-11-23T11:20", id="from the start"),
        case(HOUR, "10:00", ["09:00/10:20"], "2026-11-23T11:20", id="from before the start"),
        case(HOUR, "10:00", ["08:00/09:30"], "2026-11-23T11:00", id="over before the start"),
        case(HOUR, "10:00", ["10:59/11:30"], "2026-11-23T11:31", id="in the last minute"),
        case(HOUR, "10:00", ["11:00/12:00"], "2026-11-23T11:00", id="at the due it does not count"),
        case(HOUR, "10:00", ["10:30/10:40", "11:05/11:15"], "2026-11-23T11:20", id="the moved due"),
        case(HOUR, "10:00", ["10:30/10:40", "11:10/11:15"], "2026-11-23T11:10", id="at the moved due"),
        case(HOUR, "10:00", ["10:30/10:40", "10:35/10:50"], "2026-11-23T11:20", id="overlapping"),
        case(HOUR, "10:00", ["10:30/10:50", "10:35/10:40"], "2026-11-23T11:20", id="one in the other"),
        case(HOUR, "10:00", ["10:30/10:40", "10:40/10:50"], "2026-11-23T11:20", id="one after the other"),
        case(HOUR, "10:00", ["10:40/10:50", "10:30/10:40"], "2026-11-23T11:20", id="in any order"),
        case(HOUR, "10:00", ["10:30/10:30"], "2026-11-23T11:00", id="of no length"),
        case(HOUR, "16:45", ["17:00/18:00"], "2026-11-24T09:45", id="into the evening"),
        case(HOUR, "16:30", ["17:30/18:00"], "2026-11-23T17:30", id="at a due that is a closing"),
        case(HOUR, "18:00", ["18:00/19:00"], "2026-11-24T10:00", id="while closed it moves nothing"),
        case("within 1h", "18:00", ["18:10/19:00"], "2026-11-23T19:50", id="elapsed time while closed"),
        case(NEXT_DAY, "10:00", ["11:00/12:00"], "2026-11-25T10:00", id="an end of day moves on"),
        case(NEXT_DAY, "10:00", ["18:00/20:00"], "2026-11-24T17:30", id="not by a closed pause"),
        case("by end of week", "10:00", ["11:00/12:00"], "2026-11-30T10:00", id="an end of week"),
        case("by end of sprint", "10:00", ["11:00/12:00"], "2026-12-07T10:00", id="an end of sprint"),
        case("within 1 business day", "10:00", ["11:00/19:00"], "2026-11-24T16:30", id="a business day"),
        case("by 2026-11-23T12:00", "10:00", ["11:00/11:30"], "2026-11-23T12:30", id="a time"),
        case("by 2026-11-23T20:00", "10:00", ["17:00/18:00"], "2026-11-24T09:30", id="a time at night"),
        case("by 2026-11-23T20:00", "10:00", ["18:00/19:00"], "2026-11-23T20:00", id="paused at night"),
        case("by 2026-11-23T09:00", "10:00", ["10:10/10:30"], "2026-11-23T09:00", id="a time gone by"),
    ],
)
def test_pauses_move_every_kind_of_due(text: str, start: str, pauses: Sequence[str], expected: str) -> None:
    spans = [(at(f"2026-11-23T{pause[:5]}"), at(f"2026-11-23T{pause[6:]}")) for pause in pauses]
    same(due(target(text), at(f"2026-11-23T{start}"), None, OFFICE, spans), expected)


@pytest.mark.parametrize("text", [HOUR, NEXT_DAY, "within 1h", "within 1 business day", "by 2026-11-23T12:00"])
def test_a_pause_that_nobody_has_ended_holds_the_due_for_ever(text: str) -> None:
    start, pause = at("2026-11-23T10:00"), (at("2026-11-23T10:30"), FOREVER)
    assert due(target(text), start, None, OFFICE, [pause]) == FOREVER
    late = (at("2026-11-27T10:30"), FOREVER)
    assert due(target(text), start, None, OFFICE, [late]) == due(target(text), start, None, OFFICE)


def test_elapsed_time_is_never_negative() -> None:
    pauses = [(at("2026-11-23T09:00"), at("2026-11-23T18:00"))]
    for calendar in (None, OFFICE):
        assert elapsed(calendar, at("2026-11-23T10:00"), at("2026-11-23T12:00"), pauses) == 0
        assert elapsed(calendar, at("2026-11-23T12:00"), at("2026-11-23T10:00"), pauses) == 0
        assert running(calendar, at("2026-11-23T12:00"), at("2026-11-23T10:00")) == Spans()


INSTANTS = st.integers(at("2026-01-05"), at("2027-01-01"))
PAUSES = st.lists(st.tuples(INSTANTS, st.integers(0, 400_000)).map(lambda pause: (pause[0], sum(pause))), max_size=4)
TARGETS = st.sampled_from([HOUR, NEXT_DAY, "within 50h", "within 3 business days", "by end of next sprint"]).map(target)


@given(TARGETS, INSTANTS, PAUSES)
def test_pauses_only_ever_move_a_due_later_and_splitting_them_changes_nothing(
    promise: Target, start: int, pauses: list[tuple[int, int]]
) -> None:
    named = OFFICE if promise == parse_within("50h") else None
    end = due(promise, start, named, OFFICE, pauses)
    assert end >= due(promise, start, named, OFFICE) >= start
    split = [
        half for begin, finish in pauses for half in ((begin, (begin + finish) // 2), ((begin + finish) // 2, finish))
    ]
    assert due(promise, start, named, OFFICE, split[::-1]) == end


@given(st.sampled_from([None, OFFICE, LUNCH, NIGHTS]), INSTANTS, st.integers(1, 500_000), PAUSES)
def test_a_promise_of_seconds_lasts_so_many_of_its_own(
    calendar: Calendar | None, start: int, seconds: int, pauses: list[tuple[int, int]]
) -> None:
    end = due(parse_within(f"{seconds}s"), start, calendar, None, pauses)
    assert elapsed(calendar, start, end, pauses) == seconds
    assert running(calendar, start, end, pauses).seconds == seconds


@given(st.sampled_from([OFFICE, LUNCH, NIGHTS, SHORT_FRIDAY]), INSTANTS, st.integers(1, 20))
def test_more_business_days_are_never_earlier(calendar: Calendar, start: int, days: int) -> None:
    fewer, more = (due(target(f"within {count} business days"), start, calendar) for count in (days, days + 1))
    assert start <= fewer <= more
    assert calendar.is_open(fewer) or calendar.closed_by(fewer) == fewer


@given(st.sampled_from([OFFICE, LUNCH, SHORT_FRIDAY]), INSTANTS, st.integers(0, 100_000), st.integers(1, 5))
def test_a_later_start_is_never_due_earlier(calendar: Calendar, start: int, wait: int, days: int) -> None:
    for text in (f"within {days} business days", "by end of business day", "by end of next week", "within 5h"):
        assert due(target(text), start, calendar) <= due(target(text), start + wait, calendar)
