"""A run's life in segments: each with the due that the simulation has decided, and nothing of it decided again."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of

from respondby.promises.segments import segment_at, segments_of

CLOCK = """
  answer:
    start: opened
    stop: comment by staff
    pause: waiting
    target: { priority: { high: 1h, normal: 4h } }
"""
OPENED = '10:00 carla opens "x"\n10:00 bob labels priority/normal'


def lived(story: str, at: str) -> list[str]:
    (run,) = story_of(CLOCK, f"{OPENED}\n{story}", head=HEAD).assessed(at).runs
    return [f"{shown(one.since)}-{shown(one.until)} due {shown(one.due)}" for one in segments_of(run)]


@pytest.mark.parametrize(
    "story, at, segments",
    [
        ("", "11:00", ["10:00- due 14:00"]),
        ('11:00 bob says "On it"', "12:00", ["10:00-11:00 due 14:00"]),
        ('11:00 bob says "/wait"', "12:00", ["10:00-11:00 due 14:00"]),
        ('11:00 bob says "/wait"\n12:00 carla says "Here"', "12:30", ["10:00-11:00 due 14:00", "12:00- due 15:00"]),
        ("11:00 bob labels priority/high", "11:30", ["10:00-11:00 due 14:00", "11:00- due 12:00"]),
        (
            '10:30 bob says "/wait"\n10:40 bob labels priority/high\n11:00 carla says "Here"',
            "11:10",
            ["10:00-10:30 due 14:00", "11:00- due 12:00"],
        ),
    ],
)
def test_a_life_is_cut_where_the_due_changed_and_where_it_was_paused(story: str, at: str, segments: list[str]) -> None:
    assert lived(story, at) == segments


def test_no_segment_holds_an_instant_of_a_pause() -> None:
    story = f'{OPENED}\n11:00 bob says "/wait"\n12:00 carla says "Here"'
    (run,) = story_of(CLOCK, story, head=HEAD).assessed("12:30").runs
    found = [segment_at(segments_of(run), run.started + minutes * 60) for minutes in (0, 59, 60, 119, 120)]
    assert [one is not None for one in found] == [True, True, False, False, True]


@pytest.mark.parametrize(
    "story, started",
    [
        ("", ["10:00"]),
        ('10:10 bob says "/wait"\n10:20 carla says "Here"', ["10:00", "10:00"]),
    ],
)
def test_a_segment_says_when_its_run_had_started(story: str, started: list[str]) -> None:
    clocks = "  answer: { start: opened, stop: comment by staff, target: 1h, pause: waiting }"
    (run,) = story_of(clocks, f'10:00 carla opens "X"\n{story}').assessed("10:30").runs
    assert [shown(segment.started) for segment in segments_of(run)] == started
