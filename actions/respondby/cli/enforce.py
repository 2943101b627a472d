"""`respondby enforce`: one sweep over every open case."""

from __future__ import annotations

import os

import click

from respondby.cli.running import desk, finish


@click.command()
@click.option("--issue", "number", envvar="RESPONDBY_ISSUE", type=click.IntRange(min=1), help="Only this issue.")
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="Print the plan; perform no write.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(number: int | None, dry_run: bool, as_json: bool) -> None:
    """Remind, comment and escalate what has come due, in every open issue."""
    from respondby.jobs.runs import sweep

    environment, made = desk(os.environ)
    finish(environment, sweep(made, number=number, dry=dry_run), as_json=as_json)
