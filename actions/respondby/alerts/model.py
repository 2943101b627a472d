"""An alert, and the map that reads one from a payload.

Words: an *alert* is one thing that a monitoring system says once: something fires, or is over. Its `id` is the system's
own name for what fires; its `key` names the incident. Several ids may share a key, and the incident lasts while one of
them fires.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

#: `acknowledged` is still firing, and somebody has said in that system that they look after it.
State = Literal["firing", "acknowledged", "resolved"]

STATES: tuple[State, ...] = ("firing", "acknowledged", "resolved")

#: How a time is written: ISO 8601 (RFC 3339, `+0000`, or without a zone), or as a count since 1970.
TimeFormat = Literal["iso", "seconds", "milliseconds", "nanoseconds"]

FORMATS: tuple[TimeFormat, ...] = ("iso", "seconds", "milliseconds", "nanoseconds")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as one payload told it.

    `level` is the system's own word for how bad it is ("" where it says none), `at` when it happened by the system's
    own clock, `link` where to look at it ("" for nowhere), `parts` what else the map names, for answers and fields.
    `timed` is False where it said no time that can be, and counts from when it was received.
    """

    source: str
    key: str
    id: str
    state: State
    at: Instant
    summary: str = ""
    level: str = ""
    link: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    timed: bool = True


@dataclass(frozen=True, slots=True)
class StateMap:
    """Where the state stands, and which values mean what. `ignored` values tell nothing; `otherwise` is meant where no
    path finds a text; `always` needs no path.
    """

    paths: tuple[str, ...] = ()
    values: Mapping[str, State] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    otherwise: State | None = None
    always: State | None = None


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Where the time stands for each state, how it is written, and the zone of one that has none."""

    paths: Mapping[State, tuple[str, ...]]
    format: TimeFormat = "iso"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class LevelMap:
    """Where the level stands, and what its values are called; a value that is not listed keeps its own word."""

    paths: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A payload of the source and the alerts that the map must read from it."""

    says: str
    payload: object
    alerts: tuple[Mapping[str, str], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class AlertMap:
    """How to read one source's payloads.

    A tuple of paths means the first that finds a text; `key` and `id` join all that they find. `only` must find
    something, or the payload tells of no alert (a test, a certificate's warning). `json` is a text in the payload that
    holds the real payload as JSON. `cut` is a number: above 0, the payload leaves alerts out, and a group that it calls
    over may not be.
    """

    source: str
    about: str
    key: tuple[str, ...]
    id: tuple[str, ...]
    state: StateMap
    summary: tuple[str, ...]
    at: TimeMap | None = None
    level: LevelMap | None = None
    link: tuple[str, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_parts: bool = False
    each: str | None = None
    only: str | None = None
    json: str | None = None
    cut: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
