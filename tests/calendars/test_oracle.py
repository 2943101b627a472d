"""The room against the same rules written a second time, minute by minute, around clock changes of awkward zones."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.calendars.oracle import DAYS, Oracle, first_minute

from respondby.calendars.dues import due, elapsed, moved, share
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import wall
from respondby.calendars.targets import Target, parse_by, parse_within

# A zone, and a date on which its clocks change.
CHANGES = [
    ("Europe/Brussels", date(2026, 3, 29)),
    ("Europe/Brussels", date(2026, 10, 25)),
    ("America/Chicago", date(2026, 3, 8)),
    ("America/Chicago", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
]
BEFORE, AFTER = 9, 40


@st.composite
def windows(draw: st.DrawFn) -> list[str]:
    """One to three windows that do not overlap; the last may cross midnight."""
    edges = draw(st.lists(st.integers(0, 47), min_size=2, max_size=6, unique=True).map(sorted))
    texts = [f"{half // 2:02}:{half % 2 * 30:02}" for half in edges[: len(edges) // 2 * 2]]
    pairs = list(zip(texts[::2], texts[1::2], strict=True))
    if draw(st.booleans()):
        pairs[-1] = (pairs[-1][0], draw(st.sampled_from(["24:00", "00:00", pairs[0][0]])))
    return [f"{opens}-{closes}" for opens, closes in pairs if opens != closes]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[str, object], date]:
    timezone, change = draw(st.sampled_from(CHANGES))
    hours = {day: draw(windows()) for day in DAYS if draw(st.integers(0, 3))}
    assume(any(hours.values()))
    dates = st.integers(-3, 8).map(lambda days: change + timedelta(days=days))
    times = st.tuples(dates, st.integers(0, 47), dates, st.integers(0, 47)).filter(lambda t: t[:2] < t[2:])
    as_text = times.map(lambda t: f"{t[0]}T{t[1] // 2:02}:{t[1] % 2 * 30:02}/{t[2]}T{t[3] // 2:02}:{t[3] % 2 * 30:02}")
    closed = draw(st.lists(st.one_of(dates.map(str), as_text), max_size=2))
    calendar: dict[str, object] = {"timezone": timezone, "hours": hours, "closed": closed}
    if draw(st.booleans()):
        calendar["open"] = [f"{change}T05:30/{change + timedelta(days=1)}T01:00"]
    return calendar, change


def oracle_of(calendar: dict[str, object], change: date) -> Oracle:
    return Oracle(calendar, change - timedelta(days=BEFORE), change + timedelta(days=AFTER))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


MINUTES = st.integers(-3 * 1440, 5 * 1440)


@settings(max_examples=25)
@given(calendars(), MINUTES, st.integers(1, 3000))
def test_open_time_is_that_of_the_oracle(case: tuple[dict[str, object], date], offset: int, length: int) -> None:
    calendar, oracle = Calendar.from_mapping(case[0]), oracle_of(*case)
    start = first_minute(midnight(case[1]), oracle.zone) + offset
    assert calendar.is_open(start * 60) == oracle.is_open(start)
    assert calendar.between(start * 60, (start + length) * 60) == oracle.between(start, start + length) * 60
    assert calendar.open_from(start * 60) == oracle.open_from(start) * 60
    if oracle.between(start, start + 14 * 1440) >= length:
        assert calendar.add(start * 60, length * 60) == oracle.add(start, length) * 60
    if oracle.between(start - 4 * 1440, start) >= length:
        assert calendar.subtract(start * 60, length * 60) == oracle.subtract(start, length) * 60


@settings(max_examples=25)
@given(calendars(), MINUTES, st.integers(1, 4))
def test_targets_are_those_of_the_oracle(case: tuple[dict[str, object], date], offset: int, days: int) -> None:
    calendar, oracle = Calendar.from_mapping(case[0]), oracle_of(*case)
    start = first_minute(midnight(case[1]), oracle.zone) + offset
    expected = {
        parse_within(f"{days} business days"): oracle.business_days(start, days),
        parse_by("end of business day"): oracle.end_of_business_day(start),
        parse_by("end of next business day"): oracle.end_of_next_business_day(start),
        parse_by("end of week"): oracle.end_of_week(start),
        parse_by("end of next week"): oracle.end_of_next_week(start),
    }
    for target, minute in expected.items():
        assert isinstance(target, Target)
        answer = due(target, start * 60, calendar)
        assert answer == minute * 60, f"{target}: {wall(answer, oracle.zone)} is not {wall(minute * 60, oracle.zone)}"


@settings(max_examples=25)
@given(
    calendars(),
    MINUTES,
    st.integers(0, 4000),
    st.lists(st.tuples(st.integers(-500, 5000), st.integers(0, 2000)), max_size=4),
)
def test_pauses_move_a_due_as_the_oracle_says(
    case: tuple[dict[str, object], date], offset: int, length: int, pauses: list[tuple[int, int]]
) -> None:
    calendar, oracle = Calendar.from_mapping(case[0]), oracle_of(*case)
    start = first_minute(midnight(case[1]), oracle.zone) + offset
    spans = [(start + begin, start + begin + size) for begin, size in pauses]
    assume(oracle.between(start + length, start + 20 * 1440) > sum(size for _, size in pauses))
    seconds = [(begin * 60, end * 60) for begin, end in spans]
    answer = moved((start + length) * 60, start * 60, calendar, seconds)
    assert answer == oracle.moved(start + length, start, spans) * 60
    paused = {minute for begin, end in spans for minute in range(begin, end)}
    running = sum(minute in oracle.open and minute not in paused for minute in range(start, answer // 60))
    assert elapsed(calendar, start * 60, answer, seconds) == running * 60


@settings(max_examples=25)
@given(calendars(), MINUTES, st.integers(60, 4000), st.integers(1, 99))
def test_a_share_is_reached_when_so_much_of_the_time_is_gone(
    case: tuple[dict[str, object], date], offset: int, length: int, percent: int
) -> None:
    calendar, oracle = Calendar.from_mapping(case[0]), oracle_of(*case)
    start = first_minute(midnight(case[1]), oracle.zone) + offset
    total = oracle.between(start, start + length) * 60
    assume(total)
    at = share(start * 60, (start + length) * 60, percent, calendar)
    assert calendar.between(start * 60, at) * 100 >= total * percent
    assert calendar.between(start * 60, at - 1) * 100 < total * percent


@pytest.mark.parametrize("case", CHANGES[:-1], ids=lambda case: f"{case[0]} {case[1]}")
def test_a_window_at_every_half_hour_of_a_clock_change_is_that_of_the_oracle(case: tuple[str, date]) -> None:
    timezone, change = case
    for half in range(48):
        opens = f"{half // 2:02}:{half % 2 * 30:02}"
        for closes in ("03:15", "24:00"):
            if closes != opens:
                mapping: dict[str, object] = {
                    "timezone": timezone,
                    "hours": {day: [f"{opens}-{closes}"] for day in DAYS},
                }
                oracle = Oracle(mapping, change - timedelta(days=2), change + timedelta(days=2))
                begin, end = min(oracle.owned[change - timedelta(days=2)]), max(oracle.open) - 1440
                answer = Calendar.from_mapping(mapping).between(begin * 60, end * 60)
                assert answer == oracle.between(begin, end) * 60, f"{opens}-{closes}"
