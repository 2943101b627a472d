"""What a sweep may still write: planned against what its token has left, the most urgent first.

- What is due and calls somebody comes before answers, these before labels and cards; within each, what has waited
  longest. What calls nobody leaves a twentieth of the token's hour to the runs of events.
- What does not fit is left to the next run, under the same keys: it is said, and comes then. Somebody who is not called
  for that is a failure of this run; a label that comes later is none.
- A limit that ends soon enough for this run to wait is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from respondby.calendars.instants import iso
from respondby.dataclass import dataclass
from respondby.forge.client import Client
from respondby.jobs.loop.deciding import Decided
from respondby.jobs.loop.report import Report, Settled
from respondby.jobs.loop.run import Run
from respondby.rules.plan import Call, Plan, Relabel, UpdatePager, WriteCard, WriteComment

#: The share of the token's hour that is left to others by what calls nobody: one of so many.
RESERVE = 20
#: Reading a case again after it was written to: a group of ten in one request, twice.
_READING = 0.2

CALLS, ANSWERS, REST = range(3)


@dataclass(frozen=True, slots=True)
class Room:
    """How many requests and how many writes may still be sent, and why no more; None for any number."""

    requests: int | None
    writes: int | None
    reserve: int
    why: str


def urgency(found: Decided) -> tuple[int, int, int]:
    """Where a case stands among those that have to be acted on: the most urgent first."""
    actions = found.plan.actions
    if any(isinstance(one, Call) or (isinstance(one, WriteComment) and one.mentions) for one in actions):
        rank = CALLS
    else:
        rank = ANSWERS if any(isinstance(one, WriteComment | UpdatePager) for one in actions) else REST
    dues = [
        because.due
        for one in actions
        if isinstance(one, Call | WriteComment)
        for because in one.because
        if because.due is not None
    ]
    return rank, min(dues, default=found.assessment.now), found.case.number


def keep_to_budget(run: Run, report: Report) -> None:
    """Leave to the next run what the token has no room for."""
    room = room_of(run.client)
    if room.requests is None and room.writes is None:
        return
    requests, writes = (math.inf if many is None else many for many in (room.requests, room.writes))
    labels = set(run.gathered.label_ids)
    later: list[Decided] = []
    for found in sorted((one for one in run.decided.values() if one.plan), key=urgency):
        new = _labels(found.plan) - labels
        cost = writes_of(found.plan, run.applier.said_together) + len(new)
        kept = 0 if urgency(found)[0] == CALLS else room.reserve
        if later or cost > writes or cost + _READING > requests - kept:
            later.append(found)
        else:
            writes, requests = writes - cost, requests - cost - _READING
            labels |= new
    if later:
        _leave(run, report, later, room.why)


def _leave(run: Run, report: Report, later: Sequence[Decided], why: str) -> None:
    numbers = {found.case.number for found in later}
    run.cases = [case for case in run.cases or [] if case.number not in numbers]
    for found in later:
        del run.decided[found.case.number]
        report.cases.append(Settled(found.case.ref, found.case.number, found.case.title, next=run.now))
    calling = [found.case.ref for found in later if urgency(found)[0] == CALLS]
    said = f"{len(later)} case{'s were' if len(later) > 1 else ' was'} left to the next run: {why}"
    if calling:
        named = ", ".join(calling[:10]) + (", …" if len(calling) > 10 else "")
        report.failed.append(f"{said}; somebody is to be called about {len(calling)} of them ({named})")
    else:
        report.remarks.append(f"{said}; nobody is to be called about them")


def room_of(client: Client) -> Room:
    """What this token may still do before a wait that is too long for a run."""
    hour, writes = client.allowance.scarcest, client.writes_left
    requests, reserve = None, 0
    why = f"GitHub takes no more than so many writes in an hour, and {writes} of them are left"
    if hour is not None and not client.may_wait(hour.reset - client.clock + 1):
        requests, reserve = hour.remaining, hour.limit // RESERVE
        if writes is None or requests - reserve < writes:
            why = f"the token has {hour.remaining} of its {hour.limit} requests left until {iso(hour.reset)}"
    return Room(requests, writes, reserve, why)


def _labels(plan: Plan) -> set[str]:
    """The labels that it puts on: one that is not there yet is made first."""
    return {name.lower() for action in plan.actions if isinstance(action, Relabel) for name in action.add}


def writes_of(plan: Plan, said_together: set[tuple[str, str]]) -> int:
    """How many writes a plan is at most; labels and card are one."""
    count = 0
    labels = card = False
    for action in plan.actions:
        if isinstance(action, Call | UpdatePager):
            continue
        if isinstance(action, WriteComment) and (plan.case, action.key) in said_together:
            continue
        labels, card = labels or isinstance(action, Relabel), card or isinstance(action, WriteCard)
        count += 1
    return count - (labels and card)
