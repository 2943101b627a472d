"""The rules of repeating, and what each refusal says."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
import requests
import responses
from tests.forge.desks import Desk

from respondby.forge import writing
from respondby.forge.client import API_VERSION, Client, Patience
from respondby.forge.errors import (
    BadCertificate,
    BadToken,
    CaseError,
    CaseGone,
    ForgeDown,
    ForgeError,
    LimitReached,
    NoDate,
    NotGranted,
    NotTheForge,
    PartialAnswer,
    QueryRefused,
    Refused,
    RepositoryMissing,
    RepositoryMoved,
    TooHeavy,
    Uncertain,
    WrongAddress,
)
from respondby.forge.gathering import gather_case

API = "https://api.example.test"
# PyGithub writes the port out.
WIRE = f"{API}:443"
GRAPHQL = f"{WIRE}/graphql"
COMMENTS = f"{WIRE}/repos/acme/desk/issues/7/comments"
COMMENT = f"{WIRE}/repos/acme/desk/issues/comments/1"
DATE = {"Date": "Mon, 05 Jan 2026 09:00:00 GMT"}
NINE = 1767603600
TOKEN = "ghs_planted_0123456789"
MADE = {"id": 1, "node_id": "IC_1", "created_at": "2026-01-05T09:00:00Z", "html_url": "https://example.test/1"}


class Line:
    """A client whose other end is `responses`; it remembers how long it would have slept."""

    def __init__(self, **more: Any) -> None:
        self.slept: list[float] = []
        self.client = Client(API, TOKEN, "acme/desk", pace=None, sleep=self.slept.append, **more)

    def query(self) -> Any:
        return self.client.graphql("query { viewer { login } }", {}, doing="asking")[0]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def wire():
    with responses.RequestsMock() as mock:
        yield mock


def answers(wire, method: str, url: str, *statuses: Any) -> None:
    """Queue answers: a status, an exception, or keyword arguments of an answer."""
    for status in statuses:
        match status:
            case int():
                body = json.dumps(MADE if status < 300 else {"message": "no"})
                wire.add(method, url, status=status, body=body, headers=DATE)
            case Exception():
                wire.add(method, url, body=status)
            case dict():
                wire.add(method, url, **({"headers": DATE} | status))


CUT = requests.exceptions.ConnectionError("Connection aborted.")
SLOW = requests.exceptions.ReadTimeout("read timed out")
HALF = requests.exceptions.ChunkedEncodingError("cut")


@pytest.mark.parametrize("failure", [500, 502, 503, 504, CUT, SLOW, HALF], ids=str)
@pytest.mark.parametrize("what", ["POST", "PATCH"])
def test_a_write_whose_fate_is_unknown_is_sent_once_and_is_uncertain(line: Line, wire, what: Any, failure: Any) -> None:
    answers(wire, what, COMMENTS if what == "POST" else COMMENT, failure)
    path = "/issues/7/comments" if what == "POST" else "/issues/comments/1"
    with pytest.raises(Uncertain, match="reads again"):
        line.client.rest(what, path, {"body": "x"}, doing="commenting")
    assert (len(wire.calls), line.slept) == (1, [])


@pytest.mark.parametrize("failure", [500, 502, 503, 504, CUT, SLOW], ids=str)
def test_a_deletion_is_repeated_because_gone_is_gone(line: Line, wire, failure: Any) -> None:
    answers(wire, "DELETE", COMMENT, failure, failure, 404)
    writing.delete_comment(line.client, 1)
    assert (len(wire.calls), line.slept) == (3, [1.0, 2.0])


@pytest.mark.parametrize("failure", [500, 503, CUT, SLOW, HALF], ids=str)
def test_a_read_is_repeated_with_growing_pauses_and_then_given_up(line: Line, wire, failure: Any) -> None:
    answers(wire, "POST", GRAPHQL, *[failure] * 4)
    with pytest.raises(ForgeDown, match="4 times"):
        line.query()
    assert (len(wire.calls), line.slept) == (4, [1.0, 2.0, 4.0])


@pytest.mark.parametrize("status", [502, 504])
def test_a_query_that_was_too_heavy_is_not_repeated(line: Line, wire, status: int) -> None:
    answers(wire, "POST", GRAPHQL, status)
    with pytest.raises(TooHeavy):
        line.query()
    assert len(wire.calls) == 1


def limit(status: int, message: str = "You have exceeded a secondary rate limit", **headers: str) -> dict[str, Any]:
    return {"status": status, "json": {"message": message}, "headers": DATE | headers}


RESET = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NINE + 90)}


@pytest.mark.parametrize(
    "answer, pause",
    [
        (limit(403, **{"retry-after": "7"}), 7),
        (limit(429, **{"retry-after": "0"}), 1),
        (limit(429), 60),
        (limit(403), 60),
        (limit(403, "API rate limit exceeded for installation ID 1.", **RESET), 91),
        (limit(429, "no", **RESET), 91),
        (limit(403, "no", **RESET, **{"retry-after": "3"}), 3),
    ],
    ids=["403 retry-after", "429 at once", "429 bare", "403 secondary", "403 primary", "429 primary", "both"],
)
@pytest.mark.parametrize("write", [True, False])
def test_a_limit_is_waited_for_on_the_forges_clock_even_before_a_write(
    line: Line, wire, answer: dict[str, Any], pause: float, write: bool
) -> None:
    if write:
        answers(wire, "POST", COMMENTS, answer, 201)
        writing.create_comment(line.client, 7, "x")
    else:
        answers(wire, "POST", GRAPHQL, answer, {"json": {"data": {"viewer": {"login": "me"}}}})
        assert line.query() == {"viewer": {"login": "me"}}
    assert line.slept == [pause]


def test_a_limit_within_a_graphql_200_is_waited_for(line: Line, wire) -> None:
    limited = {
        "json": {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]},
        "headers": DATE | RESET,
    }
    answers(wire, "POST", GRAPHQL, limited, {"json": {"data": {}}})
    line.query()
    assert line.slept == [91]


def test_a_limit_that_names_no_time_doubles_its_pause_until_the_run_has_waited_enough(line: Line, wire) -> None:
    answers(wire, "POST", COMMENTS, *[limit(429)] * 4)
    with pytest.raises(LimitReached, match="480 seconds"):
        writing.create_comment(line.client, 7, "x")
    assert line.slept == [60, 120, 240]


def test_all_waits_of_a_client_together_are_bounded(wire) -> None:
    line = Line(patience=Patience(longest_wait=100))
    answers(wire, "POST", COMMENTS, limit(429, **{"retry-after": "90"}), 201, limit(429, **{"retry-after": "90"}))
    writing.create_comment(line.client, 7, "x")
    with pytest.raises(LimitReached):
        writing.create_comment(line.client, 7, "x")


def test_a_limit_without_a_date_cannot_be_counted(line: Line, wire) -> None:
    answers(wire, "POST", GRAPHQL, {"status": 403, "json": {"message": "rate limit"}, "headers": RESET})
    with pytest.raises(NoDate):
        line.query()


def only_the_error(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else ""


HTML = "<html><title>Sign in to the proxy</title></html>"


@pytest.mark.parametrize(
    "answer, error, says",
    [
        ({"status": 401, "json": {"message": "Bad credentials"}}, BadToken, "GITHUB_TOKEN"),
        (
            {"status": 403, "json": {"message": "Resource not accessible by integration"}},
            NotGranted,
            "permissions: issues: write",
        ),
        ({"status": 404, "json": {"message": "Not Found"}}, CaseGone, "acme/desk#7"),
        ({"status": 410, "json": {"message": "This issue was deleted"}}, CaseGone, "acme/desk#7"),
        ({"status": 422, "json": {"message": "Validation Failed", "errors": ["too odd"]}}, Refused, "too odd"),
        (
            {"status": 422, "json": {"errors": [{"resource": "Label", "field": "color", "code": "invalid"}]}},
            Refused,
            "color",
        ),
        ({"status": 423, "json": {"message": "Locked"}}, Refused, "423: Locked"),
        ({"status": 418, "json": "teapot"}, Refused, "418: teapot"),
        ({"status": 418, "body": ""}, Refused, "418: no reason given"),
        ({"status": 307, "json": {"message": "Moved"}}, RepositoryMoved, "renamed"),
        ({"status": 200, "body": HTML}, NotTheForge, "Sign in to the proxy"),
        ({"status": 404, "body": HTML}, NotTheForge, "GITHUB_API_URL"),
        ({"status": 201, "json": ["?"]}, NotTheForge, "something else"),
        (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED]"), BadCertificate, "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.SSLError("EOF occurred"), Uncertain, "encrypted connection broke"),
        (
            {"status": 301, "headers": {"location": "https://elsewhere.test/x"}, "body": ""},
            WrongAddress,
            "elsewhere.test",
        ),
    ],
    ids=only_the_error,
)
def test_a_refused_write_says_what_to_do_next(
    line: Line, wire, answer: Any, error: type[ForgeError], says: str
) -> None:
    answers(wire, "POST", COMMENTS, answer)
    with pytest.raises(error) as caught:
        writing.create_comment(line.client, 7, "x")
    assert says in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert len(wire.calls) == 1


def test_the_permission_that_github_itself_names_is_the_one_asked_for(line: Line, wire) -> None:
    headers = DATE | {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    answers(wire, "POST", COMMENTS, {"status": 403, "json": {"message": "Resource not accessible"}, "headers": headers})
    with pytest.raises(NotGranted, match="permissions: issues: write or pull_requests: write"):
        writing.create_comment(line.client, 7, "x")


def graphql_errors(*errors: dict[str, Any], data: Any = None) -> dict[str, Any]:
    return {"json": {"data": data, "errors": list(errors)}}


@pytest.mark.parametrize(
    "answer, error, says",
    [
        (graphql_errors({"type": "NOT_FOUND", "path": ["repository"], "message": "?"}), RepositoryMissing, "acme/desk"),
        (graphql_errors({"type": "NOT_FOUND", "path": ["repository", "issue"]}, data={}), CaseGone, "asking"),
        (
            graphql_errors({"type": "FORBIDDEN", "path": ["repository", "issue"], "message": "no"}, data={}),
            NotGranted,
            "issues: read",
        ),
        (
            graphql_errors({"type": "FORBIDDEN", "path": ["repository", "policy"]}, data={}),
            NotGranted,
            "contents: read",
        ),
        (graphql_errors({"type": "FORBIDDEN", "path": ["repository", "file3"]}, data={}), NotGranted, "contents: read"),
        (graphql_errors({"type": "INSUFFICIENT_SCOPES", "message": "scopes"}), NotGranted, "scopes"),
        (graphql_errors({"message": "Something went wrong while executing your query."}), TooHeavy, "Something went"),
        (graphql_errors({"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "too many"}), TooHeavy, "too many"),
        (graphql_errors({"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["x"]}, data={"x": None}), TooHeavy, "gave up"),
        (graphql_errors({"message": "Field 'fullDatabaseId' doesn't exist"}), QueryRefused, "Enterprise Server"),
        (
            graphql_errors({"message": "oops", "path": ["repository", "labels"]}, data={}),
            PartialAnswer,
            "repository.labels",
        ),
        ({"json": {"data": {"repository": None}}}, RepositoryMissing, "owner/name"),
        ({"json": {"data": None}}, NotTheForge, "something else"),
        ({"json": ["?"]}, NotTheForge, "something else"),
        ({"body": HTML}, NotTheForge, "proxy"),
        ({"status": 404, "json": {"message": "Not Found"}}, WrongAddress, "/api/v3"),
        ({"status": 401, "json": {"message": "Bad credentials"}}, BadToken, "GITHUB_TOKEN"),
    ],
    ids=only_the_error,
)
def test_a_query_that_brings_no_whole_answer_says_what_to_do_next(
    line: Line, wire, answer: Any, error: type[ForgeError], says: str
) -> None:
    answers(wire, "POST", GRAPHQL, answer)
    with pytest.raises(error) as caught:
        line.query()
    assert says in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_nodes_that_are_gone_are_no_error_where_that_is_expected(line: Line, wire) -> None:
    gone = graphql_errors({"type": "NOT_FOUND", "path": ["page0"]}, data={"page0": None})
    answers(wire, "POST", GRAPHQL, gone)
    assert line.client.graphql("q", {}, doing="asking", missing_ok=True)[0] == {"page0": None}


def test_an_answer_without_a_date_stops_the_gather(desk: Desk, wire) -> None:
    wire.add("POST", f"{desk.sandbox.url}/graphql", json={"data": {"viewer": {"login": "me"}, "repository": {}}})
    with pytest.raises(NoDate, match="does a proxy strip it"):
        gather_case(desk.client, 1)


@pytest.mark.parametrize(
    "fault, sent",
    [({"cut": True}, 1), ({"status": 502}, 1), ({"cut_body": True}, 1)],
    ids=["cut", "502", "half an answer"],
)
def test_a_comment_that_was_made_although_nobody_said_so_is_made_once(desk: Desk, fault: dict, sent: int) -> None:
    number = desk.opens()
    desk.sandbox.faults([{"match": {"method": "POST", "path": ".*/comments"}, "when": "after", "do": fault}])
    with pytest.raises(Uncertain):
        writing.create_comment(desk.client, number, "once")
    desk.sandbox.clear_faults()
    assert desk.sent("POST", "/comments") == sent
    comments = [moment for moment in gather_case(desk.client, number).cases[0].moments if moment.kind == "comment"]
    assert len(comments) == 1


def test_a_write_that_found_nobody_listening_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    slept: list[float] = []
    client = Client(url, TOKEN, "acme/desk", pace=None, sleep=slept.append)
    with pytest.raises(ForgeDown, match="no connection"):
        writing.create_comment(client, 7, "x")
    assert (client.requests, slept) == (4, [1.0, 2.0, 4.0])


def with_port(url: str) -> str:
    host, slash, path = url.removeprefix("https://").partition("/")
    return f"https://{host}:443{slash}{path}"


@pytest.mark.parametrize(
    "api, graphql",
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://git.example.test/api/v3", "https://git.example.test/api/graphql"),
        ("https://git.example.test/api/v3/", "https://git.example.test/api/graphql/"),
        ("https://api.tenant.ghe.example/", "https://api.tenant.ghe.example/graphql"),
    ],
)
def test_the_graphql_address_follows_from_the_api_address(wire, api: str, graphql: str) -> None:
    client = Client(api, TOKEN, "acme/desk", graphql_url=graphql)
    wire.add("POST", with_port(graphql.rstrip("/")), json={"data": {}}, headers=DATE)
    client.graphql("q", {}, doing="asking")
    rest = api.rstrip("/") + "/repos/acme/desk/issues/7/comments"
    wire.add("POST", with_port(rest), json=MADE, headers=DATE)
    writing.create_comment(client, 7, "x")
    assert [call.request.headers["X-GitHub-Api-Version"] for call in wire.calls] == [API_VERSION] * 2


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("api.github.com", TOKEN, "acme/desk"), "https://api.github.com"),
        (("", TOKEN, "acme/desk"), "GITHUB_API_URL"),
        ((API, "  ", "acme/desk"), "GITHUB_TOKEN"),
        ((API, TOKEN, "acme"), "owner/name"),
        ((API, TOKEN, "acme/desk/../.."), "owner/name"),
        ((API, TOKEN, "acme/desk", "https://other.test/graphql"), "the latter decides"),
    ],
)
def test_an_unusable_environment_is_refused_before_anything_is_sent(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(WrongAddress, match=says):
        Client(*arguments[:3], graphql_url=arguments[3] if len(arguments) > 3 else None)


def test_no_repr_shows_the_token(line: Line) -> None:
    assert TOKEN not in repr(line.client)


@pytest.mark.parametrize("error", [Uncertain("a", "b"), CaseGone("a"), Refused("a", 422, "b")])
def test_what_concerns_one_case_stops_no_sweep(error: ForgeError) -> None:
    assert isinstance(error, CaseError)
