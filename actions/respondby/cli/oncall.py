"""`respondby oncall --batch`: who is on call, since when and until when, for machines."""

from typing import BinaryIO

import click

from respondby.calendars.errors import TimeError, text_of
from respondby.calendars.instants import iso, parse_time
from respondby.calendars.overrides import read_away
from respondby.calendars.rotas import Rota
from respondby.cli.batch import run_batch


@click.command()
@click.option("--batch", type=click.File("rb"), help="JSON lines to answer; - is standard input.")
@click.pass_context
def command(context: click.Context, batch: BinaryIO | None) -> None:
    """Who is on call, since when and until when.

    With --batch, each line {"rota": {…}, "at": T} is answered by {"on_call": [names], "since": T, "until": T}. The
    rota is the policy's rota object with its overrides inline; "people" may hold the policy's people, for who is
    away.
    """
    if batch is None:
        raise click.UsageError("give --batch FILE, or --batch - for standard input")
    context.exit(run_batch(batch, answer))


def answer(line: dict[str, object]) -> dict[str, object]:
    """The answer to one line of a batch. Raises `TimeError` for one that has none."""
    for key in ("rota", "at"):
        if key not in line:
            raise TimeError(f'a line needs “{key}”, such as {{"rota": {{…}}, "at": "2026-01-05T16:00:00Z"}}')
    given = line["rota"]
    timezone = text_of(given.get("timezone", "UTC"), "timezone") if isinstance(given, dict) else "UTC"
    rota = Rota.from_mapping(given, read_away(line.get("people") or {}, timezone))
    shift = rota.on_call(parse_time(text_of(line["at"], "at"), None))
    return {
        "on_call": list(shift.people),
        "since": None if shift.since is None else iso(shift.since),
        "until": None if shift.until is None else iso(shift.until),
    }
