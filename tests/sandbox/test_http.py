"""What every answer carries: the clock's date, limits, versions, tags, pages; and the faults that were asked for."""

from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from typing import Any
from urllib.request import urlopen

import pytest
from tests.sandbox.desk import REPO, People

from respondby.sandbox.problems import Problem
from respondby.sandbox.server import Sandbox

NOON = "Thu, 24 Dec 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    "method, path, body, headers, status",
    [
        ("GET", REPO, None, {}, 200),
        ("GET", f"{REPO}/issues/9", None, {}, 404),
        ("GET", "/no/such/route", None, {}, 404),
        ("POST", f"{REPO}/issues", {}, {}, 422),
        ("POST", "/graphql", {"query": "{ viewer { login } }"}, {}, 200),
        ("GET", REPO, None, {"X-GitHub-Api-Version": "1999-01-01"}, 400),
        ("GET", "/_sandbox/health", None, {}, 200),
        ("GET", "/acme/desk/issues", None, {}, 200),
    ],
)
def test_every_answer_has_the_date_of_the_sandboxs_clock(
    method: str, path: str, body: Any, headers: dict[str, str], status: int, sandbox: Sandbox, people: People
) -> None:
    sandbox.clock("2026-12-24T12:00:00Z")
    connection = HTTPConnection(*sandbox.url.removeprefix("http://").split(":"))
    sent = {"Authorization": f"token {people.ann}", **headers}
    connection.request(method, path, None if body is None else str(body).replace("'", '"'), sent)
    response = connection.getresponse()
    response.read()
    connection.close()

    assert (response.status, response.headers.get_all("date")) == (status, [NOON])


def test_the_clock_stands_still_unless_it_is_to_run(sandbox: Sandbox) -> None:
    assert sandbox.call("GET", "/_sandbox/clock")[1] == {"now": "2026-01-05T09:00:00Z"}
    assert sandbox.call("POST", "/_sandbox/clock", body={"now": "2026-01-05T10:00:00+01:00"})[1] == {
        "now": "2026-01-05T09:00:00Z"
    }
    assert sandbox.call("POST", "/_sandbox/clock", body={"now": "noon"})[0] == 422
    sandbox.set_clock("2026-01-05T10:00:00Z", running=True)
    assert sandbox.now() >= "2026-01-05T10:00:00Z"


def test_an_unchanged_answer_is_a_304_that_costs_nothing(sandbox: Sandbox, people: People) -> None:
    _, first, _ = sandbox.exchange("GET", REPO, people.ann)
    status, second, value = sandbox.exchange("GET", REPO, people.ann, headers={"If-None-Match": first["etag"]})
    sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": "x"})
    changed, third, _ = sandbox.exchange("GET", REPO, people.ann, headers={"If-None-Match": first["etag"]})

    assert (status, value, second["date"]) == (304, None, first["date"])
    assert second["x-ratelimit-used"] == first["x-ratelimit-used"]
    assert (changed, third["etag"] != first["etag"]) == (200, True)


@pytest.mark.parametrize("who, limit", [("ann", 5000), ("workflow", 1000)])
def test_requests_are_counted_by_the_hour_of_the_clock(who: str, limit: int, sandbox: Sandbox, people: People) -> None:
    token = getattr(people, who)
    sandbox.exchange("GET", REPO, token)
    _, headers, _ = sandbox.exchange("GET", REPO, token)
    sandbox.clock("2026-01-05T10:00:00Z")
    _, later, _ = sandbox.exchange("GET", REPO, token)

    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-used"]) == (str(limit), "2")
    assert headers["x-ratelimit-remaining"] == str(limit - 2)
    assert later["x-ratelimit-used"] == "1"
    assert int(later["x-ratelimit-reset"]) - int(headers["x-ratelimit-reset"]) == 3600


def test_a_list_tells_where_its_other_pages_are(sandbox: Sandbox, people: People) -> None:
    for number in range(5):
        sandbox.call("POST", f"{REPO}/issues", people.ann, {"title": f"{number}"})
    address = f"{sandbox.url}{REPO}/issues?per_page=2&state=all&page="
    _, headers, found = sandbox.exchange("GET", f"{REPO}/issues?per_page=2&state=all&page=2", people.ann)

    assert [issue["number"] for issue in found] == [3, 2]
    assert headers["link"] == (
        f'<{address}1>; rel="prev", <{address}1>; rel="first", <{address}3>; rel="next", <{address}3>; rel="last"'
    )
    assert "link" not in sandbox.exchange("GET", f"{REPO}/issues", people.ann)[1]


@pytest.mark.parametrize("body, status", [(b"{", 400), (b'"text"', 400), (b"", 422)])
def test_a_body_that_is_no_object_is_refused(body: bytes, status: int, sandbox: Sandbox, people: People) -> None:
    connection = HTTPConnection(*sandbox.url.removeprefix("http://").split(":"))
    connection.request("POST", f"{REPO}/issues", body, {"Authorization": f"bearer {people.ann}"})

    assert connection.getresponse().status == status
    connection.close()


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


