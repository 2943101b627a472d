"""One connection, paced writes, and repositories that have moved or been taken away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import responses
from tests.forge.desks import Desk
from tests.forge.test_client import COMMENTS, GRAPHQL, MADE, Line, answers

from respondby.forge import writing
from respondby.forge.client import Client
from respondby.forge.errors import BadToken, RepositoryBlocked, RepositoryMoved
from respondby.forge.gathering import gather_case, gather_open
from respondby.forge.pace import Pace


class Counted:
    """A server that counts connections and requests, and answers everything alike."""

    def __init__(self) -> None:
        counted = self
        self.connections = self.requests = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                counted.connections += 1

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                counted.requests += 1
                body = json.dumps({**MADE, "data": {"viewer": {"login": "me"}}}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PATCH = do_POST  # noqa: N815 - the server's word

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def counted() -> Iterator[Counted]:
    found = Counted()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def test_a_run_keeps_one_connection_for_everything_it_sends(counted: Counted) -> None:
    client = Client(counted.url, "ghs_token", "acme/desk", pace=None)
    for number in range(5):
        client.graphql("query { viewer { login } }", {}, doing="asking")
        writing.create_comment(client, number + 1, "x")
        writing.edit_comment(client, 1, "y")
    assert (counted.requests, counted.connections) == (15, 1)


def test_writes_are_paced_and_reads_are_not(counted: Counted) -> None:
    now = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    client = Client(counted.url, "ghs_token", "acme/desk", pace=Pace(burst=3), sleep=sleep, monotonic=lambda: now[0])
    for _ in range(8):
        client.graphql("query { viewer { login } }", {}, doing="asking")
    for _ in range(5):
        writing.create_comment(client, 1, "x")
    assert slept == [1.0, 1.0]


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_a_renamed_repository_is_written_to_under_its_new_name(wire: responses.RequestsMock) -> None:
    """GraphQL follows a rename by itself, REST's writes do not."""
    issue = {"data": {"viewer": {"login": "me"}, "repository": _repository("acme/new")}}
    wire.add("POST", GRAPHQL, json=issue, headers={"Date": "Mon, 05 Jan 2026 09:00:00 GMT"})
    wire.add("POST", COMMENTS.replace("acme/desk", "acme/new"), json=MADE, status=201)
    line = Line()
    found = gather_open(line.client)
    writing.create_comment(line.client, 7, "x")
    assert (found.repository, line.client.repository) == ("acme/new", "acme/new")


def _repository(name: str) -> dict[str, Any]:
    nothing = {"totalCount": 0, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    facts = {"id": "R_1", "nameWithOwner": name, "isPrivate": False, "defaultBranchRef": None, "policy": None}
    return {**facts, "labels": nothing, "open": nothing}


def test_a_redirection_within_the_forge_is_followed_with_the_same_request(wire: responses.RequestsMock) -> None:
    moved = {"location": "https://api.example.test/repositories/5/issues/7/comments"}
    wire.add("POST", COMMENTS, status=301, headers=moved, json={"message": "Moved Permanently"})
    wire.add("POST", "https://api.example.test:443/repositories/5/issues/7/comments", json=MADE, status=201)
    writing.create_comment(Line().client, 7, "said once")
    assert [(call.request.method, call.request.body) for call in wire.calls] == [("POST", '{"body": "said once"}')] * 2


@pytest.mark.parametrize("status", [307, 308])
def test_a_move_in_the_middle_of_a_run_ends_it_and_says_that_the_next_goes_on(
    wire: responses.RequestsMock, status: int
) -> None:
    answers(wire, "POST", COMMENTS, {"status": status, "json": {"message": "Moved"}})
    with pytest.raises(RepositoryMoved, match="the next run reads its new name"):
        writing.create_comment(Line().client, 7, "x")


NOTICE = {"reason": "dmca", "html_url": "https://github.com/github/dmca/blob/master/2026/01/notice.md"}


@pytest.mark.parametrize(
    "answer, says",
    [
        ({"status": 451, "json": {"message": "Repository access blocked", "block": NOTICE}}, "notice.md"),
        ({"status": 403, "json": {"message": "Repository access blocked", "block": {"reason": "tos"}}}, "settled that"),
        ({"status": 451, "json": {"message": "Unavailable"}}, "Unavailable"),
    ],
    ids=["a notice", "terms of service", "bare"],
)
def test_a_repository_that_github_took_away_says_why(
    wire: responses.RequestsMock, answer: dict[str, Any], says: str
) -> None:
    answers(wire, "POST", COMMENTS, answer)
    with pytest.raises(RepositoryBlocked, match=says):
        writing.create_comment(Line().client, 7, "x")


def test_a_token_that_is_revoked_in_the_middle_ends_the_run_with_what_to_do(desk: Desk) -> None:
    number = desk.opens()
    gather_case(desk.client, number)
    desk.sandbox.faults([{"do": {"status": 401, "body": {"message": "Bad credentials"}}}])
    with pytest.raises(BadToken, match="expired or been revoked"):
        writing.create_comment(desk.client, number, "x")
    assert desk.sent("POST", "/comments") == 1
