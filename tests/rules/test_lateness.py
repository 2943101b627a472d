"""What was late because our own run was late says so: in the call, and on the card where a promise was missed."""

from __future__ import annotations

import pytest
from tests.laws.world import World
from tests.promises.stories import when
from tests.rules.desk import HEAD, sweep, world

from respondby.desk.case import Actor, Moment
from respondby.desk.reading import read
from respondby.promises.assess import assess
from respondby.rules.cards import card_facts
from respondby.rules.plan import Call

CLOCK = """  answer: { start: opened, stop: comment by staff, target: { priority: { high: 50m, normal: 1h } },
    pause: waiting, ladder: [{ at: 75%, notify: ann, via: chat }, { at: due, label: late, page: ann, via: pager }] }"""


DESK = HEAD.replace("{ label: priority/,", "{ label: priority/, default: normal,")


def opened(story: str = "") -> World:
    return world(CLOCK, f'10:00 carla opens "Help"\n{story}', head=DESK)


def lag(desk: World, now: str) -> int:
    """What the card shows."""
    history = read(desk.policy, desk.case)
    (clock,) = card_facts(desk.policy, history, assess(desk.policy, history, when(now), desk.case.ledger.pins)).clocks
    return clock.lag


@pytest.mark.parametrize("swept, late", [("11:00", 0), ("11:09", 0), ("11:10", 600), ("14:00", 10_800)])
def test_a_call_that_comes_ten_minutes_late_or_more_knows_by_how_much(swept: str, late: int) -> None:
    desk = opened()
    sweep(desk, "10:45")
    (call,) = [action for action in desk.look(when(swept))[1].actions if isinstance(action, Call)]
    assert [reason.late for reason in call.because] == [late]
    sweep(desk, swept)
    assert lag(desk, swept) == late
    assert lag(desk, "18:00") == late  # it is what the record says, whenever somebody looks


@pytest.mark.parametrize(
    "story, sweeps, late",
    [
        ('10:50 bob says "Here"', ["13:00"], 0),  # in time: how late we looked mattered to nobody
        ('11:30 bob says "Here"', ["10:45", "11:00", "12:00"], 0),
        ('11:30 bob says "Here"', ["11:20", "12:00"], 2100),  # the reminder of 10:45 came at 11:20
        ('11:30 bob says "Here"', ["13:00"], 2700),  # nobody was reminded at all before the answer
        ('11:30 bob says "Here"', [], 2700),  # and so it is before anything is recorded
        ('11:05 bob says "Here"', ["10:45", "13:00"], 0),
        ('10:30 bob says "/wait"', ["17:00"], 0),
        # After a pause or another promise nobody knows since when what was overtaken was needed no more.
        ('10:50 bob says "/wait"\n11:30 carla says "So?"\n12:30 bob says "Here"', [], 0),
        ('10:30 bob labels priority/high\n12:00 bob says "Here"', [], 0),
    ],
)
def test_a_card_shows_it_where_a_promise_was_missed(story: str, sweeps: list[str], late: int) -> None:
    desk = opened(story)
    sweep(desk, *sweeps)
    assert lag(desk, "18:00") == late


@pytest.mark.parametrize("at, late", [("10:44", 4500), ("10:45", 3600), ("11:00", 0)])
def test_what_may_have_been_recorded_before_a_record_was_lost_was_not_late(at: str, late: int) -> None:
    desk = opened()
    desk.happen(Moment(when(at), "record lost", Actor("ann", "MEMBER"), "CDE_1"))
    assert lag(desk, "12:00") == late
