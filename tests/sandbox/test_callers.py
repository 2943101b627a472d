"""Pages and the control API are for this machine: a web page elsewhere can neither read nor change anything."""

import socket

import pytest
from tests.sandbox.desk import People

from respondby.sandbox.server import Sandbox
from respondby.sandbox.serving.callers import is_loopback, name_of

OURS = ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.9.10:1", "[::1]:8080", "desk.localhost:8080"]
OTHERS = [
    *("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.7:8080"),
    *(
        "0.0.0.0",
        "[::]",
        "user@localhost",
        "localhost@evil.example",
        "localhost:http",
        "",
        "a b",
        "[::1",
        "localhost/x",
    ),
]
ROUTES = [
    ("GET", "/_sandbox/clock"),
    ("GET", "/_sandbox/deliveries"),
    ("GET", "/_sandbox/requests"),
    ("POST", "/_sandbox/clock"),
    ("POST", "/_sandbox/tokens"),
    ("DELETE", "/_sandbox/faults"),
    ("GET", "/acme/desk/issues"),
    ("GET", "/acme/desk/blob/main/README.md"),
]
BODY = b'{"now": "2027-01-01T00:00:00Z", "login": "olga"}'


def asked(sandbox: Sandbox, method: str, path: str, host: str, *headers: str) -> tuple[int, str]:
    """Send one request as it stands and return its status and body; a client library would mend the headers."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers, f"Content-Length: {len(BODY)}"]
    sent = "\r\n".join([*lines, "Content-Type: text/plain", "Connection: close", "", ""]).encode() + BODY
    address, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((address, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2].decode()


@pytest.mark.parametrize("method, path", ROUTES)
@pytest.mark.parametrize("host", ["evil.example:8080", "127.0.0.1.evil.example", ""])
def test_a_name_that_is_not_this_machines_is_refused(method: str, path: str, host: str, sandbox: Sandbox) -> None:
    status, body = asked(sandbox, method, path, host)

    assert status in (400, 403)
    assert sandbox.now() == "2026-01-05T09:00:00Z"
    assert "README" not in body
    assert "ghp_" not in body


@pytest.mark.parametrize("method, path", ROUTES)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://", "localhost"]
)
def test_a_page_from_elsewhere_is_refused(method: str, path: str, origin: str, sandbox: Sandbox) -> None:
    status, body = asked(sandbox, method, path, "127.0.0.1:8080", f"Origin: {origin}")

    assert (status, "may not use this" in body) == (403, True)
    assert sandbox.now() == "2026-01-05T09:00:00Z"


@pytest.mark.parametrize("host", OURS)
def test_every_name_of_this_machine_is_served(host: str, sandbox: Sandbox) -> None:
    assert asked(sandbox, "GET", "/_sandbox/health", host)[0] == 200
    assert asked(sandbox, "GET", "/acme/desk/issues", host, f"Origin: http://{host}")[0] == 200


@pytest.mark.parametrize("host", OTHERS)
def test_no_other_name_stands_for_this_machine(host: str) -> None:
    name = name_of(host)

    assert name is None or not is_loopback(name)


def test_a_name_that_was_allowed_is_served_and_no_other_with_it() -> None:
    with Sandbox(accepted=["Desk.example"]) as running:
        running.repo("acme", "desk")

        assert asked(running, "GET", "/_sandbox/health", "desk.EXAMPLE:8080", "Origin: https://desk.example")[0] == 200
        assert asked(running, "GET", "/_sandbox/health", "www.desk.example")[0] == 403
        assert asked(running, "GET", "/acme/desk/issues", "desk.example", "Origin: https://evil.example")[0] == 403


def test_a_refusal_says_what_to_do(sandbox: Sandbox) -> None:
    assert "--allow-host" in asked(sandbox, "GET", "/_sandbox/clock", "evil.example")[1]
    assert "--allow-host" in asked(sandbox, "GET", "/_sandbox/clock", "localhost", "Origin: https://evil.example")[1]


def test_a_client_may_take_the_sandbox_for_its_proxy(sandbox: Sandbox, people: People) -> None:
    token = f"Authorization: Bearer {people.ann}"

    assert asked(sandbox, "GET", "http://api.github.localhost/user?x=1", "api.github.localhost", token)[0] == 200
    assert asked(sandbox, "GET", "http://api.github.localhost", "api.github.localhost", token)[0] == 200
    assert asked(sandbox, "GET", "http://evil.example/_sandbox/clock", "localhost")[0] == 403
