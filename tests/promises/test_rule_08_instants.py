"""Rule 8: a stop in the due second meets it. Within one instant: facts, then `when`, then moment by moment in the
forge's order what it stops and what it starts; a moment cannot stop what it started.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from tests.promises.stories import HEAD, story_of

ANSWER = "  answer: { start: opened, stop: [comment by staff, closed], target: 1h }"
OPENED = '10:00 carla opens "Nothing works"'


@pytest.mark.parametrize(
    "stop, at, stands",
    [
        ('10:59:59 bob says "Hi"', "12:00", "answer met 10:59:59"),
        ('11:00 bob says "Hi"', "12:00", "answer met 11:00"),
        ('11:00:01 bob says "Hi"', "12:00", "answer late 11:00:01"),
        ('11:00 bob says "Hi"', "10:59:59", "answer due 11:00"),
        ("", "10:59:59", "answer due 11:00"),
        ("", "11:00", "answer breached 11:00"),
        ("11:00 carla closes", "12:00", "answer met 11:00"),
        ("11:00:01 carla closes", "12:00", "answer late 11:00:01"),
    ],
)
def test_rule_8_a_stop_in_the_due_second_meets_it(stop: str, at: str, stands: str) -> None:
    assert story_of(ANSWER, f"{OPENED}\n{stop}").stands(at) == stands


def test_rule_8_a_closing_in_the_due_second_cancels_and_is_no_breach() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: 1h }"
    assert story_of(clocks, f"{OPENED}\n11:00 carla closes").stands("12:00") == "answer cancelled 11:00"
    assert story_of(clocks, f"{OPENED}\n11:00:01 carla closes").stands("12:00") == "answer breached 11:00:01"


PAGING = HEAD.replace("  /ack:", "  /page: { by: staff }\n  /ack:")
PAGE = "  answer: { start: /page, stop: [/page, /ack by staff, comment by staff], target: 10m }"


@pytest.mark.parametrize(
    "story, stands",
    [
        ('10:05 bob says "/page"', "answer due 10:15"),
        ('10:05 bob says "/page\\nThe customer is on the phone"', "answer due 10:15"),
        ('10:05 bob says "/page\\n/ack"', "answer met 10:05"),
        ('10:05 bob says "/ack\\n/page"', "answer due 10:15"),
        ('10:05 bob says "/page"\n10:05 ann says "On it"', "answer met 10:05"),
        ('10:05 ann says "On it"\n10:05 bob says "/page"', "answer due 10:15"),
        ('10:05 bob says "/page"\n10:07 bob says "/page"', "answer met 10:07; answer due 10:17"),
    ],
    ids=[
        "a moment that is start and stop starts",
        "the words beside a command were said before it",
        "a command after it in the same comment stops it",
        "one before it does not",
        "another moment of the same second stops it",
        "not one that came before it",
        "a second such moment stops the first run, and starts one",
    ],
)
def test_rule_8_a_moment_cannot_stop_what_it_started(story: str, stands: str) -> None:
    assert story_of(PAGE, f"{OPENED}\n{story}", head=PAGING).stands("10:08") == stands


def test_rule_8_a_chain_of_one_moment_is_not_stopped_by_it() -> None:
    clocks = """
  first: { start: opened, stop: /update, target: 1h }
  second: { start: first stops, stop: /update, target: 2h }
  third: { start: second stops, stop: /update, target: 3h }
"""
    one = f'{OPENED}\n10:30 bob says "/update soon"'
    assert story_of(clocks, one).stands("10:45") == "first met 10:30; second due 12:30"
    two = f'{one}\n10:50 bob says "/update later"'
    assert story_of(clocks, two).stands("11:00") == "first met 10:30; second met 10:50; third due 13:50"


def test_rule_8_nor_is_it_stopped_by_what_that_moment_stopped() -> None:
    clocks = """
  first: { start: opened, stop: /update, target: 1h }
  other: { start: /update, stop: first stops, target: 1h }
