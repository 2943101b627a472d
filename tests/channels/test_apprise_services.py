"""What Apprise's own services make of our messages: a new message is a request, whatever its kind and length.

The addresses are of the services that desks page and chat by; only the socket is ours.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from tests.channels.test_adapters import MESSAGE

from respondby.channels.apprise import SPOKEN, Apprise, body_of
from respondby.channels.message import Message, Sent
from respondby.policy.model.policy import Channel

SERVICES = {
    "opsgenie": "opsgenie://8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "opsgenie for a user": "opsgenie://8b799edf-6f98-4d3a-9be7-2862fb4e5752/@ann",
    "jira": "jira://8b799edf-6f98-4d3a-9be7-2862fb4e5752",
    "a phone": "twilio://ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:" + "b" * 32 + "@+15551234567/+15559876543",
    "a phone by vonage": "vonage://AbCd1234:aaaaaaaaaaaaaaaa@15551234567/15559876543",
    "mail": "mailgun://user@sandbox.example/4b4f2918fdk7cbd4fd32jvdjfkd-1a2b3c4d-5e6f7a8b/ann@example.com",
    "discord": "discord://1234567890123456789/abcdefghijklmnopqrstuvwxyz0123456789",
    "teams": "workflows://host.example:443/643a8f1d3b6b4c3c8f1d3b6b4c3c8f1d/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "mattermost": "mmost://localhost/3ccdd113474722377935511fc85d3dd4",
    "google chat": "gchat://workspace/key/token",
    "ntfy": "ntfy://topic",
    "webex": "wxteams://" + "a" * 80,
    "zulip": "zulip://bot@org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/general",
    "pagerduty": "pagerduty://R03XXXXXXXXXXXXXXXXXXXXXXXXXXXXX@A1234567890123456789",
}


class _Answer:
    """Yes, to whoever asks."""

    status_code, ok, headers, text = 200, True, {}, '{"ok": true, "result": {"message_id": 1}, "requestId": "r"}'
    content = text.encode()

    def json(self) -> Any:
        return json.loads(self.text)

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent."""
    sent: list[str] = []

    def send(_: requests.Session, request: requests.PreparedRequest, **__: Any) -> _Answer:
        body = request.body or b""
        sent.append(body if isinstance(body, str) else body.decode(errors="replace"))
        return _Answer()

    monkeypatch.setattr(requests.Session, "send", send)
    return sent


def sent_to(address: str, message: Message) -> Sent:
    return Apprise(Channel("chat", "apprise", "CHAT"), {"CHAT": address}.get).send(message)


@pytest.mark.parametrize("verb", ["page", "notify"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_message_is_one_request_and_ends_with_the_address_of_its_case_however_long_it_is(
    bodies: list[str], service: str, verb: Any
) -> None:
    for body in ("", "Nobody has answered.", "y" * 40_000):
        bodies.clear()
        assert sent_to(SERVICES[service], replace(MESSAGE, verb=verb, body=body)) == Sent(True)
        (text,) = bodies
        assert "issues" in text
        assert "…" not in text or len(text) < 36_000


def test_what_made_no_request_is_never_sent(bodies: list[str]) -> None:
    """Its own word in the address makes of every message a note on an alert that does not exist."""
    address = f"{SERVICES['opsgenie']}/?action=note"
    outcome = sent_to(address, MESSAGE)
    assert (outcome.ok, bodies) == (False, [])
    assert outcome.why == ("Apprise made no request for 1 of 1 addresses: see what its service needs for a new message")


@pytest.mark.parametrize(
    "service, most, title", [("mattermost", 4000, "Printer on fire\r\n"), ("ntfy", 7800, ""), ("opsgenie", 15_000, "")]
)
def test_a_message_that_is_too_long_fills_what_its_service_takes(
    bodies: list[str], service: str, most: int, title: str
) -> None:
    sent_to(SERVICES[service], replace(MESSAGE, body="y" * 40_000))
    (text,) = [one for one in json.loads(bodies[0]).values() if isinstance(one, str) and len(one) > 1000]
    assert len(text) == most
    assert text.startswith(f"{title}For Ann Arbor (ann):\nyyy")
    assert text.endswith(f"yyy…\n{MESSAGE.url}")


def test_a_text_that_just_has_room_is_whole_and_one_that_is_longer_by_a_character_is_cut() -> None:
    whole = body_of(MESSAGE)
    assert whole == f"For Ann Arbor (ann):\n{MESSAGE.body}\n{MESSAGE.url}"
    assert body_of(MESSAGE, len(whole)) == whole
    cut = body_of(MESSAGE, len(whole) - 1)
    assert (len(cut), cut[-len(MESSAGE.url) - 2 :]) == (len(whole) - 1, f"…\n{MESSAGE.url}")
    assert body_of(MESSAGE, 1) == f"…\n{MESSAGE.url}", "its address is said in any case"


def test_a_telephone_call_is_a_minute_long(bodies: list[str]) -> None:
    sent_to(f"{SERVICES['a phone']}?method=call", replace(MESSAGE, body="y" * 40_000))
    (spoken,) = (value for value in parse_qs(bodies[0]).values() if "yyy" in value[0])
    said = re.sub(r"<[^>]+>", "", spoken[0])
    assert len(html.unescape(said).strip()) == SPOKEN - len("\r\n"), "the break between subject and text is a pause"
