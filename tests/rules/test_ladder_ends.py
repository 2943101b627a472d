"""The end of a repetition: nobody came, which is recorded once and told to whom the policy says."""

from __future__ import annotations

import pytest
from tests.promises.stories import when
from tests.rules.desk import called, records, sweep, world

END = "then: { label: nobody-came, page: tess, via: pager, comment: Nobody has answered. }"


def desk(story: str = '10:00 carla opens "Help"', *, end: str = END, more: str = ""):
    repeat = f"repeat: {{ every: 10m, times: 2{', ' if end else ''}{end} }}"
    return world(
        "  answer: { start: opened, stop: comment by staff, target: 1h, pause: waiting,\n"
        f"    ladder: [{{ at: due, page: ann, via: pager, {repeat} }}{more}] }}",
        story,
    )


MINUTELY = [f"11:{minute:02}" for minute in range(60)]


@pytest.mark.parametrize("sweeps", [MINUTELY, ["11:00", "11:10", "11:20", "11:30", "12:00"], [*MINUTELY, "12:30"]])
def test_when_the_last_time_has_passed_unanswered_the_end_comes_once(sweeps: list[str]) -> None:
    told = desk()
    sweep(told, *sweeps)
    assert called(told) == [f"11:{minute}0 page ann pager" for minute in range(3)] + ["11:30 page tess pager"]
    assert records(told)["due unanswered/0"] == "done 11:30"
    assert told.case.labels == {"nobody-came"}
    assert sum(own.kind == "say" for own in told.case.own) == 1


def test_an_outage_over_all_of_it_records_the_same_and_calls_each_person_once() -> None:
    told = desk()
    sweep(told, "14:00")
    assert sorted(call.split()[2] for call in called(told)) == ["ann", "tess"]
    assert records(told) == {
        "due/0": "done 11:00",
        "due/1": "done 11:10",
        "due/2": "done 11:20",
        "due unanswered/0": "done 11:30",
    }


@pytest.mark.parametrize("answer", ["11:05", "11:25", "11:30"])
def test_an_answer_before_it_spares_everybody_the_end(answer: str) -> None:
    told = desk(f'10:00 carla opens "Help"\n{answer} bob says "Mended"')
    sweep(told, *MINUTELY)
    assert "due unanswered/0" not in records(told)
    assert told.case.labels == set()


def test_it_is_the_next_thing_that_comes() -> None:
    told = desk()
    assert sweep(told, "11:20").next == when("11:30")
    assert sweep(told, "11:30").next is None


def test_without_an_end_the_last_call_is_the_last_thing() -> None:
    told = desk(end="")
    assert sweep(told, *MINUTELY).next is None
    assert len(called(told)) == 3


def test_the_rung_behind_it_still_counts_from_the_rung_itself() -> None:
    told = desk(more=", { after: 45m, page: bob, via: pager }")
    sweep(told, *MINUTELY)
    assert called(told)[-1] == "11:45 page bob pager"
