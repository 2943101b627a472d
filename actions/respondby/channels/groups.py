"""Groups elsewhere (a chat's user group, a mailing list) that hold whoever is on call, set by a webhook.

Setting a group says who is in it, so saying it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from respondby.channels.dispatch import Hung, Recipient, fenced
from respondby.channels.message import Secrets, Sent
from respondby.channels.webhook import Webhook
from respondby.policy.model.policy import Channel


def set_group(
    channel: Channel | None,
    group: str,
    members: Iterable[str],
    rota: str,
    secrets: Secrets,
    bodies: Mapping[str, str],
    hung: Hung,
) -> Sent:
    """Tell the webhook that these are the group's members now, as the group calls them.

    A body file may hold `{group}`, `{members}` (with commas between them) and `{rota}`; without one, that is the JSON.
    """
    if channel is None or channel.kind != "webhook":
        return Sent(False, "a group is set by a webhook, and this is none")
    words = {"group": group, "members": ",".join(members), "rota": rota}
    webhook, whom = Webhook(channel, secrets, bodies), Recipient(rota)
    return fenced(channel, whom, hung, lambda: webhook.post(words, whom))
