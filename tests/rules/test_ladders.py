"""Ladders: which rungs come when, what overtakes them, who is called and how often."""

from __future__ import annotations

import pytest
from tests.promises.stories import shown, when
from tests.rules.desk import HEAD, called, records, sweep, world

from respondby.calendars.instants import Instant

ASKED = '10:00 carla opens "Help"'


def ladder(*rungs: str, target: str = "1h", more: str = "") -> str:
    """One clock with these rungs."""
    return (
        f"  answer: {{ start: opened, stop: comment by staff, target: {target}, pause: waiting{more},\n"
        f"    ladder: [{', '.join(rungs)}] }}"
    )


@pytest.mark.parametrize(
    "rung, target, expected",
    [
        ("{ at: start, page: ann, via: pager }", "1h", "10:00"),
        ("{ at: start + 10m, page: ann, via: pager }", "1h", "10:10"),
        ("{ at: 75%, page: ann, via: pager }", "1h", "10:45"),
        ("{ at: due - 20m, page: ann, via: pager }", "1h", "10:40"),
        ("{ at: due, page: ann, via: pager }", "1h", "11:00"),
        ("{ at: due + 15m, page: ann, via: pager }", "1h", "11:15"),
        ("{ at: due + 1 business hour, page: ann, via: pager }", "{ within: 7 business hours }", "tue 10:00"),
        ("{ at: 50%, page: ann, via: pager }", "{ by: end of next business day }", "tue 09:30"),
    ],
    ids=lambda value: value if ":" in value and "{" not in value else "",
)
def test_a_rung_is_performed_at_its_instant_and_not_a_second_before(rung: str, target: str, expected: str) -> None:
    desk = world(ladder(rung, target=target), ASKED)
    at: Instant = when(expected)
    if at > when("10:00"):
        assert desk.sweep(at - 1).next == at
        assert called(desk) == []
    desk.sweep(at)
    assert called(desk) == [f"{expected} page ann pager"]


def test_a_late_scheduler_performs_what_is_past_due_once() -> None:
    desk = world(ladder("{ at: due, label: late, page: ann, via: pager }"), ASKED)
    sweep(desk, "14:00", "14:05", "18:00")
    assert called(desk) == ["14:00 page ann pager"]
    assert records(desk) == {"due/0": "done 11:00"}
    assert desk.case.labels == {"late"}


def test_rungs_that_came_due_together_call_each_person_once_under_the_newest() -> None:
    desk = world(
        ladder("{ at: 75%, page: ann, via: pager }", "{ at: due, page: [ann, bob], via: pager }"),
        ASKED,
    )
    sweep(desk, "12:00")
    assert sorted(called(desk)) == ["12:00 page ann pager", "12:00 page bob pager"]
    assert [key.split("/")[-3] for _, key, _, to, _ in desk.called if to == "ann"] == ["due"]
    assert records(desk) == {"75%/0": "done 10:45", "due/0": "done 11:00"}


def test_mentions_that_came_due_together_are_one_comment() -> None:
    desk = world(ladder("{ at: 75%, notify: ann }", "{ at: due, notify: [ann, bob] }"), ASKED)
    sweep(desk, "12:00")
    assert called(desk) == ["12:00 mention ann mention", "12:00 mention bob mention"]
    assert [comment.kind for comment in desk.case.own].count("say") == 1


@pytest.mark.parametrize(
    "story, expected",
    [
        ("11:10 bob says hello", {"due/0": "overtaken 11:00"}),
        ("11:10 bob closes", {"due/0": "overtaken 11:00"}),
        ("11:10 bob says /wait", {"due/0": "overtaken 11:00"}),
        ("11:00 bob says /wait", {"due/0": "overtaken 11:00"}),
        ("10:59:59 bob says /wait", {}),
        ("10:50 bob says hello", {}),
        ("11:00 bob says hello", {}),
    ],
    ids=[
        "answered after",
        "closed after",
        "paused after",
        "paused in the due second",
        "paused before",
        "answered before",
        "answered in the due second",
    ],
)
def test_a_rung_overtaken_before_anybody_swept_labels_and_calls_nobody(story: str, expected: dict[str, str]) -> None:
    desk = world(ladder("{ at: due, label: late, page: ann, via: pager }"), f"{ASKED}\n{story}")
    sweep(desk, "11:30", "13:00")
    assert called(desk) == []
    assert {key: value for key, value in records(desk).items() if "due" in key} == expected
    assert ("late" in desk.case.labels) is bool(expected)


