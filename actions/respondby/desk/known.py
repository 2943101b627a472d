"""What a run knows of a case beside what the forge tells of its issue: a case is evidence, this is bookkeeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass, replace
from respondby.desk.case import Case, OwnComment, merged_of
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.related import IndexedText


@dataclass(frozen=True, slots=True)
class Companion:
    """Our issue about a case in the `internal` repository, where the customer does not see it, as a run found it.

    `number` is 0 where there is none yet, `node_id` what markers in it name; `own` are our comments there; `twins` are
    open issues of the same purpose, which two runs at once have made. `problem` says why it could not be looked for.
    """

    number: int = 0
    node_id: str = ""
    open: bool = True
    own: tuple[OwnComment, ...] = ()
    twins: tuple[int, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a run knows of one case. `memory` is what it has done or found out and could not write down yet;
    `companion` is None where it has not looked for it. `updates` are texts that people wrote on an incident for the
    requests that are part of it, by their sources. `related` are the cases and documents that are most like it, where
    it has looked for them: nothing of those is written on the case. `now` is up to when time
    has passed, for what becomes true by itself; None: nobody asks for more than what has happened.
    """

    memory: Ledger = EMPTY
    companion: Companion | None = None
    updates: Mapping[str, str] = field(default_factory=dict)
    related: tuple[IndexedText, ...] = ()
    now: Instant | None = None

    def at(self, now: Instant) -> Known:
        """The same at `now`."""
        return replace(self, now=now)

    def remembering(self, more: Ledger) -> Known:
        """With something more to remember."""
        return replace(self, memory=self.memory.merge(more)) if more else self

    def ledger(self, case: Case) -> Ledger:
        """Everything that is recorded of the case: in our comments on it, in its companion, and by this run."""
        inside = merged_of(self.companion.own) if self.companion is not None else EMPTY
        return self.memory.merge(inside).merge(case.ledger) if self.memory or inside else case.ledger


#: A run that has done nothing yet.
NOTHING_KNOWN = Known()
