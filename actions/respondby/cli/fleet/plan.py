"""`respondby fleet plan`: which job sweeps which repositories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.fleet.files import annotate_notices, file_option, notices_json, say, the_fleet

if TYPE_CHECKING:
    from respondby.fleet.balancing import Shard
    from respondby.fleet.document import Fleet
    from respondby.fleet.members import Notice
    from respondby.forge.client import Client


@click.command()
@file_option
@click.option(
    "--state",
    envvar="RESPONDBY_STATE",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder with what the last sweeps took.",
)
@click.option("--last", envvar="RESPONDBY_LAST", default="", help="The run that has left it, to tell the matrix.")
@click.option("--matrix", is_flag=True, help="Print only the matrix, for `fromJSON`.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(
    context: click.Context, file: Path | None, state: Path | None, last: str, matrix: bool, as_json: bool
) -> None:
    """Part the fleet into jobs of about equal work, by what the last sweeps took; the first time by open issues.

    In a job the outputs `matrix` and `any` are set. Exit code 1 where a repository needs somebody.
    """
    from respondby.cli.output.fleet import plan_lines, plan_summary
    from respondby.fleet.balancing import imbalance
    from respondby.runner.results import add_summary, set_output

    environment, client, fleet = the_fleet(file)
    parts, notices, remarks = planned(client, fleet, state)
    output: dict[str, Any] = {
        "matrix": matrix_of(parts, last),
        "shards": [
            {"shard": part.number, "repositories": len(part.repositories), "seconds": part.seconds} for part in parts
        ],
        "imbalance": round(imbalance(parts), 4),
        "told": notices_json(notices),
        "remarks": list(remarks),
        "requests": client.requests,
    }
    if matrix:
        click.echo(json.dumps(output["matrix"]))
    else:
        say(output, plan_lines(output), as_json=as_json)
    annotate_notices(environment, notices)
    set_output(environment.output_path, "matrix", json.dumps(output["matrix"]))
    set_output(environment.output_path, "any", "true" if parts else "false")
    add_summary(environment.summary_path, plan_summary(output))
    context.exit(1 if any(one.needed for one in notices) else 0)


def planned(
    client: Client, fleet: Fleet, state: Path | None
) -> tuple[tuple[Shard, ...], tuple[Notice, ...], tuple[str, ...]]:
    """The parts of the fleet as it is now, what is told of others, and remarks."""
    from respondby.fleet.balancing import shards
    from respondby.fleet.figures import read_figures
    from respondby.fleet.members import members_of

    found = members_of(client, fleet)
    figures, remarks = read_figures(state) if state is not None else ({}, [])
    return shards(found.members, figures, fleet.shards), found.notices, tuple(remarks)


def matrix_of(parts: tuple[Shard, ...], last: str) -> dict[str, Any]:
    """The parts as a matrix of GitHub Actions; `last` is the run that has left what the next one begins with."""
    return {
        "include": [
            {"shard": part.number, "of": len(parts), "last": last, "repositories": " ".join(part.repositories)}
            for part in parts
        ]
    }
