"""`respondby explain N`: one case, each clock and cycle, and why it stands as it does."""

from __future__ import annotations

import json
import os

import click

from respondby.cli.running import desk


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--markdown", is_flag=True, help="Print markdown.")
def command(number: int, as_json: bool, markdown: bool) -> None:
    """Say what started, paused and stopped each clock of issue NUMBER, what is due when, and by which rule."""
    from respondby.cli.progress import showing
    from respondby.jobs.explaining import explained

    _, made = desk(os.environ)
    with showing(made.client, quiet=as_json):
        output = explained(made, number)
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    from respondby.cli.output.explain import explain_markdown, explain_text

    click.echo(explain_markdown(output) if markdown else explain_text(output))
