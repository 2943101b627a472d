"""`respondby fleet …`: its commands, each imported only when it is the one that runs."""

from __future__ import annotations

import click

from respondby.cli.main import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("respondby.cli.fleet.check", "Is the fleet's file sound, and which policy has each repository?"),
    "plan": ("respondby.cli.fleet.plan", "Which job sweeps which repositories: a matrix for Actions."),
    "sweep": ("respondby.cli.fleet.sweep", "Sweep the repositories of one part, one after another."),
}


@click.group(cls=LazyGroup, table=COMMANDS, prefix="fleet ")
def command() -> None:
    """Many repositories, one desk: named in .github/fleet.yml of one of them, swept in a few jobs.

    GITHUB_REPOSITORY is the repository of that file; GITHUB_TOKEN a token that may read and write in all of them.
    """
