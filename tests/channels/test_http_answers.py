"""What an answer means: what is said of it, whether asking again may help, and how long that has to wait."""

from __future__ import annotations

import socket

import pytest
from tests.channels.receiver import Receiver
from tests.channels.serving import Answer, Asked, Service, serving

from respondby.channels import http
from respondby.channels.http import Failed

MOVED = ": it has moved, put its new address into the secret"
UNKNOWN = ": it does not understand this message"
SECRET = ": check the secret"


class Says(Service):
    """Answers with what it is given, always."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.always = answer

    def take(self, asked: Asked) -> Answer:
        """The same for everything."""
        return self.always


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_every_2xx_is_a_yes(status: int) -> None:
    with serving(Says(Answer(status))) as address:
        assert http.request("POST", address, None, {}) == b""


@pytest.mark.parametrize(
    "status, headers, why, again, after",
    [
        (300, {}, MOVED, False, None),
        (301, {}, MOVED, False, None),
        (399, {}, MOVED, False, None),
        (400, {}, UNKNOWN, False, None),
        (401, {}, SECRET, False, None),
        (402, {}, "", False, None),
        (403, {}, SECRET, False, None),
        (404, {}, SECRET, False, None),
        (410, {}, SECRET, False, None),
        (422, {}, UNKNOWN, False, None),
        (429, {}, ": too many requests", True, 1.0),
        (429, {"Retry-After": "0"}, ": too many requests, again after 0 seconds", True, 0.0),
        (429, {"Retry-After": "10"}, ": too many requests, again after 10 seconds", True, 10.0),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, ": too many requests", True, 11.0),
        (499, {}, "", False, None),
        (500, {}, "", True, None),
        (503, {"Retry-After": "3"}, "", True, None),
    ],
)
def test_an_answer_that_is_no_says_what_to_do_and_whether_asking_again_may_help(
    status: int, headers: dict[str, str], why: str, again: bool, after: float | None
) -> None:
    with serving(Says(Answer(status, "no", headers))) as address, pytest.raises(Failed) as failed:
        http.post(address, {})
    assert str(failed.value) == f"it answered {status}{why}"
    assert (failed.value.again, failed.value.hung, failed.value.after) == (again, False, after)


@pytest.mark.parametrize("seconds, asked", [("10", 2), ("11", 1)])
def test_who_asks_for_ten_seconds_is_asked_again_and_who_asks_for_more_is_not(seconds: str, asked: int) -> None:
    slept: list[float] = []
    service = Says(Answer(429, "slowly", {"Retry-After": seconds}))
    with serving(service) as address, pytest.raises(Failed, match="it answered 429"):
        http.request("POST", address, {"a": 1}, {}, sleep=slept.append)
    assert (len(service.asked), slept) == (asked, [float(seconds)] * (asked - 1))
    assert [one.body for one in service.asked] == [{"a": 1}] * asked, "it is the same request"


def test_a_status_that_means_yes_to_who_asks_is_no_failure_also_the_second_time() -> None:
    service = Says(Answer(409, "there already"))
    service.says = [Answer(429, "slowly", {"Retry-After": "1"})]
    with serving(service) as address:
        assert http.request("POST", address, {}, {}, taken=(409,), sleep=[].append) == b"there already"


@pytest.mark.parametrize("length, why", [(100, ""), (101, "its answer has no end"), (70_000, "its answer has no end")])
def test_an_answer_is_read_up_to_its_limit(length: int, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST", 100)
    with serving(Says(Answer(200, "x" * length))) as address:
        if not why:
            assert http.request("GET", address, None, {}) == b"x" * length
            return
        with pytest.raises(Failed) as failed:
            http.request("GET", address, None, {})
        assert (str(failed.value), failed.value.again, failed.value.hung) == (why, False, False)
        http.post(address, {})  # whose answer nobody reads


def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_where_nobody_listens_asking_again_may_help() -> None:
    with pytest.raises(Failed, match="no connection came about, or it was cut") as failed:
        http.post(nobody(), {})
    assert (failed.value.again, failed.value.hung) == (True, False)


def test_who_says_nothing_has_hung_and_asking_again_may_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", (5.0, 0.1))
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(Failed) as failed:
        http.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", {})
    assert str(failed.value) == "it did not answer within 0 seconds"
    assert (failed.value.again, failed.value.hung) == (True, True)


@pytest.mark.parametrize(
    "address, headers, why",
    [
        ("https://HOST/", {}, "its certificate is not trusted, or encryption failed"),
        ("http://HOST/", {"X-Key": "a\nb"}, "its address or headers cannot be used"),
        ("ftp://HOST/", {}, "its address is not an http or https URL"),
        ("http://", {}, "its address is not an http or https URL"),
        ("http://[::1", {}, "its address is not an http or https URL"),
    ],
)
def test_what_is_wrong_with_an_address_stays_wrong(
    receiver: Receiver, address: str, headers: dict[str, str], why: str
) -> None:
    with pytest.raises(Failed) as failed:
        http.post(address.replace("HOST", receiver.host), {}, headers)
    assert (str(failed.value), failed.value.again, failed.value.hung) == (why, False, False)
    assert receiver.got == []


@pytest.mark.parametrize(
    "text, refused",
    [
        (b'{"ok": false, "error": "channel_not_found"}', True),
        (b'{"ok": true}', False),
        (b'{"ok": 0}', False),
        (b'{"other": 1}', False),
        (b"[false]", False),
        (b"ok", False),
    ],
)
def test_a_yes_that_says_no_is_a_no(text: bytes, refused: bool) -> None:
    if not refused:
        http.refuse_if_said(text)
        return
    with pytest.raises(Failed, match="this was not done") as failed:
        http.refuse_if_said(text)
    assert not failed.value.again


def test_a_failure_in_a_row_of_requests_stays_what_it_was() -> None:
    named = Failed("no", again=True, hung=True, after=3).within("get /x: ")
    assert (str(named), named.again, named.hung, named.after) == ("get /x: no", True, True, 3)


@pytest.mark.parametrize("text, answer", [("{}", {}), ("[1]", [1]), ("", None), ("<html>", None)])
def test_what_is_got_is_json_and_asking_again_for_what_is_none_helps_nobody(text: str, answer: object) -> None:
    with serving(Says(Answer(200, text))) as address:
        if answer is not None:
            assert http.get(address) == answer
            return
        with pytest.raises(Failed, match="its answer is not JSON") as failed:
            http.get(address)
    assert (failed.value.again, failed.value.hung) == (False, False)
