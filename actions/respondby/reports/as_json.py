"""A report as plain data (`schemas/report.schema.json`): names of the policy and codes, no words; UTC and seconds.

The independent recomputation in `tests/recompute.py` and every other program reads this form.
"""

from __future__ import annotations

from typing import Any

from respondby.calendars.instants import Instant, iso
from respondby.reports.attainment import OUTCOMES, Attainment, Judged
from respondby.reports.figures import Lengths, Quantile, Share
from respondby.reports.happenings import IncidentRow
from respondby.reports.meeting import Meeting
from respondby.reports.monthly import Changes, Report
from respondby.reports.periods import ReportPeriod
from respondby.reports.queue import Queue, QueueRow
from respondby.reports.uptime import UptimeFigure

VERSION = 1


def report_json(report: Report) -> dict[str, Any]:
    """Everything that the report says."""
    facts = report.facts
    return {
        "version": VERSION,
        "kind": report.kind,
        "name": report.name,
        "desk": facts.policy.desk,
        "product": facts.product,
        "customer": facts.customer,
        "period": _period(report.period),
        "since": _iso(facts.since),
        "uptime": [_uptime(one) for one in report.uptimes],
        "incidents": [_incident(row) for row in report.incidents],
        "unplaced": [
            {"case": case.ref, "from": iso(impact.start), "to": _iso(impact.end), "weight": impact.weight}
            for case, impact in report.unplaced
        ],
        "attainment": [_attainment(row) for row in report.attainment],
        "first_answers": _lengths(report.answers),
        "excused": [
            _judged(one) | {"reason": one.excuse.reason, "by": one.excuse.by, "at": iso(one.excuse.at)}
            for one in report.excused
            if one.excuse is not None
        ],
        "calls": [
            {"person": one.person, "day": one.day, "night": one.night, "nights": one.nights, "cases": list(one.cases)}
            for one in report.calls
        ],
        "flow": {
            "opened": [case.ref for case in report.flow.opened],
            "closed": [case.ref for case in report.flow.closed],
            "reopened": [case.ref for case in report.flow.reopened],
            "open_before": report.flow.open_before,
            "open_after": report.flow.open_after,
        },
        "backlog": [
            {"days": age.least, "below": age.below, "cases": [case.ref for case in age.cases]}
            for age in report.backlog
        ],
        "items": [
            {
                "what": row.item.what, "owner": row.item.owner, "due": row.item.due, "issue": row.item.issue,
                "post_mortem": row.post_mortem.path,
            }
            for row in report.items
        ],
        "coming": [
            {
                "case": case.ref, "of": window.value, "from": iso(window.start), "to": iso(window.end),
                "emergency": window.emergency,
            }
            for case, window in report.coming
        ],
        "workarounds": [{"case": case.ref, "what": shown} for case, shown in report.risks],
        "lateness": _lengths(report.lateness),
        "before": None if report.before is None else _changes(report.before),
        "missing": [{"case": ref, "why": why} for ref, why in facts.missing],
    }  # fmt: skip


def _uptime(figure: UptimeFigure) -> dict[str, Any]:
    return {
        "product": figure.product,
        "period": _period(figure.period),
        "target": figure.target,
        "share": figure.share.floor(4),
        "kept": figure.kept,
        "reason": figure.reason or None,
        "life": figure.life,
        "up": figure.up,
        "down": figure.down,
        "maintenance": figure.maintenance,
        "unknown": figure.unknown,
        "lost_hundredths": figure.lost,
        "allowed_hundredths": figure.allowed,
        "excused_hundredths": figure.excused,
        "spans": [
            {"from": iso(span.start), "to": iso(span.end), "weight": span.weight, "cases": list(span.cases)}
            for span in figure.spans
        ],
        "windows": [
            {"case": window.case, "from": iso(window.start), "to": iso(window.end), "emergency": window.emergency}
            for window in figure.windows
        ],
    }


def _incident(row: IncidentRow) -> dict[str, Any]:
    case, incident = row.case, row.case.incident
    assert incident is not None, "only incidents have a row"
    return {
        "case": case.ref,
        "title": case.title,
        "product": case.product,
        "fields": dict(sorted(case.fields.items())),
        "detected": iso(row.detected),
        "milestones": {one.name: {"at": iso(one.at), "corrected": one.corrected} for one in incident.milestones},
        "lasted": [{"from": iso(start), "to": _iso(end)} for start, end in incident.lasted],
        "seconds": row.seconds,
        "ongoing": row.ongoing,
        "false_alarm": incident.false_alarm,
        "problem": incident.problem or None,
        "cause": row.cause or None,
        "resolution": row.resolution or None,
        "lacks": list(incident.lacks),
        "insisted": incident.insisted,
        "post_mortem": row.post_mortem.path if row.post_mortem is not None else None,
    }


