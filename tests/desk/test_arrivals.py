"""An issue that was transferred in begins when it arrives, as it stands then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import case_of, policy, stand, when

from respondby.desk.arrivals import arrived
from respondby.desk.case import Case
from respondby.desk.reading import read
from respondby.promises.assess import assess

CLOCKS = """
  answer: { start: opened, stop: comment by staff, target: { priority: { high: 1h, normal: 4h } } }
  owner: { start: opened, stop: assigned, target: 2h }
"""
POLICY = policy(CLOCKS)
OPENED = '09:00 carla opens "It broke"\n09:10 bob says "/ack Hello"'


def transferred(story: str, at: str, labels: frozenset[str] = frozenset()) -> Case:
    """The story's case, transferred in at that time."""
    case = replace(case_of(f"{OPENED}\n{story}"), labels=labels)
    return arrived(case, when(at), [moment for moment in case.moments if moment.at < when(at)])


@pytest.mark.parametrize(
    "story, labels, stands",
    [
        ("", set(), "answer; owner due 14:00"),
        ("09:30 bob labels priority/normal", {"priority/normal"}, "answer due 16:00; owner due 14:00"),
        ("09:30 bob labels priority/normal", set(), "answer; owner due 14:00"),  # no such label here
        ("09:30 bob labels priority/normal\n12:10 bob labels priority/high", {"priority/normal", "priority/high"},
         "answer due 13:10; owner due 14:00"),
        ("09:30 bob assigns ann", set(), "answer; owner met 12:00"),
        ("12:20 bob says Hello", set(), "answer met 12:20; owner due 14:00"),
    ],
)  # fmt: skip
def test_what_was_promised_and_said_elsewhere_is_not_ours(story: str, labels: set[str], stands: str) -> None:
    case = transferred(story, "12:00", frozenset(labels))
    history = read(POLICY, case)
    assert case.created == when("12:00")
    assert [said.word for said in history.commands] == []
    assert "; ".join(stand(run) for run in assess(POLICY, history, when("12:30")).runs) == stands


def test_the_text_is_the_one_that_arrived_and_later_edits_are_edits() -> None:
    case = transferred('10:00 carla edits 0 "It broke twice"\n13:00 carla edits 0 "It broke\\n/ack"', "12:00")
    assert [revision.text for revision in case.moments[0].revisions] == ["It broke twice", "It broke\n/ack"]


def test_what_was_closed_elsewhere_arrives_closed() -> None:
    assert read(POLICY, transferred("10:00 bob closes", "12:00")).state.open is False
    assert read(POLICY, transferred("10:00 bob closes\n10:30 carla reopens", "12:00")).state.open is True
