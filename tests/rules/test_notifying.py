"""Telling people: roles at the moment of the call, quiet hours, roles that nobody holds, rules and commands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import shown, when
from tests.rules.desk import HEAD, called, sweep, world

from respondby.rules.plan import Assign, Call, WriteComment

ASKED = '10:00 carla opens "Help"'
CLOCK = "  answer: { start: opened, stop: comment by staff, target: 1h, ladder: [%s] }"


def test_a_page_goes_to_who_holds_the_role_when_it_is_sent() -> None:
    away = HEAD.replace("ann: {}", "ann: { away: [2026-03-02] }").replace(
        "  lead:", "  first: [{ people: ann }, { people: bob }]\n  lead:"
    )
    desk = world(CLOCK % "{ at: due, page: first, via: pager }", ASKED, head=away)
    sweep(desk, "11:00")
    assert called(desk) == ["11:00 page bob pager"]


def test_a_role_that_nobody_holds_is_remarked_and_the_ladder_goes_on() -> None:
    desk = world(CLOCK % "{ at: due, page: lead, via: pager }, { at: due + 5m, label: late }", ASKED)
    _, plan = desk.look(when("11:00"))
    assert plan.remarks == ("acme/support#7: nobody holds the role lead, so nobody was told of answer",)
    sweep(desk, "11:00", "11:05", "11:10")
    assert called(desk) == []
    assert desk.case.labels == {"late"}


@pytest.mark.parametrize(
    "rung, sweeps, expected",
    [
        ("{ at: due, notify: ann, via: chat }", ("21:59", "22:00"), ["21:59 notify ann chat"]),
        ("{ at: due, notify: ann, via: chat }", ("22:00", "23:00", "tue 06:59"), []),
        ("{ at: due, notify: ann, via: chat }", ("22:00", "tue 07:00"), ["tue 07:00 notify ann chat"]),
        ("{ at: due, page: ann, via: chat }", ("22:00",), ["22:00 page ann chat"]),
        ("{ at: due, notify: ann }", ("22:00",), ["22:00 mention ann mention"]),
    ],
    ids=["before they begin", "held at night", "told in the morning", "never a page", "never a mention"],
)
def test_quiet_hours_hold_a_notify_until_the_persons_own_morning(
    rung: str, sweeps: tuple[str, ...], expected: list[str]
) -> None:
    desk = world(CLOCK % rung, '20:30 carla opens "Help"')
    plan = sweep(desk, *sweeps)
    assert called(desk) == expected
    if not expected:
        assert plan.next is not None
        assert shown(plan.next, "tue") == "07:00"


def test_quiet_hours_are_the_persons_own() -> None:
    head = HEAD.replace("ann: {}", "ann: { timezone: America/Los_Angeles }")
    desk = world(CLOCK % "{ at: due, notify: [ann, bob], via: chat }", '22:00 carla opens "Help"', head=head)
    sweep(desk, "23:00")
    assert called(desk) == ["23:00 notify ann chat"]
    sweep(desk, "tue 07:00")
    assert called(desk) == ["23:00 notify ann chat", "tue 07:00 notify bob chat"]


def test_a_mute_calls_nobody_and_labels_all_the_same() -> None:
    head = HEAD.replace(
        "desk: Told", "desk: Told\nmute: [{ from: 2026-03-02T10:30, until: 2026-03-02T12:00, why: move }]"
    )
    desk = world(CLOCK % "{ at: due, label: late, page: ann, via: pager }", ASKED, head=head)
    sweep(desk, "11:00", "12:30")
    assert called(desk) == []
    assert desk.case.labels == {"late"}


RULE = "rules: [{ when: { priority: high }, label: hot, notify: ann, via: chat }]\n"


def test_a_rule_acts_once_each_time_its_condition_becomes_true() -> None:
    story = [
        ASKED,
        "10:10 bob labels priority/high",
        "10:20 bob labels priority/low",
        "10:30 bob labels priority/high",
    ]
    desk = world("  answer: { start: opened, stop: closed, target: 9h }", "\n".join(story), more=RULE)
    sweep(desk, "10:10", "10:15", "10:20", "10:30", "10:35")
    assert called(desk) == ["10:10 notify ann chat", "10:30 notify ann chat"]
    assert "hot" in desk.case.labels


def test_a_label_that_a_person_took_off_is_not_put_back() -> None:
    desk = world(
        "  answer: { start: opened, stop: closed, target: 9h }",
        f"{ASKED}\n10:10 bob labels priority/high\n10:20 bob unlabels hot",
        more=RULE,
    )
    sweep(desk, "10:15")
    assert "hot" in desk.case.labels
    sweep(desk, "10:25")
    assert desk.look(when("10:30"))[1].actions == ()


HELP = HEAD.replace(
    "commands:\n",
    'commands:\n  "@help": { by: anyone, raise: { priority: high }, notify: staff, via: chat, cooldown: 15m }\n',
)


def test_help_tells_everybody_once_and_cools_down() -> None:
    story = [
        ASKED,
        '10:05 carla says "@help it burns"',
        '10:10 carla says "@help really"',
        '10:21 carla says "@help still"',
    ]
    desk = world("  answer: { start: opened, stop: closed, target: 9h }", "\n".join(story), head=HELP)
    sweep(desk, "10:05", "10:10", "10:21")
    assert called(desk) == [
        f"{time} notify {who} chat" for time in ("10:05", "10:21") for who in ("ann", "bob", "tess")
    ]
    assert "priority/high" in desk.case.labels


def test_a_command_whose_event_was_lost_is_performed_by_the_next_sweep() -> None:
    desk = world(
        "  answer: { start: opened, stop: closed, target: 9h }", f'{ASKED}\n10:05 carla says "@help"', head=HELP
    )
    sweep(desk, "11:00", "11:05")
    assert called(desk) == [f"11:00 notify {who} chat" for who in ("ann", "bob", "tess")]


def test_a_customers_small_talk_writes_nothing() -> None:
    desk = world("  answer: { start: opened, stop: comment by staff, target: 9h }", f"{ASKED}\n10:30 carla says thanks")
    sweep(desk, "10:05")
    before = desk.case
    sweep(desk, "10:35")
    assert desk.case == before


def test_an_answer_is_kept_so_that_deleting_it_changes_nothing() -> None:
    desk = world(CLOCK % "{ at: due, page: ann, via: pager }", f"{ASKED}\n10:30 bob says hello")
    sweep(desk, "10:35")
    desk.case = replace(desk.case, moments=tuple(m for m in desk.case.moments if m.by.login != "bob"))
    assessment, _ = desk.look(when("12:00"))
    assert [(run.state, run.stopped_by) for run in assessment.runs] == [("met", "bob")]
    sweep(desk, "12:00")
    assert called(desk) == []


def test_who_was_told_too_quietly_is_not_paged_for_it_later() -> None:
    """The page went out, the notify waits for the morning: nobody may be woken by the other one's verb."""
    head = HEAD.replace("  lead:", "  first: ann\n  second: tess\n  lead:")
    rung = "{ at: due, page: first, notify: second, via: chat }"
    desk = world(CLOCK % rung, '22:00 carla opens "Help"', head=head)
    sweep(desk, "23:00", "23:05", "tue 07:00", "tue 07:05")
    assert called(desk) == ["23:00 page ann chat", "tue 07:00 notify tess chat"]


