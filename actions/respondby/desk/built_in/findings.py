"""`/impact`, `/root-cause` and `/timeline`: what people find out about an incident, kept for its post-mortem.

All of it stands as it was said, however often: of several impacts or causes each counts. An entry of the timeline has
its own time, that of the comment where it names none, and the timeline is in the order of those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import UTC, Instant, parse_time
from respondby.desk.history import Invocation
from respondby.desk.milestones import AT
from respondby.policy.model.built_in import TIMELINE


class TimelineEntry(NamedTuple):
    """What happened at an instant, and the command that tells it."""

    at: Instant
    text: str
    said: Invocation


def found(commands: Iterable[Invocation], word: str) -> tuple[str, ...]:
    """The texts that were said with this command, in their order, each on one line."""
    texts = (_text(said) for said in commands if said.word == word and said.verdict == "accepted")
    return tuple(text for text in texts if text)


def timeline(commands: Iterable[Invocation]) -> tuple[TimelineEntry, ...]:
    """What people put into the incident's timeline, in the order of its own times."""
    entries = (
        TimelineEntry(_own_time(said), text, said)
        for said in commands
        if said.word == TIMELINE and said.verdict == "accepted" and (text := _text(said))
    )
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _text(said: Invocation) -> str:
    return " ".join(" ".join(value for name, value in said.args.items() if name != AT).split())


def _own_time(said: Invocation) -> Instant:
    try:
        return parse_time(said.args[AT], UTC) if AT in said.args else said.at
    except TimeError:
        return said.at
