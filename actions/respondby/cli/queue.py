"""`respondby queue`: what to answer next, by the time that is left."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import click

from respondby.cli.report import known_name
from respondby.cli.running import desk
from respondby.reports.queue import Queue


@click.command()
@click.option("--person", metavar="LOGIN", help="Only what is assigned to this person.")
@click.option("--unassigned", is_flag=True, help="Only what is assigned to nobody.")
@click.option("--product", metavar="NAME", help="Only what concerns this product.")
@click.option("--customer", metavar="NAME", help="Only what this customer asked for.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(person: str | None, unassigned: bool, product: str | None, customer: str | None, as_json: bool) -> None:
    """Say what to answer next: every open case, by the business time that is left of its promise.

    After what is promised comes what nothing is promised of, the oldest first, and what waits for somebody else.
    """
    if person is not None and unassigned:
        raise click.UsageError("`--person` and `--unassigned` do not go together.")
    if person is not None and not person.strip():
        raise click.BadParameter("name a login, or ask for `--unassigned`", param_hint="--person")
    from respondby.cli.output.queue import queue_lines
    from respondby.reports.as_json import queue_json

    found, remarks = reading("" if unassigned else person, product, customer, quiet=as_json)()
    for remark in remarks:
        click.echo(remark, err=True)
    if as_json:
        click.echo(json.dumps(queue_json(found), ensure_ascii=False))
    else:
        for line in queue_lines(found):
            click.echo(line)
    if found.facts.missing:
        for ref, why in found.facts.missing:
            click.echo(f"{ref} could not be read, and is not in the queue: {why}", err=True)
        raise click.exceptions.Exit(1)


def reading(
    person: str | None, product: str | None, customer: str | None, *, quiet: bool
) -> Callable[[], tuple[Queue, tuple[str, ...]]]:
    """What reads the queue as it is now, with remarks for maintainers."""
    from respondby.cli.progress import showing
    from respondby.jobs.queueing import queue_input
    from respondby.reports.queue import queue

    _, made = desk(os.environ)

    def read() -> tuple[Queue, tuple[str, ...]]:
        with showing(made.client, quiet=quiet):
            given = queue_input(made)
        known_name("--product", product, given.facts.products)
        known_name("--customer", customer, given.facts.policy.customers)
        return queue(given.facts, product=product, customer=customer, person=person), given.remarks

    return read
