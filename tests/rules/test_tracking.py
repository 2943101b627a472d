"""Project boards: which due counts there, when an issue is put on one, and when its date moves."""

from __future__ import annotations

import pytest
from tests.promises.stories import shown
from tests.rules.desk import sweep, world

CLOCKS = """
  answer:
    start: opened
    stop: comment by staff
    target: 8h
    pause: waiting
    ladder: [{ at: 50%, track: { project: acme/1, due: Due, token: BOARD } }]
  solution: { start: opened, stop: /resolved, pause: waiting, target: 72h }
  keeps: { start: opened, stop: /resume, target: 20 days, survives: close }
"""
OPENED = '10:00 carla opens "X"\n'
HIGH = "10:05 bob labels priority/high\n"
OF_ONE = "rules: [{ when: { priority: high }, track: { project: acme/2, due: Due, of: solution, token: BOARD } }]\n"
OF_ALL = OF_ONE.replace("of: solution, ", "")
UNDATED = OF_ONE.replace("due: Due, of: solution, ", "")


def tracked(story: str, rule: str, *times: str) -> list[str]:
    """What was put on boards, and moved there, by sweeps at these times: `10:20 track acme/2 2026-03-05`."""
    desk = world(CLOCKS, OPENED + story, more=rule)
    sweep(desk, *times)
    return [
        f"{shown(at)} {verb} {project} {what.rpartition(' ')[2]}".rstrip()
        for at, what, verb, project, _ in desk.called
        if verb in ("track", "move")
    ]


@pytest.mark.parametrize(
    "story, rule, times, done",
    [
        ("", OF_ONE, ["10:20"], []),
        (HIGH, OF_ONE, ["10:20", "10:30"], ["10:20 track acme/2 2026-03-05"]),
        # Of all that end with the case, the latest due; what goes on when it is closed is none of them.
        (HIGH, OF_ALL, ["10:20"], ["10:20 track acme/2 2026-03-05"]),
        (f'{HIGH}10:10 bob says "/resolved"', OF_ALL, ["10:20"], ["10:20 track acme/2 2026-03-02"]),
        (HIGH, UNDATED, ["10:20"], ["10:20 track acme/2"]),
        # Paused, or met, it has no day.
        (f'{HIGH}10:10 bob says "/wait"', OF_ONE, ["10:20"], ["10:20 track acme/2"]),
        (f'{HIGH}10:10 bob says "/resolved"', OF_ONE, ["10:20"], ["10:20 track acme/2"]),
        # A rung has its own run's due.
        ("", "", ["14:00"], ["14:00 track acme/1 2026-03-02"]),
        ("", "", ["13:59"], []),
        # The date moves when the due comes to lie on another day; paused it stays, and met it stays as well.
        (f'{HIGH}10:30 bob says "/wait"\ntue 10:30 carla says "Here"', OF_ONE,
         ["10:20", "11:00", "tue 11:00", "tue 12:00"],
         ["10:20 track acme/2 2026-03-05", "tue 11:00 move acme/2 2026-03-06"]),
        (f'{HIGH}10:30 bob says "/wait"\n10:40 carla says "Here"', OF_ONE, ["10:20", "11:00"],
         ["10:20 track acme/2 2026-03-05"]),
        (f'{HIGH}10:30 bob says "/wait"\ntue 10:30 carla says "Here"\ntue 10:40 bob says "/resolved"', OF_ONE,
         ["10:20", "tue 11:00"], ["10:20 track acme/2 2026-03-05"]),
        (f'{HIGH}10:30 bob says "/wait"\ntue 10:30 carla says "Here"\ntue 10:40 bob closes', OF_ONE,
         ["10:20", "tue 11:00"], ["10:20 track acme/2 2026-03-05"]),
    ],
)  # fmt: skip
def test_what_stands_on_a_board_and_on_which_day(story: str, rule: str, times: list[str], done: list[str]) -> None:
    assert tracked(story, rule, *times) == done


@pytest.mark.parametrize("opened, day", [("00:00", "2026-03-04"), ("00:01", "2026-03-05")])
def test_a_due_at_midnight_belongs_to_the_day_that_ends_then(opened: str, day: str) -> None:
    desk = world(CLOCKS, f'{opened} carla opens "X"\n00:05 bob labels priority/high', more=OF_ONE)
    sweep(desk, "00:10")
    assert [what.rpartition(" ")[2] for _, what, verb, *_ in desk.called if verb == "track"] == [day]
