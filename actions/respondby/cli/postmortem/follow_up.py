"""`respondby postmortem follow-up`: the action items that were agreed and are still to be done."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from textwrap import wrap
from typing import NamedTuple

import click

from respondby.calendars.instants import UTC, wall
from respondby.cli.postmortem.files import read_documents
from respondby.cli.writing import say
from respondby.letters.neutral import flat
from respondby.terminal import width

_LATEST = date.max


class _Open(NamedTuple):
    """An open item. `days` is how many are left until its due (negative: late; None: it has none), `age` how many have
    passed since the day of its incident; `issue_state` is `open`, `completed`, `not planned`, `duplicate`, `gone`, or
    empty where nobody asked or nothing is linked.
    """

    due: date | None
    owner: str
    what: str
    document: str
    title: str
    issue: str
    line: int
    days: int | None
    incident: str
    age: int
    issue_state: str = ""


_ORDERS = {
    "due": lambda item: (item.due or _LATEST, item.owner),
    "age": lambda item: (-item.age, item.document, item.line),
    "owner": lambda item: (item.owner.casefold(), item.due or _LATEST),
    "incident": lambda item: (item.document, item.due or _LATEST),
}


@click.command("follow-up")
@click.option("--owner", metavar="LOGIN", help="Only this person's.")
@click.option("--incident", metavar="N", help="Only those of the incident with this number.")
@click.option("--by", type=click.Choice(tuple(_ORDERS)), default="due", help="In which order; `age` is the incident's.")
@click.option("--at", metavar="DATE", help="As of this day (ISO 8601) instead of today.")
@click.option("--online", is_flag=True, help="Also ask the repository how each item's issue stands (GITHUB_TOKEN).")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(owner: str | None, incident: str | None, by: str, at: str | None, online: bool, as_json: bool) -> None:
    """List the open action items of docs/incidents: how late each is, who owns it, what it came from, how old that is.

    With --online, an item whose issue is closed is told of too: the weekly pull request will say so in its document.
    """
    found = list(_open_items(_today(at)))
    if owner:
        found = [item for item in found if item.owner.casefold() == owner.lstrip("@").casefold()]
    if incident:
        found = [item for item in found if item.incident == incident]
    found.sort(key=_ORDERS[by])
    if online:
        found = _with_states(found, quiet=as_json)
    if as_json:
        items = [{**item._asdict(), "due": str(item.due) if item.due else None} for item in found]
        click.echo(json.dumps(items, ensure_ascii=False))
        return
    say(line for item in found for line in _lines(item))
    late = sum(item.days is not None and item.days < 0 for item in found)
    say([f"{len(found)} open action item{'' if len(found) == 1 else 's'}, {late} past due."])


def _open_items(today: date) -> Iterator[_Open]:
    from respondby.postmortems.index import day_of, is_example, listed, open_items

    for document in listed(read_documents(()).documents):
        if is_example(document):
            continue
        number = next((link.rpartition("/")[2] for link in document.incidents), "")
        day = day_of(document)
        for item in open_items(document):
            yield _Open(
                item.due_day,
                item.owner.lstrip("@"),
                item.what,
                document.path,
                document.title,
                item.issue,
                item.line + 1,
                (item.due_day - today).days if item.due_day else None,
                number,
                (today - day).days if day > date.min else 0,
            )


def _with_states(items: Sequence[_Open], *, quiet: bool) -> list[_Open]:
    """The items with how their issues stand, of those that are this repository's."""
    from respondby.cli.progress import showing
    from respondby.cli.running import connect
    from respondby.forge.merges import issue_states
    from respondby.postmortems.following import number_in

    _, client = connect(os.environ)
    numbers = [number_in(item.issue, client.repository) for item in items]
    with showing(client, quiet=quiet):
        states = issue_states(client, sorted({number for number in numbers if number is not None}))
    said = {number: "open" if state.open else state.reason for number, state in states.items()}
    return [
        item if number is None else item._replace(issue_state=said.get(number, "gone"))
        for item, number in zip(items, numbers, strict=True)
    ]


def _today(at: str | None) -> date:
    if at is None:
        return wall(int(time.time()), UTC).date()
    try:
        return date.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(f"“{at}” is not a date; write one such as 2026-12-15", param_hint="--at") from None


def _lines(item: _Open) -> Iterable[str]:
    """An item for a terminal of 80 columns: until when, whose and how old, and below that what it is and where."""
    when = "no due date" if item.days is None else _when(item.days)
    age = f"{_days(item.age)} old" if item.age > 0 else "new"
    yield f"{item.due or '          '}  {when:<14}  {flat(item.owner, 24) or 'nobody':<24}  {age}"
    place = item.issue or f"{item.document}:{item.line}"
    state = f", {_SAID.get(item.issue_state, item.issue_state)}" if item.issue_state else ""
    yield from wrap(
        f"{flat(item.what, 200)} ({place}{state})", width(), initial_indent="  ", subsequent_indent="  ",
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


_SAID = {
    "completed": "closed",
    "not planned": "closed as not planned",
    "duplicate": "closed as a duplicate",
    "gone": "which does not exist",
}


def _when(days: int) -> str:
    if days == 0:
        return "due today"
    return f"{_days(abs(days))} late" if days < 0 else f"in {_days(days)}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
