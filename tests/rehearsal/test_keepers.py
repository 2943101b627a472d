"""What a fork of a rehearsal's process has made, that process makes as well, by names that each keeper tells."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from respondby.calendars import hours
from respondby.calendars.instants import parse_time
from respondby.desk import vocabulary
from respondby.kept import Kept
from respondby.letters import bounds
from respondby.letters.messages import DEFAULT, Messages
from respondby.policy.loading import loader
from respondby.rehearsal.forked import KEEPERS, Learnt, learn

POLICY = """\
version: 1
desk: Help
calendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-17:30"] }, holidays: { country: BE } } }
rotas:
  duty: { timezone: UTC, members: [ann], handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 } }
people: { ann: {} }
"""
FILES = {"more.txt": ""}
MONDAY = parse_time("2026-01-05T09:00:00Z", None)


@pytest.fixture(autouse=True)
def nothing_made() -> Iterator[None]:
    """No other test's."""
    with (
        patch.object(loader, "_POLICIES", Kept(8)),
        patch.object(hours, "_CALENDARS", Kept(256)),
        patch.object(vocabulary, "_MADE", Kept(8)),
        patch.dict(bounds._OURS, clear=True),
        patch.object(gc, "freeze"),
    ):
        forget()
        yield


def forget() -> None:
    """As in a process that has just started."""
    for kept in (loader._POLICIES, hours._CALENDARS, vocabulary._MADE):
        kept.clear()
    hours._shared.cache_clear()
    bounds._OURS.clear()


def run() -> None:
    """What a run makes."""
    policy = loader.load(POLICY, files=FILES)
    policy.calendars["office"].next_closing(MONDAY)
    vocabulary.vocabulary(("/ack", "@help"))
    Messages({}).render(DEFAULT, "subject.txt", {"desk": "Help", "case": "#1", "title": "Ⅷ", "reasons": []})


def known() -> dict[str, list[object]]:
    """What each keeper has."""
    return {name: list(sys.modules[name].known()) for name in KEEPERS}


def test_what_one_process_has_made_another_makes_and_a_run_finds_it_there() -> None:
    learnt = Learnt()
    run()
    told, made = learnt.tell(), known()
    assert [name for name, names in made.items() if not names] == []
    forget()
    assert [names for names in known().values() if names] == []
    learn(told)
    assert known() == made
    run()
    assert known() == made


def test_what_was_there_before_is_not_told() -> None:
    run()
    learnt = Learnt()
    run()
    assert json.loads(learnt.tell()) == {"modules": [], "kept": {name: [] for name in KEEPERS}}
    loader.load(POLICY.replace("Help", "Desk"), files=FILES)
    told = json.loads(learnt.tell())["kept"]
    assert {name: len(names) for name, names in told.items() if names} == {"respondby.policy.loading.loader": 1}


def test_more_years_of_a_calendar_are_told_and_learnt() -> None:
    run()
    learnt = Learnt()
    calendar = loader.load(POLICY, files=FILES).calendars["office"]
    calendar.next_closing(MONDAY + 3 * 365 * 86_400)
    made = known()
    told = learnt.tell()
    forget()
    run()
    learn(told)
    assert known() == made