def test_who_is_paged_is_not_told_the_same_through_a_channel_too() -> None:
    head = HEAD.replace("  lead:", "  first: ann\n  lead:")
    rung = "{ at: due, page: first, notify: [first, bob], via: pager }"
    desk = world(CLOCK % rung, ASKED, head=head)
    sweep(desk, "11:00", "11:05")
    assert called(desk) == ["11:00 page ann pager", "11:00 notify bob pager"]


@pytest.mark.parametrize(
    "hour, chain", [("11:00", ("mail", "chat")), ("23:00", ("mail",))], ids=["by day", "in quiet hours"]
)
def test_quiet_hours_of_a_fallback_hold_as_well(hour: str, chain: tuple[str, ...]) -> None:
    desk = world(
        CLOCK % "{ at: start, notify: ann, via: mail }",
        f'{hour} carla opens "Help"',
        more="  mail: { console: MAIL, fallback: chat }\n",
    )
    _, plan = desk.look(when(hour))
    assert [call.via for call in plan.actions if isinstance(call, Call)] == [chain]


def test_a_deleted_account_is_nobody_to_tell() -> None:
    desk = world(CLOCK % "{ at: due, notify: author }", '10:00 ghost opens "Help"')
    _, plan = desk.look(when("11:00"))
    assert [action for action in plan.actions if isinstance(action, WriteComment)] == []
    assert plan.remarks == ("acme/support#7: nobody holds the role author, so nobody was told of answer",)


def test_who_was_not_reached_and_who_sleeps_are_looked_after_each_in_their_time() -> None:
    rung = "{ at: due, notify: [ann, bob], via: chat }"
    head = HEAD.replace("ann: {}", "ann: { timezone: America/Los_Angeles }")
    desk = world(CLOCK % rung, '22:00 carla opens "Help"', head=head)
    desk.unreachable.add("ann")
    plan = sweep(desk, "23:00")
    assert plan.next == when("23:00") + 1
    desk.unreachable.clear()
    sweep(desk, "23:05", "tue 07:00")
    assert called(desk) == ["23:05 notify ann chat", "tue 07:00 notify bob chat"]


def test_what_a_mute_holds_back_is_looked_at_again_when_it_ends() -> None:
    muted = "desk: Told\nmute: [{ from: 2026-03-02T11:30, until: 2026-03-02T12:00, why: move }]"
    desk = world(CLOCK % "{ at: due, page: ann, via: pager }", ASKED, head=HEAD.replace("desk: Told", muted))
    desk.unreachable.add("ann")
    sweep(desk, "11:00")
    desk.unreachable.clear()
    assert sweep(desk, "11:40").next == when("12:00")
    sweep(desk, "12:00")
    assert called(desk) == ["12:00 page ann pager"]


