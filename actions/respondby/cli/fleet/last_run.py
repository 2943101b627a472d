"""`respondby fleet last-run`: which run of this workflow has left what the next one begins with."""

from __future__ import annotations

import json
import os

import click


@click.command()
@click.option("--shard", envvar="RESPONDBY_SHARD", help="In a job of the matrix: what `fleet plan` says of its part.")
def command(shard: str | None) -> None:
    """Print `run=ID`, the last run of this workflow on this branch that has ended; in a job, for GITHUB_OUTPUT.

    Nothing is printed after the equals sign where there is none, or where it cannot be seen: everything is read then.
    """
    click.echo(f"run={_of_part(shard) if shard else _asked()}")


def _of_part(shard: str) -> str:
    try:
        said = json.loads(shard)
        last = str(said.get("last", "")) if isinstance(said, dict) else ""
    except ValueError:
        return ""  # the sweep itself says what is wrong with it
    return last if last.isdigit() else ""


def _asked() -> str:
    from respondby.cli.running import connect
    from respondby.fleet.last_run import last_run

    _, client = connect(os.environ)
    found = last_run(client, os.environ.get("GITHUB_WORKFLOW_REF", ""), os.environ.get("GITHUB_REF_NAME", ""))
    if isinstance(found, str):
        click.echo(found, err=True)
        return ""
    return "" if found is None else str(found)
