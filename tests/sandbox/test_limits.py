"""Limits that refuse, as GitHub's do: so many requests an hour, so much at once; moving the clock is waiting."""

from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.server import Sandbox
from respondby.sandbox.serving.limits import GITHUB, Rules

SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@pytest.fixture
def issue(sandbox: Sandbox, people: People) -> Sandbox:
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "One"})
    return sandbox


def _comment(sandbox: Sandbox, token: str) -> int:
    return sandbox.call("POST", f"{REPO}/issues/1/comments", token, {"body": "x"})[0]


def test_nobody_is_refused_until_limits_are_enforced(issue: Sandbox, people: People) -> None:
    assert {_comment(issue, people.workflow) for _ in range(120)} == {201}


def test_the_81st_comment_within_a_minute_waits_for_it_to_pass(issue: Sandbox, people: People) -> None:
    issue.limits()
    for second in range(80):
        issue.clock(f"2026-01-05T09:00:{second // 2:02}Z")
        assert _comment(issue, people.workflow) == 201

    status, headers, value = issue.exchange("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": "x"})
    assert (status, value["message"], headers["retry-after"]) == (403, SECONDARY, "21")
    assert value["documentation_url"].endswith("#about-secondary-rate-limits")
    assert _comment(issue, people.ann) == 201  # another token has its own
    issue.clock("2026-01-05T09:00:59Z")
    assert _comment(issue, people.workflow) == 403
    issue.clock("2026-01-05T09:01:00Z")
    assert _comment(issue, people.workflow) == 201


def test_an_hour_holds_500_creations(issue: Sandbox, people: People) -> None:
    issue.limits(Rules(creations_an_hour=5))
    assert [_comment(issue, people.ann) for _ in range(6)] == [201] * 5 + [403]
    issue.clock("2026-01-05T09:59:59Z")
    assert _comment(issue, people.ann) == 403
    issue.clock("2026-01-05T10:00:00Z")
    assert _comment(issue, people.ann) == 201
    assert (GITHUB.creations_a_minute, GITHUB.creations_an_hour, GITHUB.points_a_minute) == (80, 500, 900)


def test_a_read_costs_one_point_and_a_change_five(issue: Sandbox, people: People) -> None:
    issue.limits(Rules(points_a_minute=12))
    labels = {"labels": ["late"]}
    done = [issue.call("POST", f"{REPO}/issues/1/labels", people.ann, labels)[0] for _ in range(3)]
    read = [issue.call("GET", f"{REPO}/issues/1", people.ann)[0] for _ in range(3)]

    assert (done, read) == ([200, 200, 403], [200, 200, 403])


def test_a_token_that_used_its_hour_is_refused_until_the_reset(issue: Sandbox, people: People) -> None:
    issue.limits(Rules(requests_an_hour=2))
    told = [issue.exchange("GET", f"{REPO}/issues/1", people.workflow) for _ in range(3)]

    assert [status for status, _, _ in told] == [200, 200, 403]
    assert [headers["x-ratelimit-remaining"] for _, headers, _ in told] == ["1", "0", "0"]
    assert told[2][2]["message"] == "API rate limit exceeded for installation ID 41898282."
    assert "retry-after" not in told[2][1]
    reset = int(told[2][1]["x-ratelimit-reset"])
    assert reset == 1767607200  # 10:00
    assert issue.call("GET", "/rate_limit", people.workflow)[0] == 200
    issue.clock("2026-01-05T10:00:00Z")
    assert issue.call("GET", f"{REPO}/issues/1", people.workflow)[0] == 200


def test_graphql_says_so_inside_a_200_and_a_secondary_limit_outside(issue: Sandbox, people: People) -> None:
    def ask(query: str) -> tuple[int, Any]:
        return issue.call("POST", "/graphql", people.ann, {"query": query})

    issue.limits(Rules(requests_an_hour=1))
    assert ask("{ viewer { login } }")[1] == {"data": {"viewer": {"login": "ann"}}}
    assert ask("{ viewer { login } }")[1]["errors"][0]["type"] == "RATE_LIMITED"
    issue.limits(Rules(graphql_points_a_minute=1))
    assert ask("{ viewer { login } }")[0] == 200
    assert ask("{ viewer { login } }") == (403, {**ask("{ viewer { login } }")[1], "message": SECONDARY})


def test_the_control_api_sets_them(issue: Sandbox, people: People) -> None:
    assert issue.call("POST", "/_sandbox/limits", body={"creations_a_minute": 1})[0] == 204
    assert [_comment(issue, people.ann), _comment(issue, people.ann)] == [201, 403]
    assert issue.call("DELETE", "/_sandbox/limits")[0] == 204
    assert _comment(issue, people.ann) == 201
    assert issue.call("POST", "/_sandbox/limits", body={"comments": 1})[0] == 422
    assert issue.call("POST", "/_sandbox/limits", body={"points_a_minute": "many"})[0] == 422
