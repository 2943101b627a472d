"""`respondby doctor`: everything that a living repository's desk needs, looked at without writing anything."""

from __future__ import annotations

import json
import os
import sys
import time

import click

from respondby.cli.policy_files import found_policy, read_text
from respondby.cli.running import connect
from respondby.desk.keys import read_keys
from respondby.policy.repository.secret_names import OLD_KEYS, SIGNING_KEY
from respondby.terminal import fitted


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Look at the repository in GITHUB_REPOSITORY, with GITHUB_TOKEN, and say what keeps its desk from working.

    Nothing is written. Exits with 1 where there are errors. Run as a step of a workflow, with the `env:` of the desk's
    own steps, it also sees the secrets.
    """
    from respondby.calendars.versions import time_data
    from respondby.cli.output.colours import painted
    from respondby.cli.output.health import health_lines, health_markdown, worst_first
    from respondby.cli.progress import showing
    from respondby.doctor.examining import examine
    from respondby.doctor.findings import Place
    from respondby.runner.commands import Annotation, annotate
    from respondby.runner.results import add_summary, set_output

    environment, client = connect(os.environ)
    policy = found_policy()
    here = read_text(policy) if policy is not None else None
    signing = read_keys(environment.secret(SIGNING_KEY), environment.secret(OLD_KEYS))
    with showing(client, quiet=as_json):
        health = examine(Place(client, environment.secret, signing, environment.is_actions, time.time, here))
    output = {**health.to_json(), "time_data": time_data()}
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
    else:
        for line in fitted(health_lines(output)):
            click.echo(painted(line))
    if environment.is_actions:
        wrong = [finding for finding in worst_first(output["findings"]) if finding["level"] != "fine"]
        annotate(
            (Annotation(item["level"], f"{item['message']}\n{item['fix']}", title=item["check"]) for item in wrong),
            sys.stderr,
        )
    add_summary(environment.summary_path, health_markdown(output))
    set_output(environment.output_path, "errors", str(output["errors"]))
    set_output(environment.output_path, "warnings", str(output["warnings"]))
    context.exit(1 if output["errors"] else 0)
