"""The sections of a report about the work: calls, requests, what is open, items, risks, our own lateness."""

from __future__ import annotations

import re

from respondby.letters.report.cells import (
    case_cell,
    cases_cell,
    chart_of,
    number,
    refs,
    section,
    values_of,
)
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.words import Voice
from respondby.reports.happenings import Age
from respondby.reports.monthly import Report

_ADDRESS = re.compile(r"https://[\w.:-]+(?:/[\w.,~%+=&;#?/-]*)?", re.ASCII)


def calls(report: Report, voice: Voice) -> PaperSection:
    """Pages by person, day and night."""
    rows = [
        (
            Cell(one.person), number(one.day), number(one.night), number(one.nights),
            cases_cell(refs(report, one.cases), voice),
        )
        for one in report.calls
    ]  # fmt: skip
    chart = chart_of(
        "calls", [one.person for one in report.calls], [one.day + one.night for one in report.calls], voice
    )
    return section("calls", voice, voice.column("person", "day", "night", "nights", "cases"), rows, chart=chart)


def requests(report: Report, voice: Voice) -> PaperSection:
    """Every request of the period."""
    found = [*report.flow.opened, *report.flow.closed, *report.flow.reopened]
    found += [case for age in report.backlog for case in age.cases]
    rows = []
    for _, case in sorted({case.number: case for case in found}.items()):
        state = voice.say("state", "open" if case.open_at(report.period.end - 1) else "closed")
        rows.append(
            (
                case_cell(case), Cell(case.author), Cell(case.customer), Cell(values_of(report, case, voice)),
                Cell(voice.moment(case.opened)), Cell(state), Cell(", ".join(case.assignees)),
            )
        )  # fmt: skip
    columns = voice.column("case", "who", "customer", "values", "opened", "outcome", "owner")
    return section("requests", voice, columns, rows)


def backlog(report: Report, voice: Voice) -> PaperSection:
    """What was open at the end, by age."""
    rows = [(Cell(_age(age, voice)), number(len(age.cases)), cases_cell(age.cases, voice)) for age in report.backlog]
    labels = [_age(age, voice) for age in report.backlog]
    values = [len(age.cases) for age in report.backlog]
    chart = chart_of("backlog", labels, values, voice) if any(values) else None
    return section("backlog", voice, voice.column("age", "number", "cases"), rows if any(values) else [], chart=chart)


def items(report: Report, voice: Voice) -> PaperSection:
    """Action items that are agreed and not done."""
    rows = [
        (
            Cell(row.item.due or "–"), Cell(row.item.owner or voice.say("nobody")),
            Cell(row.item.what, link_of(row.item.issue)), Cell(row.post_mortem.title, row.post_mortem.url),
        )
        for row in report.items
    ]  # fmt: skip
    return section("items", voice, voice.column("due", "owner", "what", "post-mortem"), rows)


def risks(report: Report, voice: Voice) -> PaperSection:
    """Temporary changes that are in place."""
    rows = [(case_cell(case), Cell(shown)) for case, shown in report.risks]
    return section("risks", voice, voice.column("case", "what"), rows)


def lateness(report: Report, voice: Voice) -> PaperSection:
    """By how much our own runs came late."""
    found = report.lateness
    rows = []
    if found.n:
        rows.append(
            (
                number(found.n), Cell(voice.quantile(found.median), number=True),
                Cell(voice.quantile(found.p90), number=True), Cell(voice.quantile(found.worst), number=True),
            )
        )  # fmt: skip
    return section("lateness", voice, voice.column("n", "median", "p90", "worst"), rows)


def _age(age: Age, voice: Voice) -> str:
    if age.below is None:
        return voice.say("days", "least", least=age.least)
    if age.least == 0:
        return voice.say("days", "one") if age.below == 1 else voice.say("days", "below", n=age.below)
    return voice.say("days", "between", least=age.least, below=age.below)


def link_of(text: str) -> str:
    """The address of an item that somebody wrote: only one that can stand in a link as it is."""
    return text if _ADDRESS.fullmatch(text) else ""
