"""Cases whose issue is locked: a workflow's token writes neither comment nor label there.

People are called all the same, and what became of it is kept in the desk's log, behind an entry for each time; whoever
looks at the case reads it from there. Once the issue is unlocked, the card takes it over. Only a sweep reads the log,
so only a sweep calls people about a locked issue: another run could not know whom the last one called.
"""

from __future__ import annotations

import hashlib
import json

from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.ledger import EMPTY, Ledger, LedgerError
from respondby.desk.log import Entry, Log
from respondby.forge.errors import Unreadable
from respondby.jobs.effects.logbook import Logbook

KIND = "locked"


def remember(logbook: Logbook, case: Case, gained: Ledger, now: Instant) -> None:
    """Keep what became of calls about this case. Raises CaseError where the log could not be written."""
    record = json.dumps(gained.to_json(), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(record.encode()).hexdigest()[:16]
    facts = {"number": str(case.number), "record": record}
    logbook.write([Entry(KIND, case.node_id, f"{case.number}/{digest}", now, facts=facts)])


def remembered(log: Log, case: Case) -> Ledger:
    """What the log keeps of this case. Raises Unreadable where that is damaged."""
    found = EMPTY
    for entry in log.of_kind(KIND, case.node_id):
        try:
            found = found.merge(Ledger.from_json(json.loads(entry.facts.get("record", "{}"))))
        except (ValueError, LedgerError) as error:
            why = f"{case.ref}: what the desk's log keeps of it cannot be read: {error}"
            raise Unreadable(why, log=True) from error
    return found
