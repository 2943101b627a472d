"""`respondby postmortem index`: the list of all post-mortems, written from the documents."""

from __future__ import annotations

from pathlib import Path

import click

from respondby.cli.policy_files import read_text
from respondby.cli.postmortem.files import read_documents
from respondby.cli.writing import writing


@click.command()
@click.option("--print", "only_print", is_flag=True, help="Print it and write nothing.")
def command(only_print: bool) -> None:
    """Write docs/incidents/README.md: by month, product, severity, cause and open items, with the figures.

    Only its own block in that file is written; an unfinished merge in it is settled so.
    """
    from respondby.postmortems import index

    read = read_documents(())
    path = read.root / index.PATH
    before = read_text(path) if path.is_file() else ""
    text = index.index(read.documents, before)
    if only_print:
        click.echo(text, nl=False)
        return
    if text == before:
        click.echo(f"{index.PATH} is up to date.")
        return
    _write(path, text)
    click.echo(f"Wrote {index.PATH}: {len(index.listed(read.documents))} post-mortems.")


def _write(path: Path, text: str) -> None:
    if path.is_symlink():
        raise click.UsageError(f"{path} is a symbolic link; the index has to be a file of its own")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
