"""Laws 5 and 7 over HTTP: killed runs, runs that meet, broken requests. Nothing is lost, nobody is called twice.

The outcome that every trial must have holds the set of (key, person) that were called: a call may be made again under
its own key, which a pager knows, but never under another one for the same rung.
"""

from __future__ import annotations

from functools import partial

import pytest
from tests.faults.hooks import Doing
from tests.laws import fire
from tests.laws.fire import Receiver, Trial

from respondby.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def expected(stage: tuple[Sandbox, Receiver]) -> dict[str, object]:
    return Trial.begin(*stage).play().stands()


def test_the_undisturbed_story_calls_each_person_once(stage: tuple[Sandbox, Receiver]) -> None:
    trial = Trial.begin(*stage)
    for number in range(len(Trial.ACTS)):
        trial.act(number)
        assert trial.run(number).failed == []
        again = trial.run(number)
        assert [case.done for case in again.cases] == [[]], "a second run found something to do"
    calls = trial.calls()
    assert sorted(to for _, to in calls) == ["ann", "tess", "tess"]
    assert len(calls) == len(set(calls))
    assert trial.stands()["comments"] == ["card", "say", "say"]
    assert trial.stands()["labels"] == ["late", "priority/high", "type/question"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", range(len(Trial.ACTS)))
def test_a_run_killed_at_any_request_is_made_good_by_the_next(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object], act: int, when: str
) -> None:
    assert fire.kill_everywhere(partial(Trial.begin, *stage), expected, act, when) > 1


@pytest.mark.parametrize("seed", range(24))
def test_two_runs_that_meet_leave_what_one_leaves(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object], seed: int
) -> None:
    trial = Trial.begin(*stage)
    fire.let_two_meet(trial, seed % len(Trial.ACTS), seed)
    assert trial.stands() == expected


FAULTS = {
    "502 before": {"when": "before", "do": {"status": 502, "body": "<html>Bad gateway</html>"}},
    "502 after": {"when": "after", "do": {"status": 502, "body": "<html>Bad gateway</html>"}},
    "cut before": {"when": "before", "do": {"cut": True}},
    "cut after": {"when": "after", "do": {"cut": True}},
    "500 after": {"when": "after", "do": {"status": 500, "body": "{}"}},
}


@pytest.mark.parametrize("act", range(len(Trial.ACTS)))
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["POST", "PATCH", "mutation"])
def test_a_write_whose_answer_never_came_is_looked_up_not_repeated(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object], act: int, fault: str, method: str
) -> None:
    sandbox, _ = stage
    trial = Trial.begin(*stage)
    match = {"method": method, "path": f"/repos/{trial.repository}/issues.*", "nth": 1}
    if method == "mutation":  # labels and card in one request, the next after what reads the case
        match = {"path": "/graphql", "nth": 2}

    def broken() -> None:
        sandbox.faults([{"match": match, **FAULTS[fault]}])
        trial.run(act)
        sandbox.clear_faults()

    trial.play(act, broken)
    assert trial.stands() == expected


def test_a_label_that_cannot_be_created_fails_the_run_and_says_nothing_twice(
    stage: tuple[Sandbox, Receiver], expected: dict[str, object]
) -> None:
    sandbox, _ = stage
    trial = Trial.begin(*stage)
    match = {"method": "POST", "path": f"/repos/{trial.repository}/labels"}
    refused = {"status": 403, "body": '{"message": "Resource not accessible by integration"}'}

    def without_labels() -> None:
        sandbox.faults([{"match": match, "when": "before", "do": refused}])
        for _ in range(3):
            assert trial.run(2).failed
            assert "late" not in trial.case().labels
        sandbox.clear_faults()

    trial.play(2, without_labels)
    assert trial.stands() == expected
    calls = trial.calls()
    assert len(calls) == len(set(calls)), "somebody was called again because a label failed"


def test_a_case_that_fails_does_not_stop_the_others(stage: tuple[Sandbox, Receiver]) -> None:
    sandbox, _ = stage
    trial = Trial.begin(*stage)
    sandbox.call(
        "POST", f"/repos/{trial.repository}/issues", sandbox.token("carla"), {"title": "Second", "body": fire.BODY}
    )
    sandbox.faults(
        [
            {
                "match": {"path": "/graphql", "nth": 2},  # the labels and the card of the first case
                "when": "before",
                "do": {"status": 422, "body": '{"message": "Validation Failed"}'},
            }
        ]
    )
    report = trial.run(1)
    assert {failure.split(":")[0] for failure in report.failed} == {f"{trial.repository}#1"}
    assert next(case for case in report.cases if case.number == 2).done
    sandbox.clear_faults()
    assert trial.run(1).failed == []


def test_an_issue_deleted_between_read_and_write_is_no_failure(stage: tuple[Sandbox, Receiver]) -> None:
    sandbox, _ = stage
    trial = Trial.begin(*stage)
    node = trial.case().node_id
    owner = sandbox.token("acme")

    def delete() -> None:
        mutation = f'mutation {{ deleteIssue(input: {{issueId: "{node}"}}) {{ clientMutationId }} }}'
        status, answer = sandbox.call("POST", "/graphql", owner, {"query": mutation})
        assert status == 200
        assert "errors" not in answer, answer

    report = trial.run(0, Doing(1, delete))  # it has been read; the first write finds nothing
    assert report.failed == []
    assert [case.gone for case in report.cases] == [True]
