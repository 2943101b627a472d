"""A report as one HTML file that needs nothing else: no script, no address to load from; light, dark, narrow, on A4.

Laws:

- Whatever people wrote stands as text: `escape` is the only way in which a text gets into the page, and a link leads
  only where the forge's own address does.
- Tables that are too wide scroll by themselves, with the keyboard too; on paper they shrink and repeat their heads.
- A bar is a picture of the figure that stands beside it, so nothing is told by a picture alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as escaped

from respondby.letters.neutral import flat
from respondby.letters.report.paper import Cell, Chart, Paper, PaperSection

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a; --line: #d0d7de; --band: #f3f5f7;
  --link: #0550ae; --bar: #2f6feb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #9aa5b1; --line: #30363d;
  --band: #161b22; --link: #79b8ff; --bar: #58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 84rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
p { margin: .4rem 0; max-width: 50rem; }
.of { font-weight: 600; }
.note, .lead { color: var(--soft); font-size: .9em; }
a { color: var(--link); text-underline-offset: .15em; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { padding: .35rem .5rem; min-width: 3.5rem; text-align: left; vertical-align: top; overflow-wrap: normal;
  border-bottom: 1px solid var(--line); }
thead th { background: var(--band); vertical-align: bottom; }
tbody th { font-weight: 600; min-width: 9rem; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bars { width: auto; min-width: min(30rem, 100%); margin-top: 1rem; }
.bars caption { text-align: left; font-weight: 600; padding: .2rem 0; }
.bars th, .bars td { border: 0; min-width: 0; padding: .15rem .6rem .15rem 0; }
.bars th { font-weight: 400; min-width: 0; }
.bars svg { display: block; width: 12rem; height: .8rem; fill: var(--bar); }
@media (max-width: 30rem) { .bars svg { width: 7rem; } }
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #444; --line: #999; --band: #eee; --link: #000; --bar: #333; }
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  h1 { font-size: 16pt; } h2 { font-size: 12pt; break-after: avoid; margin-top: 1.4rem; }
  table { font-size: 7.5pt; } th, td { padding: .15rem .3rem; min-width: 0; } thead { display: table-header-group; }
  tr, .bars { break-inside: avoid; }
  .figure { white-space: normal; } tbody th { min-width: 0; }
  .wide { overflow: visible; }
  a { text-decoration: none; }
}
"""


def page(paper: Paper) -> str:
    """The whole file."""
    return "\n".join(_lines(paper)) + "\n"


def escape(text: str, most: int = 4_000) -> str:
    """The text as HTML shows it, in an element or between the quotes of an attribute."""
    return escaped(flat(text, most), quote=True)


def _lines(paper: Paper) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(paper.language)}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f"<title>{escape(f'{paper.title}: {paper.subtitle}', 70)}</title>"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<header>"
    yield f"<h1>{escape(paper.title)}</h1>"
    yield f'<p class="of">{escape(paper.subtitle)}</p>'
    yield from (f'<p class="lead">{escape(line)}</p>' for line in paper.lead)
    yield "</header>"
    yield "<main>"
    for section in paper.sections:
        yield from _section(section)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _section(section: PaperSection) -> Iterator[str]:
    name = escape(section.name)
    yield "<div>"
    yield f'<h2 id="{name}">{escape(section.title)}</h2>'
    if section.rows:
        yield f'<section class="wide" aria-labelledby="{name}" tabindex="0">'
        yield from _table(section)
        yield "</section>"
    elif section.empty:
        yield f"<p>{escape(section.empty)}</p>"
    if section.chart is not None:
        yield from _bars(section.chart)
    if section.lines:
        yield "<ul>"
        yield from (f"<li>{_cell(line)}</li>" for line in section.lines)
        yield "</ul>"
    if section.note:
        yield f'<p class="note">{escape(section.note)}</p>'
    yield "</div>"


def _table(section: PaperSection) -> Iterator[str]:
    numbers = [any(row[index].number for row in section.rows) for index in range(len(section.columns))]
    yield "<table>"
    heads = (_element("th", escape(column), number, scope="col") for column, number in _pairs(section, numbers))
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for first, *rest in section.rows:
        head = _element("td", _cell(first), True) if first.number else _element("th", _cell(first), False, scope="row")
        yield f"<tr>{head}{''.join(_element('td', _cell(cell), cell.number) for cell in rest)}</tr>"
    yield "</tbody>"
    yield "</table>"


def _pairs(section: PaperSection, numbers: list[bool]) -> Iterator[tuple[str, bool]]:
    return zip(section.columns, numbers, strict=True)


def _element(name: str, shown: str, figure: bool, *, scope: str = "") -> str:
    attributes = f' scope="{scope}"' if scope else ""
    attributes += ' class="figure"' if figure else ""
    return f"<{name}{attributes}>{shown}</{name}>"


def _cell(cell: Cell) -> str:
    shown = [f'<a href="{escape(one.url)}">{escape(one.text)}</a>' for one in cell.more]
    if cell.text:
        shown.append(f'<a href="{escape(cell.url)}">{escape(cell.text)}</a>' if cell.url else escape(cell.text))
    return ", ".join(shown)


def _bars(chart: Chart) -> Iterator[str]:
    top = max(1, *chart.values)
    yield '<table class="bars">'
    yield f"<caption>{escape(chart.title)}</caption>"
    yield "<tbody>"
    for label, value in zip(chart.labels, chart.values, strict=True):
        width = 1000 * value // top
        bar = f'<rect width="{width}" height="10"/>'
        bar = f'<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
        yield f'<tr><th scope="row">{escape(label)}</th><td>{bar}</td><td class="figure">{value}</td></tr>'
    yield "</tbody>"
    yield "</table>"
