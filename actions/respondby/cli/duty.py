"""`respondby duty`: the duties as they stand."""

from __future__ import annotations

import json
import os

import click

from respondby.cli.running import desk
from respondby.cli.writing import say


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(as_json: bool) -> None:
    """Say of each duty what was last, what is open, what comes next. It writes nothing: the sweep opens what is due."""
    from respondby.cli.progress import showing
    from respondby.jobs.listing import duties_now

    _, made = desk(os.environ)
    with showing(made.client, quiet=as_json):
        output = duties_now(made)
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    from respondby.cli.output.duties import duty_lines

    say(duty_lines(output))
