"""Whom the desk has called: read from what arrived at pagers and chats, never from its own words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from respondby.calendars.instants import Instant, parse_time
from respondby.channels.message import as_name
from respondby.playground.home import Home
from respondby.playground.kept import Kept
from respondby.rehearsal.ground import DESK, INSIDE, expanded
from respondby.rehearsal.messages import Delivery, at_pager, in_group, in_log, in_post
from respondby.rehearsal.observing import first_line, mentioned, visible
from respondby.rehearsal.pager import Incident, Pager
from respondby.rehearsal.receiver import Post, Receiver


class Calls:
    """Writes down what has arrived. What a pager knows outlives a restart, too."""

    def __init__(self, receiver: Receiver, kept: Kept) -> None:
        self._receiver, self._kept = receiver, kept
        self._seen = len(receiver.posts)

    def restore(self) -> None:
        """Give the pager back what it knew."""
        self._receiver.pager = Pager()
        self._receiver.pager.incidents += [Incident(**one) for one in self._kept.get("incidents", [])]

    def answer(self, home: Home, id: str, change: str) -> bool:
        """Let whom a pager called answer there; False for a page that does not stand open."""
        found = next((one for one in self._receiver.pager.incidents if one.id == id), None)
        if found is None or found.state == "resolved" or (change == "acknowledge" and found.state == "acknowledged"):
            return False
        person = home.policy.people.get(found.to)
        agent = (person.pager if person else None) or f"P{as_name(found.to)}"
        found.change(change, self._receiver.now, {"id": agent, "type": "user_reference", "summary": found.to})
        self.keep()
        return True

    def keep(self) -> None:
        """Remember what the pager knows."""
        self._kept.put(incidents=[asdict(one) for one in self._receiver.pager.incidents])

    def take(self, home: Home, at: Instant, run: int, log: str) -> None:
        """Write down what a run has set off."""
        new = self._receiver.posts[self._seen :]
        self._seen += len(new)
        for post in new:
            for call in _calls(home, post):
                self._add(at, run, call)
        for delivery in in_log(log, home.policy):
            self._add(at, run, _call(delivery, "in the log of the run"))
        if new:
            self.keep()

    def mentions(self, home: Home, deliveries: Iterable[Mapping[str, Any]], run: int) -> None:
        """Write down whom the desk has mentioned: GitHub notifies them."""
        people = [actor.login for actor in home.cast]
        for delivery in deliveries:
            said = delivery["payload"].get({"created": "comment", "opened": "issue"}.get(delivery["action"] or "", ""))
            if said is None or delivery["actor"] not in (DESK, INSIDE):
                continue
            body = visible(said["body"] or "")
            for who in mentioned(said["body"] or "", people):
                call = {"kind": "mention", "who": who, "channel": "GitHub", "words": first_line(body), "key": ""}
                self._add(parse_time(delivery["at"], None), run, {**call, "body": body})

    def _add(self, at: Instant, run: int, call: dict[str, Any]) -> None:
        again = call["key"] != "" and self._kept.has_key(call["key"])
        self._kept.add_call(at=at, run=run, again=int(again), **call)


def _channel(home: Home, secret: str) -> str:
    """The channel whose address a secret holds."""
    channels = home.policy.channels.values()
    return next((one.name for one in channels if secret in expanded(one.secret, home.policy)), secret)


def _calls(home: Home, post: Post) -> Iterator[dict[str, Any]]:
    channel = _channel(home, post.secret)
    body = post.body if isinstance(post.body, str) else json.dumps(post.body, indent=2, ensure_ascii=False)
    if change := at_pager(post, home.policy, home.files):
        yield {"kind": "pager", "who": change[0], "channel": channel, "words": change[1], "body": body, "key": ""}
    elif group := in_group(post, home.policy, home.files):
        words = f"is set to {', '.join(group[1])}"
        yield {"kind": "group", "who": group[0], "channel": channel, "words": words, "body": body, "key": ""}
    else:
        yield _call(in_post(post, home.policy, home.files), body)


def _call(delivery: Delivery, body: str) -> dict[str, Any]:
    kind = "page" if delivery.pages else "notify"
    call = {"kind": kind, "who": delivery.person, "channel": delivery.channel, "words": delivery.subject}
    return {**call, "body": body, "key": delivery.key}
