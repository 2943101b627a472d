"""A run's open life, cut where its due changed and where it was paused.

The simulation has decided where the due stood after each pause and each change; segments only read it. What was reached
in a run (rungs, how late our own runs were) is asked segment by segment.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.promises.assessment import Run


class Segment(NamedTuple):
    """Part of a run's life with one due: `until` is None while it is open. `pauses` are those before it, `started` is
    when the run had started, as far as that was known then.
    """

    since: Instant
    until: Instant | None
    due: Instant | None
    pauses: tuple[tuple[Instant, Instant], ...]
    started: Instant


def segments_of(run: Run) -> list[Segment]:
    """The segments of a run, in order; a run that was paused all its life has an empty one."""
    if len(run.terms) == 1 and not run.pauses:
        (term,) = run.terms
        if run.over is None or term.since < run.over:
            started = run.started if term.started is None else term.started
            return [Segment(term.since, run.over, term.due, (), started)]
    cuts = {term.since for term in run.terms}
    cuts.update(pause.start for pause in run.pauses)
    cuts.update(pause.end for pause in run.pauses if pause.end is not None)
    bounds = sorted(cut for cut in cuts if run.over is None or cut < run.over)
    segments: list[Segment] = []
    for index, since in enumerate(bounds):
        until = bounds[index + 1] if index + 1 < len(bounds) else run.over
        if any(pause.start <= since and (pause.end is None or since < pause.end) for pause in run.pauses):
            continue
        term = [term for term in run.terms if term.since <= since][-1]
        over = [pause for pause in run.pauses if pause.end is not None and pause.end <= since]
        due = over[-1].due if over and (over[-1].end or 0) > term.since else term.due
        if until is not None and due is not None and due <= until and any(p.start == until for p in run.pauses):
            until += 1  # such a pause does not count: what is due in its second was reached
        pauses = tuple((pause.start, pause.end) for pause in over if pause.end is not None)
        segments.append(Segment(since, until, due, pauses, run.started if term.started is None else term.started))
    return segments or [Segment(run.started, run.over or run.started, None, (), run.started)]


def segment_at(segments: Iterable[Segment], at: Instant) -> Segment | None:
    """The segment that holds this instant; None in a pause."""
    for segment in segments:
        if segment.since <= at and (segment.until is None or at < segment.until):
            return segment
    return None
