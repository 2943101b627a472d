"""The milestones of one of the desk's own post-mortems: instants from its front matter, and the spans between them."""

from __future__ import annotations

from typing import NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.postmortems.document.front_matter import FrontMatter

#: In the order in which they mostly happen; only some of it is a law (`rules.milestone_order`).
MILESTONES = ("started", "detected", "acknowledged", "mitigated", "resolved")


class Measure(NamedTuple):
    """A length of time between two milestones: its name, from which one to which, and how it is defined."""

    name: str
    since: str
    until: str
    means: str


#: What is measured of an incident, everywhere the same.
MEASURES = (
    Measure("Time to detect", "started", "detected", "from its start until it was noticed"),
    Measure("Time to acknowledge", "detected", "acknowledged", "from its being noticed until a person took it on"),
    Measure("Time to mitigate", "started", "mitigated", "from its start until it no longer hurt"),
    Measure("Time to resolve", "started", "resolved", "from its start until it was over"),
)


def milestones_of(front: FrontMatter) -> dict[str, Instant]:
    """The milestones that are there and can be read, as instants."""
    found = {}
    for name in MILESTONES:
        text = front.text(name).strip()
        if text:
            try:
                found[name] = parse_time(text, None)
            except TimeError:
                continue  # the schema's rule says what is wrong with it
    return found


def measured(milestones: dict[str, Instant], measure: Measure) -> int | None:
    """Seconds between the measure's two milestones; None where one is missing or the end comes first."""
    since, until = milestones.get(measure.since), milestones.get(measure.until)
    if measure.since == "started" and since is None:
        # Nobody knows when it began: what can be counted is from its being noticed.
        since = milestones.get("detected")
        if measure.until == "detected":
            return None
    if since is None or until is None or until < since:
        return None
    return until - since
