"""How long each product was up: `uptime(facts, product, period)`, and the spans that bars are drawn from.

Laws:

- Every second of the product's life in the period is in one of four: up, down (wholly or in part), announced
  maintenance, unknown. Their seconds sum to the period's.
- The life of a product is what `uptime.when` says: who is born or retired in a month is measured for the rest of it.
- Announced maintenance is left out as it was announced; what overruns it is not. What was announced after it began
  counts from the announcement on. An emergency is no announced maintenance.
- Of incidents that overlap the heaviest counts, at each second once.
- What was before the desk looked, and incidents whose times cannot be right, are unknown: neither up nor down.
- A share is of the seconds that are known, rounded down; 100 % is said only where not one second was down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from respondby.calendars.instants import Instant
from respondby.calendars.spans import Spans
from respondby.dataclass import dataclass
from respondby.desk.state import State, first_state, stage_begins
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Window, excused
from respondby.reports.cases import CaseFacts, Impact
from respondby.reports.desk import Facts
from respondby.reports.figures import Share
from respondby.reports.periods import ReportPeriod

#: Why there is no figure, as codes that `letters` has words for.
NOT_MEASURED, NOT_BEGUN, NO_DATA, NOT_COUNTED, ALL_MAINTENANCE = (
    "not-measured", "not-begun", "no-data", "not-counted", "all-maintenance",
)  # fmt: skip


class Down(NamedTuple):
    """A span in which a product was down by `weight` per cent, and the incidents that weighed then."""

    start: Instant
    end: Instant
    weight: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UptimeFigure:
    """How one product did in a period; all lengths in seconds.

    `life` is how long it was to be measured, and sums up from `up`, `down` (any part of it), `maintenance` and
    `unknown`. `lost` are hundredths of a second: seconds times per cent. `share` is what is left of what is known.
    `allowed` is how many hundredths of a second the target lets be lost; `kept` whether it was kept (None: no target or
    no figure). `excused` is how much of `lost` belongs to incidents that somebody has excused: it is lost all the same.
    `spans` are the downtimes with their cases, `windows` the maintenance that counts. `reason` is the code of why there
    is no figure (empty: there is one).
    """

    product: str
    period: ReportPeriod
    target: str | None
    life: int
    up: int
    down: int
    maintenance: int
    unknown: int
    lost: int
    excused: int
    share: Share
    allowed: int | None
    spans: tuple[Down, ...]
    windows: tuple[Window, ...]
    cases: tuple[str, ...]
    reason: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether what was promised was kept; None where nothing was, or where there is no figure."""
        return None if self.allowed is None or self.reason else self.lost <= self.allowed

    @property
    def left(self) -> int | None:
        """How many whole seconds may still be lost; negative: so many were lost too much."""
        return None if self.allowed is None else (self.allowed - self.lost) // 100


def uptime(facts: Facts, product: str, period: ReportPeriod) -> UptimeFigure:
    """How that product did in the part of the period that has been."""
    period = period.until(facts.now)
    inside = Spans(((period.start, period.end),))
    life = _life(facts.policy, product, period)
    known = inside if facts.since is None else inside.clip(max(period.start, facts.since), period.end)
    known = Spans() if facts.since is None else known
    cases = [case for case in facts.cases if case.incident is not None]
    cannot_be = Spans(
        span for case in cases if case.incident and _about(case, product) for span in case.incident.unknown
    )
    known = known - cannot_be
    windows = tuple(
        window for case in facts.cases if (window := case.window) is not None and window.value == product
        and window.start < period.end and window.end > period.start
    )  # fmt: skip
    quiet = Spans(span for spans, _ in excused(windows) for span in spans) & life & known
    measured = (life & known) - quiet
    down = tuple(_down(cases, product, measured, facts.now))
    lost = sum((one.end - one.start) * one.weight for one in down)
    forgiven = {case.ref for case in cases if case.excuses}
    excused_lost = sum((one.end - one.start) * one.weight for one in down if forgiven.issuperset(one.cases))
    seconds = measured.seconds
    plan = facts.policy.products.get(product)
    target = plan.uptime if plan is not None else None
    down_seconds = sum(one.end - one.start for one in down)
    return UptimeFigure(
        product=product,
        period=period,
        target=target,
        life=life.seconds,
        up=seconds - down_seconds,
        down=down_seconds,
        maintenance=quiet.seconds,
        unknown=(life - known).seconds,
        lost=lost,
        excused=excused_lost,
        share=Share(100 * seconds - lost, 100 * seconds),
        allowed=None if target is None else int(seconds * (100 - Fraction(target.rstrip("% ")))),
        spans=down,
        windows=windows,
        cases=tuple(dict.fromkeys(case for one in down for case in one.cases)),
        reason=_reason(facts, period, life, known, seconds),
    )