def test_a_pause_moves_the_rungs_that_have_not_come() -> None:
    desk = world(
        ladder("{ at: 50%, page: ann, via: pager }", "{ at: due, page: bob, via: pager }"),
        f"{ASKED}\n10:10 bob says /wait\n11:10 carla says here",
    )
    sweep(desk, "11:29")
    assert called(desk) == []
    sweep(desk, "11:30", "11:59", "12:00")
    assert called(desk) == ["11:30 page ann pager", "12:00 page bob pager"]


def test_repetitions_come_until_somebody_answers_and_no_more_than_asked() -> None:
    rung = "{ at: due, page: ann, via: pager, repeat: { every: 10m, times: 3 } }"
    desk = world(ladder(rung), ASKED)
    sweep(desk, "11:00", "11:10", "11:20", "11:30", "11:40", "13:00")
    assert called(desk) == [f"{time} page ann pager" for time in ("11:00", "11:10", "11:20", "11:30")]
    answered = world(ladder(rung), f"{ASKED}\n11:15 bob says hello")
    for time in ("11:00", "11:10", "11:20", "11:30"):
        answered.sweep(when(time))
    assert called(answered) == ["11:00 page ann pager", "11:10 page ann pager"]


def test_repetitions_missed_together_are_one_call() -> None:
    desk = world(ladder("{ at: due, page: ann, via: pager, repeat: { every: 10m, times: 3 } }"), ASKED)
    sweep(desk, "13:00", "13:05")
    assert called(desk) == ["13:00 page ann pager"]
    assert list(records(desk)) == ["due/0", "due/1", "due/2", "due/3"]


def test_after_counts_from_when_the_rung_before_was_really_performed() -> None:
    desk = world(ladder("{ at: due, page: ann, via: pager }", "{ after: 15m, page: bob, via: pager }"), ASKED)
    sweep(desk, "11:40")
    plan = sweep(desk, "11:54")
    assert called(desk) == ["11:40 page ann pager"]
    assert plan.next is not None
    assert shown(plan.next) == "11:55"
    sweep(desk, "11:55")
    assert called(desk) == ["11:40 page ann pager", "11:55 page bob pager"]


def test_a_raise_makes_the_start_rung_of_the_higher_priority_due() -> None:
    rung = "{ at: start, when: { priority: high }, page: tess, via: pager }"
    desk = world(ladder(rung), f"{ASKED}\n10:20 bob labels priority/high")
    sweep(desk, "10:10")
    assert called(desk) == []
    sweep(desk, "10:21", "10:40")
    assert called(desk) == ["10:21 page tess pager"]
    assert records(desk)["start/0"] == "done 10:20"


def test_a_rungs_during_is_judged_at_its_own_instant_however_late_somebody_looks() -> None:
    rung = "{ at: due, when: { outside: office }, page: ann, via: pager }"
    inside = world(ladder(rung), ASKED)
    sweep(inside, "23:00")
    outside = world(ladder(rung, target="10h"), ASKED)
    sweep(outside, "tue 10:00")
    assert called(inside) == []
    assert called(outside) == ["tue 10:00 page ann pager"]


def test_recorded_rungs_stay_recorded_when_the_ladder_is_edited() -> None:
    desk = world(ladder("{ at: due, page: ann, via: pager }"), ASKED)
    sweep(desk, "11:00")
    edited = world(ladder("{ at: 50%, page: bob, via: pager }", "{ at: due, page: ann, via: pager }"), ASKED)
    desk.policy = edited.policy
    sweep(desk, "11:30")
    assert called(desk) == ["11:00 page ann pager", "11:30 page bob pager"]


