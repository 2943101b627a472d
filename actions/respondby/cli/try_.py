"""`respondby try`: who would be told what and when, if this request came and nobody answered it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import zone


@click.command("try")
@click.argument("title", default="Something does not work")
@click.option("--form", metavar="FORM", help="The form that it is opened with. Default: the first of the policy.")
@click.option("--with", "answers", multiple=True, metavar="FIELD=VALUE", help="An answer; may be given again.")
@click.option("--as", "author", metavar="LOGIN", help="Who opens it. Default: one of the policy's customers.")
@click.option("--at", default="now", metavar="TIME", help="now (default), 16:00, fri 16:00 or ISO 8601.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another policy.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(
    *, title: str, form: str | None, answers: tuple[str, ...], author: str | None, at: str, policy: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Who would be told what and when, if this request came and nobody answered it: for example

    \b
        respondby try
        respondby try "The shop is down" --form problem --with priority=down
        respondby try "A question" --at "fri 16:30" --as carla
        respondby try "The shop is down" --policy docs/processes/msp-handoff/support.yml

    The request is played through the whole desk on this machine; nothing leaves it. What a form asks and is not said
    is filled in.
    """
    from respondby.cli.deadline_text import read_begin
    from respondby.cli.output.trying import lines
    from respondby.cli.policy_files import the_policy
    from respondby.rehearsal.rehearse import open_house, scratch
    from respondby.rehearsal.sense import read_policy
    from respondby.rehearsal.trying import NotTried, Request, tried

    path = the_policy(policy)
    said = tuple(_pair(answer) for answer in answers)
    where = zone(read_policy(path)[0].timezone)
    try:
        begin = read_begin(at, int(time.time()) // 60 * 60, where)
        with scratch(None) as folder, open_house(folder) as house:
            trial = tried(path, Request(title, form, said, author), begin, house)
    except (NotTried, TimeError) as wrong:
        raise click.UsageError(str(wrong)) from None
    if as_json:
        click.echo(json.dumps(trial.to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(lines(trial)))
    if trial.failed:
        raise click.exceptions.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise click.BadParameter(f"{text!r} is not FIELD=VALUE", param_hint="--with")
    return name.strip(), value.strip()
