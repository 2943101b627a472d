"""Faults strike the requests that a plan names, before or after the effect."""

from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox
from respondby.sandbox.store.problems import Problem

COMMENTS = f"{REPO}/issues/1/comments"


@pytest.fixture
def faulty(sandbox: Sandbox, people: People) -> Sandbox:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "x"})
    return sandbox


def _comment(sandbox: Sandbox, people: People) -> int | str:
    try:
        return sandbox.call("POST", COMMENTS, people.ann, {"body": "x"})[0]
    except (HTTPException, ConnectionError) as error:
        return type(error).__name__


def _written(sandbox: Sandbox, people: People) -> int:
    sandbox.clear_faults()
    return len(sandbox.call("GET", COMMENTS, people.ann)[1])


@pytest.mark.parametrize("when, written", [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    "do, seen",
    [
        ({"status": 502}, 502),
        ({"status": 403, "body": {"message": "slow down"}, "headers": {"Retry-After": "60"}}, 403),
        ({"cut": True}, RemoteDisconnected.__name__),
        ({"cut_body": True, "status": 201}, "IncompleteRead"),
    ],
    ids=["status", "status with headers", "cut", "cut body"],
)
def test_a_fault_strikes_before_or_after_the_effect(
    do: dict[str, Any], seen: int | str, when: str, written: int, faulty: Sandbox, people: People
) -> None:
    faulty.faults([{"match": {"method": "POST", "path": ".*/comments"}, "when": when, "do": do}])

    assert _comment(faulty, people) == seen
    assert _written(faulty, people) == written


@pytest.mark.parametrize(
    "match, seen",
    [
        ({"nth": 2}, [201, 502, 201, 201]),
        ({"from": 2, "times": 2}, [201, 502, 502, 201]),
        ({"from": 3}, [201, 201, 502, 502]),
        ({}, [502, 502, 502, 502]),
        ({"method": "PATCH"}, [201, 201, 201, 201]),
        ({"path": "/repos/.*/labels"}, [201, 201, 201, 201]),
    ],
)
def test_a_fault_names_its_requests(match: dict[str, Any], seen: list[int], faulty: Sandbox, people: People) -> None:
    faulty.faults([{"match": {"method": "POST", "path": ".*/comments", **match}, "do": {"status": 502}}])

    assert [_comment(faulty, people) for _ in range(4)] == seen


def test_a_fault_by_chance_strikes_the_same_requests_for_one_seed(faulty: Sandbox, people: People) -> None:
    def play(seed: int) -> list[int | str]:
        faulty.clear_faults()
        faulty.faults([{"match": {"chance": 0.5, "seed": seed}, "do": {"status": 500}}])
        return [_comment(faulty, people) for _ in range(12)]

    assert play(7) == play(7)
    assert len({tuple(play(seed)) for seed in range(4)}) > 1
    assert set(play(7)) == {201, 500}


def test_a_cut_body_of_a_real_answer_keeps_its_headers(faulty: Sandbox, people: People) -> None:
    faulty.faults([{"do": {"cut_body": True}, "when": "after"}])
    connection = HTTPConnection(*faulty.url.removeprefix("http://").split(":"))
    connection.request("GET", REPO, headers={"Authorization": f"token {people.ann}"})
    response = connection.getresponse()
    length = int(response.headers["content-length"])

    with pytest.raises(HTTPException):
        response.read()
    connection.close()
    assert (response.status, length > 1000) == (200, True)


def test_a_delay_changes_nothing_but_the_time(faulty: Sandbox, people: People) -> None:
    faulty.faults([{"match": {"path": ".*/comments"}, "do": {"delay": 0.001}}])

    assert _comment(faulty, people) == 201


@pytest.mark.parametrize(
    "plan, word",
    [
        ({"do": {}}, "do says nothing"),
        ({"do": {"explode": True}}, "explode"),
        ({"match": {"verb": "GET"}, "do": {"cut": True}}, "verb"),
        ({"match": {"path": "("}, "do": {"cut": True}}, "regular expression"),
        ({"when": "during", "do": {"cut": True}}, "before"),
    ],
)
def test_a_plan_of_faults_that_makes_no_sense_is_refused(plan: Any, word: str, sandbox: Sandbox) -> None:
    with pytest.raises(Problem, match=word):
        sandbox.faults([plan])
    assert sandbox.call("POST", "/_sandbox/faults", body=[plan])[0] == 422


def test_faults_are_held_back_while_it_is_calm(faulty: Sandbox, people: People) -> None:
    faulty.faults([{"match": {"path": ".*/comments", "nth": 1}, "do": {"status": 502}}])
    with faulty.calm():
        assert _comment(faulty, people) == 201

    assert [_comment(faulty, people), _comment(faulty, people)] == [502, 201]
