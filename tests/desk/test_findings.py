"""What people find out about an incident: kept as it was said, the timeline in the order of its own times."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, Story, shown, story_of

from respondby.desk.built_in.findings import found, timeline
from respondby.policy.model.built_in import IMPACT, ROOT_CAUSE
from respondby.postmortems.facts import facts_of
from respondby.promises.assess import assess

POLICY = (
    HEAD.replace(
        "  /wait:", "  /impact: { by: staff }\n  /root-cause: { by: lead }\n  /timeline: { by: staff }\n  /wait:"
    )
    + "\nincidents: { when: { priority: high } }\n"
)
BEGINS = '10:00 carla opens "Nothing works"\n10:01 bob labels priority/high\n'


def happened(story: str) -> Story:
    """An incident, and what happens after its opening."""
    return story_of("  answer: { start: opened, stop: /ack, target: 1h }", BEGINS + story, head=POLICY)


def refused(case: Story) -> list[tuple[str, str]]:
    """What was refused, and why."""
    return [(said.word, said.why.code) for said in case.history.commands if said.why is not None]


@pytest.mark.parametrize(
    "story, entries",
    [
        ('11:00 bob says "/timeline The deploy began"', ["11:00 The deploy began"]),
        ('11:00 bob says "/timeline 9:40 The deploy began"', ["09:40 The deploy began"]),
        (
            '11:00 bob says "/timeline 10:30 We went back"\n11:01 ann says "/timeline 09:40 The deploy began"',
            ["09:40 The deploy began", "10:30 We went back"],
        ),
        (
            '11:00 bob says "/timeline 2026-03-01T23:50 An alert was switched off\\n/timeline 10:05 Orders stop"',
            ["sun 23:50 An alert was switched off", "10:05 Orders stop"],
        ),
        ('11:00 bob says "/timeline 10:05"', []),
        ('11:00 carla says "/timeline 10:05 It was you"', []),
    ],
)
def test_the_timeline_is_in_the_order_of_its_own_times(story: str, entries: list[str]) -> None:
    case = happened(story)
    said = [f"{shown(entry.at)} {entry.text}" for entry in timeline(case.history.commands)]
    assert [one.replace("sun+-1", "sun") for one in said] == entries


@pytest.mark.parametrize(
    "story, why",
    [
        ('11:00 carla says "/impact None"', [("/impact", "not-yours")]),
        ('11:00 bob says "/root-cause A typo"', [("/root-cause", "not-yours")]),
        ('11:00 bob says "/timeline"', [("/timeline", "argument-missing")]),
        ('11:00 bob says "/timeline 2026-03-02T18:00 We shall see"', [("/timeline", "milestone-ahead")]),
    ],
)
def test_who_may_say_what_and_when(story: str, why: list[tuple[str, str]]) -> None:
    assert refused(happened(story)) == why


STORY = """\
10:10 bob says "/impact 40 orders were lost"
10:20 tess says "/root-cause A typo in the price list"
10:30 bob says "/impact Nobody could pay by card"
10:40 bob says "/timeline 09:50 A new price list is loaded"
10:50 carla says "/impact All of it"
"""


def test_impacts_and_causes_are_kept_as_they_were_said() -> None:
    history = happened(STORY.rstrip()).history
    assert found(history.commands, IMPACT) == ("40 orders were lost", "Nobody could pay by card")
    assert found(history.commands, ROOT_CAUSE) == ("A typo in the price list",)


def test_a_post_mortem_tells_them_and_its_timeline_begins_with_what_came_first() -> None:
    case = happened(STORY + '11:00 bob says "/resolved"')
    history = case.history
    facts = facts_of(case.policy, history, assess(case.policy, history, history.case.moments[-1].at))
    assert facts.impact == ("40 orders were lost", "Nobody could pay by card")
    assert facts.causes == ("A typo in the price list",)
    assert [(shown(event.at), event.who, event.words) for event in facts.events[:2]] == [
        ("09:50", "bob", "A new price list is loaded"),
        ("10:00", "carla", "opened it: Nothing works"),
    ]
    assert {name: shown(at) for name, at in facts.milestones.items()} == {
        "started": "10:00", "detected": "10:00", "resolved": "11:00",
    }  # fmt: skip
