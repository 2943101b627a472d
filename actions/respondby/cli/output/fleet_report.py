"""A month of a fleet as a table, and who is on call in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from respondby.cli.output.fleet import notice_lines
from respondby.letters.neutral import flat
from respondby.reports.figures import Share

_FIGURES = ("opened", "closed", "open", "incidents", "pages", "nights")


def report_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """The table as markdown: a row for each repository that could be read, and the sum of all."""
    rows = [row for row in output["repositories"] if row["failed"] is None]
    months = sorted({row["month"] for row in rows})
    yield f"### Promises of {', '.join(months) or 'no month'}"
    yield ""
    yield "| repository | promises | kept | opened | closed | open | incidents | pages | at night |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        yield _row(f"[{row['repository']}]({output['server']}/{row['repository']}/issues)", row)
    if len(rows) > 1:
        names = ("judged", "kept", *_FIGURES)
        yield _row(f"**{len(rows)} repositories**", {name: sum(row[name] for row in rows) for name in names})
    yield ""
    for row in output["repositories"]:
        if row["failed"] is not None:
            yield f"- {row['repository']} is in no figure: {flat(row['failed'], 300)}"
        elif row["unread"]:
            yield f"- {row['repository']}: {row['unread']} cases could not be read, and are in no figure"
    yield from _rest(output)


def _row(name: str, row: Mapping[str, Any]) -> str:
    share = Share(row["kept"], row["judged"]).floor(1)
    cells = [name, str(row["judged"]), f"{share} %" if share is not None else "–", *(str(row[one]) for one in _FIGURES)]
    return f"| {' | '.join(cells)} |"


def oncall_lines(output: Mapping[str, Any]) -> Iterator[str]:
    """Who is on call: the same people until the same time stand once, with all their repositories."""
    shared: dict[tuple[str, tuple[str, ...], str | None], list[str]] = {}
    for row in output["repositories"]:
        for rota in row["rotas"]:
            key = (rota["rota"], tuple(rota["people"]), rota["until"])
            shared.setdefault(key, []).append(row["repository"])
    for (rota, people, until), names in sorted(shared.items(), key=lambda item: (item[0][1], item[0][0])):
        who = ", ".join(flat(person, 60) for person in people) or "nobody"
        yield f"{who}: {flat(rota, 60)}{f' until {until}' if until else ''}: {', '.join(names)}"
    without = [row["repository"] for row in output["repositories"] if not row["rotas"] and row["failed"] is None]
    if without:
        yield f"no rota, or none that was asked for: {', '.join(without)}"
    for row in output["repositories"]:
        if row["failed"] is not None:
            yield f"{row['repository']}: failed: {flat(row['failed'], 300)}"
    yield from _rest(output)


def _rest(output: Mapping[str, Any]) -> Iterator[str]:
    if output["left"]:
        yield f"- {len(output['left'])} were not asked: {output['ended']}"
    yield from (f"- {line}" for line in notice_lines(output["told"]))
