"""Why a run was called off, in the words of `explain`."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, story_of

CLOCKS = """
  answer: { start: opened, stop: comment by staff, when: { priority: [high, normal] }, target: 1h }
"""
POLICY = HEAD + "void: { state: hold }\n"
OPENED = '10:00 carla opens "Nothing works"\n10:00 bob labels priority/high\n'


@pytest.mark.parametrize(
    "story, state, why",
    [
        ("", "running", ""),
        ("10:10 bob labels priority/normal", "running", ""),
        ("10:10 bob closes", "cancelled", "the case was closed (rule 12)"),
        ("10:10 bob closes completed", "cancelled", "the case was closed (rule 12)"),
        ("10:10 bob closes not_planned", "cancelled", "the case was closed as not planned (rule 12)"),
        ("11:10 bob closes", "breached", "the case was closed (rule 12)"),
        ("10:10 bob labels priority/low", "cancelled", "its condition no longer holds (rule 9)"),
        ("10:10 bob labels state/hold", "cancelled", "void: state hold (rule 9)"),
    ],
)
def test_a_run_says_why_it_was_called_off(story: str, state: str, why: str) -> None:
    (run,) = story_of(CLOCKS, OPENED + story, head=POLICY).assessed("11:30" if state == "breached" else "10:30").runs
    assert (run.state, run.why) == (state, why)