def state_of(facts: Facts, product: str, at: Instant) -> Down | None:
    """What weighs on a product at an instant; None where nothing does."""
    cases = [case for case in facts.cases if case.incident is not None]
    return next(_down(cases, product, Spans(((at, at + 1),)), at + 1), None)


def _reason(facts: Facts, period: ReportPeriod, life: Spans, known: Spans, seconds: int) -> str:
    if facts.policy.uptime is None:
        return NOT_MEASURED
    if period.end == period.start:
        return NOT_BEGUN
    if not life:
        return NOT_COUNTED
    if not (life & known):
        return NO_DATA
    return "" if seconds else ALL_MAINTENANCE


def _life(policy: Policy, product: str, period: ReportPeriod) -> Spans:
    """The time in which the product is to be measured, by `uptime.when`."""
    if policy.uptime is None or period.start >= period.end:
        return Spans()
    state = first_state(policy, "", "")
    state = State(policy, state.requester, None, {policy.uptime.by: product, "product": product})
    edges = sorted({period.start, period.end, *_edges(policy, product, period)})
    return Spans(
        (begin, end)
        for begin, end in pairwise(edges)
        if state.holds(policy.uptime.when, begin)
    )  # fmt: skip


def _edges(policy: Policy, product: str, period: ReportPeriod) -> Iterator[Instant]:
    """The instants in the period at which `uptime.when` may turn."""
    assert policy.uptime is not None, "it is measured"
    for term in policy.uptime.when.terms:
        if term.key == "stage" and product in policy.products:
            for stage in policy.stages:
                begins = stage_begins(policy, product, stage)
                if begins is not None and period.holds(begins):
                    yield begins
        elif term.key in ("during", "outside"):
            for name in term.values:
                for span in policy.calendars[name].spans(period.start, period.end):
                    yield from span


def _about(case: CaseFacts, product: str) -> bool:
    return case.product == product


def _down(cases: Iterable[CaseFacts], product: str, measured: Spans, now: Instant) -> Iterator[Down]:
    """Each second's heaviest weight, with all that weighed then, in spans as long as they stay the same."""
    weighing: list[tuple[Impact, str]] = [
        (impact, case.ref)
        for case in cases
        if case.incident is not None
        for impact in case.incident.impacts
        if impact.product == product
    ]
    for begin, end in measured:
        inside = [(max(one.start, begin), min(_end(one, now), end), one.weight, ref) for one, ref in weighing]
        inside = [one for one in inside if one[0] < one[1]]
        edges = sorted({edge for one in inside for edge in one[:2]})
        last: Down | None = None
        for start, stop in pairwise(edges):
            there = [one for one in inside if one[0] <= start and stop <= one[1]]
            if not there:
                continue
            now_down = Down(start, stop, max(one[2] for one in there), tuple(dict.fromkeys(one[3] for one in there)))
            if last is not None and last.end == start and last[2:] == now_down[2:]:
                last = last._replace(end=stop)
                continue
            if last is not None:
                yield last
            last = now_down
        if last is not None:
            yield last


def _end(impact: Impact, now: Instant) -> Instant:
    return now if impact.end is None else impact.end
