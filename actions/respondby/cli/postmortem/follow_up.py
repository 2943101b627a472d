"""`respondby postmortem follow-up`: the action items that were agreed and are still to be done."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import NamedTuple

import click

from respondby.calendars.instants import UTC, wall
from respondby.cli.postmortem.files import read_documents


class _Open(NamedTuple):
    due: date | None
    owner: str
    what: str
    document: str
    title: str
    issue: str
    line: int
    days: int | None


@click.command("follow-up")
@click.option("--owner", metavar="LOGIN", help="Only this person's.")
@click.option("--incident", metavar="N", help="Only those of the incident with this number.")
@click.option("--by", type=click.Choice(["due", "owner", "incident"]), default="due", help="In which order.")
@click.option("--at", metavar="DATE", help="As of this day (ISO 8601) instead of today.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(owner: str | None, incident: str | None, by: str, at: str | None, as_json: bool) -> None:
    """List the open action items of docs/incidents: how late each is, who owns it, what it came from."""
    found = _open_items(_today(at))
    if owner:
        found = [item for item in found if item.owner.casefold() == owner.lstrip("@").casefold()]
    if incident:
        found = [item for item in found if f"-{incident}-" in item.document.rpartition("/")[2]]
    keys = {
        "due": lambda item: (item.due or date.max, item.owner),
        "owner": lambda item: (item.owner.casefold(), item.due or date.max),
        "incident": lambda item: (item.document, item.due or date.max),
    }
    found.sort(key=keys[by])
    if as_json:
        click.echo(
            json.dumps(
                [{**item._asdict(), "due": str(item.due) if item.due else None} for item in found], ensure_ascii=False
            )
        )
        return
    for item in found:
        click.echo(_line(item))
    late = sum(item.days is not None and item.days < 0 for item in found)
    click.echo(f"{len(found)} open action item{'' if len(found) == 1 else 's'}, {late} past due.")


def _open_items(today: date) -> list[_Open]:
    from respondby.postmortems.index import is_example, listed, open_items

    return [
        _Open(
            item.due_day,
            item.owner.lstrip("@"),
            item.what,
            document.path,
            document.title,
            item.issue,
            item.line + 1,
            (item.due_day - today).days if item.due_day else None,
        )
        for document in listed(read_documents(()).documents)
        if not is_example(document)
        for item in open_items(document)
    ]


def _today(at: str | None) -> date:
    if at is None:
        return wall(int(time.time()), UTC).date()
    try:
        return date.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(f"“{at}” is no date; write one such as 2026-12-15", param_hint="--at") from None


def _line(item: _Open) -> str:
    when = "no due date" if item.days is None else _when(item.days)
    place = item.issue or f"{item.document}:{item.line}"
    return f"{item.due or '          '}  {when:<16}  {item.owner or 'nobody':<16}  {item.what}  ({place})"


def _when(days: int) -> str:
    if days == 0:
        return "due today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} late" if days < 0 else f"in {count}"
