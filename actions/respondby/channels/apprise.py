"""Apprise: some hundred and thirty chats, phones and mail, by address. Imported only where a policy uses it.

Laws:

- What made no request is not sent. Apprise counts some messages as sent that it has dropped: for `opsgenie://` and
  `jira://`, one of the kind INFO is a note on an alert that does not exist. So a `notify` is a WARNING there, as a
  `page` is everywhere, and requests are counted.
- A message is cut to what the service takes, with the case's address at its end; Apprise would send all of it, and the
  service refuse it.
- Each address is tried on its own, side by side within one deadline: Apprise calls a partial success a failure, takes a
  bad address without a word, and waits without end for an answer that comes drop by drop.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import requests

from respondby.channels.message import Message, Secrets, Sent, secret_of, unlogged
from respondby.deadlines import TooLate, all_within
from respondby.policy.model.policy import Channel

#: Seconds for each piece of an answer, and for all addresses together.
TIMEOUT, WHOLE = 10.0, 15.0

#: So many characters are said in a telephone call, subject and all: it is a minute, and what Twilio takes of it, 4,000
#: characters, is filled by five times as many where each has to be written as an entity of XML.
SPOKEN = 700

#: Services at which an INFO makes nothing anew.
_ALERTS = frozenset({"opsgenie", "jira"})

_Outcome = Literal["sent", "unknown", "refused", "dropped"]


class Apprise:
    """Sends to the Apprise addresses in the channel's secret, one a line (or separated by spaces)."""

    def __init__(self, channel: Channel, secrets: Secrets) -> None:
        self._channel = channel
        self._secrets = secrets

    def send(self, message: Message) -> Sent:
        """Send to each address. It is sent if one took it; `why` then counts those that did not."""
        addresses = secret_of(self._channel.secret, message, self._secrets).split()
        try:
            import apprise
        except ImportError:
            return Sent(False, "Apprise is not installed: install respondby[notify]")
        hung = None
        outcomes: list[_Outcome | Literal["hung"]] = []
        try:
            with unlogged(), _counted() as counted:
                tries = all_within(
                    WHOLE, [partial(_notify, apprise, address, message, counted) for address in addresses]
                )
                for attempt in tries:
                    try:
                        outcomes.append(attempt.result())
                    except TooLate as late:
                        outcomes.append("hung")
                        hung = late
                if hung is not None:
                    raise hung  # what was given up stays silent
        except TooLate:
            pass
        return Sent("sent" in outcomes, _why(outcomes), hung is not None and "sent" not in outcomes)


def _notify(apprise: Any, address: str, message: Message, counted: _Counted) -> _Outcome:
    service: Any = apprise.Apprise()
    if not service.add(address):
        return "unknown"
    kind = apprise.NotifyType
    (plugin,) = service
    alerts = message.verb == "page" or address.partition("://")[0].rstrip("s").lower() in _ALERTS
    requested = counted.of(plugin)
    took = service.notify(
        title=message.subject,
        body=body_of(message, most=_room(plugin, message)),
        notify_type=kind.WARNING if alerts else kind.INFO,
        body_format=apprise.NotifyFormat.TEXT,
        timeout=TIMEOUT,
    )
    if not took:
        return "refused"
    speaks_http = hasattr(sys.modules.get(type(plugin).__module__), "requests")
    return "dropped" if speaks_http and not requested else "sent"


def _room(plugin: Any, message: Message) -> int:
    """How many characters of a body this service takes; where it knows no titles, ours stands in the body."""
    most = int(plugin.body_maxlen)  # Apprise gives every service one
    if getattr(plugin, "method", None) == "call":
        return min(most, SPOKEN) - len(message.subject) - 2
    return most if plugin.title_maxlen else most - len(message.subject) - 2


def body_of(message: Message, most: int = 32_768) -> str:
    """The text, beginning with whom it is for (a chat is read by many), and ending with the case's address; of no more
    than so many characters, if its address leaves any.
    """
    whom = message.to if message.name in ("", message.to) else f"{message.name} ({message.to})"
    lines = [f"For {whom}:", message.body]
    if message.url not in message.body:
        lines.append(message.url)
    whole = "\n".join(lines)
    if len(whole) <= most:
        return whole
    end = f"…\n{message.url}"
    return f"{whole[: max(0, most - len(end))]}{end}"


class _Counted(threading.local):
    """The requests of what the thread at work sends."""

    requests: list[str] | None = None

    def of(self, plugin: Any) -> list[str]:
        """What this service will have requested, in whatever thread Apprise lets it send."""
        made: list[str] = []
        send = plugin.send

        def counting(*args: Any, **more: Any) -> Any:
            self.requests = made
            return send(*args, **more)

        plugin.send = counting
        return made


@contextmanager
def _counted() -> Iterator[_Counted]:
    """Note what `requests` sends: it is what nearly all of Apprise's services send with."""
    counted = _Counted()
    real = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        if counted.requests is not None:
            counted.requests.append(str(request.method))
        return real(session, request, **more)

    requests.Session.send = send  # type: ignore[assignment, method-assign]
    try:
        yield counted
    finally:
        requests.Session.send = real  # type: ignore[method-assign]


_SAID = {
    "unknown": "{} of {} addresses in its secret is none that Apprise knows",
    "refused": "{} of {} addresses did not take it",
    "dropped": "Apprise made no request for {} of {} addresses: see what its service needs for a new message",
    "hung": "{} of {} addresses did not answer in time",
}


def _why(outcomes: list[Any]) -> str:
    return ", ".join(
        text.format(outcomes.count(outcome), len(outcomes)) for outcome, text in _SAID.items() if outcome in outcomes
    )
