"""Apprise: some hundred and thirty chats, phones and mail, by address. Imported only where a policy uses it."""

from __future__ import annotations

from typing import Any

from respondby.channels.message import Message, Secrets, Sent, secret_of, unlogged
from respondby.policy.model.policy import Channel

#: Seconds for one address.
TIMEOUT = 20.0


class Apprise:
    """Sends to the Apprise addresses in the channel's secret, one a line (or separated by spaces).

    Each address is tried on its own: Apprise calls a partial success a failure, and takes a bad address without a word.
    """

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
        unknown = refused = 0
        with unlogged():
            for address in addresses:
                service: Any = apprise.Apprise()
                if not service.add(address):
                    unknown += 1
                elif not service.notify(
                    title=message.subject,
                    body=body_of(message),
                    notify_type=apprise.NotifyType.WARNING if message.verb == "page" else apprise.NotifyType.INFO,
                    body_format=apprise.NotifyFormat.TEXT,
                    timeout=TIMEOUT,
                ):
                    refused += 1
        return Sent(unknown + refused < len(addresses), _why(len(addresses), unknown, refused))


def body_of(message: Message) -> str:
    """The text, beginning with whom it is for (a chat is read by many), and ending with the case's address."""
    whom = message.to if message.name in ("", message.to) else f"{message.name} ({message.to})"
    lines = [f"For {whom}:", message.body]
    if message.url not in message.body:
        lines.append(message.url)
    return "\n".join(lines)


def _why(count: int, unknown: int, refused: int) -> str:
    parts = []
    if unknown:
        parts.append(f"{unknown} of {count} addresses in its secret is none that Apprise knows")
    if refused:
        parts.append(f"{refused} of {count} addresses did not take it")
    return ", ".join(parts)
