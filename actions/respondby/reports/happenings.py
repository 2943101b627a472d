"""What happened in a period, one function a question: incidents, pages, backlog, items, what is to come, our lateness.

Laws:

- An incident belongs to the period in which it was detected; its downtime belongs to each that it touched (`uptime`).
- The backlog is what was open at the end of the period, by how long it had been open in all then.
- A page counts once a person and record, by day or by night on that person's own clock.
"""

from __future__ import annotations

from typing import NamedTuple

from respondby.calendars.instants import DAY, Instant
from respondby.dataclass import dataclass
from respondby.promises.windows import Window
from respondby.reports.cases import CaseFacts, Impact
from respondby.reports.desk import ActionItem, Facts, WrittenUp
from respondby.reports.figures import Lengths, Taken, lengths
from respondby.reports.periods import ReportPeriod

#: Up to how many days each row of the backlog goes; the last one has no end.
AGES = (1, 7, 30, 90)


class IncidentRow(NamedTuple):
    """An incident of the period: how long it lasted in all (None: its times cannot be right), the post-mortem if any.

    `ongoing` says that it lasts: then the length is that until the end of the period.
    `cause` and `resolution` are what was said of them, empty where nothing was.
    """

    case: CaseFacts
    detected: Instant
    seconds: int | None
    ongoing: bool
    cause: str
    resolution: str
    post_mortem: WrittenUp | None


class Called(NamedTuple):
    """Pages that reached one person: by day, by night, and how many nights that broke."""

    person: str
    day: int
    night: int
    nights: int
    cases: tuple[str, ...]


class Age(NamedTuple):
    """Open cases that had been open for `least` days and less than `below` (None: no end)."""

    least: int
    below: int | None
    cases: tuple[CaseFacts, ...]


class ItemRow(NamedTuple):
    """An action item, and the post-mortem that it stands in."""

    item: ActionItem
    post_mortem: WrittenUp


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went: cases opened, closed and opened again in the period, and what was open at its two ends."""

    opened: tuple[CaseFacts, ...]
    closed: tuple[CaseFacts, ...]
    reopened: tuple[CaseFacts, ...]
    open_before: int
    open_after: int


def incidents(facts: Facts, period: ReportPeriod) -> tuple[IncidentRow, ...]:
    """The incidents that were detected in the period, in order; false alarms among them."""
    found = [
        _row(facts, case, at, period)
        for case in facts.cases
        if case.incident is not None and period.holds(at := _detected(case))
    ]
    return tuple(sorted(found, key=lambda row: (row.detected, row.case.number)))


def unplaced(facts: Facts, period: ReportPeriod) -> tuple[tuple[CaseFacts, Impact], ...]:
    """What weighed on no product that the policy knows: no figure has it, so the report names it."""
    known = set(facts.products)
    return tuple(
        (case, impact)
        for case in facts.cases
        if case.incident is not None
        for impact in case.incident.impacts
        if impact.product not in known
        and impact.start < period.end
        and (impact.end is None or impact.end > period.start)
    )


def calls(facts: Facts, period: ReportPeriod) -> tuple[Called, ...]:
    """Pages of the period by person; whoever was called most comes first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for case in facts.cases:
        for page in case.pages:
            if period.holds(page.at):
                found.setdefault(page.person, []).append((page.night, case.ref))
    rows = [
        Called(
            person,
            sum(not night for night, _ in pages),
            sum(bool(night) for night, _ in pages),
            len({night for night, _ in pages if night}),
            tuple(dict.fromkeys(ref for _, ref in pages)),
        )
        for person, pages in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.day + row.night), row.person)))


def backlog(facts: Facts, at: Instant) -> tuple[Age, ...]:
    """What was open at an instant, by how long it had been open then."""
    bounds = [(least, below) for least, below in zip((0, *AGES), (*AGES, None), strict=True)]
    found: dict[tuple[int, int | None], list[CaseFacts]] = {bound: [] for bound in bounds}
    for case in facts.requests:
        if case.open_at(at):
            age = _age(case, at) // DAY
            found[next(one for one in bounds if one[0] <= age and (one[1] is None or age < one[1]))].append(case)
    return tuple(Age(least, below, tuple(cases)) for (least, below), cases in found.items())


