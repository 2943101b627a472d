"""A role that nobody holds: the ladder's next step is taken at once, says so, and is not taken twice."""

from __future__ import annotations

import pytest
from tests.laws.world import World
from tests.promises.stories import when
from tests.rules.desk import HEAD, called, records, sweep, world

from respondby.rules.plan import Call

ASKED = '10:00 carla opens "Help"'


def ladder(*rungs: str) -> str:
    return (
        "  answer: { start: opened, stop: comment by staff, target: 1h, pause: waiting,\n"
        f"    ladder: [{', '.join(rungs)}] }}"
    )


EMPTY = "{ at: due, notify: lead, via: chat }"  # lead is tess for high priority only: here nobody
NEXT = "{ at: due + 15m, label: late, page: ann, via: pager }"
LAST = "{ at: due + 30m, page: bob, via: pager }"


def whys(desk: World, rung: str) -> list[str]:
    """What a rung's record says of its calls: `ann pager`, and why something did not go out."""
    (record,) = [one for key, one in desk.case.ledger.records.items() if key.endswith(f"/{rung}/0")]
    return [" ".join(map(str, result.unparse())).removesuffix(" id").rstrip() for result in record.results]


def test_whom_the_next_rung_names_is_called_at_once_by_its_verb_and_channel() -> None:
    desk = world(ladder(EMPTY, NEXT, LAST), ASKED)
    _, plan = desk.look(when("11:00"))
    assert plan.remarks == (
        "acme/support#7: nobody holds the role lead, so the next step of answer was taken at once (due+15m)",
    )
    (call,) = [action for action in plan.actions if isinstance(action, Call)]
    assert (call.verb, call.to, call.via[0], call.because[0].instead) == ("page", "ann", "pager", ("lead",))
    sweep(desk, "11:00")
    assert called(desk) == ["11:00 page ann pager"]
    assert desk.case.labels == set()  # what else the next rung does keeps its own time
    assert whys(desk, "due") == ["empty lead", "stood in due+15m", "page ann pager"]


def test_when_its_own_time_comes_it_does_all_else_and_calls_nobody_twice() -> None:
    desk = world(ladder(EMPTY, NEXT, LAST), ASKED)
    sweep(desk, "11:00", "11:15", "11:20", "11:30")
    assert called(desk) == ["11:00 page ann pager", "11:30 page bob pager"]
    assert desk.case.labels == {"late"}
    assert whys(desk, "due+15m") == ["before ann"]


@pytest.mark.parametrize(
    "sweeps",
    [["11:00", "11:15", "11:30"], ["11:30"], ["11:10", "11:40"], [f"11:{minute:02}" for minute in range(0, 40, 3)]],
)
def test_however_often_somebody_looks_the_same_is_recorded_and_everybody_is_called_once(sweeps: list[str]) -> None:
    desk = world(ladder(EMPTY, NEXT, LAST), ASKED)
    sweep(desk, *sweeps)
    assert records(desk) == {"due/0": "done 11:00", "due+15m/0": "done 11:15", "due+30m/0": "done 11:30"}
    assert sorted(call.split()[2] for call in called(desk)) == ["ann", "bob"]


def test_steps_that_name_nobody_who_is_there_are_passed_over_too() -> None:
    desk = world(ladder(EMPTY, "{ at: due + 5m, page: lead, via: pager }", "{ at: due + 9m, label: x }", LAST), ASKED)
    sweep(desk, "11:00")
    assert called(desk) == ["11:00 page bob pager"]
    sweep(desk, "11:05", "11:10", "11:30")
    assert called(desk) == ["11:00 page bob pager", "11:05 page bob pager"]  # each empty step is made up for once


def test_a_step_whose_condition_does_not_hold_stands_in_for_nobody() -> None:
    rung = "{ at: due + 15m, when: { priority: high }, page: ann, via: pager }"
    desk = world(ladder(EMPTY, rung, LAST), ASKED)
    sweep(desk, "11:00")
    assert called(desk) == ["11:00 page bob pager"]


def test_where_somebody_of_the_step_is_there_nobody_stands_in() -> None:
    desk = world(ladder("{ at: due, page: [lead, tess], via: pager }", NEXT), ASKED)
    sweep(desk, "11:00", "11:15")
    assert called(desk) == ["11:00 page tess pager", "11:15 page ann pager"]


