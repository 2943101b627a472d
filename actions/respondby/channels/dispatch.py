"""Place a call: try its channels in the plan's order until one takes it.

Nothing is chosen here and nothing is swallowed: each try is told back, a failed one with its reason, as a fact.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from respondby.channels.message import (
    Channel,
    Message,
    SecretMissing,
    Secrets,
    Sent,
    for_everybody_to_read,
)
from respondby.desk.results import Change, Tried
from respondby.policy.model import policy as model
from respondby.rules.plan import Call


def place(
    call: Call,
    subject: str,
    body: str,
    url: str,
    channels: Mapping[str, model.Channel],
    secrets: Secrets,
    *,
    case: str = "",
    name: str = "",
    product: str | None = None,
    bodies: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Tried, ...]:
    """Call one person. `channels` are the policy's; `bodies` the texts of its webhooks' body files, by path.

    Returns every try, the one that worked last. If none has `ok`, nobody was reached: that is a failure to report.
    """
    message = Message(
        key=call.key,
        verb=call.verb,
        to=call.to,
        name=name or call.to,
        subject=for_everybody_to_read(" ".join(subject.split())),
        body=for_everybody_to_read(body),
        url=url,
        case=case,
        product=product,
    )
    made: list[Tried] = []
    for via in call.via:
        sent = _try(channels.get(via), message, secrets, bodies or {}, sleep)
        made.append(Tried(call.verb, call.to, via, "reached" if sent.ok else "failed", sent.why))
        if sent.ok:
            break
    return tuple(made) or (Tried(call.verb, call.to, "", "failed", "the policy gives no channel for this call"),)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a page was for, and about which product."""

    to: str
    product: str | None = None


def change(
    change: Change,
    key: str,
    via: str,
    whom: Recipient,
    channels: Mapping[str, model.Channel],
    secrets: Secrets,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Sent:
    """Acknowledge or resolve at the pager `via` what was triggered under this key."""
    from respondby.channels.pagerduty import PagerDuty

    try:
        return PagerDuty(channels[via], secrets, sleep).change(change, key, whom)
    except SecretMissing as missing:
        return Sent(False, str(missing))


def _try(
    channel: model.Channel | None,
    message: Message,
    secrets: Secrets,
    bodies: Mapping[str, str],
    sleep: Callable[[float], None],
) -> Sent:
    if channel is None:
        return Sent(False, "the policy has no channel of that name")
    try:
        return open_channel(channel, secrets, bodies, sleep).send(message)
    except SecretMissing as missing:
        return Sent(False, str(missing))


def open_channel(
    channel: model.Channel, secrets: Secrets, bodies: Mapping[str, str], sleep: Callable[[float], None]
) -> Channel:
    """The adapter for a channel of the policy; its libraries are imported only now."""
    match channel.kind:
        case "console":
            from respondby.channels.console import Console

            return Console()
        case "webhook":
            from respondby.channels.webhook import Webhook

            return Webhook(channel, secrets, bodies.get(channel.body) if channel.body else None)
        case "pagerduty":
            from respondby.channels.pagerduty import PagerDuty

            return PagerDuty(channel, secrets, sleep)
        case "apprise":
            from respondby.channels.apprise import Apprise

            return Apprise(channel, secrets)
