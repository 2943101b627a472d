"""Facts that are kept in the ledger, so that deleting their comment changes no clock (rule 17).

What is kept is read back as the same fact: `fact_args(keep(fact)) == fact.args`, and the kept facts of one instant come
in the order in which their comment said them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

from respondby.calendars.instants import Instant
from respondby.desk.case import Actor
from respondby.desk.history import Fact, FactKind
from respondby.desk.records import Kept
from respondby.policy.model.built_in import ACK

#: What a comment can be the cause of, in the order in which it is read.
KINDS: tuple[FactKind, ...] = (
    "card", "command", "field", "label", "unlabel", "reopened", "resumed", "comment", "waiting", "assigned", "closed",
    "merged", "post-mortem merged", "tied",
)  # fmt: skip
_PLACES: dict[str, int] = {kind: place for place, kind in enumerate(KINDS)}

#: The kind of what is kept of an `/assign` that cannot work; it is no fact of the case.
NOT_ASSIGNABLE = "not-assignable"

_NUMBER = re.compile(r"(\d+)")
#: What requests hear of an incident, turn by turn (`desk.built_in.incident_news`), and in which order in each.
_AFTER = ("ended", "resolved", "again")
_TURN = re.compile(rf"(?P<of>incident/.+)/(?P<what>{'|'.join(_AFTER)})/(?P<number>\d+)")


#: What begins the source of an act that somebody did at a pager, and of what somebody said in a chat.
_PAGER, _CHAT = "pager/", "chat/"


def pager_source(key: str) -> str:
    """The source of an answer to the page of this key: it holds no space, and is as short for any key."""
    return f"{_PAGER}{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def answered_at_pager(key: str, at: Instant, by: str) -> Kept:
    """Somebody of the house answered a page at the pager: it is their `/ack`, at the pager's own time."""
    return Kept(f"{pager_source(key)} command {ACK}", at, by, "MEMBER", "command", ACK)


def not_assignable(source: str, at: Instant, login: str) -> Kept:
    """GitHub cannot assign whom the `/assign` of that source names."""
    return Kept(f"{source} {NOT_ASSIGNABLE}", at, login, "", NOT_ASSIGNABLE)


def chat_source(key: str) -> str:
    """The source of what a chat's message of this key said."""
    return f"{_CHAT}{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def is_from_beside(source: str) -> bool:
    """Whether somebody did this at a pager, or said it in a chat, and not on the issue."""
    return source.startswith((_PAGER, _CHAT))


def origin(source: str) -> str:
    """The comment (or other moment) from which a fact comes: its source is `comment[:edit][:line]`."""
    return source.split(":", 1)[0]


def source_of(kept: Kept) -> str:
    """The source of the fact that was kept."""
    return kept.key.split(" ", 1)[0]


def key_of(fact: Fact) -> str:
    """What names a kept fact for ever."""
    return f"{fact.source} {fact.kind} {fact.name}".strip()


def keep(fact: Fact) -> Kept:
    """The fact as the ledger keeps it; its kind must be one of `KINDS`, and somebody's act."""
    assert fact.by is not None, "what nobody did stands in no comment"
    value = fact.value or ""
    if fact.args:
        value = json.dumps(dict(fact.args), sort_keys=True, separators=(",", ":"))
    return Kept(key_of(fact), fact.at, fact.by.login, fact.by.association, fact.kind, fact.name, value)


def kept_by(kept: Kept) -> Actor:
    """Whose act the fact was. A bot has GitHub's suffix in its name."""
    return Actor(kept.by, kept.association, kept.by.endswith("[bot]"))


def fact_args(kept: Kept) -> dict[str, str]:
    """What a kept command was given; until when something was closed.

    The record is ours, but it is read as if it were not.
    """
    if kept.kind not in ("command", "closed") or not kept.value:
        return {}
    try:
        args = json.loads(kept.value)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in args.items()} if isinstance(args, dict) else {}


def in_order(kept: Iterable[Kept]) -> list[Kept]:
    """Kept facts as they came: by instant, then by comment, edit and line; news of an incident by its turns."""
    return sorted(
        kept, key=lambda one: (one.at, _natural(_in_turn(source_of(one))), _PLACES.get(one.kind, -1), one.name)
    )


def _in_turn(source: str) -> str:
    """The source with the number of its turn first: what was resolved for the second time goes on after all later."""
    turn = _TURN.fullmatch(source)
    return source if turn is None else f"{turn['of']}/{turn['number']}/{_AFTER.index(turn['what'])}"


def _natural(source: str) -> list[tuple[int, str]]:
    """Numbers in it count as such: line 2 comes before line 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _NUMBER.split(source)]
