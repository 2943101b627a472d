"""Whose turn it is, as the desk acts on it: back by a word, opened again by a verb, rung for after a closing."""

from __future__ import annotations

import pytest
from tests.laws.world import World
from tests.promises.stories import stand, when
from tests.rules.desk import HEAD, sweep, world

from respondby.rules.plan import Close, Reopen

ANSWER = "  answer: { start: [opened, reopened], stop: comment by staff, target: 4h }"
CLOSES = '10:00 carla opens "Printer"\n10:10 carla says "/close it works again"'


def stands(desk: World, time: str) -> str:
    return "; ".join(stand(run) for run in desk.look(when(time))[0].runs)


def test_what_the_author_closed_by_command_their_word_opens_again() -> None:
    desk = world(ANSWER, f'{CLOSES}\n10:20 carla says "No, it does not."')
    _, plan = desk.look(when("10:11"))
    assert Close("completed") in plan.actions  # the forge hears that it was done, not that it was given up
    sweep(desk, "10:11")
    assert (desk.case.open, stands(desk, "10:12")) == (False, "answer cancelled 10:10")
    _, plan = desk.look(when("10:20"))
    assert Reopen() in plan.actions
    sweep(desk, "10:20")
    assert (desk.case.open, stands(desk, "10:25")) == (True, "answer cancelled 10:10; answer due 14:20")


@pytest.mark.parametrize(
    "story",
    [
        '10:20 dora says "Mine neither."',
        '10:20 bob says "Good."',
        '10:20 carla says "/resume"',
        '10:15 ann closes\n10:20 carla says "No."',
    ],
    ids=["not a stranger's", "not staff's", "not a mere command", "not what staff have closed as well"],
)
def test_nothing_else_opens_it(story: str) -> None:
    desk = world(ANSWER, f"{CLOSES}\n{story}")
    sweep(desk, "10:11", "10:21")
    assert desk.case.open is False


def test_what_staff_close_by_command_stays_closed() -> None:
    desk = world(ANSWER, '10:00 carla opens "Printer"\n10:10 bob says "/close"\n10:20 carla says "Thank you"')
    sweep(desk, "10:11", "10:21")
    assert desk.case.open is False


OPENS = HEAD.replace("/resolved:", "/reopen: { by: [author, staff], reopen: true }\n  /resolved:")


@pytest.mark.parametrize("closing", ["10:10 ann closes", '10:10 ann says "/close"', "10:10 carla closes"])
@pytest.mark.parametrize("sweeps", [["10:11", "10:20", "10:25"], ["10:25"]])
def test_a_command_opens_whoever_closed_it(closing: str, sweeps: list[str]) -> None:
    desk = world(ANSWER, f'10:00 carla opens "Printer"\n{closing}\n10:20 carla says "/reopen"', head=OPENS)
    sweep(desk, *sweeps)
    assert desk.case.open is True
    assert stands(desk, "10:30") == "answer cancelled 10:10; answer due 14:20"
    assert not desk.look(when("10:31"))[1]


def test_a_rung_and_a_rule_open_it_too() -> None:
    clocks = "  again: { start: closed, stop: /ack, survives: close, target: 1h, ladder: [{ at: due, reopen: true }] }"
    desk = world(clocks, '10:00 carla opens "Printer"\n10:10 ann closes')
    sweep(desk, "10:11")
    assert desk.case.open is False
    sweep(desk, "11:10")
    assert (desk.case.open, bool(desk.look(when("11:11"))[1])) == (True, False)
    rules = "rules: [{ when: { priority: high }, reopen: true }]"
    desk = world(ANSWER, '10:00 carla opens "x"\n10:10 ann closes\n10:20 ann labels priority/high', more=rules)
    sweep(desk, "10:15", "10:21", "10:22")
    assert desk.case.open is True
    assert stands(desk, "10:30") == "answer cancelled 10:10; answer due 14:20"


LATE_WORD = """
  late-word: { start: comment by author, stop: comment by staff, survives: close, target: 1h,
    ladder: [{ at: due, page: ann, via: phone }] }
"""
PHONE = "  phone: { pagerduty: PHONE }\n"


def test_a_page_about_a_case_that_was_closed_before_rings_until_it_is_answered() -> None:
    story = '10:00 carla opens "x"\n10:10 ann closes\n10:20 carla says "Broken again"\n12:00 bob says "On it"'
    desk = world(LATE_WORD, story, more=PHONE)
    sweep(desk, "10:15", "11:20", "11:40")
    assert [verb for _, _, verb, _, _ in desk.called if verb != "react"] == ["page"]
    sweep(desk, "12:00")
    assert [verb for _, _, verb, _, _ in desk.called if verb != "react"] == ["page", "resolve"]


def test_a_page_from_before_the_closing_is_resolved_by_it() -> None:
    story = '10:00 carla opens "x"\n10:20 carla says "Broken"\n11:30 ann closes'
    desk = world(LATE_WORD, story, more=PHONE)
    sweep(desk, "11:20", "11:30")
    assert [verb for _, _, verb, _, _ in desk.called if verb != "react"] == ["page", "resolve"]
