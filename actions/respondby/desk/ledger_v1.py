"""Ledgers of version 1, read as what they meant.

That version had one shape for everything that came of a record: `[to, via, ok, why]`, with words of its own in place of
people and channels. It did not say whether a call was a page or a notice: such a call stays one of unknown kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import parse_time
from respondby.desk.records import Record
from respondby.desk.results import (
    CalledBefore,
    Change,
    Commented,
    Deferred,
    Mentioned,
    NotAssigned,
    Opened,
    PagerUpdated,
    Result,
    RoleEmpty,
    StoodIn,
    Tried,
    beginning,
    text,
)

_CHANGES: tuple[Change, ...] = ("acknowledge", "resolve")


def record_of(item: Mapping[str, Any]) -> Record:
    """A record of version 1. Raises ValueError on what is none."""
    results = tuple(result_of(call) for call in item.get("calls", []))
    return Record.parse({name: value for name, value in item.items() if name != "calls"}, results)


def result_of(call: Any) -> Result:
    """What one call of version 1 says."""
    if not isinstance(call, list) or len(call) != 4 or not isinstance(call[2], bool):
        raise ValueError(f"{beginning(call)} is not a call of version 1")
    to, via, ok, why = text(call[0]), text(call[1]), call[2], text(call[3])
    if to == "#":
        return Commented(ok, why)
    if to == "#elsewhere":
        return Opened(why if ok else why.removeprefix("not opened in "), ok)
    if not to:
        return _unfilled(via, why)
    if via == "ahead":
        return CalledBefore(to)
    if via == "held":
        return _deferred(to, why)
    if via in ("mention", "companion"):
        return Mentioned(to, via == "companion", ok, why)
    for change in _CHANGES:
        if via.startswith(f"{change} "):
            return PagerUpdated(change, to, via.removeprefix(f"{change} "), ok, why)
    if why == "told with a newer one":
        return Tried("call", to, via, "joined")
    return Tried("call", to, via, "reached" if ok else "failed", why)


def _unfilled(via: str, why: str) -> Result:
    if via == "assign":
        return NotAssigned(why)
    if via == "ahead":
        return StoodIn(why)
    return RoleEmpty(why.removeprefix("nobody holds the role "))


def _deferred(to: str, why: str) -> Deferred:
    try:
        return Deferred(to, parse_time(why.removeprefix("until "), None))
    except TimeError as error:
        raise ValueError(f"{beginning(why)} says not until when") from error
