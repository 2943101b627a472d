"""One page as it arrives at PagerDuty, at Slack and at a webhook: each in the receiver's own format, over HTTP.

Slack is Apprise's own plugin. Only the address that it posts to is pointed at the receiver, in this process.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.channels.receiver import Receiver

from respondby.channels.dispatch import place
from respondby.desk.results import Tried
from respondby.policy.model.policy import Channel
from respondby.rules.plan import Call

URL = "https://github.test/acme/desk/issues/7"
KEY = "acme/desk#7/first-response/I_1/due/0/ann"
SUBJECT, BODY = "First response is overdue: acme/desk#7, Printer on fire", "It was due at 10:00 (Europe/Brussels)."
TOKENS = ("T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7FQ")


def page(receiver: Receiver, channel: Channel, secret: str) -> tuple[tuple[Tried, ...], str, Any]:
    """A page through that channel: what is noted of it, and the path and the JSON that arrived."""
    call = Call(KEY, "page", "ann", (channel.name,), (), ())
    made = place(call, SUBJECT, BODY, URL, {channel.name: channel}, {"SECRET": secret}.get, case="acme/desk#7")
    ((path, _, body),) = receiver.got
    return made, path, body


def test_pagerduty_gets_an_event_that_triggers_under_our_key(receiver: Receiver) -> None:
    secret = f"http://{receiver.host}/v2/enqueue/R0UT1NGK3Y"
    made, path, body = page(receiver, Channel("pager", "pagerduty", "SECRET"), secret)
    assert made == (Tried("page", "ann", "pager"),)
    assert path == "/v2/enqueue"
    assert (body["routing_key"], body["event_action"], body["dedup_key"]) == ("R0UT1NGK3Y", "trigger", KEY)
    assert body["payload"]["summary"] == SUBJECT
    assert body["payload"]["severity"] == "critical"
    assert URL in str(body["links"])


def test_slack_gets_a_message_that_says_whom_it_is_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{receiver.host}/services")
    receiver.says, receiver.text = [200], b"ok"  # as Slack says it
    made, path, body = page(receiver, Channel("chat", "apprise", "SECRET"), f"slack://{'/'.join(TOKENS)}/#support")
    assert made == (Tried("page", "ann", "chat"),)
    assert path == f"/services/{'/'.join(TOKENS)}"
    assert body["channel"] == "#support"
    ((title, text),) = [(part["title"], part["text"]) for part in body["attachments"]]
    assert title == SUBJECT
    assert text == f"For ann:\n{BODY}\n{URL}"


def test_a_webhook_gets_the_message_key_by_key(receiver: Receiver) -> None:
    made, path, body = page(receiver, Channel("desk", "webhook", "SECRET"), f"http://{receiver.host}/in")
    assert made == (Tried("page", "ann", "desk"),)
    assert path == "/in"
    assert body == {
        "key": KEY,
        "verb": "page",
        "to": "ann",
        "name": "ann",
        "subject": SUBJECT,
        "body": BODY,
        "url": URL,
        "case": "acme/desk#7",
    }


@pytest.mark.parametrize("status", [403, 404, 500])
def test_what_slack_refuses_is_told_without_its_address(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://{receiver.host}/services")
    receiver.says = [status]
    made, _, _ = page(receiver, Channel("chat", "apprise", "SECRET"), f"slack://{'/'.join(TOKENS)}/#support")
    (call,) = made
    assert not call.ok
    assert "1 of 1 addresses did not take it" in call.why
    assert not any(token in call.why for token in TOKENS)
