"""Members who join and leave, gaps that are meant, turns by the working day: by hand and against brute force."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.support import at

from respondby.calendars.instants import people_time, resolve, zone
from respondby.calendars.rotas import Rota

BRUSSELS = "Europe/Brussels"
WEEKLY = {"every": "1 week", "at": "monday 10:00", "from": "2026-01-05"}
OFFICE = {"timezone": BRUSSELS, "hours": {"mon-fri": ["09:00-17:00"]}, "holidays": {"country": "BE"}}
PEOPLE = ["ann", "bob", "cid", "dan"]
EVER = datetime(1900, 1, 1), datetime(2200, 1, 1)


def rota(members: list[object], handover: object = WEEKLY, **more: object) -> Rota:
    return Rota.from_mapping({"timezone": BRUSSELS, "handover": handover, "members": members, **more})


def who(found: Rota, *times: str) -> list[str]:
    return [" ".join(found.on_call(at(time)).people) for time in times]


MONDAYS = ["2026-01-05T12:00", "2026-01-12T12:00", "2026-01-19T12:00", "2026-01-26T12:00", "2026-02-02T12:00"]


@pytest.mark.parametrize(
    "says, members, weeks",
    [
        ("a plain list rotates", ["ann", "bob", "cid"], "ann bob cid ann bob"),
        # Without `from`, `dan` at the end of the list would move the turns of all weeks.
        (
            "who joins gets the first turn after the list's end",
            ["ann", "bob", {"who": "cid", "from": "2026-01-20"}],
            "ann bob ann bob cid",
        ),
        (
            "who joins in the middle of the list is next when the order comes there",
            ["ann", {"who": "cid", "from": "2026-01-20"}, "bob"],
            "ann bob ann cid bob",
        ),
        (
            "who leaves is left out, and the order stays",
            ["ann", {"who": "bob", "until": "2026-01-25"}, "cid"],
            "ann bob cid ann cid",
        ),
        (
            "one follows the other",
            [{"who": "ann", "until": "2026-01-19"}, {"who": "dan", "from": "2026-01-19"}, "bob"],
            "ann bob dan bob dan",
        ),
        ("a pair joins", ["ann", {"who": ["bob", "cid"], "from": "2026-01-19"}], "ann ann bob+cid ann bob+cid"),
        ("nobody serves yet", [{"who": "ann", "from": "2026-01-19"}], "- - ann ann ann"),
    ],
)  # fmt: skip
def test_members_join_and_leave_and_the_order_stays(says: str, members: list[object], weeks: str) -> None:
    found = rota(members)
    assert [name.replace(" ", "+") or "-" for name in who(found, *MONDAYS)] == weeks.split(), says


def test_who_joins_during_a_turn_changes_nothing_before_the_next_one() -> None:
    before, after = rota(["ann", "bob"]), rota(["ann", {"who": "cid", "from": "2026-01-14"}, "bob"])
    for shift in before.shifts(at("2026-01-05T10:00"), at("2026-01-19T10:00")):
        assert shift.since is not None
        assert after.on_call(shift.since) == shift


def test_who_leaves_during_a_turn_gives_the_rest_of_it_to_the_next() -> None:
    found = rota(["ann", {"who": "bob", "until": "2026-01-15"}, "cid"])
    assert who(found, "2026-01-14T23:59", "2026-01-15T00:00", "2026-01-19T12:00") == ["bob", "cid", "cid"]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[object], list[tuple[datetime, datetime]]]:
    """Members with terms, as written and as local times."""
    members: list[object] = []
    terms = []
    for person in PEOPLE[: draw(st.integers(1, 4))]:
        begin = datetime(2026, 1, 5) + timedelta(hours=draw(st.integers(-100, 900)))
        end = begin + timedelta(hours=draw(st.integers(1, 900)))
        dated: dict[str, object] = {"who": person}
        begins, ends = draw(st.booleans()), draw(st.booleans())
        if begins:
            dated["from"] = begin.isoformat()
        if ends:
            dated["until"] = end.isoformat()
        members.append(dated if begins or ends else person)
        terms.append((begin if begins else EVER[0], end if ends else EVER[1]))
    return members, terms


@settings(max_examples=100)
@given(histories(), st.sampled_from([13, 24, 168]))
def test_turns_with_terms_are_what_walking_says(
    case: tuple[list[object], list[tuple[datetime, datetime]]], every: int
) -> None:
    """Turn after turn by hand: the first of the list after the last holder who serves when the turn starts."""
    members, terms = case
    first = datetime(2026, 1, 5, 10)
    found = Rota.from_mapping(
        {"timezone": "UTC", "handover": {"every": f"{every} hours", "from": first.isoformat()}, "members": members}
    )
    last = len(members) - 1
    for turn in range(60 * 24 // every):
        starts = first + timedelta(hours=every * turn)
        order = [(last + 1 + step) % len(members) for step in range(len(members))]
        serving = [member for member in order if terms[member][0] <= starts < terms[member][1]]
        expected = (PEOPLE[serving[0]],) if serving else ()
        assert found.on_call(resolve(starts, zone("UTC"))).people == expected, starts
        last = serving[0] if serving else last


def test_a_gap_that_is_meant_is_a_shift_of_nobody_with_its_reason() -> None:
    closed = {"from": "2026-12-24T18:00", "until": "2026-12-27T09:00", "on": [], "why": "Closed for Christmas"}
    found = rota(["ann", "bob"], overrides=[closed])
    shift = found.on_call(at("2026-12-25T12:00"))
    assert (shift.people, shift.since, shift.until) == ((), at("2026-12-24T18:00"), at("2026-12-27T09:00"))
    reason = found.reason(at("2026-12-25T12:00"))
    assert (reason.on_purpose, [entry.why for entry in reason.entries]) == (True, ["Closed for Christmas"])
    assert not found.reason(at("2026-12-24T12:00")).on_purpose


def test_one_of_a_pair_may_be_off_on_purpose() -> None:
    off = {"from": "2026-01-06", "until": "2026-01-07", "on": [], "instead-of": "ann", "why": "One is enough"}
    assert who(rota([["ann", "bob"]], overrides=[off]), "2026-01-05T12:00", "2026-01-06T12:00") == ["ann bob", "bob"]


def test_outside_of_its_calendar_nobody_is_on_call_whatever_an_override_says() -> None:
    week = {"from": "2026-01-05T10:00", "until": "2026-01-12T10:00", "on": "dan"}
    found = rota(["ann", "bob"], during=OFFICE, overrides=[week])
    times = ["2026-01-05T10:00", "2026-01-05T16:59", "2026-01-05T17:00", "2026-01-10T12:00", "2026-01-12T12:00"]
    assert who(found, *times) == ["dan", "dan", "", "", "bob"]
    assert found.reason(at("2026-01-10T12:00")).on_purpose


def test_the_next_and_the_previous_shift_of_hours_are_those_of_somebody() -> None:
    found = rota(["ann", "bob"], {"every": "1 week", "from": "2026-01-05"}, during=OFFICE)
    following, previous = found.next_shift(at("2026-01-06T12:00")), found.previous_shift(at("2026-01-17T12:00"))
    assert following is not None
    assert (following.people, following.since) == (("bob",), at("2026-01-12T09:00"))
    assert previous is not None
    assert (previous.people, previous.until) == (("ann",), at("2026-01-09T17:00"))


@settings(max_examples=40)
@given(st.integers(0, 40 * 24), st.integers(1, 3), st.sampled_from(["09:00", "00:00", "22:30"]))
def test_a_turn_per_working_day_is_what_counting_open_dates_says(hour: int, every: int, clock: str) -> None:
    handover = {
        "every": f"{every} business day{'s' * (every > 1)}",
        "at": clock,
        "from": "2026-04-01",
        "calendar": OFFICE,
    }
    found = rota(["ann", "bob", "cid"], handover)
    free = {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)}
    days = [date(2026, 4, 1) + timedelta(days=step) for step in range(80)]
    opened = [day for day in days if day.weekday() < 5 and day not in free]
    starts = [at(f"{day}T{clock}") for day in opened[::every]]
    instant = at("2026-04-01T12:00") + hour * 3600
    turns = [turn for turn, start in enumerate(starts) if start <= instant]
    shift = found.on_call(instant)
    if not turns:
        assert (shift.people, shift.until) == ((), starts[0])
        return
    assert shift.people == (PEOPLE[turns[-1] % 3],)
    assert (shift.since, shift.until) == (starts[turns[-1]], starts[turns[-1] + 1])


@pytest.mark.parametrize(
    "written, starts",
    [
        ({"at": "first monday 10:00", "from": "2026-01-01"},
         ["Mon 5 Jan 2026, 10:00", "Mon 2 Feb 2026, 10:00", "Mon 2 Mar 2026, 10:00", "Mon 6 Apr 2026, 10:00"]),
        ({"at": "first monday 10:00", "from": "2026-01-06"}, ["Mon 2 Feb 2026, 10:00"]),
        ({"at": "last day 18:00", "from": "2026-01-01"},
         ["Sat 31 Jan 2026, 18:00", "Sat 28 Feb 2026, 18:00", "Tue 31 Mar 2026, 18:00", "Thu 30 Apr 2026, 18:00"]),
        ({"at": "last day 18:00", "from": "2028-02-01"}, ["Tue 29 Feb 2028, 18:00", "Fri 31 Mar 2028, 18:00"]),
        ({"at": "last fri 17:00", "from": "2025-12-27"}, ["Fri 30 Jan 2026, 17:00", "Fri 27 Feb 2026, 17:00"]),
        ({"at": "fourth sunday 02:30", "from": "2026-03-01"}, ["Sun 22 Mar 2026, 02:30", "Sun 26 Apr 2026, 02:30"]),
        ({"every": "3 months", "at": "second tuesday 09:00", "from": "2025-11-30"},
         ["Tue 9 Dec 2025, 09:00", "Tue 10 Mar 2026, 09:00", "Tue 9 Jun 2026, 09:00"]),
    ],
)  # fmt: skip
def test_a_month_s_moving_days(written: dict[str, str], starts: list[str]) -> None:
    found = rota(["ann", "bob"], {"every": "1 month", **written}).handover
    assert found is not None
    assert [people_time(found.start(k), zone(BRUSSELS)) for k in range(len(starts))] == starts
    assert type(found).from_mapping(found.to_mapping(), BRUSSELS) == found


@settings(max_examples=60)
@given(
    st.sampled_from(["first", "second", "third", "fourth", "last"]),
    st.sampled_from(["monday", "wednesday", "sunday", "day"]),
    st.dates(date(2024, 1, 1), date(2028, 12, 1)),
    st.integers(1, 4),
)
def test_a_month_s_moving_days_are_what_a_calendar_on_the_wall_shows(
    which: str, day: str, begin: date, every: int
) -> None:
    if day == "day" and which not in ("first", "last"):
        return
    mapping = {"every": f"{every} months", "at": f"{which} {day} 09:00", "from": begin.isoformat()}
    found = rota(["ann"], mapping).handover
    assert found is not None
    place = -1 if which == "last" else ["first", "second", "third", "fourth"].index(which)
    expected = []
    for number in range(begin.year * 12 + begin.month - 1, begin.year * 12 + begin.month + 30):
        year, month = divmod(number, 12)
        dates = [date(year, month + 1, one) for one in range(1, monthrange(year, month + 1)[1] + 1)]
        expected.append([one for one in dates if day in ("day", one.strftime("%A").lower())][place])
    kept = [one for one in expected if one >= begin][::every][:6]
    assert [found.local(k).date() for k in range(len(kept))] == kept
    for k, (one, two) in enumerate(pairwise(kept)):
        for instant in (at(f"{one}T09:00"), at(f"{two}T08:59:59")):
            assert found.index(instant) == k


@pytest.mark.parametrize(
    "handover, says",
    [
        ({"every": "1 month", "at": "fifth monday 10:00"}, "“fifth” is not a place in a month; write first, second"),
        ({"every": "1 week", "at": "first monday 10:00"}, "goes with months only"),
        ({"every": "1 month", "at": "second day 10:00"}, "names no day; write the number of the day, or last day"),
        ({"every": "1 month", "at": "monday 10:00"}, "or which one: first monday 10:00"),
        ({"every": "1 month", "at": "31 10:00", "from": "2026-01-01"}, "use a day from 1 to 28, or last day"),
        ({"every": "1 business day", "from": "2026-01-01"}, "needs a calendar"),
        ({"every": "1 business day", "calendar": OFFICE}, "needs `from`"),
        ({"every": "0 business days", "from": "2026-01-01", "calendar": OFFICE}, "not a cadence"),
        ({"every": "1 business week", "from": "2026-01-01", "calendar": OFFICE}, "write one such as 1 business day"),
        ({"every": "1 business day", "at": "mon 09:00", "from": "2026-01-01", "calendar": OFFICE}, "does not go with"),
        ({"every": "1 week", "calendar": OFFICE}, "unknown key “calendar” in a cadence"),
    ],
)  # fmt: skip
def test_a_cadence_that_cannot_be_read_says_what_to_write(handover: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rota(["ann"], handover)


def test_a_cadence_of_business_days_reads_back_from_its_own_mapping() -> None:
    handover = {"every": "2 business days", "at": "09:00", "from": "2026-04-04", "calendar": OFFICE}
    found = rota(["ann"], handover).handover
    assert found is not None
    assert found == rota(["ann"], found.to_mapping()).handover
    assert people_time(found.start(0), zone(BRUSSELS)) == "Tue 7 Apr 2026, 09:00"  # after Easter Monday
