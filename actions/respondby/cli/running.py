"""What the commands that run as actions share: the desk from the environment, and where a run's report goes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.writing import say
from respondby.desk.keys import read_keys
from respondby.policy.repository.secret_names import OLD_KEYS, SIGNING_KEY

if TYPE_CHECKING:
    from respondby.forge.client import Client
    from respondby.jobs.inputs.desk import Desk
    from respondby.jobs.inputs.sweep_cache import SweepCache
    from respondby.jobs.loop.report import Report
    from respondby.runner.environment import Environment


def connect(environ: Mapping[str, str]) -> tuple[Environment, Client]:
    """The surroundings, and the repository at the forge. Raises EnvironmentProblem where variables are missing."""
    from respondby.forge.client import Client
    from respondby.forge.pace import read_pace
    from respondby.runner.environment import Environment

    environment = Environment.from_environ(environ)
    client = Client(
        environment.api_url,
        environment.token,
        environment.repository,
        graphql_url=environment.graphql_url,
        pace=read_pace(environ.get("RESPONDBY_PACE", "")),
    )
    return environment, client


def desk(environ: Mapping[str, str]) -> tuple[Environment, Desk]:
    """The desk of this job. Raises EnvironmentProblem where GitHub's variables are missing."""
    from respondby.jobs.inputs.desk import Desk
    from respondby.jobs.inputs.lateness import schedule_of
    from respondby.runner.event import read_event

    environment, client = connect(environ)
    keys = read_keys(environment.secret(SIGNING_KEY), environment.secret(OLD_KEYS))
    schedule = None
    if environment.event_name == "schedule":
        cron = read_event(environment.event_name, environment.event_path).payload.get("schedule")
        schedule = schedule_of(environ.get("GITHUB_WORKFLOW_REF", ""), cron)
    wakes = environment.is_actions and environ.get("RESPONDBY_WATCH") != "off"
    return environment, Desk(client, environment.secret, keys, schedule, wakes=wakes)


def sweep_cache(environment: Environment, folder: str | None) -> SweepCache | None:
    """The sweep's cache in that folder; None where there is none."""
    if not folder:
        return None
    from respondby.jobs.inputs.sweep_cache import NAME

    return cache_at(environment, Path(folder) / NAME, environment.repository)


def cache_at(environment: Environment, place: Path, repository: str) -> SweepCache:
    """The sweep's cache of a repository, in that file."""
    from respondby import __version__
    from respondby.jobs.inputs.sweep_cache import SweepCache

    owner = f"{environment.api_url} {repository.lower()} respondby {__version__}"
    return SweepCache(place, owner, (environment.secret(SIGNING_KEY) or "").encode())


def run_on_event(verb: str, *, as_json: bool, dry: bool) -> None:
    """The loop over the issue of the event; pull requests are not cases."""
    from respondby.jobs.runs import run_event
    from respondby.runner.event import EventProblem, read_event

    environment, made = desk(os.environ)
    event = read_event(environment.event_name, environment.event_path)
    if event.is_pull_request:
        click.echo("This is a pull request, and no case: nothing to do.", err=True)
        return
    if event.issue_number is None:
        raise EventProblem(f"The event `{event.name}` is about no issue: `{verb}` runs on issues and issue_comment.")
    finish(environment, run_event(made, verb, event.issue_number, dry=dry), as_json=as_json)


def finish(environment: Environment, report: Report, *, as_json: bool) -> None:
    """Tell the runner and the reader what was done; exit 1 where a part failed."""
    from respondby.runner.results import set_output

    output = report.to_json()
    tell(environment, report, output, as_json=as_json)
    set_output(environment.output_path, "performed", str(report.performed))
    set_output(environment.output_path, "failed", str(len(report.failed)))
    set_output(environment.output_path, "next", output["next"] or "")
    if report.failed:
        raise click.exceptions.Exit(1)


def tell(environment: Environment, report: Report, output: dict[str, Any], *, as_json: bool) -> None:
    """What was done, for the log, the annotations and the step summary. `output` is the report as JSON."""
    from respondby.cli.output.runs import run_lines, run_summary
    from respondby.runner.commands import Annotation, annotate
    from respondby.runner.results import add_summary

    if environment.is_actions:
        broken = report.in_force.problems if report.in_force else ()
        annotate(
            [
                *(Annotation("error", problem.message, file=problem.path, line=problem.line) for problem in broken),
                *(Annotation("error", failure) for failure in report.failed),
                *(Annotation("warning", remark) for remark in report.remarks),
                *(Annotation("warning", remark) for case in report.cases for remark in case.remarks),
            ],
            sys.stderr,
        )
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
    else:
        say(run_lines(output))
    add_summary(environment.summary_path, run_summary(output))
