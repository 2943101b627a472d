"""The queue as it stands in an issue, which is written now and read whenever: nothing in it changes by time alone.

Laws:

- What stands depends on no instant: in place of the time that is left it has the due, and its order is that of the
  dues. It changes when a case does, or when a promise runs out.
- A run that has read some cases and not the others knows the rest from what stands (`after`): a case that nobody has
  touched, and of which nothing has come due, stands as it stood. Where that is not enough, it says so.
- No more stands than people read: the first `MOST` rows.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass
from respondby.reports.cases import CaseFacts
from respondby.reports.queue import PARTS, Part, Turn, row_of

#: So many cases stand in the issue; of the others it says that there are some.
MOST = 60
#: A longer title is cut.
_LONGEST = 80
#: What stands unpacks to no more than this.
_MOST_BYTES = 256 * 1024


class StandingRow(NamedTuple):
    """An open case as it stands: `paused` are the clocks that stand still, each with since when."""

    number: int
    title: str
    part: Part
    turn: Turn
    opened: Instant
    owners: tuple[str, ...]
    clock: str
    group: str
    due: Instant | None
    overdue: bool
    paused: tuple[tuple[str, Instant], ...]
    since: Instant | None

    @property
    def place(self) -> tuple[int, Instant, int]:
        """Where it stands: its part, then its due, or since when, then its number."""
        when = {"owed": self.due, "unpromised": self.opened, "waiting": self.since}[self.part]
        return PARTS.index(self.part), FOREVER if when is None else when, self.number


@dataclass(frozen=True, slots=True)
class StandingQueue:
    """The rows that stand, in order; `more` says that other cases are open."""

    rows: tuple[StandingRow, ...] = ()
    more: bool = False

    def after(self, seen: Iterable[StandingRow], gone: Collection[int]) -> StandingQueue | None:
        """What stands once some cases were read: `seen` are those of them that are open, `gone` the others. None where
        one has left its place and nobody knows which case comes next.
        """
        fresh = {row.number: row for row in seen}
        kept = [row for row in self.rows if row.number not in fresh and row.number not in gone]
        if not self.more:
            return standing([*kept, *fresh.values()])
        last = self.rows[-1].place if self.rows else (0, 0, 0)
        there = sorted((*kept, *(row for row in fresh.values() if row.place <= last)), key=lambda row: row.place)
        return StandingQueue(tuple(there[:MOST]), True) if len(there) >= len(self.rows) else None

    def to_facts(self) -> dict[str, str]:
        """As an issue's mark holds it."""
        text = json.dumps(self.rows, separators=(",", ":"), ensure_ascii=False)
        packed = base64.b64encode(zlib.compress(text.encode(errors="replace"), 9)).decode("ascii")
        return {"rows": packed, "more": "yes" if self.more else ""}


def standing(rows: Iterable[StandingRow]) -> StandingQueue:
    """What stands of all open cases."""
    ordered = sorted(rows, key=lambda row: row.place)
    return StandingQueue(tuple(ordered[:MOST]), len(ordered) > MOST)


def standing_row(case: CaseFacts) -> StandingRow:
    """An open case as it stands."""
    row = row_of(case, by_due=True)
    promise = row.promise
    title = case.title if len(case.title) <= _LONGEST else f"{case.title[: _LONGEST - 1].rstrip()}…"
    return StandingRow(
        case.number, title, row.part, row.turn, case.opened, case.assignees,
        promise.clock if promise is not None else "", promise.group if promise is not None else "",
        promise.due if promise is not None else None, row.overdue,
        tuple((run.clock, run.paused_since) for run in row.paused if run.paused_since is not None), row.since,
    )  # fmt: skip


def stood(facts: Mapping[str, str]) -> StandingQueue | None:
    """What stands by an issue's mark; None where that tells nothing, or is of another version."""
    try:
        stream = zlib.decompressobj()
        found: Any = json.loads(stream.decompress(base64.b64decode(facts["rows"]), _MOST_BYTES))
        rows = tuple(
            StandingRow(
                int(number), str(title), part, turn, int(opened), tuple(map(str, owners)), str(clock), str(group),
                None if due is None else int(due), bool(overdue),
                tuple((str(name), int(at)) for name, at in paused), None if since is None else int(since),
            )
            for number, title, part, turn, opened, owners, clock, group, due, overdue, paused, since in found
            if part in PARTS and turn in ("us", "customer", "hold")
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, zlib.error):
        return None
    return StandingQueue(rows, facts.get("more") == "yes")
