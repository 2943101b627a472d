"""What pagers are told of pages: once, when somebody answered, and when the case is closed."""

from __future__ import annotations

import pytest
from tests.laws.world import World
from tests.promises.stories import when
from tests.rules.desk import HEAD, sweep
from tests.rules.desk import world as world_of

from respondby.desk.keeping import answered_at_pager, key_of
from respondby.desk.known import Known
from respondby.desk.ledger import Ledger
from respondby.desk.reading import read
from respondby.rules.pages import Page, unanswered

CLOCKS = """
  answer:
    start: opened
    stop: [/ack by staff, assigned by staff, comment by staff]
    target: 1h
    ladder: [{ at: start, page: ann, via: phone }, { at: due, page: [ann, tess], via: phone }]
  mended:
    start: opened
    stop: closed
    target: 8h
    ladder: [{ at: start + 2h, page: tess, via: phone }]
"""
MORE = "  phone: { pagerduty: PHONE, token: PHONE_TOKEN }\n  other: { console: OTHER }\n"


def world(story: str, clocks: str = CLOCKS) -> World:
    return world_of(clocks, story, more=MORE)


def told(world: World) -> list[str]:
    """What pagers were told so far, without the pages themselves."""
    return [f"{verb} {to}" for _, _, verb, to, _ in world.called if verb in ("acknowledge", "resolve")]


@pytest.mark.parametrize(
    "answer, expected",
    [
        ('10:30 bob says "/ack"', ["acknowledge ann", "acknowledge ann", "acknowledge tess"]),
        ('10:30 bob says "I see it"', ["acknowledge ann", "acknowledge ann", "acknowledge tess"]),
        ("10:30 bob assigns ann", ["acknowledge ann", "acknowledge ann", "acknowledge tess"]),
        ("10:30 bob closes", ["resolve ann", "resolve ann", "resolve tess"]),
        ('10:30 carla says "Hello?"', []),
        ("10:30 bob labels priority/high", []),
        ("10:30 desk assigns ann", []),
    ],
)
def test_an_answer_acknowledges_every_open_page_and_closing_resolves_them(answer: str, expected: list[str]) -> None:
    desk = world(f"09:00 carla opens\n{answer}")
    sweep(desk, "09:00", "10:00")
    assert told(desk) == []
    sweep(desk, "10:30", "10:40")
    assert told(desk) == expected


def test_each_page_is_told_of_under_the_key_that_it_went_out_with() -> None:
    desk = world('09:00 carla opens\n11:30 bob says "/ack"\n12:00 bob closes')
    sweep(desk, "09:00", "10:00", "11:00", "11:30", "12:00", "13:00")
    keys = {key for _, key, verb, _, _ in desk.called if verb == "page"}
    for change in ("acknowledge", "resolve"):
        assert {key for _, key, verb, _, _ in desk.called if verb == change} == keys
    assert len(told(desk)) == 2 * len(keys)


def test_a_call_that_answers_for_several_records_is_one_page_under_the_newest_key() -> None:
    desk = world('09:00 carla opens\n10:30 bob says "/ack"')
    sweep(desk, "10:20")  # both rungs came while nobody looked: ann is called once
    assert [to for _, _, verb, to, _ in desk.called if verb == "page"] == ["ann", "tess"]
    sweep(desk, "10:30")
    assert told(desk) == ["acknowledge ann", "acknowledge tess"]


def test_a_page_that_goes_out_after_an_answer_stands_until_the_next_one() -> None:
    desk = world('09:00 carla opens\n09:30 bob says "On it"\n11:30 bob says "Mended"')
    sweep(desk, "09:00", "09:30", "11:00")
    assert told(desk) == ["acknowledge ann"]
    assert [to for _, _, verb, to, _ in desk.called if verb == "page"] == ["ann", "tess"]
    sweep(desk, "11:30")
    assert told(desk) == ["acknowledge ann", "acknowledge tess"]


def test_a_page_of_the_very_second_of_an_answer_rings_on() -> None:
    desk = world('09:00 carla opens\n11:00 bob says "On it"')
    sweep(desk, "11:00")  # the answer stopped one clock; the other one's page is due in this second
    assert [to for _, _, verb, to, _ in desk.called if verb == "page"] == ["tess"]
    assert told(desk) == []


def test_a_page_of_a_promise_that_no_longer_holds_is_acknowledged() -> None:
    clocks = CLOCKS.replace("answer:\n", "answer:\n    when: { priority: high }\n")
    desk = world("09:00 carla opens\n09:00 bob labels priority/high\n09:30 bob labels priority/low", clocks)
    sweep(desk, "09:10")
    assert told(desk) == []
    sweep(desk, "09:30")
    assert told(desk) == ["acknowledge ann"]


def test_other_channels_and_people_who_were_not_reached_are_told_nothing() -> None:
    desk = world('09:00 carla opens\n10:30 bob says "/ack"', CLOCKS.replace("via: phone", "via: other"))
    sweep(desk, "09:00", "10:00", "10:30")
    assert told(desk) == []
    desk = world('09:00 carla opens\n10:30 bob says "/ack"')
    desk.unreachable.add("ann")
    sweep(desk, "09:00", "10:00", "10:30")
    assert told(desk) == ["acknowledge tess"]


def at_pager(desk: World, page: Page, time: str, by: str) -> None:
    """Somebody answers a page at the pager, and a run has asked it."""
    kept = answered_at_pager(page.key, when(time), by)
    desk.known = desk.known.remembering(Ledger(kept={kept.key: kept}))


def test_an_answer_at_the_pager_is_that_persons_ack_at_that_time_and_is_written_down() -> None:
    desk = world("09:00 carla opens")
    sweep(desk, "09:00")
    (page,) = unanswered(desk.policy, read(desk.policy, desk.case, desk.known))
    at_pager(desk, page, "09:10", "ann")
    sweep(desk, "10:00")
    run = next(run for run in desk.look(when("10:00"))[0].runs if run.clock == "answer")
    assert (run.state, run.ended) == ("met", when("09:10"))
    assert told(desk) == []  # the pager knows already
    assert [to for _, _, verb, to, _ in desk.called if verb == "page"] == ["ann"]
    assert unanswered(desk.policy, read(desk.policy, desk.case, desk.known)) == ()
    written = desk.case.own[0].ledger.kept
    commands = [(one.by, one.at, one.name) for one in written.values() if one.kind == "command"]
    assert commands == [("ann", when("09:10"), "/ack")]
    assert not [entry for entry in desk.called if entry[2] == "react"]


def test_what_the_policy_says_to_the_command_is_done_for_an_answer_at_the_pager_too() -> None:
    head = HEAD.replace("/ack: { by: staff }", "/ack: { by: staff, assign: speaker, label: seen }")
    desk = world_of(CLOCKS, "09:00 carla opens", head=head, more=MORE)
    sweep(desk, "09:00")
    (page,) = unanswered(desk.policy, read(desk.policy, desk.case, desk.known))
    at_pager(desk, page, "09:10", "tess")
    sweep(desk, "09:15")
    assert desk.case.assignees == ("tess",)
    assert "seen" in desk.case.labels


def test_a_kept_answer_is_read_back_as_the_fact_that_it_is() -> None:
    kept = answered_at_pager("acme/support#1/answer/I_1/due+1 business hour/0/ann", 7, "ann")
    desk = world("09:00 carla opens")
    history = read(desk.policy, desk.case, Known(Ledger(kept={kept.key: kept})))
    (fact,) = [fact for fact in history.facts if fact.kind == "command"]
    assert key_of(fact) == kept.key
