"""A report as Markdown that GitHub renders: tables, a mermaid chart beside each that has one, notes in small print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from respondby.letters.neutral import flat, inline
from respondby.letters.report.paper import Cell, Chart, Paper, PaperSection

#: What a mermaid diagram's quoted label may hold; anything else ends the diagram.
_NOT_IN_A_LABEL = re.compile(r"[^\w .,:()/%+–-]")
_MOST_LABEL = 24


def markdown(paper: Paper) -> str:
    """The whole report. It ends with one line feed."""
    parts = [f"# {inline(paper.title)}", f"**{inline(paper.subtitle)}**", *(inline(line, 600) for line in paper.lead)]
    parts += [section_text(section) for section in paper.sections]
    return "\n\n".join(part for part in parts if part) + "\n"


def section_text(section: PaperSection) -> str:
    """One part of a report."""
    return "\n\n".join(part for part in _parts(section) if part)


def _parts(section: PaperSection) -> Iterator[str]:
    yield f"## {inline(section.title)}"
    if section.rows:
        numbers = [all(_stands_right(row[index]) for row in section.rows) for index in range(len(section.columns))]
        head = f"| {' | '.join(inline(column) for column in section.columns)} |"
        rule = f"| {' | '.join('---:' if number else '---' for number in numbers)} |"
        rows = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in section.rows]
        yield "\n".join([head, rule, *rows])
    elif section.empty:
        yield inline(section.empty)
    if section.chart is not None:
        yield _chart(section.chart)
    if section.lines:
        yield "\n".join(f"- {_cell(line)}" for line in section.lines)
    if section.note:
        yield f"<sub>{inline(section.note, 1_000)}</sub>"


def _stands_right(cell: Cell) -> bool:
    return cell.number or (not cell.text and not cell.more)


def _cell(cell: Cell) -> str:
    shown = [f"[{one.text}]({one.url})" for one in cell.more]  # `#7`
    # A figure is ours, and stays one that can be copied: `inline` would put what nobody sees behind its first digits.
    text = cell.text.replace("|", "\\|") if cell.number else inline(cell.text, 2_000)
    if text:
        shown.append(f"[{text}]({cell.url})" if cell.url else text)
    return ", ".join(shown)


def _chart(chart: Chart) -> str:
    """A bar chart. A label is in quotes, and nothing in it can end them."""
    labels = ", ".join(f'"{_label(label)}"' for label in chart.labels)
    values = ", ".join(str(value) for value in chart.values)
    top = max(1, *chart.values)
    lines = ["xychart-beta horizontal", f'    title "{_label(chart.title, 60)}"', f"    x-axis [{labels}]"]
    return "\n".join(["```mermaid", *lines, f"    y-axis 0 --> {top}", f"    bar [{values}]", "```"])


def _label(text: str, most: int = _MOST_LABEL) -> str:
    return _NOT_IN_A_LABEL.sub(" ", flat(text, most)).strip() or "–"
