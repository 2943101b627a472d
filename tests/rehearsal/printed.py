"""What is printed of one scenario that was played, all at once."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.instants import zone
from respondby.rehearsal.play import Played
from respondby.rehearsal.transcript import Transcript, ending, opening


def transcript(played: Played) -> Iterator[str]:
    """The lines of one scenario that was played."""
    story = Transcript(zone(played.scenario.timezone))
    yield from opening(played.scenario, played.policy)
    for entry in played.story:
        yield from story.goes_on(entry)
    yield from story.ends()
    yield from ending(played)
