"""Shadows: who is learning, and is told when whoever is on call in their rota is called. Never paged.

A rota's `shadows` are told with every call of whoever is on call there, by the same channel where that is a chat. A
pager is none, and where the call is a page, neither is a channel with an address for each person: it may be a
telephone. Then the next of its fallbacks that is a chat serves, else a mention.
"""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.history import History
from respondby.policy.model.clocks import Verbs
from respondby.policy.model.policy import Channel, Policy
from respondby.policy.people.holders import shadows
from respondby.rules.ways import ways


def shadow_verbs(policy: Policy, history: History, verbs: Verbs, now: Instant) -> Verbs | None:
    """What tells the shadows of those whom these verbs call now; None where there are none."""
    roles = dict.fromkeys(
        shadow for role in (*verbs.page, *verbs.notify) for shadow in shadows(policy, role, now, history.state)
    )
    if not roles:
        return None
    found = (policy.channels[name] for name in ways(policy, verbs.via, history.state, now))
    chats = (channel.name for channel in found if _is_chat(channel, paged=bool(verbs.page)))
    return Verbs(notify=tuple(roles), via=next(chats, None))


def _is_chat(channel: Channel, *, paged: bool) -> bool:
    return not channel.keeps and not (paged and "{PERSON}" in channel.secret)
