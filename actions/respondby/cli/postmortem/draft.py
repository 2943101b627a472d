"""`respondby postmortem draft N`: an incident's post-mortem as far as facts go."""

from __future__ import annotations

import json
import os

import click


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output: the path and the text.")
def command(number: int, as_json: bool) -> None:
    """Print the draft for the incident NUMBER, read from the case as it is now. It writes nothing."""
    from respondby.cli.running import desk
    from respondby.jobs.post_mortems import drafted

    _, made = desk(os.environ)
    path, text = drafted(made, number)
    if as_json:
        click.echo(json.dumps({"path": path, "text": text}, ensure_ascii=False))
        return
    click.echo(f"{path}\n", err=True)
    click.echo(text, nl=False)
