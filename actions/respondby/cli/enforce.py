"""`respondby enforce`: one sweep over every open case."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from respondby.cli.running import desk, finish, sweep_cache


@click.command()
@click.option("--issue", "number", envvar="RESPONDBY_ISSUE", type=click.IntRange(min=1), help="Only this issue.")
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="Print the plan; perform no write.")
@click.option("--cache", "folder", envvar="RESPONDBY_CACHE", help="Keep in this folder what is at rest until when.")
@click.option(
    "--ceiling",
    envvar="RESPONDBY_CEILING",
    type=click.IntRange(min=1),
    metavar="N",
    help="Call people one by one about N cases at most, in place of the policy's `ceiling`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(number: int | None, dry_run: bool, folder: str | None, ceiling: int | None, as_json: bool) -> None:
    """Remind, comment and escalate what has come due, in every open issue."""
    from respondby.jobs.runs import sweep
    from respondby.runner.results import set_output

    environment, made = desk(os.environ)
    cache = sweep_cache(environment, folder)
    report = sweep(replace(made, ceiling=ceiling), number=number, dry=dry_run, cache=cache)
    if cache is not None and cache.changed:
        set_output(environment.output_path, "rest-changed", "true")
    finish(environment, report, as_json=as_json)
