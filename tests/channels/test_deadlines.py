"""No receiver holds a run: one deadline for a whole request, asked once a run, and a fence around every channel."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.channels.receiver import Receiver

from respondby.channels import apprise as apprise_channel
from respondby.channels import http
from respondby.channels.dispatch import Hung, place
from respondby.channels.webhook import Webhook
from respondby.deadlines import TooLate, within
from respondby.policy.model.policy import Channel
from respondby.rules.plan import Call

CHANNELS = {
    "pager": Channel("pager", "pagerduty", "PAGER"),
    "hook": Channel("hook", "webhook", "HOOK"),
    "chat": Channel("chat", "apprise", "CHAT"),
    "spare": Channel("spare", "webhook", "SPARE"),
}


@contextmanager
def dripping() -> Iterator[tuple[str, list[str]]]:
    """`host:port` of who begins an answer and then sends a header every little while, and who asked."""
    asked: list[str] = []
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            asked.append(connection.recv(65_536).decode(errors="replace").partition("\r\n")[0])
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not over.wait(0.02):
                    connection.sendall(b"X-Drop: y\r\n")
            except OSError:
                return

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}", asked
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline itself is a constant; waiting for it would only take time."""
    monkeypatch.setattr(http, "WHOLE", 0.2)
    monkeypatch.setattr(apprise_channel, "WHOLE", 0.2)


def call(*via: str, to: str = "ann") -> Call:
    return Call(f"acme/desk#7/answer/I_1/due/0/{to}", "page", to, via, (), (), "en")


def placed(
    secrets: dict[str, str], *via: str, hung: Hung | None = None, to: str = "ann"
) -> list[tuple[str, bool, str]]:
    made = place(call(*via, to=to), "Late", "Nobody answers.", "https://x.test/7", CHANNELS, secrets.get, hung=hung)
    return [(one.via, one.ok, one.why) for one in made]


@pytest.mark.parametrize(
    "via, secret, why",
    [
        ("pager", "http://HOST/KEY", "its answer did not end within 0 seconds"),
        ("hook", "http://HOST/hook", "its answer did not end within 0 seconds"),
        ("chat", "json://HOST/chat", "1 of 1 addresses did not answer in time"),
    ],
)
def test_who_answers_drop_by_drop_is_given_up_and_the_next_channel_is_tried(
    receiver: Receiver, via: str, secret: str, why: str
) -> None:
    with dripping() as (host, asked):
        secrets = {CHANNELS[via].secret: secret.replace("HOST", host), "SPARE": f"http://{receiver.host}/spare"}
        hung = Hung()
        assert placed(secrets, via, "spare", hung=hung) == [(via, False, why), ("spare", True, "")]
        assert len(asked) == 1, "it is not asked again within one call"
        again = placed(secrets, via, "spare", hung=hung, to="bob")
        assert len(asked) == 1, "nor for the next case of the same run"
    assert again == [
        (via, False, "it did not answer earlier in this run, so it was not asked again"),
        ("spare", True, ""),
    ]
    assert len(receiver.got) == 2


def test_a_heartbeat_that_answers_drop_by_drop_is_given_up() -> None:
    with dripping() as (host, _), pytest.raises(http.Failed, match="did not end within") as failed:
        http.reach(f"http://{host}/beat")
    assert failed.value.hung


def test_whatever_goes_wrong_in_one_channel_the_next_one_is_tried_and_no_secret_shows(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("http://planted/secret")

    monkeypatch.setattr(Webhook, "_steps", breaks)
    secrets = {"HOOK": "http://planted/secret", "PAGER": f"http://{receiver.host}/KEY"}
    (hook, pager) = placed(secrets, "hook", "pager")
    assert hook == ("hook", False, "a mistake in respondby or in a library (RuntimeError); please report it")
    assert pager == ("pager", True, "")
    assert "planted" not in caplog.text


def test_a_call_within_its_deadline_returns_or_raises_what_it_does() -> None:
    def breaks() -> None:
        raise KeyError("x")

    assert within(5, lambda: 7) == 7
    with pytest.raises(KeyError):
        within(5, breaks)
    over = threading.Event()
    with pytest.raises(TooLate):
        within(0.05, over.wait)
    over.set()