def test_the_control_api_does_what_the_methods_do(sandbox: Sandbox) -> None:
    def control(method: str, path: str, body: Any = None) -> Any:
        status, value = sandbox.call(method, f"/_sandbox{path}", body=body)
        assert status in (200, 204), value
        return value

    assert control("GET", "/health") == {"status": "ok"}
    control("POST", "/users", {"login": "dora"})
    assert control("POST", "/users", {"login": "robot", "type": "Bot"})["login"] == "robot[bot]"
    control("POST", "/repos", {"owner": "dora", "name": "own", "files": {"a.txt": "a"}})
    control("POST", "/repos/dora/own/members", {"login": "ann", "association": "COLLABORATOR", "permission": "triage"})
    token = control("POST", "/tokens", {"login": "dora"})["token"]
    bot = control(
        "POST", "/tokens", {"login": "robot[bot]", "permissions": {"issues": "write"}, "repository": "dora/own"}
    )
    sha = control("POST", "/repos/dora/own/files", {"files": {"a.txt": None, "b.txt": "b"}, "message": "Swap"})["sha"]

    assert sandbox.call("GET", "/repos/dora/own/git/commits/" + sha, token)[1]["message"] == "Swap"
    assert [item["name"] for item in sandbox.call("GET", "/repos/dora/own/contents/", token)[1]] == ["b.txt"]
    assert sandbox.call("POST", "/repos/dora/own/issues", bot["token"], {"title": "x"})[0] == 201
    first, second = control("GET", "/deliveries")
    assert (first["event"], second["event"], second["actor"], second["by_workflow_token"]) == (
        "push",
        "issues",
        "robot[bot]",
        False,
    )
    assert control("GET", f"/deliveries?after={first['id']}") == [second]
    last = control("GET", "/requests")[-1]
    assert last == {
        "id": 3,
        "method": "POST",
        "path": "/repos/dora/own/issues",
        "status": 201,
        "actor": "robot[bot]",
        "operation": None,
    }
    assert control("GET", "/requests?after=2") == [last]
    control("DELETE", "/users/dora")
    assert sandbox.call("GET", "/repos/dora/own", token)[0] == 401


@pytest.mark.parametrize(
    "path, body",
    [
        ("/users", {}),
        ("/users", {"login": "x", "type": "Robot"}),
        ("/repos", {"owner": "acme"}),
        ("/repos", {"owner": "acme", "name": "desk"}),
        ("/repos/acme/desk/members", {"login": "ann", "association": "FRIEND"}),
        ("/tokens", {"login": "ann", "permissions": {"issues": "write"}}),
    ],
)
def test_the_control_api_says_what_is_wrong(path: str, body: Any, sandbox: Sandbox) -> None:
    assert sandbox.call("POST", f"/_sandbox{path}", body=body)[0] == 422


def test_a_sandbox_on_a_file_is_the_same_after_a_restart(tmp_path: Any) -> None:
    path = tmp_path / "forge.sqlite"
    with Sandbox(path) as first:
        first.repo("acme", "desk", files={"a": "b"})
        first.member("acme/desk", "ann", "MEMBER")
        token = first.token("ann")
        number = first.call("POST", f"{REPO}/issues", token, {"title": "Kept"})[1]["id"]
    with Sandbox(path) as second:
        status, issue = second.call("GET", f"{REPO}/issues/1", token)
        again = second.call("POST", f"{REPO}/issues", token, {"title": "New"})[1]["id"]

    assert (status, issue["title"], issue["id"], again > number) == (200, "Kept", number, True)


def test_a_page_shows_an_issue_with_its_texts_rendered_and_harmless(sandbox: Sandbox, people: People) -> None:
    sandbox.call(
        "POST", f"{REPO}/issues", people.carla, {"title": "A <b>title</b>", "body": "<script>alert(1)</script>"}
    )
    card = (
        "<!-- hidden -->\n**Due** <img src=x onerror=alert(1)>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n@ann"
    )
    sandbox.call("POST", f"{REPO}/issues/1/comments", people.workflow, {"body": card})
    with urlopen(f"{sandbox.url}/acme/desk/issues/1") as response:
        page = response.read().decode()
    with urlopen(f"{sandbox.url}/acme/desk/issues") as response:
        listing = response.read().decode()

    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in listing
    assert "<script" not in page
    assert "<img" not in page
    assert "hidden" not in page.partition("<body>")[2]
    for piece in (
        "<strong>Due</strong>",
        "<td>1</td>",
        'type="checkbox" disabled checked',
        '<b class="mention">@ann</b>',
    ):
        assert piece in page


@pytest.mark.parametrize("path", ["/acme/desk/issues/9", "/acme/nothing/issues", "/acme/desk/blob/main/nothing"])
def test_a_page_that_is_not_there_is_a_404(path: str, sandbox: Sandbox) -> None:
    assert sandbox.call("GET", path)[0] == 404
