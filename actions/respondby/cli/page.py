"""`respondby page --test PERSON`: a real call through every channel that calls somebody: are they reached?"""

from __future__ import annotations

import json
import os

import click

from respondby.cli.writing import say
from respondby.terminal import fold


@click.command()
@click.option("--test", "person", metavar="LOGIN", required=True, envvar="RESPONDBY_PERSON", help="Whom to call.")
@click.option("--via", "channel", metavar="CHANNEL", help="Only by this channel of the policy.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(person: str, channel: str | None, as_json: bool) -> None:
    """Call somebody, clearly as a test, and remember in the desk's log what came of it.

    Ends with 1 where a channel did not take the call.
    """
    from respondby.calendars.instants import iso, people_instant, zone
    from respondby.cli.running import desk
    from respondby.jobs.page_tests import place_test

    environment, made = desk(os.environ)
    server = os.environ.get("GITHUB_SERVER_URL") or "https://github.com"
    tested = place_test(made, person, environment.run_url or f"{server}/{environment.repository}", channel)
    if as_json:
        calls = [{"channel": name, "ok": call.ok, "why": call.why} for name, call in tested.calls]
        output = {"person": tested.person, "at": iso(tested.at), "reached": tested.reached, "calls": calls}
        click.echo(json.dumps({**output, "remembered": tested.remembered}, ensure_ascii=False))
    else:
        say([f"A test page to {tested.person} at {people_instant(tested.at, zone(tested.timezone))}:"])
        for name, call in tested.calls:
            what = f"{name}: {'taken' if call.ok else 'NOT taken'}{f' ({call.why})' if call.why else ''}"
            click.echo("\n".join(fold(what, "  ", "    ")))
        if tested.remembered:
            say(["Written into the desk's log."])
        if tested.reached:
            say([f"Whether it woke them only {tested.person} knows: ask."])
    if not tested.reached:
        raise click.exceptions.Exit(1)
