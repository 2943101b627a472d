"""`respondby fleet report`: a month of all repositories in one table."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from respondby.cli.fleet.files import annotate_notices, each, file_option, notices_json, say, the_fleet


@click.command()
@file_option
@click.option("--month", metavar="YYYY-MM", help="A calendar month; without it the last one that is over.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, file: Path | None, month: str | None, as_json: bool) -> None:
    """Say what every repository has promised and kept in a month: a row for each, which leads to it, and their sum."""
    from respondby.calendars.errors import TimeError
    from respondby.cli.output.fleet_report import report_lines
    from respondby.cli.running import desk
    from respondby.fleet.members import members_of
    from respondby.fleet.month import row_of
    from respondby.reports.periods import month as month_named
    from respondby.runner.results import add_summary

    environment, client, fleet = the_fleet(file)
    if month is not None:
        try:
            month_named(month, "UTC")
        except TimeError as error:
            raise click.BadParameter(str(error), param_hint="--month") from None
    _, made = desk(os.environ)
    members = members_of(client, fleet)

    def one(name: str) -> dict[str, Any]:
        row = row_of(replace(made, client=client.beside(name)), month)
        return {"repository": name, "failed": None, **asdict(row)}

    rows, left, ended = each(client, members.names, one, lambda name, why: {"repository": name, "failed": why})
    output: dict[str, Any] = {
        "server": os.environ.get("GITHUB_SERVER_URL", "https://github.com"),
        "repositories": rows,
        "left": left,
        "ended": ended,
        "told": notices_json(members.notices),
        "requests": client.requests,
    }
    say(output, report_lines(output), as_json=as_json)
    annotate_notices(environment, members.notices)
    add_summary(environment.summary_path, "\n".join(report_lines(output)) + "\n")
    needed = any(one.needed for one in members.notices)
    context.exit(1 if needed or ended or any(row["failed"] or row["unread"] for row in rows) else 0)
