"""What rules about rotas look at: the year to come of each, and what its dated entries make of it, within bounds.

A pull request of anybody may change what is read here, so no rule looks at more than a bounded number of shifts: a year
of those that people have, and less of a rota that changes every hour, or where a policy has dozens of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from respondby.calendars.coverage import Stretch, stretches
from respondby.calendars.instants import people_time, zone
from respondby.calendars.overrides import Override, People
from respondby.calendars.rotas import Piece
from respondby.calendars.spans import Spans
from respondby.policy.checks.rule import YEAR, Subject
from respondby.policy.model.policy import RotaPlan

#: So many shifts, and so many pieces of entries, are looked at over all rotas, but of each rota at least so many.
_MOST, _LEAST = 3000, 60

#: A time, and what an entry made of whom in it.
Done = tuple[Piece, tuple[int, People, People | None]]


def with_entries(subject: Subject) -> Iterator[tuple[str, RotaPlan, str]]:
    """Rotas that name a file of entries, with the file's path."""
    for name, plan in subject.policy.rotas.items():
        file = plan.overrides or plan.assigned
        if file is not None:
            yield name, plan, file


def to_come(subject: Subject, plan: RotaPlan) -> list[tuple[int, Override]]:
    """The entries that are not over, each with its place in the list."""
    return [(index, entry) for index, entry in enumerate(plan.rota.overrides) if entry.end > subject.surroundings.now]


def _bound(subject: Subject) -> int:
    """How many shifts of each rota are looked at."""
    return max(_LEAST, _MOST // max(1, len(subject.policy.rotas)))


def year_of(subject: Subject, plan: RotaPlan) -> Iterator[Stretch]:
    """Who is on call in the year that begins now, within the rota's life."""
    begin, end = subject.surroundings.now, subject.surroundings.now + YEAR
    handover = plan.rota.handover
    if handover is not None:
        begin = max(begin, handover.start(0))
        end = end if handover.until is None else min(end, handover.until)
    return islice(stretches(plan.rota, begin, end), _bound(subject)) if begin < end else iter(())


def done_by_entry(subject: Subject, plan: RotaPlan) -> dict[int, list[Done]]:
    """What each entry that is not over does, by its place in the list, in order."""
    spans = Spans((max(entry.begin, subject.surroundings.now), entry.end) for _, entry in to_come(subject, plan))
    found = (piece for begin, end in spans for piece in plan.rota.pieces(begin, end))
    done: dict[int, list[Done]] = {}
    for piece in islice(found, _bound(subject)):
        for step in piece.steps:
            done.setdefault(step[0], []).append((piece, step))
    return done


def time_of(plan: RotaPlan, stretch: Stretch) -> str:
    """From when until when, as the rota's people read it."""
    where = zone(plan.rota.timezone)
    return f"from {people_time(stretch.begin, where)} until {people_time(stretch.end, where)}"
