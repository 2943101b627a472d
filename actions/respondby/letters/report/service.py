"""The sections of a report about the service: uptime, incidents, maintenance to come."""

from __future__ import annotations

from respondby.letters.report.cells import (
    case_cell,
    cases_cell,
    chart_of,
    product_name,
    refs,
    section,
    values_of,
)
from respondby.letters.report.paper import Cell, PaperSection
from respondby.letters.report.words import Voice
from respondby.reports.happenings import IncidentRow
from respondby.reports.monthly import Report
from respondby.reports.uptime import UptimeFigure


def uptime(report: Report, voice: Voice) -> PaperSection:
    """Each product's uptime against its target."""
    rows, labels, values = [], [], []
    for figure in report.uptimes:
        name = product_name(report, figure.product, voice)
        cases = refs(report, figure.cases)
        if figure.reason:
            rows.append((Cell(name), Cell(voice.say("reason", figure.reason)), *(Cell("") for _ in range(8))))
            continue
        kept = "–" if figure.kept is None else voice.say("yes" if figure.kept else "no")
        left = "–" if figure.left is None else voice.took(figure.left)
        rows.append(
            (
                Cell(name),
                up_cell(figure, voice),
                Cell(figure.target or "–", number=True),
                Cell(kept),
                Cell(voice.took(figure.down), number=True, raw=str(figure.down)),
                Cell(voice.took(-(-figure.lost // 100)), number=True, raw=str(figure.lost / 100)),
                Cell(left, number=True),
                Cell(voice.took(figure.maintenance), number=True, raw=str(figure.maintenance)),
                Cell(voice.took(figure.unknown), number=True, raw=str(figure.unknown)),
                cases_cell(cases, voice),
            )
        )
        labels.append(name)
        values.append(-(-figure.lost // 6_000))
    columns = voice.column(
        "product", "uptime", "target", "kept", "down", "weighted", "allowed", "maintenance", "unknown", "cases"
    )
    chart = chart_of("uptime", labels, values, voice)
    return section("uptime", voice, columns, rows, chart=chart, note=_how(report, voice))


def incidents(report: Report, voice: Voice) -> PaperSection:
    """The incidents of the period."""
    rows = [_incident(report, row, voice) for row in report.incidents]
    timed = [(f"#{row.case.number}", -(-row.seconds // 60)) for row in report.incidents if row.seconds is not None]
    chart = chart_of("incidents", [name for name, _ in timed], [minutes for _, minutes in timed], voice)
    columns = voice.column(
        "incident", "values", "detected", "milestones", "lasted", "cause", "resolution", "post-mortem"
    )
    return section("incidents", voice, columns, rows, chart=chart)


def coming(report: Report, voice: Voice) -> PaperSection:
    """Maintenance to come."""
    rows = [
        (
            case_cell(case),
            Cell(product_name(report, window.value, voice) if window.value is not None else "–"),
            Cell(voice.moment(window.start)),
            Cell(voice.moment(window.end) + (f" ({voice.say('state', 'emergency')})" if window.emergency else "")),
        )
        for case, window in report.coming
    ]
    return section("coming", voice, voice.column("case", "product", "starts", "ends"), rows)


def up_cell(one: UptimeFigure, voice: Voice) -> Cell:
    """Its uptime, or why there is no figure."""
    if one.reason:
        return Cell(voice.say("reason", one.reason))
    return Cell(voice.percent(one.share), number=True, raw=one.share.floor(6) or "")


def _how(report: Report, voice: Voice) -> str:
    """How uptime is counted here."""
    policy = report.facts.policy
    weights = policy.uptime.weights if policy.uptime is not None else {}
    said = "; ".join(
        voice.say(
            "note",
            "weights",
            field=voice.name(policy.fields[name].title),
            values=", ".join(f"{value} {voice.say('percent', n=weight)}" for value, weight in values.items()),
        )
        for name, values in weights.items()
    )
    since = report.facts.since
    unknown = (
        voice.say("note", "unknown-never")
        if since is None
        else voice.say("note", "unknown-since", date=voice.speaking.date(since))
    )
    return voice.say("note", "uptime", weights=said or voice.say("note", "whole"), unknown=unknown)


def _incident(report: Report, row: IncidentRow, voice: Voice) -> tuple[Cell, ...]:
    case, incident = row.case, row.case.incident
    assert incident is not None, "only incidents have a row"
    said = voice.speaking.words["milestones"]
    milestones = "; ".join(
        f"{said[milestone.name]} {voice.moment(milestone.at)}"
        + (f" ({voice.say('state', 'corrected')})" if milestone.corrected else "")
        for milestone in incident.milestones
    )
    if incident.problem:
        lasted = voice.say("reason", incident.problem)
    elif incident.false_alarm is not None:
        lasted = voice.say("state", "false-alarm", why=incident.false_alarm)
    else:
        length = voice.took(row.seconds or 0)
        lasted = f"{voice.say('least', length=length)}, {voice.say('state', 'ongoing')}" if row.ongoing else length
    resolution = row.resolution
    if incident.insisted and incident.lacks:
        resolution = voice.say("state", "insisted", what=", ".join(incident.lacks))
    written = row.post_mortem
    return (
        case_cell(case), Cell(values_of(report, case, voice)), Cell(voice.moment(row.detected)), Cell(milestones),
        Cell(lasted, number=True), Cell(row.cause or "–"), Cell(resolution or "–"),
        Cell(written.title, written.url) if written is not None else Cell("–"),
    )  # fmt: skip
