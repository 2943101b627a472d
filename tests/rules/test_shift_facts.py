"""What cases tell whoever comes after: from facts, of a period, and never of how long ago."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.world import World
from tests.promises.stories import case_of, policy, when
from tests.rules.desk import CHANNELS, HEAD

from respondby.calendars.instants import parse_time, zone
from respondby.desk.reading import read
from respondby.promises.assess import assess
from respondby.rules import shift_facts
from respondby.rules.drafts import Part
from respondby.rules.nights import night_at
from respondby.rules.shift_facts import AssessedCase

CLOCKS = """
  answer: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: start, page: lead, via: pager }] }
  revert: { each: true, survives: close, start: /workaround, stop: /reverted, target: { by: /workaround.until } }
incidents: { when: { priority: high } }
"""
DESK = (
    HEAD.replace("  lead: { when: { priority: high }, people: tess }", "  lead: tess").replace(
        "commands:", "commands:\n  /note: { by: staff }", 1
    )
    + CHANNELS
)


def world(story: str, *sweeps: str) -> World:
    one = World(policy(CLOCKS, DESK), case_of(story))
    for time in sweeps:
        one.sweep(when(time))
    return one


def assessed(one: World, time: str) -> AssessedCase:
    now = when(time)
    history = read(one.policy, one.case)
    return AssessedCase(history, assess(one.policy, history, now, one.case.ledger.pins))


OPENED = '10:00 carla opens "x"'
CHANGED = '10:10 ann says "/workaround 2026-03-02T12:00"'
MONDAY, TUESDAY, WEDNESDAY = when("00:00"), when("tue 00:00"), when("wed 00:00")


@pytest.mark.parametrize(
    "story, time, says",
    [
        ("", "10:30", [("answer", False, False)]),
        ("", "11:30", [("answer", True, False)]),
        ('10:10 ann says "Hello"', "10:30", []),
        (
            '10:10 ann says "/workaround 2026-03-02T12:00"',
            "10:30",
            [("answer", False, False), ("revert", False, False)],
        ),
    ],
    ids=["due", "overdue", "answered: nothing is promised any more", "a workaround beside it"],
)
def test_an_open_request_tells_its_promises(story: str, time: str, says: list[tuple[str, bool, bool]]) -> None:
    one = world(f"{OPENED}\n{story}")
    (found,) = shift_facts.open_cases(one.policy, [assessed(one, time)])
    assert [(promise.clock, promise.overdue, promise.paused) for promise in found.promises] == says
    assert found.waiting_since is None


def test_who_waits_for_whom_is_told() -> None:
    one = world(f'{OPENED}\n10:10 ann says "/wait"\n10:20 ann assigns bob')
    (found,) = shift_facts.open_cases(one.policy, [assessed(one, "10:30")])
    assert found.waiting_since == when("10:10")


def test_a_closed_request_is_not_open() -> None:
    one = world(f"{OPENED}\n10:10 ann closes")
    assert shift_facts.open_cases(one.policy, [assessed(one, "10:30")]) == ()


@pytest.mark.parametrize(
    "story, time, since, until, says",
    [
        ("", "12:00", MONDAY, TUESDAY, [("breached", None)]),
        ('12:00 ann says "Hello"', "13:00", MONDAY, TUESDAY, [("late", when("12:00"))]),
        ("12:00 ann closes", "13:00", MONDAY, TUESDAY, [("breached", when("12:00"))]),
        ('10:30 ann says "Hello"', "13:00", MONDAY, TUESDAY, []),
        ("", "wed 12:00", TUESDAY, WEDNESDAY, []),
        ("", "12:00", MONDAY, when("11:00"), []),
        ("", "12:00", when("11:00"), TUESDAY, [("breached", None)]),
    ],
    ids=["still open", "late", "given up", "kept", "of another day", "its due ends the period", "or begins it"],
)
def test_a_missed_promise_counts_for_the_period_of_its_due(
    story: str, time: str, since: int, until: int, says: list[tuple[str, int | None]]
) -> None:
    one = world(f"{OPENED}\n{story}")
    assert [(m.state, m.ended) for m in shift_facts.missed([assessed(one, time)], since, until)] == says


def test_a_page_counts_for_whom_it_reached_once() -> None:
    one = world(OPENED, "10:00", "10:05", "11:00")
    found = shift_facts.calls(one.policy, [assessed(one, "12:00")], MONDAY, TUESDAY)
    assert found == (shift_facts.Calls("tess", 1, 0, 0),)
    assert shift_facts.calls(one.policy, [assessed(one, "12:00")], TUESDAY, WEDNESDAY) == ()


def test_a_call_counts_as_what_it_was_whatever_the_ladder_says_today() -> None:
    one = world(OPENED, "10:00")
    notice, other = CLOCKS.replace("page: lead, via: pager", "notify: lead, via: pager"), "page: bob"
    assert notice != CLOCKS
    for today in (notice, CLOCKS.replace("page: lead", other), "  other: { start: opened, stop: closed, target: 1h }"):
        found = shift_facts.calls(policy(today, DESK), [assessed(one, "12:00")], MONDAY, TUESDAY)
        assert found == (shift_facts.Calls("tess", 1, 0, 0),), today
    told_only = World(policy(notice, DESK), case_of(OPENED))
    told_only.sweep(when("10:00"))
    assert shift_facts.calls(one.policy, [assessed(told_only, "12:00")], MONDAY, TUESDAY) == ()


def test_who_could_not_be_reached_was_not_called() -> None:
    one = World(policy(CLOCKS, DESK), case_of(OPENED), unreachable={"tess"})
    one.sweep(when("10:00"))
    assert shift_facts.calls(one.policy, [assessed(one, "12:00")], MONDAY, TUESDAY) == ()


@pytest.mark.parametrize(
    "timezone, day, night",
    [("Europe/Brussels", 1, 0), ("Asia/Tokyo", 1, 0), ("America/Los_Angeles", 0, 1), (None, 1, 0)],
)
def test_a_night_is_the_callers_own(timezone: str | None, day: int, night: int) -> None:
    one = world(OPENED, "10:00")
    tess = replace(one.policy.people["tess"], timezone=timezone)
    there = replace(one.policy, people={**one.policy.people, "tess": tess})
    (calls,) = shift_facts.calls(there, [assessed(one, "12:00")], MONDAY, TUESDAY)
    assert (calls.day, calls.night, calls.nights) == (day, night, night)


@settings(max_examples=60)
@given(st.integers(0, 2 * 86_400), st.sampled_from(["Europe/Brussels", "America/Chicago", "Asia/Karachi"]))
def test_a_night_is_one_from_ten_until_seven(after: int, where: str) -> None:
    at = parse_time("2026-03-28T12:00", zone(where)) + after
    night = night_at(at, where)
    if night is not None:
        begin = parse_time(f"{night}T22:00", zone(where))
        assert begin <= at < begin + 10 * 3600
        assert {night_at(each, where) for each in range(begin, at + 1, 600)} == {night}


def test_incidents_are_those_that_were_open_in_the_period() -> None:
    one = world(f"{OPENED}\n10:00 ann labels priority/high\ntue 09:00 ann closes")
    for since, until, there in (
        (MONDAY, TUESDAY, True),
        (TUESDAY, WEDNESDAY, True),
        (WEDNESDAY, WEDNESDAY + 86_400, False),
        (MONDAY - 86_400, MONDAY, False),
    ):
        assert bool(shift_facts.incidents(one.policy, [assessed(one, "thu 09:00")], since, until)) == there
    other = world(OPENED)
    assert shift_facts.incidents(other.policy, [assessed(other, "12:00")], MONDAY, TUESDAY) == ()


def test_what_was_an_incident_in_the_period_counts_whatever_was_made_of_it_later() -> None:
    one = world(f"{OPENED}\n10:00 ann labels priority/high\ntue 09:00 ann labels priority/low\nwed 09:00 ann closes")
    (monday,) = shift_facts.incidents(one.policy, [assessed(one, "thu 09:00")], MONDAY, TUESDAY)
    assert (monday.closed, monday.fields) == (None, ("High",))
    (tuesday,) = shift_facts.incidents(one.policy, [assessed(one, "thu 09:00")], TUESDAY, WEDNESDAY)
    assert tuesday.fields == ("Low",)
    assert shift_facts.incidents(one.policy, [assessed(one, "thu 09:00")], WEDNESDAY, WEDNESDAY + 86_400) == ()


def test_notes_are_those_of_the_period_and_of_who_may_make_them() -> None:
    said = ('10:10 ann says "/note the disk"', '10:20 carla says "/note mine"', 'tue 10:00 bob says "/note later"')
    one = world("\n".join((OPENED, *said)))
    assert [note.text for note in shift_facts.notes([assessed(one, "wed 10:00")], MONDAY, TUESDAY)] == ["the disk"]


def test_workarounds_are_told_while_they_stand_the_nearest_first() -> None:
    story = f"""{OPENED}
10:10 ann says "/workaround 2026-03-03T12:00"
10:20 ann says "/workaround 2026-03-02T12:00"
10:30 ann says "/workaround 2026-03-04T12:00"
10:40 ann says "/reverted 3"
10:50 ann closes"""
    one = world(story)
    assert [change.shown for change in shift_facts.temporary(one.policy, [assessed(one, "12:00")])] == ["2", "1"]


def test_a_parts_digest_changes_with_its_facts_and_not_with_time() -> None:
    one = world(OPENED)

    def digest(time: str) -> str:
        return Part("open", shift_facts.open_cases(one.policy, [assessed(one, time)])).digest

    assert digest("10:30") == digest("10:59") != digest("11:30")
