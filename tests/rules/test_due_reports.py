"""Reports that are due: one for each period that has passed, once; and when the next one comes."""

from __future__ import annotations

from tests.rules.test_duties import at, policy

from respondby.desk.log import Entry, Log
from respondby.rules.due_reports import MADE, due_reports

MONTHLY = "month: { schedule: { every: 1 month, at: 1 09:00 }, do: { report: monthly } }"


def test_a_report_is_due_once_a_period_and_the_next_one_is_known() -> None:
    made = policy(MONTHLY)
    first = due_reports(made, Log(), at("2026-01-15T09:00"))
    assert (first.due, first.next) == ((), at("2026-02-01T09:00"))
    log = Log(first.remember)
    assert len(log.entries) == 1
    assert due_reports(made, log, at("2026-02-01T08:59")).due == ()
    found = due_reports(made, log, at("2026-02-01T09:00"))
    assert (found.remember, len(found.due), found.next) == ((), 1, at("2026-03-01T09:00"))
    log = log.with_entries([Entry(MADE, "month", found.due[0].id, at("2026-02-01T09:00"))])
    again = due_reports(made, log, at("2026-02-02T09:00"))
    assert (again.due, again.next) == ((), at("2026-03-01T09:00"))
    assert len(due_reports(made, log, at("2026-03-01T09:00")).due) == 1


def test_a_desk_without_reports_waits_for_none() -> None:
    assert (
        due_reports(
            policy("look: { schedule: { every: 1 week, at: friday 10:00 }, owner: first, checklist: [Look] }"), Log(), 0
        ).next
        is None
    )
