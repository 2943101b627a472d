"""A report as figures: `report(facts, kind, name)` for a month, `span_report` for the days between two instants.

Laws:

- Of a period that is over every figure follows from what happened, and none from when it is asked: the same data, the
  same report. One that is not over says until when it goes.
- Each product's uptime is of the calendar month in its own zone; everything else is of the report's zone: the product's
  or the customer's where it is about one, else the policy's.
- What changed is said against the period before, made by the same functions.
"""

from __future__ import annotations

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass
from respondby.policy.model.duties import ReportKind
from respondby.policy.model.policy import Policy
from respondby.promises.windows import Window
from respondby.reports import happenings
from respondby.reports.attainment import Attainment, Judged, attainment, judged, total
from respondby.reports.cases import CaseFacts, Impact
from respondby.reports.desk import Facts, scoped
from respondby.reports.figures import Lengths, Quantile, Share
from respondby.reports.happenings import Age, Called, Flow, IncidentRow, ItemRow
from respondby.reports.periods import ReportPeriod, day_of, month, month_before, span
from respondby.reports.uptime import UptimeFigure, uptime

#: The parts of a report, in their order.
SECTIONS: dict[ReportKind, tuple[str, ...]] = {
    "monthly": (
        "summary", "uptime", "incidents", "attainment", "excused", "missed", "answers", "calls", "backlog", "items",
        "coming", "risks", "lateness", "limits",
    ),
    "incidents": ("summary", "incidents", "items", "limits"),
    "uptime": ("summary", "uptime", "incidents", "coming", "limits"),
    "requests": ("summary", "requests", "backlog", "limits"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """The figures of a period that are set against those of the next one."""

    period: ReportPeriod
    uptimes: tuple[UptimeFigure, ...]
    kept: Share
    incidents: int
    pages: int
    nights: int
    opened: int
    closed: int
    open: int
    median_answer: Quantile | None


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one period. `after` is the instant at its end: what is open, what is to come, is said of then."""

    kind: ReportKind
    facts: Facts
    period: ReportPeriod
    after: Instant
    uptimes: tuple[UptimeFigure, ...]
    incidents: tuple[IncidentRow, ...]
    attainment: tuple[Attainment, ...]
    missed: tuple[Judged, ...]
    excused: tuple[Judged, ...]
    answers: Lengths
    calls: tuple[Called, ...]
    flow: Flow
    backlog: tuple[Age, ...]
    items: tuple[ItemRow, ...]
    coming: tuple[tuple[CaseFacts, Window], ...]
    risks: tuple[tuple[CaseFacts, str], ...]
    lateness: Lengths
    unplaced: tuple[tuple[CaseFacts, Impact], ...]
    now: Changes
    before: Changes | None

    @property
    def sections(self) -> tuple[str, ...]:
        """The parts that it has."""
        return SECTIONS[self.kind]

    @property
    def name(self) -> str:
        """What tells it from others: `2026-10-shop`; the name of its files."""
        about = [part for part in (self.facts.product, self.facts.customer) if part is not None]
        kind = [] if self.kind == "monthly" else [self.kind]
        return "-".join([self.period.name.replace("/", "--"), *kind, *about])


def zone_of(policy: Policy, product: str | None = None, customer: str | None = None) -> str:
    """The zone whose calendar a report is made by."""
    if product is not None and product in policy.products:
        own = policy.products[product].timezone
        if own is not None:
            return own
    if customer is not None and customer in policy.customers:
        own = policy.customers[customer].timezone
        if own is not None:
            return own
    return policy.timezone


def monthly(
    facts: Facts, name: str, *, kind: ReportKind = "monthly", product: str | None = None, customer: str | None = None
) -> Report:
    """The report of the calendar month `YYYY-MM`. Raises TimeError for what is no month."""
    zone = zone_of(facts.policy, product, customer)
    period = month(name, zone)
    return _report(scoped(facts, product=product, customer=customer), kind, period, month_before(period))


def between(
    facts: Facts,
    start: Instant,
    end: Instant,
    *,
    kind: ReportKind = "requests",
    product: str | None = None,
    customer: str | None = None,
) -> Report:
    """The report of the time between two instants; what changed is said against as long a time before."""
    zone = zone_of(facts.policy, product, customer)
    period = span(start, end, zone)
    if end - start <= 90_000:  # a day, whatever the clocks did in it
        day = day_of(start, zone)
        period = span(start, end, zone) if (day.start, day.end) != (start, end) else day
    return _report(scoped(facts, product=product, customer=customer), kind, period, span(2 * start - end, start, zone))


def _report(facts: Facts, kind: ReportKind, whole: ReportPeriod, earlier: ReportPeriod) -> Report:
    period = whole.until(facts.now)
    found = list(judged(facts, period))
    known = facts.since is not None and facts.since < earlier.end
    return Report(
        kind=kind,
        facts=facts,
        period=period,
        after=period.end,
        uptimes=_uptimes(facts, period),
        incidents=happenings.incidents(facts, period),
        attainment=attainment(facts, period),
        missed=tuple(one for one in found if one.outcome in ("late", "open", "given up") and one.run.binding),
        excused=tuple(one for one in found if one.outcome == "excused"),
        answers=happenings.first_answers(facts, period),
        calls=happenings.calls(facts, period),
        flow=happenings.flow(facts, period),
        backlog=happenings.backlog(facts, max(period.start, period.end - 1)),
        items=happenings.items(facts),
        coming=happenings.coming(facts, period.end),
        risks=happenings.workarounds(facts),
        lateness=happenings.lateness(facts, period),
        unplaced=happenings.unplaced(facts, period),
        now=_changes(facts, period),
        before=_changes(facts, earlier) if known else None,
    )


def _changes(facts: Facts, period: ReportPeriod) -> Changes:
    called, flow = happenings.calls(facts, period), happenings.flow(facts, period)
    return Changes(
        period=period,
        uptimes=_uptimes(facts, period),
        kept=total(facts, period),
        incidents=sum(_counts(row) for row in happenings.incidents(facts, period)),
        pages=sum(one.day + one.night for one in called),
        nights=sum(one.night for one in called),
        opened=len(flow.opened),
        closed=len(flow.closed),
        open=flow.open_after,
        median_answer=happenings.first_answers(facts, period).median,
    )


def _counts(row: IncidentRow) -> bool:
    """Whether it counts as an incident: a false alarm is told, and is none."""
    return row.case.incident is not None and row.case.incident.false_alarm is None


def _uptimes(facts: Facts, period: ReportPeriod) -> tuple[UptimeFigure, ...]:
    """Each product's, of the same calendar month in its own zone."""
    policy = facts.policy
    if policy.uptime is None or facts.customer is not None:
        return ()
    found = []
    for product in facts.products:
        own = policy.products[product].timezone if product in policy.products else None
        inside = period
        if own is not None and own != period.timezone and len(period.name) == 7:
            inside = month(period.name, own)
        found.append(uptime(facts, product, inside))
    return tuple(found)
