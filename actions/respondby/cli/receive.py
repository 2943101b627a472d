"""`respondby receive`: another system dispatched an event to the repository."""

from __future__ import annotations

import os

import click

from respondby.cli.running import desk, finish


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--dry-run", is_flag=True, help="Print what would be done; write nothing.")
def command(as_json: bool, dry_run: bool) -> None:
    """Write down the dispatched event in GITHUB_EVENT_PATH, and do what follows from it."""
    from respondby.jobs.receiving import receive
    from respondby.runner.event import EventProblem, read_event

    environment, made = desk(os.environ)
    event = read_event(environment.event_name, environment.event_path)
    if event.name != "repository_dispatch":
        raise EventProblem(f"The event `{event.name}` is not a dispatch: `receive` runs on repository_dispatch.")
    finish(environment, receive(made, event.payload, environment.run_id, dry=dry_run), as_json=as_json)
