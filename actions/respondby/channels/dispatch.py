"""Place a call: try its channels in the plan's order until one takes it.

Nothing is chosen here and nothing is swallowed: each try is told back, a failed one with its reason, as a fact.

- Each channel has a fence of its own: whatever goes wrong in one, the next one is tried.
- A channel that did not answer in time is not asked again in the same run: waiting for it once tells enough, and the
  rungs and cases behind it do not wait for it as well.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from respondby.channels.message import (
    Channel,
    Message,
    SecretMissing,
    Secrets,
    Sent,
    Whom,
    filled_name,
    for_everybody_to_read,
)
from respondby.dataclass import dataclass
from respondby.desk.results import Change, Tried
from respondby.policy.model import policy as model

LOG = logging.getLogger(__name__)


class Hung:
    """The channels of one run that did not answer in time, each with whom it was asked for."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def __contains__(self, asked: tuple[model.Channel, Whom]) -> bool:
        return self._key(*asked) in self._known

    def add(self, channel: model.Channel, whom: Whom) -> None:
        """It did not answer, when it was asked for that person."""
        self._known.add(self._key(channel, whom))

    @staticmethod
    def _key(channel: model.Channel, whom: Whom) -> tuple[str, str]:
        return channel.name, filled_name(channel.secret, whom)


class Asked(Protocol):
    """A call to place: its key (law 5), whether it wakes (`page`) or tells (`notify`), whom, its channels in order."""

    @property
    def key(self) -> str:
        """Two calls with one key are the same call."""

    @property
    def verb(self) -> Literal["page", "notify"]:
        """What it is."""

    @property
    def to(self) -> str:
        """A login."""

    @property
    def via(self) -> tuple[str, ...]:
        """Names of channels."""


def place(
    call: Asked,
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
    hung: Hung | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Tried, ...]:
    """Call one person. `channels` are the policy's; `bodies` the texts of its webhooks' body files, by path; `hung`
    knows the channels that did not answer in time.

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
        sent = _try(channels.get(via), message, secrets, bodies or {}, Hung() if hung is None else hung, sleep)
        made.append(Tried(call.verb, call.to, via, "reached" if sent.ok else "failed", sent.why))
        if sent.ok:
            break
    return tuple(made) or (Tried(call.verb, call.to, "", "failed", "the policy gives no channel for this call"),)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a page was for, and about which product; `case` is `owner/name#7`, `url` leads there."""

    to: str
    product: str | None = None
    case: str = ""
    url: str = ""


def change(
    change: Change,
    key: str,
    via: str,
    whom: Recipient,
    channels: Mapping[str, model.Channel],
    secrets: Secrets,
    *,
    bodies: Mapping[str, str] | None = None,
    hung: Hung | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Sent:
    """Acknowledge or resolve, at the pager or webhook `via`, what was sent there under this key."""
    channel, stuck = channels[via], Hung() if hung is None else hung
    if channel.kind == "webhook":
        from respondby.channels.webhook import Webhook

        webhook = Webhook(channel, secrets, bodies or {}, sleep)
        return fenced(channel, whom, stuck, lambda: webhook.change(change, key, whom, whom.case, whom.url))
    from respondby.channels.pagerduty import PagerDuty

    pager = PagerDuty(channel, secrets, sleep)
    return fenced(channel, whom, stuck, lambda: pager.change(change, key, whom))


def fenced(channel: model.Channel, whom: Whom, hung: Hung, send: Callable[[], Sent]) -> Sent:
    """What becomes of sending by a channel, whatever happens there."""
    if (channel, whom) in hung:
        return Sent(False, "it did not answer earlier in this run, so it was not asked again")
    try:
        sent = send()
    except SecretMissing as missing:
        return Sent(False, str(missing))
    except Exception as error:  # noqa: BLE001 - see the law above
        # Neither its text nor its traceback is told: either may hold the address, which is the secret.
        LOG.error("%s: a mistake in respondby or in a library: %s", channel.name, type(error).__name__)
        return Sent(False, f"a mistake in respondby or in a library ({type(error).__name__}); please report it")
    if sent.hung:
        hung.add(channel, whom)
    return sent


def _try(
    channel: model.Channel | None,
    message: Message,
    secrets: Secrets,
    bodies: Mapping[str, str],
    hung: Hung,
    sleep: Callable[[float], None],
) -> Sent:
    if channel is None:
        return Sent(False, "the policy has no channel of that name")
    return fenced(channel, message, hung, lambda: open_channel(channel, secrets, bodies, sleep).send(message))


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

            return Webhook(channel, secrets, bodies, sleep)
        case "pagerduty":
            from respondby.channels.pagerduty import PagerDuty

            return PagerDuty(channel, secrets, sleep)
        case "apprise":
            from respondby.channels.apprise import Apprise

            return Apprise(channel, secrets)
