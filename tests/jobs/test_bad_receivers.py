"""Receivers that hang, refuse, break or cut, with a fallback and without: told, recorded, and the next rung comes.

Real sockets on this machine; a planted secret is looked for in everything that a run leaves behind.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.channels import http, pagerduty
from respondby.cli.output.runs import run_lines, run_summary
from respondby.desk.results import Tried
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.rehearsal.receiver import Receiver
from respondby.sandbox.server import Sandbox

PLANTED = "planted-secret-value"
RUNGS = "{ at: due, page: first, via: pager }, { at: due + 10m, page: bob, via: second }"
CALLING = (
    POLICY.replace("channels: {", "channels: { pager: { KIND: PAGER FALLBACK }, second: { webhook: SECOND }, ")
    .replace("{ at: due, label: late, notify: first }", RUNGS)
    .replace("people: { ann: {}, bob: {} }", "people: { ann: {}, bob: {} }")
)
ANSWERS = {
    "hangs": None,
    "cuts": b"",
    "answers nonsense": b"not http at all\r\n\r\n",
    "answers 429": b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
    "answers 500": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    "answers 401": b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
}


@contextmanager
def badly_behaved(answer: bytes | None) -> Iterator[str]:
    """`host:port` of a socket that answers so to everybody; None: never, but it keeps listening."""
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            held.append(connection)
            if answer is not None:
                connection.recv(65_536)
                connection.sendall(answer)
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in held:
            connection.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds themselves are constants; waiting for them would only take time."""
    monkeypatch.setattr(http, "TIMEOUT", (0.2, 0.2))
    monkeypatch.setattr(pagerduty, "_TRIES", 1)


def policy(kind: str, fallback: str) -> str:
    return CALLING.replace("KIND", kind).replace(" FALLBACK", f", fallback: {fallback}" if fallback else "")


def swept(repository: Repository, at: str, secrets: dict[str, str]) -> Report:
    repository.at(at)
    return sweep(replace(repository.desk(), secrets=secrets.get))


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
@pytest.mark.parametrize("fallback", ["", "second"])
@pytest.mark.parametrize("kind", ["pagerduty", "webhook"])
@pytest.mark.parametrize("how", ANSWERS)
def test_no_call_is_lost_silently_and_no_secret_shows(
    sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    how: str,
    kind: str,
    fallback: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    repository = Repository.make(sandbox, policy(kind, fallback))
    repository.opens()
    with Receiver() as working, badly_behaved(ANSWERS[how]) as host:
        secrets = {"PAGER": f"http://{host}/{PLANTED}", "SECOND": working.address("webhook", "SECOND")}
        report = swept(repository, "10:00:00", secrets)
        first = [(post.body["to"], post.body["verb"]) for post in working.posts]
        later = swept(repository, "10:10:00", secrets)
    records = repository.case().ledger.records.values()
    calls = [result for record in records for result in record.results if isinstance(result, Tried)]
    failed = [call for call in calls if call.to == "ann" and call.via == "pager" and not call.ok]
    assert failed, "what failed is on record"
    assert all(call.why for call in failed)
    assert ("bob", "second", True) in [(call.to, call.via, call.ok) for call in calls], "the next rung came"
    if fallback:
        assert first == [("ann", "page")]
        assert (report.failed, later.failed) == ([], [])
    else:
        assert first == []
        assert [why for why in report.failed if "ann could not be reached: pager: " in why]
    left = [str(report.to_json()), *run_lines(report.to_json()), run_summary(report.to_json()), caplog.text]
    left += [*capfd.readouterr(), *(body for _, body in repository.comments()), str(calls)]
    assert PLANTED not in "\n".join(left)


@pytest.mark.parametrize(
    "address", ["planted-secret-value", "ftp://planted-secret-value", "http://", "http://[planted-secret-value", "  "]
)
def test_a_malformed_address_is_a_recorded_failure_that_does_not_show_it(sandbox: Sandbox, address: str) -> None:
    repository = Repository.make(sandbox, policy("webhook", ""))
    repository.opens()
    report = swept(repository, "10:00:00", {"PAGER": address})
    (why,) = report.failed
    assert "ann could not be reached: pager: " in why
    assert ("is not an http or https URL" in why) or ("the secret PAGER is not set" in why)
    assert PLANTED not in str(report.to_json())
