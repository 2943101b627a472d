"""What `try` tells, on one screen: what the desk does at once, then who is told, when, and how long after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, tzinfo
from textwrap import wrap

from respondby.calendars.durations import people_seconds
from respondby.calendars.instants import people_clock, people_date, people_instant, wall, zone
from respondby.rehearsal.observing import Happening
from respondby.rehearsal.trying import Tried
from respondby.terminal import width

#: As many rows as fit with the rest on a screen of 24 lines.
_MOST = 14
#: What a message said, which the reader can guess.
_SAID = re.compile(r": “.*”$", re.DOTALL)
#: What a card said when it was posted, the promise left.
_CARD = re.compile(r"^posts its card: ")
#: How much later people know at a glance; beyond, days.
_DAY = 86_400


def lines(tried: Tried) -> Iterator[str]:
    """For a terminal, in the desk's own zone."""
    where = zone(tried.policy.timezone)
    request = tried.request
    form = f" ({request.form})" if request.form else ""
    answers = ", ".join(f"{name}: {value}" for name, value in request.answers if value != "–")
    head = f"“{request.title}”{form}, opened by {request.author} on {people_instant(tried.at, where)}"
    yield from _wrapped(f"{head}{f', with {answers}' if answers else ''}", "", "  ")
    at_once = [one for one in tried.happened if one.at <= tried.at + 1 and _labels(one)]
    later = [one for one in tried.happened if one.at > tried.at + 1 and (one.kind != "desk" or _labels(one))]
    yield ""
    yield "At once"
    for one in at_once:
        yield from _wrapped(_words(one), "  ", "    ")
    if not at_once:
        yield from _wrapped(_nothing(tried), "  ", "    ")
    yield ""
    yield "And if nobody answers" if later else "If nobody answers, nobody is told."
    yield from _rows(later, tried, where)


def _rows(later: list[Happening], tried: Tried, where: tzinfo) -> Iterator[str]:
    day: date | None = None
    shown = later if len(later) <= _MOST else later[: _MOST - 1]
    for happening in shown:
        local = wall(happening.at, where)
        if local.date() != day:
            day = local.date()
            yield f"  {people_date(day)}"
        first = f"    {people_clock(local)}  {_after(happening.at - tried.at):<12} "
        yield from _wrapped(_words(happening), first, " " * min(len(first), 8))
    if len(shown) < len(later):
        last = later[-1]
        until = f"{people_instant(last.at, where)}, {_after(last.at - tried.at)}"
        yield from _wrapped(f"… and {len(later) - len(shown)} more until {until}; --json lists all", "  ", "    ")


def _words(one: Happening) -> str:
    text = _SAID.sub("", _CARD.sub("its card: ", one.text)).replace(" · in time so far", "")
    return f"{one.who} {text}" if one.kind == "told" else text if one.kind == "desk" else f"! {one.text}"


def _labels(one: Happening) -> bool:
    """Whether it is something that the desk does, and not only how its card words it."""
    return not one.text.startswith(("changes its card", "comments"))


def _after(seconds: int) -> str:
    days, rest = divmod(seconds, _DAY)
    if not days:
        return f"+{people_seconds(seconds)}"
    return f"+{days} d" + (f" {rest // 3600} h" if rest >= 3600 else "")


def _nothing(tried: Tried) -> str:
    since = tried.policy.since
    if since is not None and tried.at < since:
        return "Nothing: the policy's `since` is later than this request."
    return "Nothing: no clock of this policy starts for such a request."


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return wrap(plain, width(), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
