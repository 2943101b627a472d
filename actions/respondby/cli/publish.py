"""`respondby publish`: the public status page, as a folder of files that any web server or GitHub Pages shows."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from respondby.cli.running import desk
from respondby.cli.writing import say, writing

#: The page itself, by which the folder is known for one of ours, and what it is written as.
_FIRST, _ASIDE = "index.html", "index.html.new"
#: What of an earlier page may lie in the folder, and goes where the new page has it not.
_OURS = (_ASIDE, "*.html", "*.json", "*.atom", "incidents/*.html", "badges/*.svg", "api/v2/*.json", "api/v2/*/*.json")


@click.command()
@click.argument("folder", envvar="RESPONDBY_FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--if-published", envvar="RESPONDBY_IF_PUBLISHED", is_flag=True, help="As a job: a policy without a page is fine."
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(folder: Path, *, if_published: bool, as_json: bool) -> None:
    """Write the public status page into FOLDER.

    Nothing is on it that `publish` in the policy does not name. FOLDER is new, empty, or holds an earlier page, of
    which what no longer belongs to it is removed.
    """
    from respondby.cli.progress import showing
    from respondby.jobs.publishing import published
    from respondby.reports.status_page import NotPublished
    from respondby.runner.commands import Annotation, annotate
    from respondby.runner.results import add_summary, set_output

    _refuse_others(folder)
    environment, made = desk(os.environ)
    try:
        with showing(made.client, quiet=as_json):
            found = published(made)
    except NotPublished as missing:
        if not if_published:
            raise
        click.echo(str(missing).partition("\n")[0].partition(". ")[0] + ".", err=True)
        set_output(environment.output_path, "deploy", "false")
        return
    with writing(folder):
        _write(folder, found.files)
    unread = [f"{ref} could not be read, and is in no figure: {why}" for ref, why in found.missing]
    size = sum(len(text.encode()) for text in found.files.values())
    output = {
        "folder": str(folder),
        "files": sorted(found.files),
        "bytes": size,
        "state": found.page.worst,
        "deploy": found.live,
        "remarks": list(found.remarks),
        "missing": [ref for ref, _ in found.missing],
    }
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
    else:
        say([f"{len(found.files)} files of {size} bytes in {folder}: {found.page.worst.replace('_', ' ')}"])
    if environment.is_actions:
        warnings = [Annotation("warning", remark) for remark in found.remarks]
        annotate([*warnings, *(Annotation("error", one) for one in unread)], sys.stderr)
    else:
        say((*found.remarks, *unread), err=True)
    set_output(environment.output_path, "deploy", "true" if found.live else "false")
    set_output(environment.output_path, "folder", str(folder))
    add_summary(environment.summary_path, _summary(len(found.files), size, found.live))
    if found.missing:
        raise click.exceptions.Exit(1)


def _summary(files: int, size: int, live: bool) -> str:
    shown = f"The status page is made: {files} files, {size} bytes."
    return shown if live else f"{shown} The desk's `mode` is not `live`, so it is not deployed."


def _refuse_others(folder: Path) -> None:
    """Nothing of anybody else's is written over or removed."""
    from respondby.letters.status.shell import GENERATOR

    if not folder.is_dir() or all(path.name == _ASIDE for path in folder.iterdir()):
        return
    first = folder / _FIRST
    if not (first.is_file() and f'content="{GENERATOR}"' in first.read_text(encoding="utf-8", errors="replace")):
        raise click.UsageError(f"{folder} holds other files: name a folder that is new or empty")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    # The page first and in one step: whoever ends a run between two files leaves a folder that the next one knows.
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ASIDE).write_text(files[_FIRST], encoding="utf-8", newline="")
    (folder / _ASIDE).replace(folder / _FIRST)
    for path in {path for pattern in _OURS for path in folder.glob(pattern)}:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