def test_an_assignee_whom_the_forge_dropped_is_not_fought_for() -> None:
    """Who loses access is unassigned without a word: the timeline still says that they were assigned."""
    desk = world("  answer: { start: opened, stop: closed, target: 9h }", f"{ASKED}\n10:05 bob assigns ann")
    assert [a for a in desk.look(when("10:10"))[1].actions if isinstance(a, Assign)] == []


@pytest.mark.parametrize(
    "story, expected",
    [
        ('11:00 carla closes\n11:30 carla says "@help it is back"', ["12:00 notify ann chat"]),
        ('11:00 carla says "@help"\n11:00 carla closes', ["12:00 notify ann chat"]),
        ('11:00 carla says "@help"\n11:30 bob closes', []),
    ],
    ids=["said on a closed case", "said with the closing", "closed by somebody since"],
)
def test_a_command_on_a_closed_case_is_heard_unless_somebody_closed_it_since(story: str, expected: list[str]) -> None:
    head = HELP.replace("notify: staff", "notify: ann")
    desk = world("  answer: { start: opened, stop: closed, target: 9h }", f"{ASKED}\n{story}", head=head)
    sweep(desk, "12:00", "12:05")
    assert called(desk) == expected


@pytest.mark.parametrize("text", ["Priority/High", "PRIORITY/HIGH"])
def test_a_label_counts_however_its_letters_are_written(text: str) -> None:
    """A repository has one spelling of a label; GitHub takes every other for the same."""
    desk = world(
        "  answer: { start: opened, stop: closed, target: 9h }", f"{ASKED}\n10:05 bob labels {text}", more=RULE
    )
    sweep(desk, "10:05", "10:10")
    assert called(desk) == ["10:05 notify ann chat"]
    assert desk.case.labels == {text, "hot"}


def test_a_label_taken_off_in_another_spelling_is_not_put_back() -> None:
    desk = world(
        "  answer: { start: opened, stop: closed, target: 9h }",
        f"{ASKED}\n10:10 bob labels priority/high\n10:20 bob unlabels HOT",
        more=RULE,
    )
    sweep(desk, "10:25")
    assert "hot" not in desk.case.labels


def test_about_a_locked_issue_people_are_called_and_what_is_to_stand_on_it_waits() -> None:
    """The workflow's token may neither comment nor label there; the record is kept in the desk's log."""
    desk = world(CLOCK % "{ at: due, label: late, page: ann, via: pager }", ASKED)
    desk.case = replace(desk.case, locked=True)
    _, plan = desk.look(when("11:00"))
    assert [(type(action), action.to) for action in plan.actions if isinstance(action, Call)] == [(Call, "ann")]
    assert len(plan.actions) == 1
    assert [record.key for record in plan.records] == ["answer/I_1/due/0"]
    assert plan.remarks == (
        "acme/support#7: the issue is locked: people are called, and what is to stand on it waits until it is unlocked",
    )


def test_about_a_locked_issue_that_is_closed_nobody_is_called() -> None:
    desk = world(CLOCK % "{ at: due, page: ann, via: pager }", ASKED)
    desk.case = replace(desk.case, locked=True, open=False)
    _, plan = desk.look(when("11:00"))
    assert (plan.actions, plan.records, plan.remarks) == ((), (), ())


def test_a_rule_fires_when_its_calendar_closes_and_not_when_the_desk_looks() -> None:
    """However late that is, the record says when; and neither the desk's own card nor a comment fires it again."""
    rule = "rules: [{ when: { priority: high, outside: office }, notify: ann, via: pager }]\n"
    story = f"{ASKED}\n10:10 bob labels priority/high\n19:00 carla says hello"
    desk = world("  answer: { start: opened, stop: closed, target: 9h }", story, more=rule)
    sweep(desk, "16:59")
    assert called(desk) == []
    sweep(desk, "18:00", "18:05", "19:00", "19:05")
    assert called(desk) == ["18:00 notify ann pager"]
    (fired,) = [record for key, record in desk.case.ledger.records.items() if key.startswith("rule/")]
    assert fired.at == when("17:00")


def test_a_call_that_is_made_good_later_leaves_what_its_rung_changed() -> None:
    """The second record of one rung, with the call in it, is the first one grown, not one without its changes."""
    raising = "{ at: due, page: ann, via: pager, raise: { priority: high }, unlabel: waiting }"
    desk = world(CLOCK % raising, ASKED)
    desk.policy = replace(desk.policy, commit="c" * 40)
    desk.unreachable.add("ann")
    sweep(desk, "11:00")
    (before,) = desk.case.ledger.records.values()
    desk.unreachable.clear()
    sweep(desk, "11:05")
    (record,) = desk.case.ledger.records.values()
    assert (record.raises, record.unlabels, record.policy) == (before.raises, before.unlabels, before.policy)
    assert record.raises == (("priority", "high"),)
    assert called(desk) == ["11:05 page ann pager"]
