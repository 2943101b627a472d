"""Explanations: the steps of an answer and the rules that had a say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendars.support import OFFICE, at, hours

from respondby.calendars.dues import due, elapsed, measured_on
from respondby.calendars.explaining import explain_due
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import FOREVER
from respondby.calendars.targets import Target, parse_promise

NIGHTS = hours(mon_fri="22:00-06:00")


def target(text: str) -> Target:
    read = parse_promise(text)
    assert isinstance(read, Target)
    return read


INSTANTS = st.integers(at("2026-01-05"), at("2027-01-01"))
PAUSES = st.lists(st.tuples(INSTANTS, st.integers(0, 400_000)).map(lambda pause: (pause[0], sum(pause))), max_size=3)
TEXTS = [
    "within 30h",
    "within 3 business hours",
    "within 2 business days",
    "by end of next week",
    "by 2026-07-01T12:00",
]


@given(st.sampled_from(TEXTS).map(target), st.sampled_from([None, OFFICE, NIGHTS]), INSTANTS, PAUSES)
def test_the_steps_lead_from_the_start_to_the_due_and_add_up(
    promise: Target, named: Calendar | None, start: int, pauses: list[tuple[int, int]]
) -> None:
    explained = explain_due(promise, start, named, OFFICE, pauses)
    assert explained.due == due(promise, start, named, OFFICE, pauses)
    if explained.due <= start:
        assert explained.steps == ()
        return
    steps = explained.steps
    assert (steps[0].begin, steps[-1].end) == (start, explained.due)
    assert all(one.end == two.begin for one, two in pairwise(steps))
    calendar = measured_on(promise, named, OFFICE)
    assert steps[-1].total == elapsed(calendar, start, explained.due, pauses)
    assert sum(step.counted for step in steps) == steps[-1].total
    assert explained.on_calendar == (calendar is not None)


@pytest.mark.parametrize(
    "text, start, rules, said",
    [
        ("within 30m", "2026-11-23T10:00", [1], "elapsed time"),
        ("within 1 business hour", "2026-11-23T10:00", [1], "only open time counts"),
        ("within 1 business hour", "2026-11-23T08:00", [1], "counts from Mon 23 Nov 2026, 09:00"),
        ("within 1 business hour", "2026-11-23T16:30", [1, 4], "used up exactly at closing time"),
        ("within 1 business day", "2026-11-23T10:00", [2], "the same time of day, 1 open day later"),
        ("within 2 business days", "2026-11-21T10:00", [2, 2], "2 open days later, back to the closing before it"),
        ("by end of business day", "2026-11-23T10:00", [3], "the first close of a business day after the start"),
        ("by end of next business day", "2026-11-23T10:00", [3], "the first open date after Mon 23 Nov 2026"),
        ("by end of next week", "2026-11-23T10:00", [3], "the first week with open time after the start's"),
        ("by 2026-11-23T12:00", "2026-11-23T10:00", [], ""),
    ],
)
def test_each_reason_names_its_rule(text: str, start: str, rules: list[int], said: str) -> None:
    explained = explain_due(target(text), at(start), None, OFFICE)
    assert [reason.rule for reason in explained.reasons] == rules
    assert said in "; ".join(reason.text for reason in explained.reasons)


@pytest.mark.parametrize(
    "pause, said",
    [
        (("2026-11-23T10:10", "2026-11-23T10:20"), "pauses moved it from Mon 23 Nov 2026, 11:00"),
        (("2026-11-23T12:00", "2026-11-23T13:00"), "a pause that begins at or after the due does not count"),
        (("2026-11-23T10:10", None), "paused since Mon 23 Nov 2026, 10:10, and nobody has ended the pause"),
    ],
)
def test_pauses_say_what_they_did(pause: tuple[str, str | None], said: str) -> None:
    pair = (at(pause[0]), FOREVER if pause[1] is None else at(pause[1]))
    explained = explain_due(target("within 1 business hour"), at("2026-11-23T10:00"), None, OFFICE, [pair])
    assert explained.reasons[-1].rule == 6
    assert explained.reasons[-1].text == said


def test_a_pause_over_a_closed_night_moves_nothing_and_says_so() -> None:
    pause = (at("2026-11-23T18:00"), at("2026-11-23T19:00"))
    explained = explain_due(target("by end of next business day"), at("2026-11-23T10:00"), None, OFFICE, [pause])
    assert explained.reasons[-1].text == "pauses covered no open time, so they move nothing"


def test_a_closed_step_says_what_closed_it_beyond_ordinary_hours() -> None:
    explained = explain_due(target("within 12 business hours"), at("2026-12-24T10:00"), None, OFFICE)
    assert [(step.kind, step.why) for step in explained.steps] == [
        ("running", ()),
        (
            "closed",
            (
                "2026-12-24T12:00/2026-12-24T17:30 (closed)",
                "Fri 25 Dec (Christmas Day)",
                "Sat 26 – Sun 27 Dec (no hours)",
            ),
        ),
        ("running", ()),
        ("closed", ()),
        ("running", ()),
    ]
    new_year = explain_due(target("within 2 business hours"), at("2026-12-30T16:30"), None, OFFICE).steps[1]
    assert new_year.why == ("Thu 31 Dec (closed)", "Fri 1 Jan (New Year's Day)", "Sat 2 – Sun 3 Jan (no hours)")


def test_dates_in_a_row_over_the_end_of_a_month_name_both() -> None:
    daily = hours(mon_sun="09:00-10:00", closed=["2026-11-28/2026-12-02"])
    step = explain_due(target("within 2h"), at("2026-11-27T09:00"), daily).steps[1]
    assert step.why == ("Sat 28 Nov – Wed 2 Dec (closed)",)


def test_an_endless_pause_is_the_last_step() -> None:
    pause = (at("2026-11-23T10:10"), FOREVER)
    explained = explain_due(target("within 1 business hour"), at("2026-11-23T10:00"), None, OFFICE, [pause])
    assert explained.due == FOREVER
    assert [(step.kind, step.total) for step in explained.steps] == [("running", 600), ("paused", 600)]
    assert explained.steps[-1].end == FOREVER
    from_before = explain_due(target("within 1h"), at("2026-11-23T10:00"), OFFICE, None, [(at("2026-11-23"), FOREVER)])
    assert [(step.kind, step.begin) for step in from_before.steps] == [("paused", at("2026-11-23T10:00"))]