def test_a_step_that_counts_from_the_one_before_counts_from_when_that_was_taken() -> None:
    after = "{ after: 10m, page: [ann, bob], via: pager }"
    desk = world(ladder(EMPTY, after), ASKED)
    sweep(desk, "11:20", "11:29", "11:30")
    assert called(desk) == ["11:20 page ann pager", "11:20 page bob pager"]
    assert records(desk) == {"due/0": "done 11:00", "after 10m/0": "done 11:30"}


def test_who_could_not_be_reached_in_anothers_place_is_called_again_in_the_same_way() -> None:
    desk = world(ladder(EMPTY, NEXT), ASKED)
    desk.unreachable.add("ann")
    sweep(desk, "11:00")
    desk.unreachable.clear()
    sweep(desk, "11:05", "11:15")
    assert called(desk) == ["11:05 page ann pager"]


def test_after_the_last_step_there_is_nobody_and_it_is_said() -> None:
    desk = world(ladder(NEXT.replace("ann", "lead")), ASKED)
    plan = desk.look(when("11:15"))[1]
    assert plan.remarks == ("acme/support#7: nobody holds the role lead, so nobody was told of answer",)


AT_NOON = '12:00 carla opens "Help"'
OFFICE = "when: { during: office }"
PASSED = f"{{ at: start, {OFFICE}, page: tess, via: pager, label: seen }}"
SECOND = "{ after: 15m, page: ann, via: pager }"
THIRD = "{ after: 15m, page: bob, via: pager, repeat: { every: 15m, times: 1 } }"


@pytest.mark.parametrize("first", ["03:00", "03:02", "03:14"])
def test_a_step_that_is_not_for_this_time_lets_the_next_one_be_taken_at_once(first: str) -> None:
    desk = world(ladder(PASSED, SECOND, THIRD), '03:00 carla opens "At night"')
    sweep(desk, first)
    assert called(desk) == [f"{first} page ann pager"]
    assert desk.case.labels == set()  # what else the step does is not for this time either
    assert whys(desk, "start") == ["stood in after 15m", "page ann pager"]
    minute = int(first[3:])
    sweep(desk, *(f"03:{minute + more:02}" for more in (15, 20, 30, 45)))
    assert [one.split()[2] for one in called(desk)] == ["ann", "bob", "bob"]


def test_at_its_time_it_is_taken_itself() -> None:
    desk = world(ladder(PASSED, SECOND), AT_NOON)
    sweep(desk, "12:00", "12:15")
    assert called(desk) == ["12:00 page tess pager", "12:15 page ann pager"]
    assert desk.case.labels == {"seen"}


def test_a_step_with_a_time_of_its_own_behind_it_keeps_that() -> None:
    night = "{ at: start + 5m, when: { outside: office }, page: ann, via: pager }"
    desk = world(ladder(PASSED, night), '03:00 carla opens "At night"')
    sweep(desk, "03:00")
    assert called(desk) == []
    sweep(desk, "03:05")
    assert called(desk) == ["03:05 page ann pager"]


AT_WORK = HEAD.replace("lead: { when: { priority: high }, people: tess }", f"lead: {{ {OFFICE}, people: tess }}")


@pytest.mark.parametrize("sweeps", [["03:30", "08:59", "09:00", "09:30"], ["03:30", "09:00"]])
def test_whom_nobody_stood_in_for_is_called_when_somebody_holds_the_role(sweeps: list[str]) -> None:
    rungs = "{ at: start + 30m, page: lead, via: pager }", f"{{ at: due + 8h, {OFFICE}, page: bob, via: pager }}"
    desk = world(ladder(*rungs), '03:00 carla opens "At night"', head=AT_WORK)
    sweep(desk, sweeps[0])
    _, plan = desk.look(when("03:31"))
    assert (called(desk), plan.next) == ([], when("04:00"))
    sweep(desk, "04:00")
    assert desk.look(when("04:01"))[1].next == when("09:00")  # the office opens, and with it the role
    sweep(desk, *sweeps[1:])
    assert called(desk) == ["09:00 page tess pager"]


def test_who_was_answered_meanwhile_is_not_called_any_more() -> None:
    story = '03:00 carla opens "At night"\n08:00 bob says "It is mended"'
    desk = world(ladder("{ at: start + 30m, page: lead, via: pager }"), story, head=AT_WORK)
    sweep(desk, "03:30", "08:00", "09:00", "10:00")
    assert called(desk) == []
