"""The closing of an incident is gated: what it still needs is said in one list, and who insists wins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.laws.world import World
from tests.promises.stories import case_of, stand, when
from tests.rules.desk import HEAD, sweep, world

from respondby.desk.gate import closed_as_false_alarm, false_alarm
from respondby.desk.reading import read
from respondby.desk.records import Kept
from respondby.letters.refusals import reason_text
from respondby.letters.when import speaking
from respondby.promises.assess import assess
from respondby.rules.plan import Close, Plan, Reopen, WriteComment

CLOCKS = "  solution: { start: [opened, reopened], stop: /resolved, target: 8h }"
INCIDENTS = "incidents: { when: { priority: high }, close-needs: [state, /update] }\n"

BEGINS = """
10:00 carla opens "Nothing works"
10:01 bob labels priority/high
"""


def incident(story: str = "", *, head: str = HEAD, more: str = INCIDENTS, seen: str = "10:02") -> World:
    """An incident that the desk has seen; then the story happens, with no run in between."""
    made = world(CLOCKS, BEGINS, head=head, more=more)
    if seen:
        sweep(made, seen)
    goes_on(made, story)
    return made


def goes_on(world: World, story: str) -> None:
    """More happens to the case."""
    old = world.case.moments
    for moment in case_of(f"{BEGINS.strip()}\n{story.strip()}").moments[2:]:
        world.happen(replace(moment, source=f"{moment.source}_{len(old)}"))


def said(plan: Plan) -> list[str]:
    """What the plan answers, in plain English."""
    voice = speaking(None, "UTC")
    answers = [answer for action in plan.actions if isinstance(action, WriteComment) for answer in action.answers]
    return [reason_text(answer.why, voice, lambda text, _: text) for answer in answers if answer.why is not None]


def runs(world: World, at: str) -> list[str]:
    """All runs, as they stand."""
    return [stand(run) for run in assess(world.policy, read(world.policy, world.case), when(at)).runs]


def closings(world: World) -> list[tuple[str, str]]:
    """What the record says of closings by hand."""
    kept = [one for one in world.case.ledger.kept.values() if one.kind == "closing"]
    return [(one.name, one.value) for one in sorted(kept, key=lambda one: one.at)]


LIST = [
    "\n- State: Write /state with hold or resolved",
    "\n- Write it like this: /update",
    "\n- If it was a false alarm, say why instead: /close false-alarm: some words",
]
REFUSED = "This incident cannot be closed yet. Say what is missing, then close it again:\n" + "".join(LIST)
BACK = (
    "This incident is open again, for it was closed before everything was there. Say what is missing, then close it:\n"
    + "".join(LIST)
)


@pytest.mark.parametrize(
    "story, answered, is_open",
    [
        ('11:00 bob says "/close"', [REFUSED], True),
        ('11:00 bob says "/state resolved"\n11:01 bob says "/update"\n11:02 bob says "/close"', [], False),
        ('11:00 bob says "/update\\n/state resolved\\n/close"', [], False),
        ('11:00 bob says "/close"\n11:01 bob says "/update\\n/state resolved"', [REFUSED], True),
        ('11:00 carla says "/update"\n11:01 bob labels state/hold\n11:02 bob says "/close"', None, True),
        ('11:00 bob says "/close false-alarm: A test of ours"', [], False),
        ('11:00 bob says "/close False alarm: a test"', [], False),
        (
            '11:00 bob says "/close false-alarm:"',
            ["A false alarm needs its reason: write /close false-alarm: and why it is none."],
            True,
        ),
        ('11:00 dave says "/close false-alarm: I think"', ["/close is for the requester or our own staff."], True),
        ("11:00 bob closes", [BACK], True),
        ('11:00 bob says "/update"\n11:00 bob labels state/hold\n11:00 bob closes', [], False),
        ('11:00 bob unlabels priority/high\n11:01 bob closes', [], False),
        ('11:00 bob unlabels priority/high\n11:01 bob says "/close"', [], False),
        ("11:00 gateway closes", [BACK], True),
    ],
)  # fmt: skip
def test_an_incident_closes_when_all_is_there(story: str, answered: list[str] | None, is_open: bool) -> None:
    desk = incident(story)
    _, plan = desk.look(when("11:05"))
    if answered is not None:
        assert said(plan) == answered
    sweep(desk, "11:05")
    assert desk.case.open is is_open
    assert read(desk.policy, desk.case).state.open is is_open


def test_a_closing_that_is_taken_back_begins_no_new_cycle_and_is_answered_once() -> None:
    desk = incident("11:00 bob closes")
    plan = desk.look(when("11:01"))[1]
    assert Reopen() in plan.actions
    sweep(desk, "11:01", "11:02", "12:00")
    assert desk.case.open
    assert runs(desk, "12:00") == ["solution due 18:00"]
    assert closings(desk) == [("back", "/state /update")]


def test_the_same_list_is_not_said_twice_another_one_is_and_the_third_closing_stands() -> None:
    desk = incident("11:00 bob closes")
    assert said(desk.look(when("11:01"))[1]) == [BACK]
    sweep(desk, "11:01")
    goes_on(desk, '11:10 bob says "/update"\n11:10 ann closes')
    assert said(desk.look(when("11:11"))[1]) == [BACK.replace(LIST[1], "")]
    sweep(desk, "11:11")
    assert desk.case.open
    goes_on(desk, "11:20 bob closes")
    plan = desk.look(when("11:21"))[1]
    assert (said(plan), [a for a in plan.actions if isinstance(a, Reopen)]) == ([], [])
    sweep(desk, "11:21", "11:30")
    assert not desk.case.open
    assert closings(desk) == [("back", "/state /update"), ("back", "/state"), ("insisted", "/state")]
    [closed] = [fact for fact in read(desk.policy, desk.case).facts if fact.kind == "closed"]
    assert closed.args == {"unfinished": "/state"}


def test_two_closings_with_the_same_list_are_answered_once_whatever_runs_between() -> None:
    desk = incident("11:00 bob closes")
    sweep(desk, "11:01")
    goes_on(desk, "11:10 bob closes")
    assert said(desk.look(when("11:11"))[1]) == []
    sweep(desk, "11:11")
    assert desk.case.open


def test_after_a_reopening_the_count_begins_anew() -> None:
    desk = incident("11:00 bob closes")
    for at in ("11:01", "11:11", "11:21"):
        sweep(desk, at)
        goes_on(desk, f"{at[:3]}{int(at[3:]) + 9} bob closes")
    sweep(desk, "11:31")
    assert not desk.case.open
    goes_on(desk, "12:00 ann reopens\n12:01 ann closes")
    sweep(desk, "12:02")
    assert desk.case.open
    assert runs(desk, "12:02")[-1] == "solution due 20:00"


@pytest.mark.parametrize(
    "later", ["", "incidents: { when: { priority: high }, close-needs: [state, /update, /ack] }\n"]
)
def test_what_became_of_a_closing_stays_when_the_policy_changes(later: str) -> None:
    """Neither is what was closed under an older text opened again, nor is a closing that was taken back a closing."""
    done = incident('11:00 bob says "/update\\n/state resolved"\n11:01 bob closes')
    sweep(done, "11:02")
    back = incident("11:00 bob closes")
    sweep(back, "11:02")
    changed = world(CLOCKS, BEGINS, more=later).policy
    for desk, is_open in ((done, False), (back, True)):
        desk.policy = changed
        sweep(desk, "11:03")
        assert desk.case.open is is_open
        assert read(desk.policy, desk.case).state.open is is_open


def test_what_the_desk_had_not_seen_before_it_was_closed_is_left_alone() -> None:
    desk = incident("11:00 bob closes", seen="")
    assert not sweep(desk, "11:01")
    assert not desk.case.open


def test_a_run_that_ends_after_opening_the_case_again_and_before_its_record_changes_nothing() -> None:
    desk = incident("11:00 bob closes")
    whole = incident("11:00 bob closes")
    sweep(whole, "11:01")
    reopened = next(moment for moment in whole.case.moments if moment.kind == "reopened")
    desk.happen(reopened)  # and no record of it
    sweep(desk, "11:02")
    assert closings(desk) == closings(whole)
    assert runs(desk, "12:00") == runs(whole, "12:00")


def test_a_false_alarm_is_closed_as_not_planned_and_remembered_when_its_comment_is_gone() -> None:
    desk = incident('11:00 bob says "/close false-alarm: A test\\nof ours"')
    assert Close("not_planned") in desk.look(when("11:01"))[1].actions
    sweep(desk, "11:01")
    assert closed_as_false_alarm(read(desk.policy, desk.case)) == "A test of ours"
    moments = tuple(moment for moment in desk.case.moments if moment.kind != "comment" or moment.ours)
    assert closed_as_false_alarm(read(desk.policy, replace(desk.case, moments=moments))) == "A test of ours"


def test_a_record_of_a_closing_that_makes_no_sense_is_not_believed() -> None:
    desk = incident("11:00 bob closes")
    source = next(moment.source for moment in desk.case.moments if moment.kind == "closed")
    card = desk.case.own[0]
    wrong = Kept(f"{source} closing", when("11:00"), "bob", "MEMBER", "closing", "perhaps", "")
    ledger = replace(card.ledger, kept={**card.ledger.kept, wrong.key: wrong})
    desk.case = replace(desk.case, own=(replace(card, ledger=ledger), *desk.case.own[1:]))
    assert Reopen() in desk.look(when("11:01"))[1].actions


@pytest.mark.parametrize(
    "text, why",
    [
        ("false-alarm: it was a test", "it was a test"),
        ("FALSE ALARM it was a test", "it was a test"),
        ("false-alarm:\nit was\na test", "it was a test"),
        ("false-alarm:   ", ""),
        ("false-alarm", ""),
        ("false-alarms are many", None),
        ("it was a false-alarm: yes", None),
        ("", None),
    ],
)
def test_how_a_false_alarm_is_said(text: str, why: str | None) -> None:
    assert false_alarm(text) == why


def test_a_command_that_closes_needs_the_same_and_counts_for_itself() -> None:
    head = HEAD.replace("  /update: { by: staff }", "  /update: { by: staff, close: true }")
    assert said(incident('11:00 bob says "/update"', head=head).look(when("11:01"))[1]) == [
        REFUSED.replace(LIST[1], "")
    ]
    desk = incident('11:00 bob says "/state resolved"\n11:01 bob says "/update"', head=head)
    sweep(desk, "11:02")
    assert not desk.case.open


def test_a_duplicate_and_what_is_void_close_without_the_list() -> None:
    duplicate = incident("11:00 bob closes")
    moments = duplicate.case.moments
    duplicate.case = replace(
        duplicate.case, moments=tuple(replace(m, text="duplicate") if m.kind == "closed" else m for m in moments)
    )
    void = incident(
        "11:00 bob labels spam\n11:01 bob closes", head=HEAD.replace("desk: Told", "desk: Told\nvoid: { label: spam }")
    )
    for desk in (duplicate, void):
        sweep(desk, "11:05")
        assert not desk.case.open


RESOLVED = HEAD.replace("/resolved: { by: staff,", "/resolved: { by: staff, takes: { at: optional time },")
NEEDS = "incidents: { when: { priority: high }, close-needs: [/resolved] }\n"


def test_a_command_that_was_refused_is_still_lacking_whenever_somebody_looks() -> None:
    """A resolution before the start was refused, and later runs read it again."""
    desk = incident('11:00 bob says "/resolved 09:30"', head=RESOLVED, more=NEEDS)
    assert len(said(desk.look(when("11:01"))[1])) == 1
    sweep(desk, "11:01", "11:05")
    goes_on(desk, "11:10 bob closes")
    sweep(desk, "11:11", "11:30")
    assert desk.case.open
    assert closings(desk) == [("back", "/resolved")]


def test_what_was_refused_under_an_older_policy_is_lacking_under_a_newer_one() -> None:
    strict = HEAD.replace("/update: { by: staff }", "/update: { by: tess }")
    desk = incident('11:00 bob says "/update"\n11:01 bob says "/state resolved"', head=strict)
    sweep(desk, "11:02")
    desk.policy = incident().policy
    goes_on(desk, "11:10 bob closes")
    sweep(desk, "11:11")
    assert desk.case.open
    assert closings(desk) == [("back", "/update")]
