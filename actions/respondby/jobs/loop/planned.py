"""A plan's actions as plain data: what `--dry-run --json` tells, and what its lines are made of.

Each is an object whose `do` names it:

    page, notify   to, via (channels in order: the first that works), because
    acknowledge, resolve   to, via (a pager)
    comment        mentions, texts, replies (the lines that were typed), news (of incidents), because; inside (in the
                   companion)
    open           in, form
    track          project, due (a date, where one is set), moved (it is on the board already)
    follow         number, open (the companion, or a twin of it)
    label          add, remove
    assign         people
    close          reason
    react          comment (its REST id, 0: the request), content
    card           new (whether there is none yet)
    delete-twin    comment
    duty           duty, for, periods

`because` holds `{clock, rung, due}`, `{rule}`, `{command, by}` or `{window, of, starts, ends}`; instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.rules.plan import (
    Action,
    Assign,
    Because,
    Call,
    Close,
    DropTwin,
    Follow,
    Open,
    OpenElsewhere,
    PutOnBoard,
    React,
    Relabel,
    Reopen,
    UpdatePager,
    WriteCard,
    WriteComment,
)


def planned(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """The actions, in the order in which they are performed."""
    return [_action(action) for action in actions]


def _action(action: Action) -> dict[str, Any]:
    match action:
        case Call():
            return {
                "do": action.verb,
                "to": action.to,
                "via": list(action.via),
                "because": _because(action.because),
            }
        case UpdatePager():
            return {"do": action.change, "to": action.to, "via": [action.via]}
        case WriteComment():
            return {
                "do": "comment",
                "mentions": list(action.mentions),
                "texts": list(action.texts),
                "replies": [answer.line for answer in action.answers],
                "news": [f"{relay.what} #{relay.incident}" for relay in action.relays],
                "because": _because(action.because),
                "inside": action.inside,
            }
        case OpenElsewhere():
            return {"do": "open", "in": action.where, "form": action.form}
        case PutOnBoard():
            return {"do": "track", "project": action.project, "due": action.day or None, "moved": bool(action.item)}
        case Follow():
            return {"do": "follow", "number": action.number, "open": action.open}
        case Relabel():
            return {"do": "label", "add": list(action.add), "remove": list(action.remove)}
        case Assign():
            return {"do": "assign", "people": list(action.people)}
        case Close():
            return {"do": "close", "reason": action.reason}
        case Reopen():
            return {"do": "reopen"}
        case React():
            return {"do": "react", "comment": action.comment, "content": action.content}
        case WriteCard():
            return {"do": "card", "new": action.comment is None}
        case Open():
            return {
                "do": "duty",
                "duty": action.duty,
                "for": action.subject or None,
                "periods": [iso(at) for at in action.periods],
            }
        case DropTwin():
            return {"do": "delete-twin", "comment": action.comment, "inside": action.inside}


def _because(reasons: Iterable[Because]) -> list[dict[str, Any]]:
    return [_reason(reason) for reason in reasons]


def _reason(reason: Because) -> dict[str, Any]:
    if reason.kind == "rung":
        return {"clock": reason.name, "rung": reason.rung, "due": _iso(reason.due)}
    if reason.kind == "window":
        return {"window": reason.rung, "of": reason.name, "starts": _iso(reason.started), "ends": _iso(reason.due)}
    return {"rule": reason.name} if reason.kind == "rule" else {"command": reason.name, "by": reason.speaker}


def _iso(instant: Instant | None) -> str | None:
    return None if instant is None else iso(instant)
