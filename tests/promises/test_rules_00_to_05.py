"""Rules 0 to 5 as a case meets them: a clock's due is the calendars' answer for the start that the case gave it.

The tables of these rules are tests/calendars; here each has one case of a clock, and one beside it that differs.
"""

from __future__ import annotations

import pytest
from tests.promises.stories import story_of

DESK = """
version: 1
desk: Told
timezone: Europe/Brussels
calendar: office
people: { ann: {}, bob: {}, tess: {} }
calendars:
  office:
    hours: { mon-fri: ["09:00-12:30", "13:00-17:00"] }
    closed: [2026-03-04, 2026-03-05T10:00/2026-03-05T11:00]
  night: { hours: { mon-fri: ["22:00-06:00"] } }
  whole: { hours: { mon-sun: ["00:00-24:00"] } }
  weeks:
    hours: { mon-fri: ["09:00-17:00"] }
    sprints: { every: 2 weeks, at: monday 09:00, from: 2026-03-02 }
roles: { staff: [ann, bob, tess] }
"""


@pytest.mark.parametrize(
    "opened, target, due",
    [
        ("mon 10:00", "1 business hour", "answer due 11:00"),
        ("mon 12:00", "1 business hour", "answer due 13:30"),
        ("sat 02:00", "{ within: 1h, calendar: night }", "answer due sat 03:00"),
        ("sun 02:00", "{ within: 1h, calendar: night }", "answer due mon+1 23:00"),
        ("tue 16:30", "1 business hour", "answer due thu 09:30"),
        ("thu 09:30", "1 business hour", "answer due thu 11:30"),
        ("mon 10:00", "{ within: 24h, calendar: whole }", "answer due tue 10:00"),
    ],
    ids=[
        "in the hours",
        "a break counts for nothing",
        "rule 0: Saturday's small hours are Friday night's",
        "rule 0: Sunday's are nobody's",
        "rule 0: a closed date has no windows",
        "rule 0: closed hours are cut out",
        "rule 0: midnight is no break",
    ],
)
def test_rule_0_windows(opened: str, target: str, due: str) -> None:
    assert _clock(target, opened) == due


@pytest.mark.parametrize(
    "target, due",
    [
        ("4h", "answer due 19:00"),
        ("1 day", "answer due tue 15:00"),
        ("4 business hours", "answer due tue 11:00"),
        ("{ within: 4h, calendar: office }", "answer due tue 11:00"),
        ("{ within: 4 business hours, calendar: whole }", "answer due 19:00"),
    ],
)
def test_rule_1_a_duration_is_elapsed_time_or_open_time(target: str, due: str) -> None:
    assert _clock(target, "mon 15:00") == due


@pytest.mark.parametrize(
    "opened, due",
    [
        ("mon 15:00", "answer due tue 15:00"),
        ("tue 15:00", "answer due thu 15:00"),
        ("tue 10:30", "answer due thu 10:00"),
        ("mon 18:00", "answer due tue 17:00"),
        ("sat 12:00", "answer due mon+1 17:00"),
        ("wed 10:30", "answer due thu 17:00"),
    ],
    ids=[
        "the same time",
        "an open day later",
        "clamped back into that day's open time",
        "after hours: from the next opening",
        "a weekend",
        "a closed day",
    ],
)
def test_rule_2_one_business_day(opened: str, due: str) -> None:
    assert _clock("1 business day", opened) == due


@pytest.mark.parametrize(
    "by, due",
    [
        ("end of business day", "answer due 17:00"),
        ("end of next business day", "answer due tue 17:00"),
        ("end of week", "answer due fri 17:00"),
        ("end of next week", "answer due fri+1 17:00"),
        ("end of sprint", "answer due fri+1 17:00"),
        ("end of next sprint", "answer due fri+3 17:00"),
    ],
)
def test_rule_3_closings(by: str, due: str) -> None:
    assert _clock(f"{{ by: {by}, calendar: weeks }}", "mon 15:00") == due


@pytest.mark.parametrize(
    "target, due",
    [
        ("2 business hours", "answer due 17:00"),
        ("2h30m", "answer due 17:30"),
        ("3 business hours", "answer due tue 10:00"),
    ],
)
def test_rule_4_used_up_at_closing_time_is_due_at_closing_time(target: str, due: str) -> None:
    assert _clock(target, "mon 15:00") == due


@pytest.mark.parametrize(
    "opened, target, due",
    [
        ("sat+3 12:00", "1 day", "answer due sun+3 13:00"),
        ("sat+3 12:00", "{ within: 24h, calendar: whole }", "answer due sun+3 13:00"),
        ("sun+3 01:30", "{ by: 2026-03-29T02:30 }", "answer due sun+3 03:00"),
    ],
    ids=["a day is 24 hours", "on a calendar too", "a time that does not exist is the first one after the gap"],
)
def test_rule_5_clocks_change_on_the_29th_of_march(opened: str, target: str, due: str) -> None:
    assert _clock(target, opened) == due


def _clock(target: str, opened: str) -> str:
    clocks = f"  answer: {{ start: opened, stop: comment by staff, target: {target} }}"
    return story_of(clocks, f'{opened} carla opens "Nothing works"', head=DESK).stands(opened)
