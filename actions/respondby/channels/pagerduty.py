"""PagerDuty, by its Events API v2: a page is a trigger of an incident, and what answers it acknowledges or resolves it.

PagerDuty joins triggers with one `dedup_key`, so repeating a request is safe, and a repetition of a rung has a key of
its own (a trigger that joins an open incident wakes nobody). An event about a key that PagerDuty does not know, or has
resolved, changes nothing there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from itertools import count

from respondby.channels import http
from respondby.channels.message import Message, Secrets, Sent, Whom, secret_of
from respondby.desk.results import Change
from respondby.policy.model.policy import Channel

ENDPOINT = "https://events.pagerduty.com/v2/enqueue"
LONGEST_KEY = 255
LONGEST_SUMMARY = 1024

_TRIES = 3


class PagerDuty:
    """Triggers an incident. The secret is a routing key, or an Events API address that ends in one.

    The latter serves other regions (`https://events.eu.pagerduty.com/v2/enqueue/KEY`) and rehearsals.
    """

    def __init__(self, channel: Channel, secrets: Secrets, sleep: Callable[[float], None] = time.sleep) -> None:
        self._channel = channel
        self._secrets = secrets
        self._sleep = sleep

    def send(self, message: Message) -> Sent:
        """Trigger; try again after a 429, a 5xx or a cut connection, which the key makes safe."""
        return self._post(message, lambda routing_key: event(message, routing_key))

    def change(self, change: Change, key: str, whom: Whom) -> Sent:
        """Acknowledge or resolve what was triggered under this key for that person."""
        return self._post(
            whom,
            lambda routing_key: {"routing_key": routing_key, "event_action": change, "dedup_key": dedup_key(key)},
        )

    def _post(self, whom: Whom, made: Callable[[str], dict[str, object]]) -> Sent:
        secret = secret_of(self._channel.secret, whom, self._secrets)
        endpoint, _, routing_key = secret.rpartition("/") if "://" in secret else (ENDPOINT, "", secret)
        if not routing_key:
            return Sent(False, "its address does not end in a routing key")
        for tries in count(1):
            try:
                http.post(endpoint, made(routing_key))
            except http.Failed as failed:
                wait = max(2.0 ** (tries - 1), failed.after or 0)
                if tries == _TRIES or not failed.again or failed.hung or wait > http.MOST_PATIENT:
                    return Sent(False, str(failed), failed.hung)
                self._sleep(wait)
            else:
                return Sent(True)
        raise AssertionError("the last try ends it")


def event(message: Message, routing_key: str) -> dict[str, object]:
    """The trigger, within PagerDuty's own limits."""
    return {
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": dedup_key(message.key),
        "client": "respondby",
        "client_url": message.url,
        "links": [{"href": message.url, "text": message.case or message.subject}],
        "payload": {
            "summary": message.subject[:LONGEST_SUMMARY],
            "source": message.case or message.url,
            "severity": "critical" if message.verb == "page" else "info",
            "custom_details": {
                "to": message.to,
                "name": message.name,
                "case": message.case,
                "url": message.url,
                "body": message.body,
            },
        },
    }


def dedup_key(key: str) -> str:
    """The key as it is, or, where PagerDuty would not take it, its digest."""
    return key if len(key) <= LONGEST_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"