def test_a_lowered_priority_overtakes_the_rungs_of_the_higher_one() -> None:
    clock = (
        "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 30m, low: 4h } },\n"
        "    ladder: [{ at: due, page: ann, via: pager }] }"
    )
    desk = world(clock, '10:00 carla opens "Help"\n10:01 bob labels priority/high\n10:40 bob labels priority/low')
    sweep(desk, "10:45")
    assert called(desk) == []
    assert records(desk)["due/0"].startswith("overtaken")


def test_a_rung_that_a_late_raise_had_made_true_already_is_recorded_when_it_came_true() -> None:
    """Nobody looked: the due raised the case at 11:00, so the customer's own raise at 11:30 made nothing true."""
    rungs = "{ at: start, when: { priority: high }, page: tess, via: pager }", "{ at: due, raise: { priority: high } }"
    story = f"{ASKED}\n10:00 ann labels priority/normal\n11:30 ann labels priority/high"
    for times in (("12:00",), ("11:00", "11:30", "12:00")):
        desk = world(ladder(*rungs), story)
        sweep(desk, *times)
        assert records(desk)["start/0"] == "done 11:00"


def test_an_overtaken_rung_assigns_nobody() -> None:
    desk = world(ladder("{ at: due, label: late, assign: ann }"), f"{ASKED}\n11:10 bob says hello")
    sweep(desk, "11:30")
    assert desk.case.assignees == ()
    assert desk.case.labels == {"late"}


def test_what_a_mute_silences_still_changes_the_case() -> None:
    """Nobody is told; a request that should be raised, assigned and closed by then is."""
    muted = HEAD.replace(
        "desk: Told", "desk: Told\nmute: [{ from: 2026-03-02T10:30, until: 2026-03-02T12:00, why: move }]"
    )
    rung = "{ at: due, set: { priority: low }, assign: bob, close: true, page: ann, via: pager, comment: Closed. }"
    desk = world(ladder(rung), ASKED, head=muted)
    sweep(desk, "11:00", "12:30")
    assert called(desk) == []
    assert (desk.case.open, desk.case.assignees) == (False, ("bob",))
    assert "priority/low" in desk.case.labels


def test_a_rung_that_a_lowering_put_off_is_not_repeated_meanwhile() -> None:
    clock = (
        "  answer: { start: opened, stop: comment by staff, target: { priority: { high: 30m, low: 4h } },\n"
        "    ladder: [{ at: due, page: ann, via: pager, repeat: { every: 10m, times: 3 } }] }"
    )
    desk = world(clock, '10:00 carla opens "Help"\n10:01 bob labels priority/high\n10:35 bob labels priority/low')
    assert sweep(desk, "10:31", "10:41", "11:10").next == when("14:00")
    assert called(desk) == ["10:31 page ann pager"]


def test_repetitions_go_on_after_a_pause_that_came_too_late_to_move_the_due() -> None:
    rung = "{ at: due, page: ann, via: pager, repeat: { every: 10m, times: 3 } }"
    desk = world(ladder(rung), f"{ASKED}\n11:05 bob says /wait\n11:15 carla says here")
    sweep(desk, "11:00", "11:06")
    assert sweep(desk, "11:16").next == when("11:20")
    sweep(desk, "11:20", "11:30")
    assert called(desk) == [f"{time} page ann pager" for time in ("11:00", "11:20", "11:30")]


def test_a_rule_that_a_late_rung_had_made_true_already_is_not_done_twice() -> None:
    """Nobody looked: the rung raised the case at 11:00, so the customer's own raise at 11:30 made nothing true."""
    rule = "rules: [{ when: { priority: high }, notify: tess, via: pager }]\n"
    head = HEAD.replace("commands:\n", 'commands:\n  "@help": { by: anyone, raise: { priority: high } }\n')
    story = f'{ASKED}\n11:30 carla says "@help"'
    seldom = world(ladder("{ at: due, raise: { priority: high } }", target="1h"), story, head=head, more=rule)
    often = world(ladder("{ at: due, raise: { priority: high } }", target="1h"), story, head=head, more=rule)
    sweep(often, "11:00", "11:30", "12:00")
    sweep(seldom, "12:00")
    assert called(seldom) == ["12:00 notify tess pager"]
    assert set(seldom.case.ledger.records) == set(often.case.ledger.records)
