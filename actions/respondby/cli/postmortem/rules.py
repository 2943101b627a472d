"""`respondby postmortem rules`: the rules, for reading and for the documentation."""

from __future__ import annotations

from pathlib import Path

import click

from respondby.cli.policy_files import read_text
from respondby.cli.writing import writing


@click.command()
@click.option(
    "--write",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write them into the block `rules` of FILE.",
)
def command(path: Path | None) -> None:
    """List the rules: how grave each is in our own documents and in anybody's, and what it reports."""
    from respondby.postmortems.listing import listing, with_listing

    if path is None:
        click.echo(listing())
        return
    with writing(path):
        path.write_text(with_listing(read_text(path)), encoding="utf-8", newline="")
    click.echo(f"Wrote the rules into {path}.")
