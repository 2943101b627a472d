"""Forms that only some may use: their pages, and the labels that come with them, are open to everybody."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, story_of

CLOCKS = "  answer: { start: type = alarm, stop: closed, target: 1h }"
BY = (
    HEAD + "forms:\n"
    '  alarm: { name: Alarm, about: Wakes somebody., by: staff, ask: { what: "What?" } }\n'
    '  question: { name: Question, about: Wakes nobody., ask: { where: "Where?" } }\n'
)
ALARM = "### What?\\n\\nFire"


@pytest.mark.parametrize(
    "story, kind, refused",
    [
        (f'10:00 ann opens "{ALARM}"', "alarm", False),
        (f'10:00 gateway opens "{ALARM}"', "alarm", False),
        (f'10:00 carla opens "{ALARM}"', None, True),
        (f'10:00 carla opens "{ALARM}"\n10:00 carla labels type/alarm', None, True),
        (f'10:00 carla opens "{ALARM}"\n10:01 carla edits 0 "{ALARM}!"', None, True),
        (f'10:00 carla opens "{ALARM}"\n10:01 ann labels type/alarm', "alarm", False),
        (f'10:00 carla opens "{ALARM}"\n10:01 ann says "/type alarm"', "alarm", False),
        (
            f'10:00 carla opens "{ALARM}"\n10:01 ann says "/type question"\n10:02 carla edits 0 "{ALARM}!"',
            "question",
            False,
        ),
        ('10:00 carla opens "### Where?\\n\\nHere"', "question", False),
    ],
)
def test_a_form_is_taken_only_from_those_whom_it_is_for(story: str, kind: str | None, refused: bool) -> None:
    case = story_of(CLOCKS, story, head=BY)
    assert case.history.state.fields.get("type") == kind
    assert [problem.problem.code for problem in case.history.problems] == (["not-yours"] if refused else [])
    assert bool(case.assessed("11:00").runs) == (kind == "alarm")
