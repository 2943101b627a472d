"""Call storms: what one sweep would tell one person by chat about several cases is one message. A page never is.

- Merged is what goes to the same person through the same chats, about two cases or more. Pagers and trackers keep
  each call apart, since each is acknowledged or closed for itself; so does a console, whose lines are short anyway.
- The message goes out before the records of the cases that it is about (law 5), under a key made of all their calls'
  keys; every one of those records notes its outcome. A run that dies before any of them stands sends it again under
  the same key. One that dies between two of them has lost nothing, but who was told is told again of the rest, under
  a key of its own: a chat shows that twice.
- A case with a page that somebody may have answered at the pager is told of alone, after the pager was asked.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from respondby.calendars.instants import Instant
from respondby.channels.dispatch import place
from respondby.channels.message import Secrets
from respondby.dataclass import dataclass
from respondby.desk.results import Tried
from respondby.jobs.effects.applying import Applier
from respondby.jobs.inputs.policy_in_force import PolicyInForce
from respondby.jobs.loop.deciding import Decided
from respondby.jobs.loop.run import mistake
from respondby.letters.calls import Words, render_call, render_together
from respondby.letters.messages import Messages
from respondby.policy.model.policy import Policy
from respondby.rules.pages import unanswered
from respondby.rules.plan import Call
from respondby.rules.values import values_of

LOG = logging.getLogger(__name__)

#: Kinds of channels that many people read, and where a message more is a message too many.
_CHATS = frozenset({"apprise", "webhook"})


@dataclass(frozen=True, slots=True)
class Part:
    """One call that may become a part of a message."""

    decided: Decided
    call: Call
    product: str | None


def merges(policy: Policy) -> bool:
    """Whether this policy has chats at all."""
    return any(channel.kind in _CHATS for channel in policy.channels.values())


def send_jointly(
    in_force: PolicyInForce, secrets: Secrets, applier: Applier, busy: Sequence[Decided], now: Instant
) -> tuple[Mapping[str, tuple[Tried, ...]], list[str]]:
    """Send what can be told together; every try, by the key of each call that it answers for, and what went wrong.

    A message that cannot be prepared is left to the cases, each of which tells its own part.
    """
    made: dict[str, tuple[Tried, ...]] = {}
    failed: list[str] = []
    for parts in _groups(in_force.policy, busy, applier.sent_before):
        try:
            tries = _send(in_force, secrets, applier, parts, now)
        except Exception as error:
            LOG.exception("a joint message: a mistake in respondby")
            failed.append(f"a message to {parts[-1].call.to} about {len(parts)} cases: {mistake(error)}")
            continue
        made.update({part.call.key: tries for part in parts})
    return made, failed


def _send(
    in_force: PolicyInForce, secrets: Secrets, applier: Applier, parts: Sequence[Part], now: Instant
) -> tuple[Tried, ...]:
    messages = applier.messages
    words = [words_of(in_force.policy, part, now, messages) for part in parts]
    newest = parts[-1]
    together = replace(newest.call, key=_key(newest, parts))
    policy = in_force.policy
    said = render_together(together, words, policy.desk, policy.timezone, messages=messages)
    return place(
        together,
        said.subject,
        said.body,
        newest.decided.case.url,
        policy.channels,
        secrets,
        case=newest.decided.case.ref,
        product=newest.product,
        bodies=in_force.files,
        hung=applier.hung,
    )


def _groups(policy: Policy, busy: Sequence[Decided], sent: Collection[str]) -> list[list[Part]]:
    """Calls that go to one person by one way, about several cases, but for those that were sent."""
    found: dict[tuple[str, tuple[str, ...], str | None], list[Part]] = {}
    for decided in busy:
        calls = [action for action in decided.plan.actions if isinstance(action, Call) and _may_merge(policy, action)]
        calls = [call for call in calls if call.key not in sent]
        if not calls or unanswered(policy, decided.history):
            continue
        for call in calls:
            product = product_of(policy, decided, call)
            found.setdefault((call.to.lower(), call.via, product), []).append(Part(decided, call, product))
    return [parts for parts in found.values() if len({part.decided.case.number for part in parts}) > 1]


def product_of(policy: Policy, decided: Decided, call: Call) -> str | None:
    """The product that a call's channels are chosen by; None where they are the same for all."""
    channels = [policy.channels[name] for name in call.via]
    named = any("{PRODUCT}" in channel.secret + (channel.headers or "") for channel in channels)
    return decided.history.state.field("product") if named else None


def _may_merge(policy: Policy, call: Call) -> bool:
    channels = [policy.channels[name] for name in call.via]
    return call.verb == "notify" and all(one.kind in _CHATS and not one.keeps for one in channels)


def words_of(policy: Policy, part: Part, now: Instant, messages: Messages) -> tuple[Words, str]:
    """What a call would say by itself, and its case's address."""
    case, history = part.decided.case, part.decided.history
    facts = part.decided.shown
    values = values_of(policy, history)
    return render_call(part.call, case, facts, now, values=values, messages=messages), case.url


def _key(newest: Part, parts: Sequence[Part]) -> str:
    keys = "\n".join(sorted(part.call.key for part in parts))
    digest = hashlib.sha256(keys.encode()).hexdigest()[:20]
    return f"{newest.decided.case.repository}/together/{digest}/{newest.call.to}"
