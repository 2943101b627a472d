"""`close: until reply`: what was closed for silence opens with the customer's next comment, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.laws.world import World
from tests.promises.stories import case_of, stand, when
from tests.rules.desk import HEAD, sweep, world

from respondby.desk.reading import read
from respondby.promises.assess import assess
from respondby.rules.plan import Close, Plan, Reopen

SILENCE = """
  silence:
    start: waiting
    stop: comment by author
    target: 1h
    ladder: [{ at: due, close: until reply }]
  answer: { start: [opened, reopened], stop: comment by staff, target: 2h }
"""

#: It is closed at 11:06, an hour after the question.
BEGINS = """
10:00 carla opens "Nothing works"
10:05 bob says "Since when?"
10:06 bob says "/wait"
"""


def goes_on(world: World, story: str) -> None:
    """More happens to the case."""
    old = world.case.moments
    for moment in case_of(f"{BEGINS.strip()}\n{story}").moments[3:]:
        world.happen(replace(moment, source=f"{moment.source}_{len(old)}"))


def closed_for_silence(clocks: str = SILENCE, at: str = "11:07") -> World:
    """The case as the sweep at 11:07 leaves it."""
    made = world(clocks, BEGINS)
    sweep(made, "10:07")
    assert made.case.open
    sweep(made, at)
    assert not made.case.open
    return made


def runs(world: World, at: str) -> list[str]:
    """All runs, as they stand."""
    return [stand(run) for run in assess(world.policy, read(world.policy, world.case), when(at)).runs]


@pytest.mark.parametrize("at", ["11:06", "11:06:01", "11:50"])
def test_a_reply_opens_the_case_again_and_begins_a_new_cycle(at: str) -> None:
    desk = closed_for_silence(at=at)
    goes_on(desk, '12:00 carla says "Since noon."')
    _, plan = desk.look(when("12:01"))
    assert Reopen() in plan.actions
    sweep(desk, "12:01")
    assert desk.case.open
    assert runs(desk, "12:02") == ["answer met 10:05", "silence cancelled 11:06", "answer due 14:00"]


@pytest.mark.parametrize(
    "story, opens",
    [
        ('12:00 carla says "Since noon."', True),
        ('mon+1 12:00 carla says "Since noon."', True),
        ('12:00 carla says "/help-desk"', True),  # no command of this desk, so it is a comment
        ('12:00 carla says "/close"', False),
        ('12:00 carla says "> Since when?"', True),
        ('12:00 bob says "That is that."', False),
        ('12:00 mallory says "I have that, too."', False),
        ('12:00 carla closes\n12:01 carla says "Thank you."', False),
        ('12:00 bob reopens\n12:01 bob closes\n12:02 carla says "Thank you."', False),
    ],
)
def test_only_the_customers_comment_opens_what_nobody_has_closed_for_good(story: str, opens: bool) -> None:
    desk = closed_for_silence()
    goes_on(desk, story)
    sweep(desk, "mon+1 13:00")
    assert desk.case.open == opens


def test_what_is_closed_without_that_word_stays_closed() -> None:
    desk = closed_for_silence(SILENCE.replace("until reply", "true"))
    goes_on(desk, '12:00 carla says "Since noon."')
    assert not sweep(desk, "12:01")
    assert not desk.case.open


def test_silence_is_not_planned_and_what_is_done_is_completed() -> None:
    for clocks, reason in ((SILENCE, "not_planned"), (SILENCE.replace("until reply", "true"), "completed")):
        desk = closed_for_silence(clocks)
        reopened = replace(desk.case, open=True, moments=desk.case.moments[:-1])  # before the closing itself arrived
        desk.case = reopened
        assert Close(reason) in desk.look(when("11:08"))[1].actions  # type: ignore[arg-type]


def test_a_reply_before_the_sweep_that_would_have_closed_is_no_silence() -> None:
    desk = world(SILENCE, f'{BEGINS}11:10 carla says "Since noon."')
    sweep(desk, "10:07", "13:00")
    assert desk.case.open
    assert not any(record.closes for record in desk.case.ledger.records.values())


def test_the_reply_that_is_deleted_afterwards_opened_the_case_all_the_same() -> None:
    desk = closed_for_silence()
    goes_on(desk, '12:00 carla says "Since noon."')
    sweep(desk, "12:01")
    [reply] = [moment for moment in desk.case.moments if moment.at == when("12:00")]
    desk.case = replace(desk.case, moments=tuple(moment for moment in desk.case.moments if moment is not reply))
    assert runs(desk, "12:05")[-1] == "answer due 14:00"
    assert not sweep(desk, "12:05")


@pytest.mark.parametrize(
    "verb, command, reply, opens",
    [("close: until reply", "/ack", "Since noon.", True), ("close: true", "/ack", "Since noon.", False)],
)
def test_a_command_can_close_until_a_reply(verb: str, command: str, reply: str, opens: bool) -> None:
    head = HEAD.replace("/ack: { by: staff }", f"/ack: {{ by: staff, {verb} }}")
    desk = world(
        "  answer: { start: opened, stop: closed, target: 2h }", f'{BEGINS}10:10 bob says "{command}"', head=head
    )
    sweep(desk, "10:11")
    assert not desk.case.open
    goes_on(desk, f'12:00 carla says "{reply}"')
    sweep(desk, "12:01")
    assert desk.case.open == opens


def test_a_rule_can_close() -> None:
    more = "rules: [{ when: { state: resolved }, close: true }]\n"
    desk = world(
        "  answer: { start: opened, stop: closed, target: 2h }", f'{BEGINS}10:10 bob says "/resolved"', more=more
    )
    assert isinstance(sweep(desk, "10:11"), Plan)
    assert not desk.case.open
    assert runs(desk, "10:12") == ["answer met 10:10"]
