"""How late our own runs were, where it mattered: what was late because of us says so (law 7).

A rung that is performed later than `LATE` seconds after its instant, or that somebody's answer overtook when it had
been waiting for so long, was late because no run of ours looked in between. The record alone tells it, and it is told
the same before and after the record is written (law 2).
"""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.desk.history import History
from respondby.policy.model.clocks import Clock
from respondby.promises.assessment import Run
from respondby.rules.ladders import reached

#: From how many seconds on it matters: a sweep is due every five minutes, and GitHub may take some more.
LATE = 600


def lag(history: History, run: Run, clock: Clock, now: Instant) -> int:
    """Of a promise that was missed: by how many seconds its latest rung came too late; 0 where none did."""
    if run.state not in ("late", "breached"):
        return 0
    lost = max((moment.at for moment in history.case.moments if moment.kind == "record lost"), default=None)
    ledger, worst = history.ledger, 0
    for rung in reached(history, run, clock, ledger, now):
        record = ledger.records.get(rung.key)
        if lost is not None and rung.at <= lost:
            continue  # it may have been performed in time: its record is gone
        done = now if record is None else record.done
        overtaken = not rung.current if record is None else record.outcome == "overtaken"
        if overtaken:
            if run.over is None or run.pauses or len(run.terms) > 1:
                continue  # what overtook it was no answer: who knows since when it was needed no more
            done = min(done, run.over)
        worst = max(worst, done - rung.at)
    return worst if worst >= LATE else 0
