"""Blocks of a post-mortem that are written from facts: those that its own front matter gives.

A block stands between the markers of `desk.blocks`, is written anew while its facts change, and is a person's once they
edit it. Lengths of time are exact to the minute and rounded down: what lasted 59 s has not lasted a minute.
"""

from __future__ import annotations

import hashlib
from json import dumps

from respondby.calendars.instants import Instant, iso
from respondby.desk.blocks import Made
from respondby.postmortems.document.lengths import said
from respondby.postmortems.document.milestones import MEASURES, MILESTONES, measured

#: The block that a front matter is enough for.
DURATIONS = "durations"


def durations(milestones: dict[str, Instant]) -> Made:
    """The table of what can be measured between the milestones."""
    facts = {name: milestones[name] for name in MILESTONES if name in milestones}
    rows = []
    for measure in MEASURES:
        seconds = measured(milestones, measure)
        if seconds is None:
            continue
        since = measure.since if measure.since in milestones else "detected"
        times = f"{iso(milestones[since])} to {iso(milestones[measure.until])}"
        rows.append(f"| {measure.name} | {said(seconds // 60)} | {times} |")
    head = ["| Measure | Time | From and to |", "| --- | --- | --- |"]
    text = "\n".join([*head, *rows]) if rows else "Two milestones are needed before a length of time can be worked out."
    return Made(digest(facts), text)


def digest(facts: object) -> str:
    """Sixteen hex digits of facts."""
    return hashlib.sha256(dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
