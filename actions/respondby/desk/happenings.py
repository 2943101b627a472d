"""Everything in a case that can become a fact, in one order: moments, later edits, our records, and facts we kept.

Within one instant the forge's own order holds, then edits, then records. Laws:

- A kept fact counts only where its comment is gone; else the comment is read again.
- A closing that the desk took back at once (the case may not close yet) never was: only a person's reopening begins a
  new cycle (rule 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from respondby.calendars.instants import Instant
from respondby.desk.alerts import ALERT
from respondby.desk.case import Case, Moment, Revision
from respondby.desk.keeping import KINDS, in_order, origin, source_of
from respondby.desk.records import Kept, Record


@dataclass(frozen=True, slots=True)
class Edit:
    """A later text of something: what is new in it counts from then (rule 17)."""

    of: Moment
    before: str
    revision: Revision


Happening = Moment | Edit | Record | Kept


def happenings(case: Case) -> list[tuple[Instant, Happening]]:
    """The case's happenings with their instants."""
    found: list[tuple[Instant, int, Happening]] = []
    ledger = case.ledger
    taken_back = _taken_back(case)
    for moment in case.moments:
        if moment.source not in taken_back:
            found.append((moment.at, 0, moment))
        found.extend(
            (revision.at, 1, Edit(moment, before.text, revision))
            for before, revision in pairwise(moment.revisions)
            if not moment.ours or (moment.kind == "opened" and not case.is_request)
        )
    present = {moment.source for moment in case.moments}
    told = [kept for kept in ledger.kept.values() if kept.kind in (ALERT, *KINDS)]
    gone = [kept for kept in told if origin(source_of(kept)) not in present]
    found.extend((kept.at, 0, kept) for kept in in_order(gone))
    found.extend((record.at, 2, record) for _, record in sorted(ledger.records.items()) if _changes(record))
    found.sort(key=lambda item: item[:2])
    return [(at, happening) for at, _, happening in found]


def _changes(record: Record) -> bool:
    """Whether the record says more than that people were told."""
    return bool(record.sets or record.raises or record.labels or record.unlabels or record.closes)


def _taken_back(case: Case) -> frozenset[str]:
    """Closings that the desk undid before anybody else did."""
    states = [moment for moment in case.moments if moment.kind in ("closed", "reopened")]
    return frozenset(
        closing.source
        for closing, after in pairwise(states)
        if closing.kind == "closed" and after.kind == "reopened" and after.ours
    )
