"""Campaigns: a seed is a schedule, a desk that does things twice or forgets them is found out, and ours is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from tests.faults import campaign, planted
from tests.faults.schedules import KINDS, Disturbance, Schedule, draw

from respondby.jobs.effects import applying
from respondby.rules import telling

#: A chat's library, which a run loads where its channel is used.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

STORIES = "docs/processes/priorities-and-help/scenarios"
AT_NIGHT = f"{STORIES}/production-down-at-night.yml"
EXPERT = "docs/processes/tiered-cloud-support/scenarios/expert-after-one-hour.yml"
FOLLOWS = "docs/examples/waiting/scenarios/going-on-without-an-answer.yml"

#: What a scenario's runs send, for drawing schedules.
SENT = [
    [("POST", "graphql")],
    [("POST", "graphql"), ("POST", "comments"), ("POST", "mutation"), ("PATCH", "7"), ("CALL", "")],
]


def test_a_seed_and_a_scenario_give_one_schedule() -> None:
    drawn = [draw(AT_NIGHT, seed, SENT) for seed in range(60)]
    assert drawn == [draw(AT_NIGHT, seed, SENT) for seed in range(60)]
    assert len({one.disturbances for one in drawn}) > 50


def test_every_kind_gets_its_turn() -> None:
    drawn = [draw(AT_NIGHT, seed, SENT) for seed in range(len(KINDS))]
    assert {one.kind for schedule in drawn for one in schedule.disturbances} == set(KINDS)


def test_what_is_for_writes_happens_to_writes_and_what_is_for_queries_to_queries() -> None:
    for seed in range(100):
        for one in draw(AT_NIGHT, seed, SENT).disturbances:
            wanted = KINDS[one.kind].on
            if wanted == "call":
                assert (one.run, one.request) == (1, 0)
                continue
            verb, path = SENT[one.run][one.request]
            assert wanted in ("any", "query" if path == "graphql" else "write", path), (one, verb)


def test_a_scenario_without_writes_has_schedules_too() -> None:
    assert all(draw(AT_NIGHT, seed, SENT[:1]).disturbances for seed in range(len(KINDS)))


def schedule(file: str, *disturbances: Disturbance) -> Schedule:
    """One that is not drawn."""
    return Schedule(file, 0, disturbances)


FORGOTTEN = schedule(FOLLOWS, Disturbance("502 after", 2, 1, 2))


@pytest.mark.parametrize(
    "one",
    [
        FORGOTTEN,  # a command's reaction was forgotten once its record stood in a comment
        schedule(EXPERT, Disturbance("502 after", 0, 3, 99)),  # and so was an assignment
        schedule(AT_NIGHT, Disturbance("killed before a request", 0, 2), Disturbance("cut before", 4, 1)),
        schedule(AT_NIGHT, Disturbance("three runs that meet", 6, 2, order=(1, 2, 1, 0, 0, 2) * 10)),
        schedule(AT_NIGHT, Disturbance("killed between a call and its answer", 0, 0)),
        schedule(AT_NIGHT, Disturbance("reads that lag behind our writes", 0, 1, 2)),
        schedule(AT_NIGHT, Disturbance("killed after a write", 0, 1, sweeps=3)),
    ],
    ids=str,
)
def test_what_went_wrong_once_goes_right(one: Schedule) -> None:
    verdict = campaign.judge_schedule(one)
    assert verdict.wrong == []
    assert verdict.struck.total() == len(one.disturbances) > 0


def test_a_desk_that_forgets_what_it_owes_is_found_out_and_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "outstanding_effects", lambda *_: {})
    verdict = campaign.judge_schedule(FORGOTTEN)
    assert verdict.wrong
    told = campaign.told(verdict)
    assert told[0].endswith(f"replay: python -m tests.faults --seed 0 {FOLLOWS}")
    assert "went wrong: " in told[1]
    assert "1 schedules ended otherwise" in campaign.summary([verdict])[-1]


@pytest.mark.parametrize(
    "bug, one, wrong",
    [
        (planted.calls_twice, schedule(AT_NIGHT), "undisturbed, called more than once"),
        (planted.repeats_blindly, schedule(AT_NIGHT, Disturbance("500 after", 0, 5)), "said 1 times more than"),
        (
            planted.takes_silence_for_success,
            schedule(AT_NIGHT, Disturbance("a channel that fails", 0, 0)),
            "not called",
        ),
    ],
)
def test_a_bug_is_found_out(bug: Callable[[], AbstractContextManager[object]], one: Schedule, wrong: str) -> None:
    with bug():
        campaign.forget()
        found = campaign.judge_schedule(one).wrong
    campaign.forget()
    assert any(line.startswith(wrong) for line in found), found


def test_a_play_that_breaks_off_is_a_verdict_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "disturbed", lambda *_: {}["no such thing"])
    [line] = campaign.judge(AT_NIGHT, 0).wrong
    assert line.startswith("the play broke off: Traceback")
    assert "no such thing" in line
    monkeypatch.setattr(campaign, "undisturbed", lambda *_: {}["nor this"])
    campaign.forget()
    [line] = campaign.judge(AT_NIGHT, 0).wrong
    campaign.forget()
    assert "nor this" in line


def test_a_desk_that_calls_under_another_key_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, place = count(), applying.place

    def under_another_key(call: Any, *arguments: Any, **more: Any) -> Any:
        return place(replace(call, key=f"{call.key}/{next(numbers)}"), *arguments, **more)

    campaign._calm(AT_NIGHT)
    monkeypatch.setattr(applying, "place", under_another_key)
    verdict = campaign.judge(AT_NIGHT, 0)
    assert verdict.doubled > 0
    assert "called, and should not have been" in " ".join(verdict.wrong)


def test_a_desk_that_calls_nobody_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign._calm(AT_NIGHT)
    monkeypatch.setattr(applying, "place", lambda call, *_, **__: (applying.Tried(call.verb, call.to, call.via[0]),))
    verdict = campaign.judge(AT_NIGHT, 0)
    assert verdict.lost > 0
    assert "not called: " in " ".join(verdict.wrong)


def test_the_scenarios_are_all_that_exist() -> None:
    assert len(campaign.scenarios()) == len(list(campaign.ROOT.glob("docs/**/scenarios/*.yml")))
    assert campaign.scenarios([AT_NIGHT]) == [AT_NIGHT]
