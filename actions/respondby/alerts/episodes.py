"""What became of an incident's alerts over time: `episodes(alerts)` follows from their own times, never from the order
in which they were delivered (law 9).

- An id fires from its first `firing` to its first `resolved` after that; what repeats changes nothing, and a `resolved`
  that nothing fired before ends nothing.
- In one second, what was firing already is resolved first and then fires again; what was not fires first and is
  resolved then. So a re-fire in the second of a resolve is not lost, and an alert of no length is over.
- A key fires while one of its ids does. Two of its episodes that lie no more than `reopen_within` apart are one
  incident, opened again; a later one is a new incident.
"""

from __future__ import annotations

from collections.abc import Iterable

from respondby.alerts.model import Alert, State
from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Episode:
    """One time during which a key fired: `end` is None while it does. `acknowledged` is when somebody first said, in
    the system that fires, that they look after it.
    """

    start: Instant
    end: Instant | None
    acknowledged: Instant | None = None

    @property
    def firing(self) -> bool:
        """Whether it has not ended."""
        return self.end is None


@dataclass(frozen=True, slots=True)
class Incident:
    """Episodes of one key that are one incident: it was opened at the first and opened again at each other."""

    key: str
    episodes: tuple[Episode, ...]

    @property
    def start(self) -> Instant:
        """When it began."""
        return self.episodes[0].start

    @property
    def end(self) -> Instant | None:
        """When its last episode ended; None while it fires."""
        return self.episodes[-1].end


def incidents(alerts: Iterable[Alert], reopen_within: int) -> tuple[Incident, ...]:
    """All incidents of the keys of these alerts, by key in order of their first alert, each key's in order of time."""
    by_key: dict[str, list[Alert]] = {}
    for alert in sorted(alerts, key=lambda alert: (alert.at, alert.key)):
        by_key.setdefault(alert.key, []).append(alert)
    found = []
    for key, theirs in by_key.items():
        group: list[Episode] = []
        for episode in episodes(theirs):
            last = group[-1].end if group else None
            if last is not None and episode.start - last > reopen_within:
                found.append(Incident(key, tuple(group)))
                group = []
            group.append(episode)
        if group:
            found.append(Incident(key, tuple(group)))
    return tuple(found)


def episodes(alerts: Iterable[Alert]) -> tuple[Episode, ...]:
    """When a key fired, from the alerts of all its ids. Episodes that touch or overlap are one."""
    by_id: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_id.setdefault(alert.id, []).append(alert)
    spans = sorted(span for theirs in by_id.values() for span in _spans(theirs))
    merged: list[tuple[Instant, Instant, Instant]] = []
    for start, end, acknowledged in spans:
        if merged and start < merged[-1][1]:
            first, last, before = merged[-1]
            merged[-1] = (first, max(last, end), min(before, acknowledged))
        else:
            merged.append((start, end, acknowledged))
    return tuple(
        Episode(start, None if end == FOREVER else end, None if acknowledged == FOREVER else acknowledged)
        for start, end, acknowledged in merged
    )


def _spans(alerts: Iterable[Alert]) -> list[tuple[Instant, Instant, Instant]]:
    """Start, end and acknowledgement of each time that one id fired; FOREVER stands for what has not happened."""
    by_instant: dict[Instant, set[State]] = {}
    for alert in alerts:
        by_instant.setdefault(alert.at, set()).add(alert.state)
    spans: list[tuple[Instant, Instant, Instant]] = []
    start: Instant | None = None
    acknowledged = FOREVER
    for at in sorted(by_instant):
        states = by_instant[at]
        fires = "firing" in states or "acknowledged" in states
        if "resolved" in states and (start is not None or fires):
            spans.append((at if start is None else start, at, acknowledged))
            fires = fires and start is not None
            start, acknowledged = None, FOREVER
        if fires and start is None:
            start = at
        if "acknowledged" in states and start is not None:
            acknowledged = min(acknowledged, at)
    if start is not None:
        spans.append((start, FOREVER, acknowledged))
    return spans
