"""A report as plain text, for channels that know no markup, and in parts where one message does not hold it.

Nothing is left out: what does not fit into one part stands in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from respondby.letters.neutral import flat
from respondby.letters.report.paper import Cell, Paper, PaperSection

#: A piece of a line that is longer than a whole part is cut no shorter than this.
_LEAST = 200


def plain(paper: Paper, sections: Iterable[str] | None = None) -> str:
    """The whole report, or those sections of it."""
    wanted = None if sections is None else set(sections)
    parts = [flat(paper.title), flat(paper.subtitle), *(flat(line, 600) for line in paper.lead)]
    shown = (section for section in paper.sections if wanted is None or section.name in wanted)
    parts.extend("\n".join(_section(section)) for section in shown)
    return "\n\n".join(parts) + "\n"


def split(text: str, most: int) -> tuple[str, ...]:
    """The text in parts of at most `most` characters, cut between lines; put together they are the text."""
    most = max(most, _LEAST)
    parts: list[str] = []
    part = ""
    for line in text.splitlines(keepends=True):
        for piece in (line[start : start + most] for start in range(0, len(line), most)):
            if part and len(part) + len(piece) > most:
                parts.append(part)
                part = ""
            part += piece
    return (*parts, part) if part else tuple(parts)


def _section(section: PaperSection) -> Iterator[str]:
    yield flat(section.title).upper()
    if section.empty:
        yield flat(section.empty)
    for first, *rest in section.rows:
        said = [
            f"{flat(name)}: {shown}"
            for name, cell in zip(section.columns[1:], rest, strict=True)
            if (shown := _text(cell))
        ]
        head = _text(first)
        if first.number:
            head = f"{flat(section.columns[0])}: {head}"
        yield f"- {head}{': ' if said else ''}{'; '.join(said)}"
    yield from (f"- {_text(line)}" for line in section.lines)
    if section.note:
        yield flat(section.note, 1_000)


def _text(cell: Cell) -> str:
    return ", ".join(filter(None, (*(one.text for one in cell.more), flat(cell.text, 2_000))))
