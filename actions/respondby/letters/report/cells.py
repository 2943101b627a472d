"""What the sections of a report are put together from: cells, links to cases, charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from respondby.letters.report.paper import Cell, Chart, PaperSection
from respondby.letters.report.words import Voice
from respondby.reports.cases import CaseFacts
from respondby.reports.figures import Share
from respondby.reports.monthly import Report

#: So many cases are led to from one figure; the others are counted.
_MOST_LINKS = 6
#: A chart of more bars than these shows nothing.
_MOST_BARS = 24


def section(
    name: str,
    voice: Voice,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    *,
    chart: Chart | None = None,
    note: str | None = None,
) -> PaperSection:
    """A part with the title and the note that its words give; without rows it says that there is none."""
    said = voice.words["note"].get(name, "") if note is None else note
    return PaperSection(
        name, voice.say("section", name), columns, tuple(rows), chart, (), str(said) if rows else "",
        "" if rows else voice.say("none"),
    )  # fmt: skip


def chart_of(name: str, labels: Sequence[str], values: Sequence[int], voice: Voice) -> Chart | None:
    """A chart says something of two bars and more that are not all nothing."""
    if not 2 <= len(labels) <= _MOST_BARS or not any(values):
        return None
    return Chart(voice.say("chart", name), tuple(labels), tuple(values))


def number(value: int) -> Cell:
    """A whole number."""
    return Cell(str(value), number=True, raw=str(value))


def case_cell(case: CaseFacts) -> Cell:
    """A case as a link: its number and title."""
    return Cell(f"#{case.number} {case.title}", case.url)


def refs(report: Report, refs: Iterable[str]) -> list[CaseFacts]:
    """The cases of these references."""
    known = {case.ref: case for case in report.facts.cases}
    return [known[ref] for ref in refs if ref in known]


def cases_cell(cases: Iterable[CaseFacts], voice: Voice) -> Cell:
    """Links to cases, the first few of them."""
    found = list(cases)
    links = tuple(Cell(f"#{case.number}", case.url) for case in found[:_MOST_LINKS])
    rest = len(found) - len(links)
    return Cell(voice.say("and-more", n=rest) if rest else "", more=links)


def share_text(share: Share, voice: Voice) -> str:
    """`95.0 % (19/20)`; a dash of nothing."""
    return f"{voice.percent(share, 1)} ({share.part}/{share.whole})" if share.whole else "–"


def values_of(report: Report, case: CaseFacts, voice: Voice) -> str:
    """The names of the case's values, in the policy's order of fields."""
    found = []
    for name, field in report.facts.policy.fields.items():
        value = field.value(case.fields.get(name, ""))
        if value is not None:
            found.append(voice.short(value.name))
    return ", ".join(found)


def product_name(report: Report, value: str, voice: Voice) -> str:
    """What people call a value of the field that uptime is measured by."""
    policy = report.facts.policy
    field = policy.fields.get(policy.uptime.by) if policy.uptime is not None else policy.fields.get("product")
    known = field.value(value) if field is not None else None
    return voice.name(known.name) if known is not None else value
