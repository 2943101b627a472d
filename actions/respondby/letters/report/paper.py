"""A report as people read it, before it is Markdown, a page or a sheet: titles, notes, tables, charts.

Everything in it is plain text: each way of showing it makes texts harmless for itself.
"""

from __future__ import annotations

from respondby.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a table. `url` is where it leads; `number` says that it is a figure, which stands to the right.

    `raw` is the figure itself for programs that calculate with a sheet (empty: the text).
    """

    text: str
    url: str = ""
    number: bool = False
    raw: str = ""
    more: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: a figure for each label. `values` are whole numbers."""

    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A part: its table (`columns` and `rows`), a chart beside it, lines below it, a note that says how it is counted.

    `name` is the key of its words. Without rows it says `empty`.
    """

    name: str
    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    chart: Chart | None = None
    lines: tuple[Cell, ...] = ()
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report. `name` is that of its files, `language` an HTML `lang`."""

    name: str
    title: str
    subtitle: str
    lead: tuple[str, ...]
    sections: tuple[PaperSection, ...]
    language: str
