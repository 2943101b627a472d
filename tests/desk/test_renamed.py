"""A clock that is renamed (`was:`) keeps what was promised and done under its former name."""

from __future__ import annotations

from dataclasses import replace

from tests.laws.world import World
from tests.promises.stories import case_of, policy, when
from tests.rules.desk import CHANNELS, HEAD

from respondby.calendars.instants import iso
from respondby.desk.reading import read
from respondby.promises.assess import assess
from respondby.rules.shift_facts import pages

DESK = HEAD.replace("  lead: { when: { priority: high }, people: tess }", "  lead: tess") + CHANNELS
OLD = (
    "  answer: { start: opened, stop: comment by staff, target: 1h, ladder: [{ at: start, page: lead, via: pager }] }\n"
)
NEW = OLD.replace("  answer: {", "  first-word: { was: answer,").replace("target: 1h", "target: 9h")


def world() -> World:
    one = World(policy(OLD, DESK), case_of('10:00 carla opens "x"'))
    one.sweep(when("10:01"))
    return one


def test_nobody_is_called_again_and_what_was_promised_stands() -> None:
    one = world()
    assert len(one.called) == 1
    one.policy = policy(NEW, DESK)
    one.sweep(when("10:05"))
    assert len(one.called) == 1
    history = read(one.policy, one.case)
    (run,) = assess(one.policy, history, when("10:05"), history.ledger.pins).runs
    assert (run.clock, iso(run.due or 0)) == ("first-word", iso(when("11:00")))


def test_without_was_it_is_another_clock_that_no_earlier_moment_starts() -> None:
    one = world()
    one.policy = policy(NEW.replace("was: answer, ", ""), DESK)
    one.sweep(when("10:05"))
    assert one.look(when("10:06"))[0].runs == ()


def test_its_pages_are_counted_once() -> None:
    one = world()
    before = [(person, at) for person, at, _ in pages(one.policy, read(one.policy, one.case))]
    renamed = replace(policy(NEW, DESK))
    assert [(person, at) for person, at, _ in pages(renamed, read(renamed, one.case))] == before != []


def test_the_card_comes_to_rest_under_the_new_name() -> None:
    one = world()
    one.policy = policy(NEW, DESK)
    one.sweep(when("10:05"))
    assert not read(one.policy, one.case).unwritten
