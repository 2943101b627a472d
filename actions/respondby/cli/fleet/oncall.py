"""`respondby fleet oncall`: who is on call across all repositories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from respondby.cli.fleet.files import annotate_notices, each, file_option, notices_json, say, the_fleet


@click.command()
@file_option
@click.option("--at", metavar="TIME", help="At this instant (ISO 8601 with offset) instead of now.")
@click.option("--person", metavar="LOGIN", help="Only where this person is on call.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, file: Path | None, at: str | None, person: str | None, as_json: bool) -> None:
    """Say who is on call in each rota of each repository, and until when: those who share a rota stand together."""
    from respondby.calendars.errors import TimeError
    from respondby.calendars.instants import parse_time
    from respondby.cli.output.fleet_report import oncall_lines
    from respondby.fleet.duty import on_call_in
    from respondby.fleet.members import members_of

    environment, client, fleet = the_fleet(file)
    try:
        instant = None if at is None else parse_time(at, None)
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    members = members_of(client, fleet)

    def one(name: str) -> dict[str, Any]:
        return {"repository": name, "failed": None, "rotas": on_call_in(client.beside(name), instant)}

    rows, left, ended = each(
        client, members.names, one, lambda name, why: {"repository": name, "failed": why, "rotas": []}
    )
    if person is not None:
        for row in rows:
            row["rotas"] = [rota for rota in row["rotas"] if person.lower() in {who.lower() for who in rota["people"]}]
    output: dict[str, Any] = {"repositories": rows, "left": left, "ended": ended, "told": notices_json(members.notices)}
    say(output, oncall_lines(output), as_json=as_json)
    annotate_notices(environment, members.notices)
    needed = any(one.needed for one in members.notices)
    context.exit(1 if needed or ended or any(row["failed"] for row in rows) else 0)
