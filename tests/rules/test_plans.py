"""What a plan says of comments that were written twice, and of people whom `/assign` names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, Story, story_of, when

from respondby.desk.case import OwnComment
from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import NotAssigned
from respondby.promises.assess import assess
from respondby.rules.decide import decide
from respondby.rules.plan import Assign, DropTwin, Plan

CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 8h }"
OPENED = '10:00 carla opens "X"\n'


def planned(story: Story) -> Plan:
    """The plan at half past ten."""
    now = when("10:30")
    return decide(story.policy, story.history, assess(story.policy, story.history, now))


def comment(id: int, kind: str, *keys: str) -> OwnComment:
    return OwnComment(id, f"IC_{id}", when("10:01"), kind, Ledger({key: Record(key, 1, 1) for key in keys}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "own, gone",
    [
        ([comment(1, "card"), comment(2, "record", "a"), comment(3, "record", "a")], [3]),
        ([comment(1, "card"), comment(2, "record", "a"), comment(3, "record", "b")], []),
        ([comment(1, "card"), comment(2, "record", "a", "b"), comment(3, "record", "b")], [3]),
        ([comment(1, "card"), comment(2, "record", "a"), comment(3, "record", "a", "b")], []),
        ([comment(1, "card", "a"), comment(2, "card", "a")], [2]),
        ([comment(1, "card"), comment(2, "say", "a"), comment(3, "say", "a")], [3]),
        ([comment(1, "card"), comment(2, "say", "a"), comment(3, "record", "a")], []),
    ],
)
def test_a_comment_that_another_has_said_before_goes(own: list[OwnComment], gone: list[int]) -> None:
    story = story_of(CLOCKS, OPENED)
    plan = planned(replace(story, case=replace(story.case, own=tuple(own))))
    assert [action.comment for action in plan.actions if isinstance(action, DropTwin)] == gone


@pytest.mark.parametrize(
    "story, left_out, people",
    [
        ('10:10 bob says "/assign ann"', "", ("ann",)),
        ('10:10 bob says "/assign"', "", ("bob",)),
        ('10:10 bob says "/assign ann"', "ann", ()),  # GitHub did not take her: she is not asked for again
        ('10:10 bob says "/assign ann"', "tess", ("ann",)),
        ('10:10 bob says "/assign ann"\n10:20 bob unassigns ann', "", ()),
        ('10:10 bob says "/assign ann"\n10:20 bob closes', "", ()),
        ('10:10 carla says "/assign ann"', "", ()),
    ],
)
def test_whom_a_command_assigns(story: str, left_out: str, people: tuple[str, ...]) -> None:
    told = story_of(CLOCKS, OPENED + story, head=HEAD)
    if left_out:
        key = told.history.commands[0].key
        told = told.with_ledger([Record(key, when("10:10"), when("10:11"), results=(NotAssigned(left_out),))])
    assigned = [action.people for action in planned(told).actions if isinstance(action, Assign)]
    assert assigned == ([people] if people else [])
