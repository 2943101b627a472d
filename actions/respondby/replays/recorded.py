"""What the record says was promised, beside what a replay says: how far replays can be trusted here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant
from respondby.desk.case import Case
from respondby.desk.in_force import judged_throughout
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.replays.playing import PromiseOutcome, outcome_of


class Recorded(NamedTuple):
    """`by`: the case was promised by this policy from its first second on, by an `earlier` one, or nobody recorded
    anything (`nobody`). `promises` is what the record says.
    """

    by: Literal["this", "earlier", "nobody"]
    promises: tuple[PromiseOutcome, ...] = ()


def as_recorded(policy: Policy, case: Case, until: Instant) -> Recorded:
    """What was promised for this case by its record, and what came of it until `until`."""
    ledger = case.ledger
    if not case.cards or not ledger:
        return Recorded("nobody")
    if not judged_throughout(policy, ledger):
        return Recorded("earlier")
    try:
        runs = assess(policy, read(policy, case, Known(now=until)), until, ledger.pins).runs
    except TimeError:
        return Recorded("earlier")  # the calendar of then has an end today
    if any(run.pinned for run in runs):
        return Recorded("earlier")
    return Recorded("this", tuple(outcome_of(run) for run in runs))
