"""What the places in a policy's texts stand for: answers, fields, the case's address."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, story_of

from respondby.rules.values import values_of

FORMS = """
forms:
  ask: { name: Ask, about: Ask us., ask: { what: What happened?, where: { ask: Where?, optional: true } } }
  block: { ask: { impact: { ask: "How bad is it?" }, since: { ask: "Since when?", optional: true } } }
commands:
  /escalate: { by: staff, needs: block }
"""
POLICY = HEAD.replace("commands:\n", FORMS.lstrip())
CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 1h }"
OPENED = '10:00 carla opens "### What happened?\\n\\nIt burns\\n\\n### Where?\\n\\n_No response_"'
UNSAID = {"type": "ask", "what": "It burns", "where": "–", "impact": "–", "since": "–"}
URL = {"url": "https://github.com/acme/support/issues/7"}


@pytest.mark.parametrize(
    "later, values",
    [
        ("", UNSAID),
        (
            '10:05 bob says "/escalate\\nHow bad is it?: Bad\\nSince when?: Noon"',
            UNSAID | {"impact": "Bad", "since": "Noon"},
        ),
        (
            """10:05 bob says "/escalate\\nHow bad is it?: Bad\\nSince when?: Noon"
               10:09 bob says "/escalate\\nHow bad is it?: Worse\"""",
            UNSAID | {"impact": "Worse", "since": "Noon"},
        ),
        ("10:05 bob labels priority/high", UNSAID | {"priority": "high"}),
        ('10:05 bob says "/ack"', UNSAID),
    ],
)
def test_a_place_stands_for_what_was_said_last_and_a_dash_for_what_nobody_has_said(
    later: str, values: dict[str, str]
) -> None:
    story = story_of(CLOCKS, f"{OPENED}\n{later}", head=POLICY)
    assert values_of(story.policy, story.history) == values | URL


def test_a_field_comes_before_a_question_of_its_name() -> None:
    head = POLICY.replace("where: { ask: Where?", "priority: { ask: Where?")
    story = story_of(CLOCKS, f"{OPENED}\n10:05 bob labels priority/high", head=head)
    assert values_of(story.policy, story.history)["priority"] == "high"


def test_of_an_answer_that_ticks_several_each_is_said_and_one_that_says_nothing_is_a_dash() -> None:
    story = story_of(CLOCKS, OPENED, head=POLICY)
    history = replace(story.history, answers={"what": ["Fire", "Smoke"], "where": None, "impact": [], "since": ""})
    found = values_of(story.policy, history)
    assert [found[name] for name in ("what", "where", "impact", "since")] == ["Fire, Smoke", "–", "–", "–"]
