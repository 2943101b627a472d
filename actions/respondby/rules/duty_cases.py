"""A duty's issue as a case: one clock, made from the duty, and no request.

Everything else of the desk looks at it as at any case, with a policy that promises this clock alone. Laws:

- The clock starts when the issue was due to open, not when a late run opened it (rule 10).
- The owner is assigned by the clock's first rung, and so once, by who holds the role then.
- `by: handover` is the change of shift that names the period.
- In the issue of a hand-over, `shift: previous` and `next` are who goes and who comes at that change
  (`policy.people.shifts`).
- What the missing event of a silent duty says when it comes after all is a closing, at its own instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from respondby.calendars.instants import Instant, iso
from respondby.desk.case import Case, Moment
from respondby.desk.ledger import EMPTY, Ledger
from respondby.desk.log import Log
from respondby.desk.records import Kept
from respondby.policy.model.clocks import NOTHING, Clock, Promise, Rung, RungAt, Target
from respondby.policy.model.conditions import Pattern
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy
from respondby.policy.people.shifts import incoming, outgoing, roles_at_change
from respondby.rules.duties import issue_of, late_event

#: In the name of the clock that starts when a duty is done; no clock of a policy has a blank in its name.
DONE = "done"

_START = RungAt("start", text="start")
_OPENED = (Pattern("opened", text="opened"),)
_NONE = Target((Promise(none=True),))
_CLOSED = (Pattern("closed", text="closed"),)


def as_case(policy: Policy, case: Case) -> tuple[Policy, Case]:
    """The policy and the case by which a duty's issue is assessed; both unchanged for every other case."""
    issue = issue_of(case)
    if issue is None:
        return policy, case
    duty = policy.duties.get(issue.duty)
    clocks = {} if duty is None else {clock.name: clock for clock in _clocks(policy, duty, issue.last)}
    roles = policy.roles
    if duty is not None and duty.schedule.rota is not None:
        roles = roles_at_change(policy, duty.schedule.rota, issue.last)
    fields = {name: replace(field, default=None) for name, field in policy.fields.items()}
    alone = replace(policy, clocks=clocks, roles=roles, rules=(), fields=fields, since=None)
    moments = tuple(_opened_at(moment, issue.opens) for moment in case.moments)
    return alone, replace(case, created=min(case.created, issue.opens), moments=moments)


def _clocks(policy: Policy, duty: Duty, at: Instant) -> Iterator[Clock]:
    """The duty's clock, and one that starts when that one stops, whose only rung is what follows."""
    owner = "owner"
    if duty.schedule.rota is not None:
        people = (*outgoing(policy, duty.schedule.rota, at), *incoming(policy, duty.schedule.rota, at))
        owner = f"owner {' '.join(people)}"  # a swap before the change is another rung: its people are assigned, too
    yield clock_of(duty, at, owner)
    if duty.done != NOTHING:
        stops = (Pattern("clock stops", duty.name, text=f"{duty.name} stops"),)
        rung = Rung("done", RungAt("start", text="done"), duty.done)
        yield Clock(f"{duty.name} {DONE}", stops, (), _NONE, survives_close=True, ladder=(rung,), duty=True)


def clock_of(duty: Duty, at: Instant, owner: str = "owner") -> Clock:
    """The clock of a duty in the period that is named by `at`."""
    choices = (Promise(none=True),) if duty.target is None else duty.target.choices
    target = Target(tuple(replace(one, by=iso(at)) if one.by == "handover" else one for one in choices))
    assigned = Rung(owner, _START, replace(NOTHING, assign=duty.owner))
    return Clock(
        name=duty.name,
        start=_OPENED,
        stop=duty.stop or _CLOSED,
        target=target,
        ladder=(assigned, *duty.ladder) if duty.owner else duty.ladder,
        duty=True,
    )


def _opened_at(moment: Moment, opens: Instant) -> Moment:
    return replace(moment, at=min(moment.at, opens)) if moment.kind == "opened" else moment


def came_late(policy: Policy, case: Case, log: Log) -> Ledger:
    """The event that a duty waited for and that the desk's log knows to have come late; nothing of any other case."""
    issue = issue_of(case)
    event = late_event(policy, log, issue) if issue is not None else None
    if issue is None or event is None:
        return EMPTY
    key = f"{event.key.replace(' ', '_')} closed"
    return Ledger(kept={key: Kept(key, max(event.at, issue.opens), event.by, "", "closed")})
