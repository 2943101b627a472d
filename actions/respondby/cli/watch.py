"""`respondby watch`: stay awake for what is due soon, and act to the second."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from dataclasses import replace

import click

from respondby.cli.running import desk, tell
from respondby.cli.writing import say

#: A job of GitHub ends after six hours.
IN_A_JOB = "5h30m"

_ENDED = {
    "idle": "nothing is due soon",
    "taken over": "another watch is awake",
    "time is over": "its time is over",
    "month is over": "the hours of this month that the policy gives it (watch: at-most) are used up; what it is for"
    " comes with the sweeps",
    "stopped": "it was told to end",
    "failing": "too many looks in a row failed; the sweep goes on",
}


def elapsed(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
    """An option's elapsed time, such as `30m`, in seconds. Raises click.BadParameter."""
    from respondby.calendars.durations import parse_duration
    from respondby.calendars.errors import TimeError

    if not text:
        return None
    try:
        length = parse_duration(text)
    except TimeError as error:
        raise click.BadParameter(str(error)) from error
    if length.business or length.business_days or length.seconds <= 0:
        raise click.BadParameter("write an elapsed time, such as 30m or 5h")
    return length.seconds


@click.command()
@click.option(
    "--for", "seconds", envvar="RESPONDBY_FOR", callback=elapsed, help=f"End after this time ({IN_A_JOB} in a job)."
)
@click.option("--repo", envvar="RESPONDBY_REPO", help="OWNER/NAME, on a host of your own: nothing is billed there.")
@click.option("--after", type=int, envvar="RESPONDBY_AFTER", help="Take over from the watch with this number.")
@click.option("--json", "as_json", is_flag=True, help="Print each sweep that did something as a line of JSON.")
def command(seconds: int | None, repo: str | None, after: int | None, as_json: bool) -> None:
    """Sweep whenever something is due, look at what happens in between, until nothing is due soon."""
    from respondby.jobs.watching.watching import Watching
    from respondby.runner.results import set_output

    environ = dict(os.environ)
    if repo:
        environ |= {"GITHUB_REPOSITORY": repo}
        environ.setdefault("GITHUB_API_URL", "https://api.github.com")
    environment, made = desk(environ)
    billed = environment.is_actions and not repo
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run = environ.get("GITHUB_RUN_ID", "")
    holder = (
        f"run {run}/{environ.get('GITHUB_RUN_ATTEMPT', '1')}" if billed else f"{socket.gethostname()}/{os.getpid()}"
    )
    watching = Watching(
        replace(made, wakes=False),
        holder,
        lambda report: tell(environment, report, report.to_json(), as_json=as_json),
        stop,
        after=after,
        billed=billed,
    )
    longest = 19_800 if billed else 1 << 40
    ending = watching.run(seconds or longest)
    if as_json:
        output = {"ended": ending, "sweeps": watching.sweeps, "requests": made.client.requests}
        click.echo(json.dumps(output))
    else:
        say([f"watch: {watching.sweeps} sweeps, {made.client.requests} requests; {_ENDED[ending]}"])
    set_output(environment.output_path, "ended", ending)
    if ending in ("failing", "month is over"):  # steps come late from now on: somebody has to see it
        sys.exit(1)
