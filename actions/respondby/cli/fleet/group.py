"""`respondby fleet …`: its commands, each imported only when it is the one that runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from respondby.cli.main import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("respondby.cli.fleet.check", "Is the fleet's file sound, and which policy has each repository?"),
    "last-run": ("respondby.cli.fleet.last_run", "Which run has left what this one begins with."),
    "oncall": ("respondby.cli.fleet.oncall", "Who is on call across all repositories."),
    "plan": ("respondby.cli.fleet.plan", "Which job sweeps which repositories: a matrix for Actions."),
    "sync": ("respondby.cli.fleet.sync", "Bring policy, forms, workflows and labels of all into step."),
    "report": ("respondby.cli.fleet.report", "A month of all repositories in one table."),
    "sweep": ("respondby.cli.fleet.sweep", "Sweep the repositories of one part, one after another."),
}


@click.group(cls=LazyGroup, table=COMMANDS, prefix="fleet ", invoke_without_command=True)
@click.option("--shard", envvar="RESPONDBY_SHARD", help="As a job: the part to sweep; without it the plan is made.")
@click.option("--state", envvar="RESPONDBY_STATE", help="As a job: the folder with what the last sweeps have left.")
@click.option("--keep", envvar="RESPONDBY_KEEP", help="As a job: where to leave that for the next.")
@click.option("--last", envvar="RESPONDBY_LAST", help="As a job: the run that has left it.")
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="As a job: say what would be done.")
@click.pass_context
def command(
    context: click.Context, shard: str | None, state: str | None, keep: str | None, last: str | None, dry_run: bool
) -> None:
    """Many repositories, one desk: named in .github/fleet.yml of one of them, swept in a few jobs.

    GITHUB_REPOSITORY is the repository of that file; GITHUB_TOKEN a token that may read and write in all of them.
    """
    if context.invoked_subcommand is not None:
        return
    if not os.environ.get("GITHUB_REPOSITORY"):
        click.echo(context.get_help())
        return
    folder, kept = (Path(text) if text else None for text in (state, keep))
    if shard:
        from respondby.cli.fleet.sweep import command as sweep

        context.invoke(sweep, file=None, shard=shard, state=folder, keep=kept, dry_run=dry_run, as_json=False)
    else:
        from respondby.cli.fleet.files import NoFleet, no_fleet
        from respondby.cli.fleet.plan import command as plan

        try:
            context.invoke(plan, file=None, state=folder, last=last or "", matrix=False, as_json=False)
        except NoFleet as error:
            no_fleet(error)
