"""The periods of a duty: when it comes, for whom, and when its issue is due to open.

Laws:

- Pure, and true to the zone: a cadence's instants are rule 5's, a change of shift is the rota's, a date the product's.
- A period is named by its own instant (`at`): the cadence's time, the change of shift, the product's date. It opens
  then; a hand-over `ahead` of the change; what is `silent` when the time for the expected event is over.
- Whether a duty applies in a period (`when`) is judged at the period's instant, however late a run is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace

from respondby.calendars.dues import later, offset
from respondby.calendars.durations import Duration
from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.desk.state import State, first_state
from respondby.policy.model.duties import Duty
from respondby.policy.model.policy import Policy


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One turn of a duty: `at` names it, `opens` is when its issue is due to open."""

    at: Instant
    opens: Instant


def subjects(policy: Policy, duty: Duty) -> tuple[str, ...]:
    """Whom a duty comes for, each with its own periods: products, customers, or nobody in particular (``)."""
    if duty.for_ == "product":
        return tuple(policy.products)
    return tuple(policy.customers) if duty.for_ == "customer" else ("",)


def state_of(policy: Policy, duty: Duty, subject: str) -> State:
    """What conditions and roles may know of a duty: its product or customer."""
    state = first_state(policy, "", "")
    if duty.for_ == "product":
        return replace(state, fields={"product": subject})
    return replace(state, customer=policy.customers.get(subject)) if duty.for_ == "customer" else state


def periods(policy: Policy, duty: Duty, subject: str, after: Instant, now: Instant) -> Iterator[Period]:
    """The periods after `after` whose issues are due to open by `now`, in order; a duty need not apply in each."""
    for period in _from(policy, duty, subject, after):
        if period.opens > now:
            return
        yield period


def applies(policy: Policy, duty: Duty, subject: str, period: Period) -> bool:
    """Whether the duty applies in this period (its `when`), as things stood at its instant."""
    return not duty.when or state_of(policy, duty, subject).holds(duty.when, period.at)


def next_period(policy: Policy, duty: Duty, subject: str, after: Instant, now: Instant) -> Period | None:
    """The first period, named after `after`, whose issue is due to open after `now`.

    Where its `when` does not hold for the next few of them, that comes into view later: None for now.
    """
    seen = 0
    for period in _from(policy, duty, subject, max(after, _before(duty, now))):
        if period.opens > now:
            if applies(policy, duty, subject, period):
                return period
            seen += 1
            if seen == _LOOK_AHEAD:
                return None
    return None


#: So many periods in a row that do not apply are looked at for the next one that does.
_LOOK_AHEAD = 100


def ends(policy: Policy, duty: Duty, period: Period) -> Instant | None:
    """When the next period begins; None where none does."""
    schedule = duty.schedule
    if schedule.cadence is not None:
        return schedule.cadence.after(period.at)
    if schedule.rota is not None:
        return next(policy.rotas[schedule.rota].rota.handovers(period.at + 1, period.at + 400 * 86_400), None)
    return None


def schedule_text(policy: Policy, duty: Duty) -> str:
    """Sixteen hex digits that change when, and only when, a duty's schedule does.

    A product's date is no part of it: that may be written down after the fact.
    """
    schedule = duty.schedule
    said: object
    if schedule.cadence is not None:
        said = {**schedule.cadence.to_mapping(), "timezone": schedule.cadence.timezone}
    elif schedule.rota is not None:
        handover = policy.rotas[schedule.rota].rota.handover
        turns = None if handover is None else {**handover.to_mapping(), "timezone": handover.timezone}
        said = {"rota": schedule.rota, "ahead": str(schedule.ahead or ""), "turns": turns}
    else:
        assert schedule.after is not None, "a schedule is of one kind"
        said = {"after": schedule.after.name, "offset": str(schedule.after.offset or "")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _from(policy: Policy, duty: Duty, subject: str, after: Instant) -> Iterator[Period]:
    """All periods named by an instant after `after`, whether they apply or not, in order."""
    schedule = duty.schedule
    if schedule.cadence is not None:
        wait = _wait(duty)
        at = schedule.cadence.after(after)
        while at is not None:
            yield Period(at, at if wait is None else _later(policy, at, wait))
            at = schedule.cadence.after(at)
    elif schedule.rota is not None:
        yield from _shifts(policy, schedule.rota, schedule.ahead, after)
    elif schedule.after is not None:
        date = policy.products[subject].dates.get(schedule.after.name) if duty.for_ == "product" else None
        if date is not None:
            moved = date if schedule.after.offset is None else _later(policy, date, schedule.after.offset)
            if moved > after:
                yield Period(moved, moved)


def _shifts(policy: Policy, name: str, ahead: Duration | None, after: Instant) -> Iterator[Period]:
    """Each change of shift; a rota that says who is on call entry by entry has as many as it has entries."""
    rota = policy.rotas[name].rota
    if rota.handover is None:
        for at in rota.handovers(after + 1, 2**61):
            yield Period(at, _ahead(policy, at, ahead))
        return
    change = rota.handover.after(after)
    while change is not None:
        yield Period(change, _ahead(policy, change, ahead))
        change = rota.handover.after(change)


def _ahead(policy: Policy, at: Instant, ahead: Duration | None) -> Instant:
    return at if ahead is None else offset(at, ahead, policy.default_calendar if ahead.business else None, before=True)


def _later(policy: Policy, at: Instant, by: Duration) -> Instant:
    return later(at, by, policy.default_calendar if by.business else None)


def _wait(duty: Duty) -> Duration | None:
    """How long the expected event may take, of a duty whose issue opens where it is missing."""
    return duty.within if duty.silent and duty.expects is not None else None


def _before(duty: Duty, now: Instant) -> Instant:
    """An instant before all periods that open after `now`, and not long before: what is over is not walked through."""
    wait = _wait(duty)
    if wait is None or not wait.business:
        return now - (0 if wait is None else wait.seconds)
    return now - 40 * 86_400 - 7 * (wait.seconds + wait.business_days * 86_400)
