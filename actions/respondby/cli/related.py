"""`respondby related N`: the cases and post-mortems that are most like issue N."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click

from respondby.cli.running import desk
from respondby.cli.writing import say
from respondby.desk.related import IndexedText
from respondby.letters.neutral import flat

#: Where post-mortems stand in a checkout, and as much of one as is read.
_FOLDER, _MOST = Path("docs/incidents"), 20_000


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(number: int, as_json: bool) -> None:
    """List the five cases and post-mortems that are most like issue NUMBER: open cases, those of the last year, and,
    in a checkout, docs/incidents."""
    from respondby.cli.progress import showing
    from respondby.jobs.relating import related

    _, made = desk(os.environ)
    with showing(made.client, quiet=as_json):
        found = related(made, number, _post_mortems(_FOLDER))
    if as_json:
        output = [{"ref": one.ref, "title": one.title, "link": one.link} for one in found]
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    say(f"{one.ref}  {flat(one.title, 120)}  {one.link}".rstrip() for one in found)
    if not found:
        say([f"Nothing is like issue {number}."])


def _post_mortems(folder: Path) -> Iterator[IndexedText]:
    """The post-mortems of a checkout; a file that is no text is none."""
    from respondby.jobs.inputs.alike import post_mortems

    for path in sorted(folder.glob("*.md")):
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from post_mortems({path.as_posix(): file.read(_MOST)})
