"""What a plan's records gain while it is applied: pure, and the same for a real forge and for the laws' ideal one.

`records` are the plan's, by their keys; each function changes them in place. Laws (5): whatever was tried stands in the
record of every rung that it was for, and a comment carries the records of all that it tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from respondby.desk.ledger import Ledger
from respondby.desk.records import Effect, Record
from respondby.desk.results import Commented, Mentioned, NotAssigned, Opened, PagerUpdated, Result, Tracked, Tried
from respondby.rules.plan import Assign, Call, OpenElsewhere, PutOnBoard, UpdatePager, WriteComment

Records = dict[str, Record]


def note(records: Records, keys: Iterable[str], results: Sequence[Result]) -> None:
    """What came of these rungs."""
    for key in keys:
        records[key] = records[key].gained(results)


def did(records: Records, keys: Iterable[str], effect: Effect) -> None:
    """An outstanding effect of these records is done."""
    for key in keys:
        records[key] = records[key].did(effect)


def called(records: Records, call: Call, tries: Sequence[Tried]) -> None:
    """A call was tried: for its newest rung, and where it went out also for the older ones that it told of."""
    *older, newest = call.records
    tries = [replace(attempt, by_id=call.by_id) for attempt in tries]
    note(records, [newest], tries)
    note(records, older, [replace(attempt, outcome="joined") if attempt.ok else attempt for attempt in tries])


def pager_updated(records: Records, action: UpdatePager, known: Ledger, why: str | None = None) -> None:
    """A pager was told of a page that the case's ledger knows, or `why` it did not take it. Said once."""
    records.setdefault(action.record, known.records[action.record])
    made = PagerUpdated(action.change, action.to, action.via, why is None, why or "")
    if made not in records[action.record].results:
        note(records, [action.record], [made])


def opened(records: Records, action: OpenElsewhere, name: str | None) -> None:
    """An issue was opened elsewhere under that name, or it could not be."""
    note(records, [action.record], [Opened(action.where, ok=False) if name is None else Opened(name)])


def tracked(records: Records, action: PutOnBoard, known: Ledger, came_of_it: Tracked | None) -> None:
    """The issue is on a board, or its date was moved there (None: it could not be). Of a move that could not be made
    nothing is noted: the date differs still.
    """
    if action.item:
        records.setdefault(action.record, known.records[action.record])
    if came_of_it is not None or not action.item:
        note(records, [action.record], [came_of_it or Tracked(action.project, outcome="failed")])


def commented(comment: WriteComment, records: Mapping[str, Record], *, ok: bool) -> Records:
    """The comment's records with what came of it: each person mentioned, each text said on the issue."""
    why = "" if ok else "the comment was not taken"
    mentioned = tuple(Mentioned(person, comment.inside, ok, why) for person in comment.mentions)
    text = (Commented(ok, why),)
    return {
        key: records[key].gained((*mentioned, *(text if key in comment.texts_of else ()))) for key in comment.records
    }


def carried(comment: WriteComment, records: Mapping[str, Record]) -> Ledger:
    """What the comment itself carries: its own records, as they stand once it is said.

    On the issue also those of rungs that a newer one's call has told somebody of, who is not to be called for them
    under a key of their own, should this run die before the card is written.
    """
    joined = {} if comment.inside else {key: record for key, record in records.items() if _joined_another(record)}
    return Ledger({**joined, **commented(comment, records, ok=True)})


def assigned(records: Records, assign: Assign, known: Ledger, left_out: Iterable[str] = ()) -> None:
    """People were assigned, but for those whom the forge left out."""
    records.update({key: known.records[key] for key in assign.records if key not in records})
    note(records, assign.records, [NotAssigned(who) for who in left_out])
    did(records, assign.records, "assign")


def _joined_another(record: Record) -> bool:
    """Whether a newer record's call has told somebody of this one."""
    return any(isinstance(result, Tried) and result.outcome == "joined" for result in record.results)
