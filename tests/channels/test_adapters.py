"""What each adapter sends, and what it makes of the answer."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import responses
from tests.channels.receiver import Receiver

from respondby.channels.apprise import Apprise
from respondby.channels.console import Console
from respondby.channels.filling import filled
from respondby.channels.message import Message, Sent
from respondby.channels.pagerduty import ENDPOINT, PagerDuty, dedup_key, event
from respondby.channels.webhook import Webhook
from respondby.policy.model.policy import Channel

MESSAGE = Message(
    key="acme/desk#7/first-response/I_1/75%/0/ann",
    verb="page",
    to="ann",
    name="Ann Arbor",
    subject="Printer on fire",
    body="Nobody has answered for an hour.",
    url="https://github.test/acme/desk/issues/7",
    case="acme/desk#7",
)


def changed(**changes: Any) -> Message:
    return replace(MESSAGE, **changes)


@pytest.mark.parametrize(
    "subject, line",
    [
        ("Printer on fire", "page for ann: Printer on fire (https://github.test/acme/desk/issues/7)"),
        ("one\n::error::two\r\n::set-output name=x::y", "page for ann: one ::error::two ::set-output name=x::y (URL)"),
        ("a ##[error]b", "page for ann: a ## [error]b (URL)"),
        ("\x1b[2J\u2028::stop-commands::x\x85y", "page for ann:  [2J ::stop-commands::x y (URL)"),
    ],
)
def test_the_console_writes_one_line_that_no_runner_takes_for_a_command(subject: str, line: str) -> None:
    stream = io.StringIO()
    assert Console(stream).send(changed(subject=subject)) == Sent(True)
    assert stream.getvalue() == line.replace("URL", MESSAGE.url) + "\n"
    assert not any(part.lstrip().startswith("::") for part in stream.getvalue().splitlines())


def test_the_console_writes_to_the_jobs_own_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    Console().send(MESSAGE)
    assert capsys.readouterr() == ("", f"page for ann: Printer on fire ({MESSAGE.url})\n")


def webhook(receiver: Receiver, template: str | None = None, headers: str | None = None) -> Webhook:
    channel = Channel("hook", "webhook", "HOOK", "HEADERS" if headers else None, "hook.json" if template else None)
    return Webhook(
        channel, {"HOOK": f"http://{receiver.host}/in?x=1", "HEADERS": headers}.get, {"hook.json": template or ""}
    )


def test_a_webhook_gets_the_whole_message_as_json(receiver: Receiver) -> None:
    assert webhook(receiver).send(MESSAGE) == Sent(True)
    ((path, headers, body),) = receiver.got
    assert (path, headers["Content-Type"]) == ("/in?x=1", "application/json")
    assert body == {
        "key": MESSAGE.key,
        "verb": "page",
        "to": "ann",
        "name": "Ann Arbor",
        "subject": "Printer on fire",
        "body": "Nobody has answered for an hour.",
        "url": MESSAGE.url,
        "case": "acme/desk#7",
    }


def test_a_webhook_sends_the_headers_of_its_secret(receiver: Receiver) -> None:
    webhook(receiver, headers='{"Authorization": "Basic eHg=", "X-Room": "desk"}').send(MESSAGE)
    ((_, headers, _),) = receiver.got
    assert (headers["Authorization"], headers["X-Room"]) == ("Basic eHg=", "desk")


def test_a_webhook_sends_no_password_of_this_machine(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password planted\n")
    monkeypatch.setenv("NETRC", str(netrc))
    webhook(receiver).send(MESSAGE)
    ((_, headers, _),) = receiver.got
    assert "Authorization" not in headers


@pytest.mark.parametrize("headers", ["Authorization: x", "[]", '{"a": 1}', '"x"'])
def test_a_webhook_whose_headers_are_no_json_object_says_so(receiver: Receiver, headers: str) -> None:
    sent = webhook(receiver, headers=headers).send(MESSAGE)
    assert (sent.ok, "the secret HEADERS is not a JSON object of texts" in sent.why, receiver.got) == (False, True, [])


def test_a_template_shapes_the_json_and_no_text_can_break_it(receiver: Receiver) -> None:
    template = json.dumps(
        {"fields": {"summary": "[{case}] {subject}", "labels": ["desk", "{verb}"], "level": 3, "text": "{body} {nope}"}}
    )
    subject = '"}, {"evil": "{url}"'
    assert webhook(receiver, template).send(changed(subject=subject)).ok
    ((_, _, body),) = receiver.got
    assert body == {
        "fields": {
            "summary": f"[acme/desk#7] {subject}",
            "labels": ["desk", "page"],
            "level": 3,
            "text": "Nobody has answered for an hour. {nope}",
        }
    }


def test_a_template_that_is_no_json_says_where(receiver: Receiver) -> None:
    sent = webhook(receiver, '{"a": }').send(MESSAGE)
    assert (sent.ok, "hook.json is not JSON" in sent.why, "line 1" in sent.why) == (False, True, True)


def test_a_template_that_is_not_there_says_so(receiver: Receiver) -> None:
    channel = Channel("hook", "webhook", "HOOK", body="hook.json")
    sent = Webhook(channel, {"HOOK": f"http://{receiver.host}/"}.get, {}).send(MESSAGE)
    assert (sent.ok, "hook.json is not in the repository" in sent.why) == (False, True)


def test_what_is_no_text_in_a_template_stays() -> None:
    assert filled([1, None, True, {"{to}": "{to}"}], {"to": "ann"}) == [1, None, True, {"{to}": "ann"}]


@pytest.mark.parametrize(
    "template, text",
    [
        ("{to:3}", "ann"),
        ("{to:2}", "a…"),
        ("{to:1}", "…"),
        ("{to:9}!", "ann!"),
        ("{other:2}", "{other:2}"),
        ("{to}", "ann"),
    ],
)
def test_a_word_that_is_too_long_for_its_place_is_cut_to_it(template: str, text: str) -> None:
    assert filled(template, {"to": "ann"}) == text


@pytest.mark.parametrize("address", ["ftp://x.test/", "file:///etc/passwd", "x.test/hook", "http://", "http://[::1"])
def test_an_address_that_is_no_http_url_is_not_tried(address: str) -> None:
    sent = Webhook(Channel("hook", "webhook", "HOOK"), {"HOOK": address}.get, {}).send(MESSAGE)
    assert sent == Sent(False, "its address is not an http or https URL")


@pytest.mark.parametrize(
    "status, why",
    [
        (400, "it answered 400: it does not understand this message"),
        (401, "it answered 401: check the secret"),
        (301, "it answered 301: it has moved, put its new address into the secret"),
        (418, "it answered 418"),
        (503, "it answered 503"),
    ],
)
def test_a_webhook_is_sent_once_and_says_what_the_answer_means(receiver: Receiver, status: int, why: str) -> None:
    receiver.says = [status]
    assert webhook(receiver).send(MESSAGE) == Sent(False, why)
    assert len(receiver.got) == 1


class Pager:
    """PagerDuty at the receiver; it remembers how long it would have slept."""

    def __init__(self, secret: str) -> None:
        self.slept: list[float] = []
        self.adapter = PagerDuty(Channel("pager", "pagerduty", "KEY"), {"KEY": secret}.get, self.slept.append)


def test_a_page_triggers_an_incident_with_who_is_meant(receiver: Receiver) -> None:
    assert Pager(f"http://{receiver.host}/v2/enqueue/R0UT1NG").adapter.send(MESSAGE) == Sent(True)
    ((path, _, body),) = receiver.got
    assert path == "/v2/enqueue"
    assert (body["routing_key"], body["event_action"], body["dedup_key"]) == ("R0UT1NG", "trigger", MESSAGE.key)
    payload = body["payload"]
    assert (payload["summary"], payload["source"], payload["severity"]) == (
        "Printer on fire",
        "acme/desk#7",
        "critical",
    )
    assert payload["custom_details"].items() >= {"to": "ann", "case": "acme/desk#7", "url": MESSAGE.url}.items()


def test_a_notice_is_no_critical_incident() -> None:
    assert event(changed(verb="notify"), "k")["payload"]["severity"] == "info"  # type: ignore[index]


def test_what_pagerduty_would_cut_or_refuse_is_shortened() -> None:
    long = changed(key="k" * 256, subject="s" * 2000)
    sent = event(long, "key")
    assert len(sent["payload"]["summary"]) == 1024  # type: ignore[index]
    assert len(dedup_key("k" * 256)) <= 255
    assert dedup_key("k" * 256) != dedup_key("k" * 257)
    assert dedup_key("k" * 255) == "k" * 255


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_trigger_is_tried_again_under_the_same_key(receiver: Receiver, status: int) -> None:
    receiver.says = [status, status]
    pager = Pager(f"http://{receiver.host}/v2/enqueue/R0UT1NG")
    assert pager.adapter.send(MESSAGE) == Sent(True)
    assert ({body["dedup_key"] for _, _, body in receiver.got}, pager.slept) == ({MESSAGE.key}, [1.0, 2.0])


def test_a_trigger_that_keeps_failing_is_given_up(receiver: Receiver) -> None:
    receiver.says = [500, 500, 500]
    assert Pager(f"http://{receiver.host}/v2/enqueue/R0UT1NG").adapter.send(MESSAGE) == Sent(False, "it answered 500")
    assert len(receiver.got) == 3


def test_a_refused_trigger_is_not_repeated(receiver: Receiver) -> None:
    receiver.says = [400]
    assert not Pager(f"http://{receiver.host}/v2/enqueue/R0UT1NG").adapter.send(MESSAGE).ok
    assert len(receiver.got) == 1


def test_a_plain_routing_key_goes_to_pagerduty_itself() -> None:
    with responses.RequestsMock() as wire:
        wire.add("POST", ENDPOINT, status=202)
        assert Pager("R0UT1NG").adapter.send(MESSAGE) == Sent(True)
        assert json.loads(wire.calls[0].request.body)["routing_key"] == "R0UT1NG"


def test_an_address_without_a_routing_key_says_so(receiver: Receiver) -> None:
    sent = Pager(f"http://{receiver.host}/v2/enqueue/").adapter.send(MESSAGE)
    assert sent == Sent(False, "its address does not end in a routing key")


def chat(*addresses: str) -> Apprise:
    return Apprise(Channel("chat", "apprise", "CHAT"), {"CHAT": "\n".join(addresses)}.get)


@pytest.mark.parametrize("name, whom", [("Ann Arbor", "For Ann Arbor (ann):"), ("ann", "For ann:"), ("", "For ann:")])
def test_a_chat_reads_first_who_is_meant(receiver: Receiver, name: str, whom: str) -> None:
    assert chat(f"json://{receiver.host}/room").send(changed(name=name)) == Sent(True)
    ((path, _, body),) = receiver.got
    assert (path.rstrip("/"), body["title"]) == ("/room", "Printer on fire")
    assert body["message"].splitlines() == [whom, MESSAGE.body, MESSAGE.url]


def test_the_address_of_the_case_is_not_said_twice(receiver: Receiver) -> None:
    chat(f"json://{receiver.host}/").send(changed(body=f"See {MESSAGE.url}"))
    assert receiver.got[0][2]["message"].count(MESSAGE.url) == 1


def test_addresses_that_fail_are_told_apart_from_addresses_that_are_none(receiver: Receiver) -> None:
    receiver.says = [500]
    good, bad = f"json://{receiver.host}/", "nonsense://x"
    assert chat(good, good, bad).send(MESSAGE) == Sent(
        True, "1 of 3 addresses in its secret is none that Apprise knows, 1 of 3 addresses did not take it"
    )
    assert chat(bad).send(MESSAGE) == Sent(False, "1 of 1 addresses in its secret is none that Apprise knows")
    receiver.says = [500]
    assert chat(good).send(MESSAGE) == Sent(False, "1 of 1 addresses did not take it")
