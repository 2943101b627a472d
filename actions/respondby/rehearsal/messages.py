"""What a call looks like where it arrives: for whom it is, whether it pages, and its first words.

Each channel has its own shape (see `respondby.channels`); a webhook with a body file has whatever shape that file gives
it, and is read by the places that the file holds. A console channel arrives in the job's log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from respondby.channels.message import as_name
from respondby.dataclass import dataclass
from respondby.policy.model.policy import Channel, Policy
from respondby.policy.text.exchange import WebRequest, read_steps
from respondby.rehearsal.receiver import Post, step_of

#: Whom a message is for that names no recipient: a webhook's body file may leave that out.
SOMEBODY = "somebody"

_FOR = re.compile(r"For (?:.*\((?P<login>\S+)\)|(?P<alone>\S+)):")
_CONSOLE = re.compile(r"(?:^|\s)(?P<verb>page|notify) for (?P<to>\S+): (?P<subject>.*) \(\S+\)$")
_PLACE = re.compile(r"\{(key|id|verb|to|name|subject|body|url|case|group|members|rota)(?::\d+)?\}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A person was paged (`pages`) or notified: who, through which channel of the policy, in which first words.

    `key` is what the receiver tells repetitions of one call by; empty where the channel sends none. `text` is all that
    the message says.
    """

    person: str
    pages: bool
    channel: str
    subject: str
    key: str = ""
    text: str = field(default="", compare=False)


def in_post(post: Post, policy: Policy, files: Mapping[str, str]) -> Delivery:
    """What reached the receiver. `files` has the texts of webhooks' body files, by path."""
    return replace(_in_post(post, policy, files), text="\n".join(words_in(post.body)))


def words_in(body: Any) -> Iterator[str]:
    """Every text in a message, in its order."""
    if isinstance(body, dict | list):
        for value in body.values() if isinstance(body, dict) else body:
            yield from words_in(value)
    elif isinstance(body, str):
        yield body


def _in_post(post: Post, policy: Policy, files: Mapping[str, str]) -> Delivery:
    channel, person = _channel_of(post.secret, policy)
    body = post.body if isinstance(post.body, dict) else {}
    match channel.kind:
        case "pagerduty":
            payload = body["payload"]
            to = payload["custom_details"]["to"]
            return Delivery(to, payload["severity"] == "critical", channel.name, payload["summary"], body["dedup_key"])
        case "apprise":
            found = _FOR.match(str(body["message"]))
            to = (found["login"] or found["alone"]) if found else person
            return Delivery(to, body["type"] == "warning", channel.name, body["title"])
        case _:
            words = body if channel.body is None else dict(_words(_template(channel, post, files), post.body))
            return Delivery(
                words.get("to", person),
                words.get("verb") == "page",
                channel.name,
                words.get("subject", ""),
                words.get("key", ""),
            )


def in_group(post: Post, policy: Policy, files: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | None:
    """The group that was set, and to whom; None where it is a message to a person."""
    channel, _ = _channel_of(post.secret, policy)
    if channel.kind != "webhook" or not isinstance(post.body, dict):
        return None
    words = post.body if channel.body is None else dict(_words(_template(channel, post, files), post.body))
    if "group" not in words or "members" not in words:
        return None
    return str(words["group"]), tuple(sorted(str(words["members"]).split(",")))


def at_pager(post: Post, policy: Policy, files: Mapping[str, str]) -> tuple[str, str] | None:
    """Who was told what of a page that it has, in words: a pager, or a webhook beside its message. Else None."""
    body = post.body if isinstance(post.body, dict) else {}
    if body.get("event_action") in ("acknowledge", "resolve"):
        return "the pager", f"is told to {body['event_action']} the page to {body['dedup_key'].rpartition('/')[2]}"
    channel, _ = _channel_of(post.secret, policy)
    if channel.kind != "webhook" or channel.body is None or channel.body not in files:
        return None
    steps = read_steps(files[channel.body])
    if channel.is_tracker and "{to}" not in files[channel.body]:
        is_change = True  # it is filed there, for nobody
    elif steps is None:
        is_change = (
            channel.keeps and isinstance(post.body, dict) and not dict(_words(json.loads(files[channel.body]), body))
        )
    else:
        is_change = step_of([step for step in steps if _is_message(step)], post.method, post.path) is None
    return (channel.name, f"is told: {post.method} {post.path}".rstrip()) if is_change else None


def steps_of(channel: Channel, files: Mapping[str, str]) -> list[WebRequest]:
    """The requests that a webhook's files name, in their order; none where they hold bodies."""
    return [step for file in channel.files() if file in files for step in read_steps(files[file]) or ()]


def _template(channel: Channel, post: Post, files: Mapping[str, str]) -> Any:
    """The body, with its places, of what arrived."""
    assert channel.body is not None
    steps = read_steps(files[channel.body])
    if steps is None:
        return json.loads(files[channel.body])
    step = step_of(steps, post.method, post.path)
    return step.body if step is not None else None


def _is_message(step: WebRequest) -> bool:
    """Whether this request of a row is the message itself: it holds its subject."""
    return re.search(r"\{(subject|body)(:\d+)?\}", json.dumps(step.body)) is not None


def in_log(log: str, policy: Policy) -> Iterator[Delivery]:
    """What a console channel wrote into a job's log."""
    console = next((channel.name for channel in policy.channels.values() if channel.kind == "console"), None)
    if console is None:
        return
    for line in log.splitlines():
        if found := _CONSOLE.search(line):
            yield Delivery(found["to"], found["verb"] == "page", console, found["subject"], text=line)


def _channel_of(secret: str, policy: Policy) -> tuple[Channel, str]:
    """The channel to whose secret something came, and the person whose own secret it is."""
    for channel in policy.channels.values():
        if channel.kind == "console":
            continue
        for login in policy.people:
            for product in policy.products or ("",):
                name = channel.secret.replace("{PERSON}", as_name(login)).replace("{PRODUCT}", as_name(product))
                if name == secret:
                    return channel, login if "{PERSON}" in channel.secret else SOMEBODY
    raise LookupError(f"something came to the receiver under {secret}, which no channel of the policy names")


def _words(template: Any, body: Any) -> Iterator[tuple[str, str]]:
    """The words of a message in a body of the template's shape: `"{to}"` stands where the recipient is."""
    if isinstance(template, dict) and isinstance(body, dict):
        for key, value in template.items():
            yield from _words(value, body.get(key))
    elif isinstance(template, list) and isinstance(body, list):
        for value, found in zip(template, body, strict=False):
            yield from _words(value, found)
    elif isinstance(template, str) and isinstance(body, str):
        names = _PLACE.findall(template)
        pattern = "(.*)".join(re.escape(piece) for piece in _PLACE.split(template)[::2])
        found = re.fullmatch(pattern, body, re.DOTALL)
        if found:
            yield from zip(names, found.groups(), strict=True)