def _attainment(row: Attainment) -> dict[str, Any]:
    return {
        "clock": row.clock,
        "by": row.by or None,
        "group": row.group or None,
        "binding": row.binding,
        "duty": row.duty,
        "counts": {outcome.replace(" ", "_"): row.counts[outcome] for outcome in OUTCOMES},
        "kept": _share(row.share),
        "with_excused": _share(row.with_excused),
        "lengths": _lengths(row.lengths),
        "runs": [_judged(one) for one in row.runs],
    }


def _judged(judged: Judged) -> dict[str, Any]:
    run = judged.run
    return {
        "case": judged.case.ref,
        "clock": run.clock,
        "source": run.source,
        "outcome": judged.outcome.replace(" ", "_"),
        "started": iso(run.started),
        "due": _iso(run.due),
        "ended": _iso(run.ended),
        "elapsed": run.elapsed,
        "calendar": run.calendar,
        "lag": run.lag,
    }


def _share(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "percent": share.floor(1)}


def _lengths(found: Lengths) -> dict[str, Any]:
    return {
        "n": found.n,
        "open": found.open,
        "median": _quantile(found.median),
        "p90": _quantile(found.p90),
        "worst": _quantile(found.worst),
        "worst_case": found.worst_case,
    }


def _quantile(found: Quantile | None) -> dict[str, Any] | None:
    return None if found is None else {"seconds": found.seconds, "least": found.least}


def _changes(before: Changes) -> dict[str, Any]:
    return {
        "period": _period(before.period),
        "uptime": [
            {"product": one.product, "share": one.share.floor(4), "reason": one.reason or None}
            for one in before.uptimes
        ],
        "kept": _share(before.kept),
        "incidents": before.incidents,
        "pages": before.pages,
        "nights": before.nights,
        "opened": before.opened,
        "closed": before.closed,
        "open": before.open,
        "median_answer": _quantile(before.median_answer),
    }


def _period(period: ReportPeriod) -> dict[str, Any]:
    return {
        "name": period.name,
        "from": iso(period.start),
        "to": iso(period.end),
        "over": period.over,
        "timezone": period.timezone,
    }


def _iso(at: Instant | None) -> str | None:
    return None if at is None else iso(at)


def meeting_json(found: Meeting) -> dict[str, Any]:
    """What a status meeting goes through."""
    return {
        "version": VERSION,
        "kind": "meeting",
        "name": found.name,
        "desk": found.facts.policy.desk,
        "product": found.facts.product,
        "customer": found.facts.customer,
        "period": _period(found.period),
        "asked": [case.ref for case in found.asked],
        "answered": [{"case": case.ref, "at": _iso(case.first_answer)} for case in found.answered],
        "decided": [
            {"case": one.case.ref, "at": iso(one.at), "by": one.by or None, "word": one.word or None, "text": one.text}
            for one in found.decided
        ],
        "open": [
            {
                "case": one.case.ref,
                "owners": list(one.case.assignees),
                "waits_for": "customer" if one.on_customer else "us",
                "clock": one.promise.clock if one.promise is not None else None,
                "due": _iso(one.promise.due) if one.promise is not None else None,
            }
            for one in found.open
        ],
        "missing": [{"case": ref, "why": why} for ref, why in found.facts.missing],
    }


def queue_json(found: Queue) -> dict[str, Any]:
    """What to answer next, with the time that is left of each promise as open time in seconds."""
    facts = found.facts
    return {
        "version": VERSION,
        "kind": "queue",
        "desk": facts.policy.desk,
        "now": iso(facts.now),
        "timezone": facts.policy.timezone,
        "product": facts.product,
        "customer": facts.customer,
        "person": found.person,
        "queue": [_queue_row(row) for row in found.rows],
        "missing": [{"case": ref, "why": why} for ref, why in facts.missing],
    }


def _queue_row(row: QueueRow) -> dict[str, Any]:
    case, promise = row.case, row.promise
    return {
        "case": case.ref,
        "title": case.title,
        "url": case.url,
        "author": case.author,
        "opened": iso(case.opened),
        "product": case.product,
        "customer": case.customer or None,
        "duty": case.duty or None,
        "part": row.part,
        "owners": list(case.assignees),
        "waits_for": {"us": "us", "customer": "customer", "hold": "others"}[row.turn],
        "since": _iso(row.since),
        "promise": None
        if promise is None
        else {
            "clock": promise.clock,
            "promised": promise.promise,
            "group": promise.group or None,
            "due": _iso(promise.due),
            "left": promise.left,
            "calendar": promise.calendar,
            "overdue": row.overdue,
            "binding": promise.binding,
        },
        "paused": [{"clock": run.clock, "since": _iso(run.paused_since)} for run in row.paused],
    }
