"""`respondby fleet sync`: bring policy, forms, workflows and labels of all repositories into step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.fleet.files import annotate_notices, each, file_option, notices_json, say, the_fleet

if TYPE_CHECKING:
    from respondby.setup.choices import Source


@click.command()
@file_option
@click.option("--apply", is_flag=True, help="Open the pull requests, create and update the labels.")
@click.option("--repository", metavar="OWNER/NAME", help="Only this one.")
@click.option("--source", metavar="OWNER/respondby@COMMIT", help="Where the workflows take their actions from.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(
    context: click.Context, file: Path | None, apply: bool, repository: str | None, source: str | None, as_json: bool
) -> None:
    """Say what each repository lacks; with --apply, one pull request in each that lacks files, and its labels.

    A run that a limit has cut off is made again: it goes on where the other stopped. Nothing is ever deleted.
    """
    from respondby.cli.output.fleet import sync_lines
    from respondby.fleet.basis import read_base
    from respondby.fleet.members import members_of
    from respondby.fleet.syncing import InStep, sync

    environment, client, fleet = the_fleet(file)
    members = members_of(client, fleet)
    names = [name for name in members.names if repository is None or name.lower() == repository.lower()]
    if repository is not None and not names:
        raise click.BadParameter(f"{repository} is not part of this fleet now", param_hint="--repository")
    base = read_base(client, fleet.pin) if fleet.pin is not None else None
    known = _source(source)

    def one(name: str) -> InStep:
        return sync(client.beside(name), fleet, base, known, apply=apply)

    steps, left, ended = each(client, names, one, lambda name, why: InStep(name, failed=[why]))
    output: dict[str, Any] = {
        "applied": apply,
        "source": None if known is None else f"{known.owner}/respondby@{known.commit}",
        "repositories": [
            {
                "repository": one.name,
                "files": sorted(one.files),
                "labels": one.labels,
                "done": one.done,
                "told": one.remarks,
                "failed": one.failed,
                "url": one.url,
            }
            for one in steps
        ],
        "left": left,
        "ended": ended,
        "told": notices_json(members.notices),
        "requests": client.requests,
    }
    say(output, sync_lines(output), as_json=as_json)
    annotate_notices(environment, members.notices)
    needed = any(one.needed for one in members.notices) or any(one.failed for one in steps)
    context.exit(1 if needed or ended else 0)


def _source(text: str | None) -> Source | None:
    """Where workflows take their actions from: as said, else where this respondby came from, where that is known."""
    from respondby import __version__
    from respondby.cli.own_source import own_commit, own_source
    from respondby.setup.choices import WrongChoice, read_source

    if text is None:
        return own_source()
    try:
        return read_source(text, __version__, own_commit())
    except WrongChoice as error:
        raise click.BadParameter(str(error), param_hint="--source") from None
