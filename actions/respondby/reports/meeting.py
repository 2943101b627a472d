"""What a status meeting goes through: what was asked, answered, decided since a day, and what is open now.

Laws:

- Asked is what was opened since; answered what staff said its first word on since; decided what a person said since by
  a command that decides something, and what was closed; open is all that is open, the nearest due first.
- A case stands in each part that it belongs to: one that was asked and answered since is in both.
"""

from __future__ import annotations

from typing import NamedTuple

from respondby.calendars.instants import FOREVER, Instant
from respondby.dataclass import dataclass
from respondby.policy.model.built_in import ACK, ASSIGN, HELP_DESK, NOTE
from respondby.reports.cases import CaseFacts, ClockRun
from respondby.reports.desk import Facts, scoped
from respondby.reports.monthly import zone_of
from respondby.reports.periods import ReportPeriod, span

#: Commands that decide nothing.
_TALK = (ACK, ASSIGN, HELP_DESK, NOTE, "/update")


class Decision(NamedTuple):
    """What was decided about a case: by whom and when, by which word and with what (empty: it was closed)."""

    case: CaseFacts
    at: Instant
    by: str
    word: str
    text: str


class Waiting(NamedTuple):
    """An open case: the promise that is due next (None: none runs), and whether the customer's word is awaited."""

    case: CaseFacts
    promise: ClockRun | None
    on_customer: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """What there is to speak of."""

    facts: Facts
    period: ReportPeriod
    asked: tuple[CaseFacts, ...]
    answered: tuple[CaseFacts, ...]
    decided: tuple[Decision, ...]
    open: tuple[Waiting, ...]

    @property
    def name(self) -> str:
        """What tells it from others."""
        about = [part for part in (self.facts.product, self.facts.customer) if part is not None]
        return "-".join(["status", self.period.name.partition("/")[0], *about])


def meeting(facts: Facts, since: Instant, *, product: str | None = None, customer: str | None = None) -> Meeting:
    """What has been since an instant, and what is open now."""
    zone = zone_of(facts.policy, product, customer)
    facts = scoped(facts, product=product, customer=customer)
    requests = [case for case in facts.requests if case.opened <= facts.now]
    waiting = [Waiting(case, _next(case), case.waiting_since is not None) for case in requests if case.open]
    return Meeting(
        facts=facts,
        period=span(since, facts.now, zone),
        asked=tuple(case for case in requests if case.opened >= since),
        answered=tuple(case for case in requests if case.first_answer is not None and case.first_answer >= since),
        decided=tuple(sorted((one for case in requests for one in _decided(case, since)), key=lambda one: one.at)),
        open=tuple(sorted(waiting, key=_nearest)),
    )


def _decided(case: CaseFacts, since: Instant) -> list[Decision]:
    found = [
        Decision(case, said.at, said.by, said.word, said.text)
        for said in case.said
        if said.at >= since and said.word not in _TALK
    ]
    closings = [end for _, end in case.open_spans if end is not None and end >= since]
    spoken = {one.at for one in found}
    return [*found, *(Decision(case, at, "", "", "") for at in closings if at not in spoken)]


def _next(case: CaseFacts) -> ClockRun | None:
    running = [run for run in case.runs if run.live and run.promise and run.due is not None]
    return min(running, key=lambda run: run.due or FOREVER, default=None)


def _nearest(one: Waiting) -> tuple[bool, Instant, int]:
    due = one.promise.due if one.promise is not None else None
    return one.on_customer, FOREVER if due is None else due, one.case.number
