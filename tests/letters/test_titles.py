"""Clocks and duties are called by their title, as it is written; without one by their key in words."""

from __future__ import annotations

import pytest
from tests.letters.facts import FACTS, because, clock, facts

from respondby.letters.card import render_card
from respondby.letters.comments import render_comment
from respondby.letters.duty import duty_title
from respondby.letters.messages import Messages
from respondby.letters.when import speaking
from respondby.policy.loading.loader import load
from respondby.rules.duties import OpenDuty, Period
from respondby.rules.plan import WriteComment

POLICY = """version: 1
desk: Help desk
people: { ann: {} }
clocks:
  first-response: { start: opened, stop: comment by staff, target: 1h CLOCK }
duties:
  post-sales: { schedule: { every: 1 week }, checklist: [Look back], owner: ann DUTY }
"""


def messages(clock: str = "", duty: str = "", **files: str) -> Messages:
    """The words of a desk that calls its clock and its duty so."""
    text = POLICY.replace(" CLOCK", f", name: {clock}" if clock else "")
    text = text.replace(" DUTY", f", name: {duty}" if duty else "")
    if files:
        text += "messages: words\n"
    return Messages.of(load(text), {f"words/{name.replace('__', '/')}.json": words for name, words in files.items()})


@pytest.mark.parametrize(
    "title, called",
    [
        ("", "First response"),
        ("Post-sales look_back", "Post-sales look_back"),
        ("first answer", "first answer"),
        ("404", "404"),
    ],
)
def test_a_title_is_said_as_it_is_written(title: str, called: str) -> None:
    words = messages(title)
    card = render_card(facts(clocks=(clock(),)), "", messages=words)
    assert f"| {called.replace('_', chr(92) + '_')}, by the end of" in card
    said = render_comment(WriteComment("k", ("ann",), (because(),), (), ()), FACTS, "", messages=words)
    assert called.replace("_", "\\_") in said


def test_a_duty_is_called_by_its_title_in_its_issue_and_in_reminders() -> None:
    words = messages(duty="Post-sales look back")
    policy = load(POLICY.replace(" CLOCK", "").replace(" DUTY", ", name: Post-sales look back"))
    title = duty_title(OpenDuty("post-sales", "", (Period(0, 0),)), policy, messages=words)
    assert title == "Post-sales look back: Thu 1 Jan 1970"
    assert speaking(None, "UTC", messages=words).called("post-sales") == "Post-sales look back"
    assert speaking(None, "UTC", messages=messages()).called("post-sales") == "Post sales"


@pytest.mark.parametrize(
    "names, called",
    [
        ('{"names": {"First answer": "Eerste antwoord"}}', "Eerste antwoord"),
        ('{"names": {"other": "Iets anders"}}', "First answer"),
    ],
    ids=["of its own", "not at all"],
)
def test_a_language_has_a_name_of_its_own_for_a_title(names: str, called: str) -> None:
    words = messages("First answer", nl__words=names)
    assert speaking("nl", "UTC", messages=words).called("first-response") == called
    assert speaking("en", "UTC", messages=words).called("first-response") == "First answer"
