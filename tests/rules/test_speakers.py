"""`speaker` in a ladder: who said what started the clock."""

from __future__ import annotations

import pytest
from tests.rules.desk import called, sweep, world

CLOCKS = """
  revert:
    start: [/workaround, priority set, waiting, opened]
    stop: closed
    each: true
    target: 1h
    ladder: [{ at: due, notify: [speaker, lead], via: chat }]
"""


@pytest.mark.parametrize(
    "story, people",
    [
        ('10:00 bob says "/workaround 2026-03-09T10:00"', ["bob"]),
        ('10:00 bob says "/priority low"', ["bob"]),
        ('10:00 ann says "/wait"', ["ann"]),
        (
            '10:00 bob says "/workaround 2026-03-09T10:00"\n10:00 ann says "/workaround 2026-03-10T10:00"',
            ["ann", "bob"],
        ),
    ],
)
def test_the_speaker_of_a_rung_is_who_said_what_started_the_clock(story: str, people: list[str]) -> None:
    desk = world(CLOCKS, f'09:30 carla opens "Nothing works"\n{story}')
    sweep(desk, "10:01", "11:00")
    assert sorted(line for line in called(desk) if line.startswith("11:00")) == [
        f"11:00 notify {person} chat" for person in people
    ]