def flow(facts: Facts, period: ReportPeriod) -> Flow:
    """What came and went in the period."""
    requests = facts.requests
    return Flow(
        opened=tuple(case for case in requests if period.holds(case.opened)),
        closed=tuple(
            case for case in requests if any(end is not None and period.holds(end) for _, end in case.open_spans)
        ),
        reopened=tuple(case for case in requests if any(period.holds(start) for start, _ in case.open_spans[1:])),
        open_before=sum(case.open_at(period.start - 1) for case in requests),
        open_after=sum(case.open_at(period.end - 1) for case in requests),
    )


def first_answers(facts: Facts, period: ReportPeriod) -> Lengths:
    """How long those who asked in the period waited for the first word of staff, in elapsed time.

    Who has none yet waits until the end of the period, at least. What the staff opened itself asks nobody.
    """
    return lengths(
        Taken(min(case.first_answer or period.end, period.end) - case.opened, case.ref, _unanswered(case, period))
        for case in facts.requests
        if period.holds(case.opened) and not case.void
    )


def items(facts: Facts) -> tuple[ItemRow, ...]:
    """The action items that are agreed and not done, the nearest due first, those without one last."""
    found = [ItemRow(item, one) for one in facts.post_mortems for item in one.items if item.state == "agreed"]
    return tuple(sorted(found, key=lambda row: (row.item.due or "~", row.post_mortem.path, row.item.what)))


def coming(facts: Facts, at: Instant) -> tuple[tuple[CaseFacts, Window], ...]:
    """Maintenance that is not over at an instant, in order."""
    found = [(case, case.window) for case in facts.cases if case.window is not None and case.window.end > at]
    return tuple(sorted(found, key=lambda one: (one[1].start, one[0].number)))


def workarounds(facts: Facts) -> tuple[tuple[CaseFacts, str], ...]:
    """Temporary changes that are in place: known risks."""
    return tuple((case, shown) for case in facts.cases for shown in case.workarounds)


def lateness(facts: Facts, period: ReportPeriod) -> Lengths:
    """By how much our own runs came later than the rungs that were due in the period."""
    return lengths(
        Taken(seconds, case.ref) for case in facts.cases for at, seconds in case.rung_lags if period.holds(at)
    )


def _row(facts: Facts, case: CaseFacts, detected: Instant, period: ReportPeriod) -> IncidentRow:
    assert case.incident is not None, "only incidents are asked for"
    incident = case.incident
    written = next((one for one in facts.post_mortems if case.url in one.incidents), None)
    until = min(facts.now, period.end)
    ongoing = bool(incident.lasted) and incident.lasted[-1][1] is None
    seconds = (
        None if incident.problem else sum((until if end is None else end) - start for start, end in incident.lasted)
    )
    return IncidentRow(
        case, detected, seconds, ongoing, _cause(facts, case, written), _said(case, "/resolved"), written
    )


def _cause(facts: Facts, case: CaseFacts, written: WrittenUp | None) -> str:
    """What was said of the cause: the last `/root-cause`, else the field `cause`, else the post-mortem's."""
    field = facts.policy.fields.get("cause")
    value = field.value(case.fields.get("cause", "")) if field is not None else None
    return _said(case, "/root-cause") or (value.name if value is not None else "") or (written.cause if written else "")


def _said(case: CaseFacts, word: str) -> str:
    return next((said.text for said in reversed(case.said) if said.word == word and said.text), "")


def _detected(case: CaseFacts) -> Instant:
    assert case.incident is not None, "only incidents are detected"
    at = case.incident.milestone("detected")
    return case.incident.since if at is None else at


def _age(case: CaseFacts, at: Instant) -> int:
    """How long it had been open in all by an instant."""
    return sum(max(0, min(at, at if end is None else end) - start) for start, end in case.open_spans if start <= at)


def _unanswered(case: CaseFacts, period: ReportPeriod) -> bool:
    return case.first_answer is None or case.first_answer >= period.end
