"""Everything in a case that can become a fact, in one order: moments, later edits, our records, and facts we kept.

Within one instant the forge's own order holds, then edits, then records. Laws:

- A kept fact counts only where its comment is gone; else the comment is read again. Where several things were said and
  done in one second, the record keeps their order, so that what is gone stays in its place.
- A closing that the desk took back is told as it was; `desk.gate` says that it never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.alerts import ALERT
from respondby.desk.built_in.incident_news import NEWS
from respondby.desk.case import Case, Moment, Revision
from respondby.desk.keeping import KINDS, in_order, origin, source_of
from respondby.desk.ledger import Ledger
from respondby.desk.records import Kept, Record


@dataclass(frozen=True, slots=True)
class Edit:
    """A later text of something: what is new in it counts from then (rule 17)."""

    of: Moment
    before: str
    revision: Revision


Happening = Moment | Edit | Record | Kept

#: The kind under which the order of a second is kept.
ORDER = "order"
_ORDERED = frozenset({"opened", "comment", "labeled", "unlabeled", "assigned", "unassigned", "closed", "reopened"})


def happenings(case: Case, ledger: Ledger, foreseen: Iterable[Record] = ()) -> list[tuple[Instant, Happening]]:
    """The case's happenings with their instants; `ledger` is all that is recorded of it, `foreseen` what will be."""
    found: list[tuple[Instant, int, Happening]] = []
    for moment in case.moments:
        found.append((moment.at, 0, moment))
        found.extend(
            (revision.at, 1, Edit(moment, before.text, revision))
            for before, revision in pairwise(moment.revisions)
            if not moment.ours or (moment.kind == "opened" and not case.is_request)
        )
    present = {moment.source for moment in case.moments}
    relevant = [kept for kept in ledger.kept.values() if kept.kind in (ALERT, NEWS, *KINDS)]
    gone = [kept for kept in relevant if origin(source_of(kept)) not in present]
    found.extend((kept.at, 0, kept) for kept in in_order(gone))
    records = sorted((*ledger.records.values(), *foreseen), key=lambda record: record.key)
    found.extend((record.at, 2, record) for record in records if changes_case(record))
    orders = _orders(ledger)
    if orders:
        found.sort(key=lambda item: (*item[:2], _place(orders.get(item[0]), item[2])))
    else:
        found.sort(key=lambda item: item[:2])
    return [(at, happening) for at, _, happening in found]


def order_of(case: Case, ledger: Ledger) -> Iterator[Kept]:
    """The order of what was said and done within one second, where a comment is among it, as the record keeps it."""
    relevant = [moment for moment in case.moments if not moment.ours and moment.kind in _ORDERED]
    if len({moment.at for moment in relevant}) == len(relevant):
        return
    known = _orders(ledger)
    relevant.sort(key=lambda moment: moment.at)
    for at, moments in groupby(relevant, key=lambda moment: moment.at):
        sources = [moment.source for moment in moments]
        if len(sources) < 2 or not any(one.kind == "comment" and one.at == at for one in relevant):
            continue
        missing = [source for source in sources if source not in known.get(at, ())]
        if missing:
            order = (*known.get(at, ()), *missing) if at in known else tuple(sources)
            yield Kept(f"order/{at}/{len(order)}", at, "", "", ORDER, "", " ".join(order))


def _orders(ledger: Ledger) -> dict[Instant, tuple[str, ...]]:
    """The longest order that was kept of each second."""
    kept = sorted((item for item in ledger.kept.values() if item.kind == ORDER), key=lambda item: len(item.value))
    return {item.at: tuple(item.value.split(" ")) for item in kept}


def _place(order: tuple[str, ...] | None, happening: Happening) -> int:
    if order is None:
        return 0
    source = happening.source if isinstance(happening, Moment) else ""
    source = origin(source_of(happening)) if isinstance(happening, Kept) else source
    return order.index(source) if source in order else len(order)


def changes_case(record: Record) -> bool:
    """Whether the record says more than that people were told."""
    return bool(record.sets or record.raises or record.labels or record.unlabels or record.closes or record.reopens)
