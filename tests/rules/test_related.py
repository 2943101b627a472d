"""When somebody has to look for what an incident is like: once, when it is new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, Story, story_of, when

from respondby.desk.ledger import Ledger
from respondby.desk.records import Record
from respondby.desk.results import Result, RoleEmpty, Tried
from respondby.rules.related import KEY, searched, wants_related

CLOCKS = "  answer: { start: opened, stop: /ack, target: 4h }"
INCIDENTS = "\nincidents: { when: { priority: high } }\n"
RELATED = INCIDENTS.replace(" } }", " }, related: { notify: staff } }")
OPENED = '10:00 carla opens "Help"\n'
INCIDENT = f"{OPENED}10:10 bob labels priority/high\n"


def wanted(story: str, at: str, more: str = RELATED, ledger: Ledger | None = None) -> bool:
    told: Story = story_of(CLOCKS, story, head=HEAD + more)
    if ledger is not None:
        told = told.with_ledger(ledger.records.values(), ledger.kept.values())
    return wants_related(told.policy, told.history, when(at))


@pytest.mark.parametrize(
    "story, at, more, wants",
    [
        (INCIDENT, "10:20", RELATED, True),
        (INCIDENT, "tue 10:00", RELATED, True),
        (INCIDENT, "tue 10:00:01", RELATED, False),  # a policy that begins to ask for it asks for new ones only
        (OPENED, "10:20", RELATED, False),  # it is none
        (INCIDENT, "10:20", INCIDENTS, False),  # nobody asks for it
        (INCIDENT, "10:20", "", False),
        (f"{INCIDENT}10:15 bob closes", "10:20", RELATED, False),
    ],
)
def test_a_new_incident_wants_what_it_is_like(story: str, at: str, more: str, wants: bool) -> None:
    assert wanted(story, at, more) is wants


@pytest.mark.parametrize(
    "results, wants",
    [
        ((), False),
        ((Tried("notify", "bob", "chat", "reached"),), False),
        ((Tried("notify", "bob", "chat", "failed", "no answer"),), True),  # it is still to be said
        ((RoleEmpty("staff"),), True),  # there was nobody to say it to
    ],
)
def test_what_was_found_and_not_said_is_wanted_again(results: tuple[Result, ...], wants: bool) -> None:
    said = Record(KEY, when("10:20"), when("10:20"), results=results)
    assert wanted(INCIDENT, "10:30", ledger=Ledger({KEY: said})) is wants
    assert wanted(INCIDENT, "10:30", ledger=replace(searched(when("10:20")), records={KEY: said})) is wants


def test_who_has_looked_and_found_nothing_looks_once() -> None:
    assert not wanted(INCIDENT, "10:30", ledger=searched(when("10:20")))