"""
    assert story_of(clocks, f'{OPENED}\n10:30 bob says "/update"').stands("10:45") == "first met 10:30; other due 11:30"


def test_rule_8_a_moment_does_not_answer_what_it_asked_before_its_condition_was_true() -> None:
    clocks = "  fix: { when: { priority: high }, start: /ack, stop: comment by staff, target: 1h }"
    asked = f'{OPENED}\n10:10 bob says "/ack\\n\\nOn it"'
    assert story_of(clocks, f"{asked}\n10:30 bob labels priority/high").stands("10:45") == "fix due 11:30"
    answered = f'{asked}\n10:20 bob says "Done"\n10:30 bob labels priority/high'
    assert story_of(clocks, answered).stands("10:45") == ""


@pytest.mark.parametrize(
    "stop, stands",
    [
        ("comment by staff", "answer cancelled 10:30"),
        ("state set", "answer cancelled 10:30"),
    ],
)
def test_rule_8_when_comes_before_stops(stop: str, stands: str) -> None:
    clocks = f"  answer: {{ when: {{ state: unset }}, start: opened, stop: {stop}, target: 1h }}"
    story = f'{OPENED}\n10:30 bob labels state/hold\n10:30 bob says "Done"'
    assert story_of(clocks, story).stands("11:00") == stands


@pytest.mark.parametrize(
    "first, then, stands",
    [
        ('carla says "And now?"', 'bob says "This"', "answer met 10:30"),
        ('bob says "This"', 'carla says "And now?"', "answer met 10:30; answer due 11:30"),
    ],
)
def test_rule_8_moments_of_one_second_have_the_forges_order(first: str, then: str, stands: str) -> None:
    clocks = "  answer: { start: [opened, comment by author], stop: comment by staff, target: 1h }"
    assert story_of(clocks, f"{OPENED}\n10:30 {first}\n10:30 {then}").stands("11:00") == stands


def test_rule_8_a_moment_stops_before_it_starts() -> None:
    clocks = "  answer: { start: [opened, /update], stop: /update, target: 1h }"
    assert (
        story_of(clocks, f'{OPENED}\n10:30 bob says "/update"').stands("11:00") == "answer met 10:30; answer due 11:30"
    )


@pytest.mark.parametrize(
    "first, then, stands",
    [
        ('carla says "Thanks"', 'bob says "/wait"', "silence due mon+1 10:30"),
        ('bob says "/wait"', 'carla says "Thanks"', "silence met 10:30"),
        ('bob says "/resume"', 'bob says "/wait"', "silence due mon+1 10:30"),
        ('bob says "Here\\n/wait"', 'tess says "Yes"', "silence due mon+1 10:30"),
        ('bob says "/wait\\n/resume"', 'tess says "Yes"', "silence met 10:30"),
        ('bob says "/resume\\n/wait"', 'tess says "Yes"', "silence due mon+1 10:30"),
    ],
)
def test_rule_8_what_was_said_before_a_wait_does_not_end_it(first: str, then: str, stands: str) -> None:
    clocks = "  silence: { start: waiting, stop: [comment by author, /resume], target: 7 days }"
    assert story_of(clocks, f"{OPENED}\n10:30 {first}\n10:30 {then}").stands("11:00") == stands


def test_rule_8_facts_come_before_the_target_of_what_starts() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 10m, normal: 1h } } }"
    story = f"{OPENED}\n10:00 bob labels priority/high"
    assert story_of(clocks, story).stands("10:05") == "answer due 10:10"


def test_rule_8_a_stop_is_judged_by_the_promise_that_was_broken_not_by_one_made_with_it() -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 10m, normal: 4h } } }"
    late = f'{OPENED}\n10:00 bob labels priority/high\n11:00 bob says "Not that urgent after all\\n/priority normal"'
    assert story_of(clocks, late).stands("11:30") == "answer late 11:00"
    before = late.replace('11:00 bob says "Not', '10:59 bob labels priority/normal\n11:00 bob says "Not')
    assert story_of(clocks, before).stands("11:30") == "answer met 11:00"


ETA = "  eta: { start: /agree, stop: [/agree, /update], target: { by: /agree.until } }"


@pytest.mark.parametrize(
    "story, stands",
    [
        ('10:30 bob says "/agree 2026-03-02T12:00"', "eta due 12:00"),
        (
            '10:30 bob says "/agree 2026-03-02T12:00"\n11:00 bob says "/agree 2026-03-02T15:00"',
            "eta met 11:00; eta due 15:00",
        ),
        (
            '10:30 bob says "/agree 2026-03-02T10:50"\n11:00 bob says "/agree 2026-03-02T15:00"',
            "eta late 11:00; eta due 15:00",
        ),
    ],
    ids=["an agreed time", "agreed anew in time", "agreed anew too late: the first promise was broken"],
)
def test_rule_8_what_is_agreed_anew_does_not_mend_what_was_agreed_before(story: str, stands: str) -> None:
    assert story_of(ETA, f"{OPENED}\n{story}").stands("11:30") == stands


ACTS = (
    'carla says "Any news?"',
    "bob labels priority/high",
    'ann says "Soon"',
    'tess says "/resolved"',
    "bob assigns ann",
)


@pytest.mark.parametrize("state", ["", "10:05 bob labels state/hold", "10:05 bob labels priority/normal"])
def test_rule_8_in_any_order_of_a_second_each_clock_stands_as_after_that_many_seconds(state: str) -> None:
    """But for the instants themselves: what came first in a second comes first."""
    opening = f"{OPENED}\n{state}\n" if state else f"{OPENED}\n"
    clocks = "  answer: { start: [opened, comment by author], stop: [comment by staff, /resolved], target: 4h }"
    for order in permutations(ACTS):
        together = opening + "\n".join(f"10:30 {act}" for act in order)
        apart = opening + "\n".join(f"10:30:0{second} {act}" for second, act in enumerate(order))
        runs = [[run.state for run in story_of(clocks, story).assessed("12:00").runs] for story in (together, apart)]
        assert runs[0] == runs[1], order
