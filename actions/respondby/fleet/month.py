"""A month of all repositories: one row for each, from its own report."""

from __future__ import annotations

from respondby.dataclass import dataclass
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.report_facts import report_input
from respondby.reports.monthly import monthly, zone_of
from respondby.reports.periods import month_before, month_of


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A repository's month: `kept` of `judged` promises; `unread` cases are in no figure."""

    month: str
    opened: int
    closed: int
    open: int
    judged: int
    kept: int
    incidents: int
    pages: int
    nights: int
    unread: int


def row_of(desk: Desk, month: str | None) -> MonthRow:
    """The figures of a repository's month `YYYY-MM`, by default the last one that is over there.

    Raises TimeError for what is no month, NoPolicy and ForgeErrors.
    """
    facts = report_input(desk).facts
    name = month or month_before(month_of(facts.now, zone_of(facts.policy))).name
    found = monthly(facts, name).now
    return MonthRow(
        month=name,
        opened=found.opened,
        closed=found.closed,
        open=found.open,
        judged=found.kept.whole,
        kept=found.kept.part,
        incidents=found.incidents,
        pages=found.pages,
        nights=found.nights,
        unread=len(facts.missing),
    )
