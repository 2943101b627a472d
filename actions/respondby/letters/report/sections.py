"""The sections of a report from its figures, by name; each figure leads to the cases that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from respondby.letters.report.cells import (
    number,
    product_name,
    section,
    share_text,
)
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.promises import answers, attainment, excused, missed
from respondby.letters.report.service import coming, incidents, up_cell, uptime
from respondby.letters.report.words import Voice
from respondby.letters.report.work import backlog, calls, items, lateness, requests, risks
from respondby.reports.monthly import Changes, Report


def summary(report: Report, voice: Voice) -> PaperSection:
    """The figures of the period beside those of the one before."""
    rows = []
    now, before = report.now, report.before
    earlier = {figure.product: figure for figure in before.uptimes} if before is not None else {}
    for figure in now.uptimes:
        old = earlier.get(figure.product)
        rows.append(
            (
                Cell(voice.say("summary", "uptime", product=product_name(report, figure.product, voice))),
                up_cell(figure, voice),
                up_cell(old, voice) if old is not None else Cell("–"),
            )
        )
    figures: Sequence[tuple[str, Callable[[Changes], Cell]]] = (
        ("kept", lambda changes: Cell(share_text(changes.kept, voice), number=True)),
        ("incidents", lambda changes: number(changes.incidents)),
        ("pages", lambda changes: Cell(f"{changes.pages}, {changes.nights}", number=True)),
        ("opened", lambda changes: number(changes.opened)),
        ("closed", lambda changes: number(changes.closed)),
        ("open", lambda changes: number(changes.open)),
        (
            "answer",
            lambda changes: Cell(voice.quantile(changes.median_answer) or "–", number=True),
        ),
    )
    for name, of in figures:
        rows.append((Cell(voice.say("summary", name)), of(now), of(before) if before is not None else Cell("–")))
    return section("summary", voice, voice.column("what", "this", "before"), rows)


def limits(report: Report, voice: Voice) -> PaperSection:
    """What the figures do not hold, and why."""
    lines = [Cell(voice.say("limits", "missing", case=ref, why=why)) for ref, why in report.facts.missing]
    for case, impact in report.unplaced:
        end = report.facts.now if impact.end is None else impact.end
        length = voice.took(min(end, report.period.end) - max(impact.start, report.period.start))
        title = f"#{case.number} {case.title}"
        lines.append(Cell(voice.say("limits", "unplaced", case=title, length=length), case.url))
    if report.facts.customer is not None and report.facts.policy.uptime is not None:
        lines.append(Cell(voice.say("limits", "customer")))
    lines.append(Cell(voice.say("limits", "gone")))
    return PaperSection("limits", voice.say("section", "limits"), lines=tuple(lines))


SECTIONS: Mapping[str, Callable[[Report, Voice], PaperSection]] = {
    "summary": summary,
    "uptime": uptime,
    "incidents": incidents,
    "attainment": attainment,
    "missed": missed,
    "excused": excused,
    "answers": answers,
    "calls": calls,
    "requests": requests,
    "backlog": backlog,
    "items": items,
    "coming": coming,
    "risks": risks,
    "lateness": lateness,
    "limits": limits,
}
