"""Rule 12: closing cancels, unless it is a stop or the clock says `survives: close`. A breach before the closing stays.
A person's reopening starts a new cycle; a clock may run several times in it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import Story, story_of, when

from respondby.desk.records import Record

OPENED = '10:00 carla opens "Nothing works"'
ANSWER = "  answer: {{ start: [opened, reopened], stop: {stop}, target: 1h{more} }}"


def answer(story: str, *, stop: str = "comment by staff", more: str = "") -> Story:
    """A case with one clock of an hour."""
    return story_of(ANSWER.format(stop=stop, more=more), f"{OPENED}\n{story}")


@pytest.mark.parametrize(
    "stop, more, stands",
    [
        ("comment by staff", "", "answer cancelled 10:30"),
        ("closed", "", "answer met 10:30"),
        ("[comment by staff, closed]", "", "answer met 10:30"),
        ("closed by staff", "", "answer cancelled 10:30"),
        ("comment by staff", ", survives: close", "answer due 11:00"),
        ("closed", ", survives: close", "answer met 10:30"),
    ],
)
def test_rule_12_closing_cancels_unless_it_is_a_stop_or_the_clock_survives(stop: str, more: str, stands: str) -> None:
    assert answer("10:30 carla closes", stop=stop, more=more).stands("10:45") == stands


@pytest.mark.parametrize(
    "stop, more, stands",
    [
        ("comment by staff", "", "answer breached 11:30"),
        ("closed", "", "answer late 11:30"),
        ("comment by staff", ", survives: close", "answer breached 11:00"),
    ],
)
def test_rule_12_a_breach_before_the_closing_stays(stop: str, more: str, stands: str) -> None:
    case = answer("11:30 carla closes", stop=stop, more=more)
    assert case.stands("11:10") == "answer breached 11:00"
    assert case.stands("12:00") == stands


def test_rule_12_what_survives_goes_on_in_a_closed_case_and_in_the_next_cycle() -> None:
    case = answer('10:30 carla closes\n10:40 carla reopens\n10:50 bob says "Hi"', more=", survives: close")
    assert case.stands("10:35") == "answer due 11:00"
    assert case.stands("10:45") == "answer due 11:00"
    assert case.stands("11:30") == "answer met 10:50"
    assert [run.cycle for run in case.assessed("11:30").runs] == [1]


@pytest.mark.parametrize(
    "start, more, stands",
    [
        ("/resolved", ", survives: close", "late due 11:40"),
        ("/resolved", "", ""),
        ("closed", "", "late due 11:30"),
        ("closed", ", survives: close", "late due 11:30"),
    ],
    ids=[
        "what survives may start in a closed case",
        "nothing else does",
        "but for what the closing itself starts",
        "which may survive as well",
    ],
)
def test_rule_12_what_starts_in_a_closed_case(start: str, more: str, stands: str) -> None:
    clocks = f"  late: {{ start: {start}, stop: post-mortem merged, target: 1h{more} }}"
    story = f'{OPENED}\n10:30 carla closes\n10:40 bob says "/resolved"'
    assert story_of(clocks, story).stands("10:45") == stands


@pytest.mark.parametrize(
    "story, cycles",
    [
        ("10:30 carla closes", [(1, "cancelled")]),
        ("10:30 carla closes\n10:40 carla reopens", [(1, "cancelled"), (2, "running")]),
        ("10:30 carla closes\n10:40 gateway reopens", [(1, "cancelled"), (1, "running")]),
        (
            "10:30 carla closes\n10:40 carla reopens\n10:50 bob closes\n10:55 carla reopens",
            [(1, "cancelled"), (2, "cancelled"), (3, "running")],
        ),
        ("10:30 carla closes\n10:30 carla reopens", [(1, "cancelled"), (2, "running")]),
        ("10:30 bob closes\n10:30 desk reopens", [(1, "running")]),
        ("10:30 bob closes\n10:35 desk reopens\n10:40 bob closes", [(1, "cancelled")]),
        ('10:30 carla says "/close"\n10:31 desk closes\n10:40 carla reopens', [(1, "cancelled"), (2, "running")]),
    ],
    ids=[
        "closed",
        "a person's reopening starts a new cycle",
        "a bot's does not",
        "and again",
        "all in one second",
        "a closing that the desk takes back never was",
        "until it may be closed",
        "closed by a command, by the desk's hand",
    ],
)
def test_rule_12_a_persons_reopening_starts_a_new_cycle(story: str, cycles: list[tuple[int, str]]) -> None:
    assert [(run.cycle, run.state) for run in answer(story).assessed("10:59").runs] == cycles


def test_rule_12_a_clock_that_starts_at_the_opening_only_does_not_start_again() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: 1h }"
    assert (
        story_of(clocks, f"{OPENED}\n10:30 carla closes\n10:40 carla reopens").stands("10:45")
        == "answer cancelled 10:30"
    )


def test_rule_12_a_clock_may_run_several_times_in_a_cycle() -> None:
    clocks = "  turn: { start: comment by author, stop: comment by staff, target: 1h }"
    story = "\n".join(
        [OPENED, '10:10 carla says "?"', '10:20 bob says "!"', '10:30 carla says "?"', '10:40 bob says "!"']
    )
    case = story_of(clocks, story)
    assert case.stands("11:00") == "turn met 10:20; turn met 10:40"
    assert {run.cycle for run in case.assessed("11:00").runs} == {1}


def test_rule_12_a_reopening_ends_what_was_waited_for() -> None:
    clocks = "  fix: { start: [opened, reopened], stop: /resolved, pause: waiting, survives: close, target: 2h }"
    story = f'{OPENED}\n10:30 bob says "/wait"\n11:00 bob closes\n11:30 carla reopens'
    assert story_of(clocks, story).stands("11:15") == "fix paused"
    assert story_of(clocks, story).stands("11:45") == "fix due 13:00"


def test_rule_12_a_rung_that_closed_the_case_closed_it_at_its_own_time() -> None:
    case = answer("10:47 desk closes")
    at = case.case.moments[-1].at - 17 * 60
    recorded = case.with_ledger([Record("waiting/I_1/due/0", at, at + 1000, closes=True)])
    assert case.stands("11:30") == "answer cancelled 10:47"
    assert recorded.stands("11:30") == "answer cancelled 10:30"


def test_rule_12_a_closed_case_owes_nothing_later() -> None:
    case = answer("10:30 carla closes")
    assert case.assessed("10:15").next is not None
    assert case.assessed("10:45").next is None
    assert not any(run.live for run in case.assessed("10:45").runs)
    survivor = answer("10:30 carla closes", more=", survives: close")
    assert replace(survivor.assessed("10:45"), runs=()).next == case.assessed("10:15").next


@pytest.mark.parametrize(
    "stop, reason, stands",
    [
        ("closed", "completed", "answer met 10:30"),
        ("closed", "not_planned", "answer cancelled 10:30"),
        ("closed", "duplicate", "answer cancelled 10:30"),
        ("closed as completed", "completed", "answer met 10:30"),
        ("closed as not planned", "not_planned", "answer met 10:30"),
        ("[closed, closed as not planned]", "not_planned", "answer met 10:30"),
        ("closed as duplicate", "not_planned", "answer cancelled 10:30"),
        ("closed as not planned by staff", "not_planned", "answer met 10:30"),
        ("closed as not planned", "completed", "answer cancelled 10:30"),
    ],
)
def test_rule_12_what_is_closed_as_not_planned_was_not_done(stop: str, reason: str, stands: str) -> None:
    assert answer(f"10:30 bob closes {reason}", stop=stop).stands("10:45") == stands


def test_rule_12_what_is_closed_for_silence_was_not_done() -> None:
    silent = Record("silence/x/due/0", when("10:30"), when("10:31"), closes=True, until_reply=True)
    closed = Record("silence/x/due/0", when("10:30"), when("10:31"), closes=True)
    told = answer("", stop="closed")
    assert told.with_ledger([silent]).stands("10:45") == "answer cancelled 10:30"
    assert told.with_ledger([closed]).stands("10:45") == "answer met 10:30"
