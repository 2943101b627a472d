"""Promises of the policy made into instants: which calendar measures one, and when it runs out.

The arithmetic is `calendars.dues`; this is only the way there from a policy's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from respondby.calendars import dues
from respondby.calendars.hours import Calendar
from respondby.calendars.instants import Instant, parse_time, zone
from respondby.calendars.targets import EndOf, Handover, Said, Target, Within, parse_by
from respondby.policy.clocks import Promise
from respondby.policy.model import Policy

Arguments = Mapping[tuple[str, str], str]

#: What times said in commands are read as; the reader has made them absolute before.
_UTC = zone("UTC")


def calendar_of(promise: Promise, policy: Policy) -> str | None:
    """The name of the calendar that a promise is measured on, None for elapsed time (rule 1)."""
    if promise.none:
        return None
    if promise.calendar is not None:
        return promise.calendar
    if promise.within is not None and not promise.within.business:
        return None
    return policy.calendar


def due_of(
    promise: Promise, start: Instant, calendars: Mapping[str, Calendar], policy: Policy, args: Arguments
) -> Instant | None:
    """When a promise made at `start` runs out before any pause; None where it promises nothing."""
    if promise.none:
        return None
    if promise.argument is not None:
        said = args.get(promise.argument)
        return None if said is None else parse_time(said, _UTC)
    target = _target(promise)
    if target is None:
        return None
    name = calendar_of(promise, policy)
    return _unmoved(target, start, calendars[name] if name is not None else None, policy.timezone)


def moved(end: Instant, pauses: Iterable[tuple[Instant, Instant]], calendar: Calendar | None) -> Instant:
    """A due moved by pauses (rule 6)."""
    pairs = tuple(pauses)
    return dues.moved(end, min(start for start, _ in pairs), calendar, pairs) if pairs else end


@lru_cache(maxsize=4096)
def _unmoved(target: Target, start: Instant, calendar: Calendar | None, timezone: str) -> Instant:
    return dues.unmoved(target, start, calendar, timezone)


@lru_cache(maxsize=1024)
def _target(promise: Promise) -> Within | EndOf | Target | None:
    """The target in the calendars' words; None for `by: handover`, whose duty says when that is."""
    if promise.within is not None:
        return Within(promise.within)
    assert promise.by is not None, "the loader gives every promise exactly one of its kinds"
    by = parse_by(promise.by)
    return None if isinstance(by, (Handover, Said)) else by
