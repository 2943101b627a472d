"""What every answer carries: the clock's date, limits, versions, tags, pages; and the faults that were asked for."""

import json
from http.client import HTTPConnection
from typing import Any

import pytest
from tests.sandbox.desk import REPO, People

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


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("GET", f"{REPO}/issues?state=all&per_page=1", None),
        ("GET", f"{REPO}/labels/a%2Fb%20%C3%A9", None),
        ("GET", f"{REPO}/issues/99", None),
        ("GET", "/nowhere", None),
        ("PATCH", f"{REPO}/issues/1", {"title": "Ⅷ"}),
        ("PATCH", f"{REPO}/issues/1", {"title": 3}),
        ("DELETE", f"{REPO}/labels/a%2Fb%20%C3%A9", None),
        ("POST", "/graphql", {"query": "{ viewer { login } }"}),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_what_comes_by_no_connection_is_answered_as_what_comes_by_one(
    method: str, path: str, body: object, known: bool
) -> None:
    def answers(way: str) -> object:
        with Sandbox() as sandbox:
            owner, name = REPO.removeprefix("/repos/").split("/")
            for login in (owner, "ann"):
                sandbox.user(login)
            sandbox.repo(owner, name)
            sandbox.member(f"{owner}/{name}", "ann", "MEMBER")
            token = sandbox.token("ann")
            sandbox.call("POST", f"{REPO}/issues", token, {"title": "One", "body": "Text"})
            sandbox.call("POST", f"{REPO}/labels", token, {"name": "a/b é", "color": "ff0000"})
            status, value = getattr(sandbox, way)(method, path, token if known else None, body)
            logged = [{**entry, "id": 0} for entry in sandbox.requests()]
            return status, json.loads(json.dumps(value).replace(sandbox.url, "")), logged

    assert answers("direct") == answers("call")
