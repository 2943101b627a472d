"""`respondby queue`: what to answer next, by the time that is left."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

import click

from respondby.cli.report import known_name
from respondby.cli.running import desk
from respondby.cli.watch import elapsed
from respondby.cli.writing import say
from respondby.letters.neutral import flat
from respondby.reports.queue import Queue
from respondby.terminal import fold

#: No more often than every so many seconds.
_LEAST = 10


@click.command()
@click.option("--person", metavar="LOGIN", help="Only what is assigned to this person.")
@click.option("--unassigned", is_flag=True, help="Only what is assigned to nobody.")
@click.option("--product", metavar="NAME", help="Only what concerns this product.")
@click.option("--customer", metavar="NAME", help="Only what this customer asked for.")
@click.option("--watch", is_flag=True, help="In a terminal: draw it anew, until Ctrl-C.")
@click.option("--every", metavar="TIME", default="1m", show_default=True, callback=elapsed,
              help="With `--watch`: how often it is read; 10s and more.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(
    person: str | None,
    unassigned: bool,
    product: str | None,
    customer: str | None,
    *,
    watch: bool,
    every: int,
    as_json: bool,
) -> None:
    """Say what to answer next: every open case, by the business time that is left of its promise.

    After what is promised comes what nothing is promised of, the oldest first, and what waits for somebody else.
    """
    if person is not None and unassigned:
        raise click.UsageError("`--person` and `--unassigned` do not go together.")
    if person is not None and not person.strip():
        raise click.BadParameter("name a login, or ask for `--unassigned`", param_hint="--person")
    if watch:
        _refuse_watch(every, as_json=as_json)
    from respondby.cli.output.queue import queue_lines
    from respondby.reports.as_json import queue_json

    read = _reading("" if unassigned else person, product, customer, quiet=as_json)
    if watch:
        _watch(read, every)
        return
    found, remarks = read()
    say(remarks, err=True)
    if as_json:
        click.echo(json.dumps(queue_json(found), ensure_ascii=False))
    else:
        for line in queue_lines(found):
            click.echo(line)
    if found.facts.missing:
        unread = (f"{ref} could not be read, and is not in the queue: {why}" for ref, why in found.facts.missing)
        say(unread, err=True)
        raise click.exceptions.Exit(1)


def _refuse_watch(every: int, *, as_json: bool) -> None:
    if as_json:
        raise click.UsageError("`--watch` draws for people: ask for `--json` again and again instead.")
    if not sys.stdout.isatty():
        raise click.UsageError("`--watch` draws in a terminal: what goes elsewhere is printed once, without it.")
    if every < _LEAST:
        raise click.BadParameter(f"write {_LEAST}s or more: GitHub counts each look", param_hint="--every")


def _watch(read: Callable[[], tuple[Queue, tuple[str, ...]]], every: int) -> None:
    from respondby.cli.output.queue import queue_lines
    from respondby.cli.redrawing import Redrawing

    def look() -> Callable[[], list[str]]:
        found, remarks = read()
        unread = [f"{ref} could not be read, and is not in the queue: {why}" for ref, why in found.facts.missing]
        below = [line for text in (*remarks, *unread) for line in fold(flat(text, 400), "", "  ")]
        return lambda: [*queue_lines(found), *([""] if below else []), *below]

    Redrawing(look, sys.stdout, every).run()


def _reading(
    person: str | None, product: str | None, customer: str | None, *, quiet: bool
) -> Callable[[], tuple[Queue, tuple[str, ...]]]:
    """What reads the queue as it is now, with remarks for maintainers: each time by a connection of its own."""
    from respondby.cli.progress import showing
    from respondby.jobs.queueing import queue_input
    from respondby.reports.queue import queue

    def read() -> tuple[Queue, tuple[str, ...]]:
        _, made = desk(os.environ)
        with showing(made.client, quiet=quiet):
            given = queue_input(made)
        known_name("--product", product, given.facts.products)
        known_name("--customer", customer, given.facts.policy.customers)
        return queue(given.facts, product=product, customer=customer, person=person), given.remarks

    return read
