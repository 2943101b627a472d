"""`respondby triage`: the loop over the issue of the event that started this run."""

from __future__ import annotations

import click

from respondby.cli.running import run_on_event


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--dry-run", is_flag=True, help="Print what would be done; write nothing.")
def command(as_json: bool, dry_run: bool) -> None:
    """Validate, label and acknowledge the issue of the event in GITHUB_EVENT_PATH, and keep its promises."""
    run_on_event("triage", as_json=as_json, dry=dry_run)
