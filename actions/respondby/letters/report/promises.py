"""The sections of a report about promises: what was kept, missed and excused, and how long people waited."""

from __future__ import annotations

from respondby.letters.report.cells import (
    case_cell,
    chart_of,
    number,
    section,
    share_text,
)
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.words import Voice
from respondby.reports.attainment import Attainment, Judged, Outcome
from respondby.reports.monthly import Report

_OUTCOME_COLUMNS: tuple[tuple[str, Outcome], ...] = (
    ("met", "met"), ("late", "late"), ("open-late", "open"), ("given-up", "given up"), ("excused", "excused"),
    ("to-come", "not due"),
)  # fmt: skip


def attainment(report: Report, voice: Voice) -> PaperSection:
    """Each clock's row."""
    rows = [_kept(report, row, voice) for row in report.attainment]
    shown = [row for row in report.attainment if row.binding and row.share.whole]
    labels = [" ".join((voice.clock(row.clock), _group(report, row, voice))).strip() for row in shown]
    values = [100 * row.share.part // row.share.whole for row in shown]
    columns = voice.column(
        "promise", "group", *(column for column, _ in _OUTCOME_COLUMNS), "share", "n", "median", "p90", "worst"
    )
    return section("attainment", voice, columns, rows, chart=chart_of("attainment", labels, values, voice))


def missed(report: Report, voice: Voice) -> PaperSection:
    """Every promise that was missed, by its case."""
    rows = [
        (
            case_cell(one.case),
            Cell(voice.clock(one.run.clock)),
            Cell(voice.moment(one.run.due) if one.run.due is not None else "–"),
            Cell(voice.say("outcome", one.outcome)),
            Cell(voice.moment(one.run.ended) if one.run.ended is not None else "–"),
        )
        for one in report.missed
    ]
    return section("missed", voice, voice.column("case", "promise", "due", "outcome", "ended"), rows)


def excused(report: Report, voice: Voice) -> PaperSection:
    """What was missed and excused: who said why."""
    rows = [_excused(one, voice) for one in report.excused]
    return section("excused", voice, voice.column("case", "promise", "due", "reason", "by"), rows)


def answers(report: Report, voice: Voice) -> PaperSection:
    """How long those who asked waited for a word."""
    found = report.answers
    rows = []
    if found.n:
        worst = next((case for case in report.facts.cases if case.ref == found.worst_case), None)
        rows.append(
            (
                number(found.n), number(found.open), Cell(voice.quantile(found.median), number=True),
                Cell(voice.quantile(found.p90), number=True), Cell(voice.quantile(found.worst), number=True),
                case_cell(worst) if worst is not None else Cell(""),
            )
        )  # fmt: skip
    return section("answers", voice, voice.column("n", "open-late", "median", "p90", "worst", "case"), rows)


def _kept(report: Report, row: Attainment, voice: Voice) -> tuple[Cell, ...]:
    name = voice.clock(row.clock)
    beside = [] if row.binding else [voice.say("note", "informal")]
    beside += [voice.say("note", "duty")] if row.duty else []
    share = share_text(row.share, voice)
    if row.counts["excused"]:
        share += f"; {voice.say('note', 'with-excused', share=share_text(row.with_excused, voice))}"
    days = all(one.run.calendar is None for one in row.runs)
    lengths = row.lengths
    return (
        Cell(f"{name} ({', '.join(beside)})" if beside else name),
        Cell(_group(report, row, voice)),
        *(number(row.counts[outcome]) for _, outcome in _OUTCOME_COLUMNS),
        Cell(share if row.binding else "–", number=True),
        number(lengths.n),
        Cell(voice.quantile(lengths.median, days=days), number=True),
        Cell(voice.quantile(lengths.p90, days=days), number=True),
        _worst(row, voice, days=days),
    )


def _worst(row: Attainment, voice: Voice, *, days: bool) -> Cell:
    worst = next((one.case for one in row.runs if one.case.ref == row.lengths.worst_case), None)
    return Cell(voice.quantile(row.lengths.worst, days=days), worst.url if worst is not None else "", number=True)


def _excused(judged: Judged, voice: Voice) -> tuple[Cell, ...]:
    assert judged.excuse is not None, "it was excused"
    due = voice.moment(judged.run.due) if judged.run.due is not None else "–"
    return (
        case_cell(judged.case), Cell(voice.clock(judged.run.clock)), Cell(due), Cell(judged.excuse.reason),
        Cell(judged.excuse.by),
    )  # fmt: skip


def _group(report: Report, row: Attainment, voice: Voice) -> str:
    field = report.facts.policy.fields.get(row.by)
    value = field.value(row.group) if field is not None else None
    return voice.short(value.name) if value is not None else row.group
