"""`respondby fleet sweep`: sweep the repositories of one part, one after another."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.fleet.files import file_option, say

if TYPE_CHECKING:
    from respondby.fleet.sweeping import SweptPart
    from respondby.forge.client import Client
    from respondby.jobs.inputs.desk import Desk
    from respondby.jobs.inputs.sweep_cache import SweepCache
    from respondby.runner.environment import Environment


@click.command()
@file_option
@click.option(
    "--shard",
    envvar="RESPONDBY_SHARD",
    default="1",
    show_default=True,
    help="Which part: its number, or what the matrix of `fleet plan` says of it (JSON).",
)
@click.option(
    "--state",
    envvar="RESPONDBY_STATE",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder with what the last sweeps took, and which cases are at rest.",
)
@click.option(
    "--keep",
    envvar="RESPONDBY_KEEP",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to leave that for the next sweep; without it in the same folder.",
)
@click.option("--dry-run", envvar="RESPONDBY_DRY_RUN", is_flag=True, help="Print the plan; perform no write.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(
    context: click.Context,
    file: Path | None,
    shard: str,
    state: Path | None,
    keep: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remind, comment and escalate what has come due, in every repository of a part of the fleet.

    What goes wrong in one repository is told of that one, and the others are swept. Exit code 1 where one failed.
    """
    from respondby.cli.output.fleet import sweep_lines, sweep_summary
    from respondby.cli.running import desk
    from respondby.fleet.figures import Kept, read_figures
    from respondby.fleet.sweeping import figures_after, sweep_part
    from respondby.forge.repositories import account_of
    from respondby.runner.commands import Annotation, annotate
    from respondby.runner.results import add_summary

    environment, made = desk(os.environ)
    number, names = _part(made.client, file, shard, state)
    kept = Kept(state, keep or state) if state is not None and not dry_run else None
    account = account_of(made.client) if names else ""
    part = sweep_part(
        made.client, names, lambda own: _desk_of(made, own, account), lambda name: _cache(environment, kept, name),
        time.monotonic, dry=dry_run,
    )  # fmt: skip
    remarks: list[str] = []
    if kept is not None:
        before, remarks = read_figures(kept.state)
        try:
            kept.write(number, figures_after(before, part, made.client.clock), names)
        except OSError as error:
            remarks.append(f"what this part took could not be kept ({error}): the next plan balances without it")
    output = swept_json(number, part, dry=dry_run, remarks=remarks, requests=made.client.requests)
    say(output, sweep_lines(output), as_json=as_json)
    if environment.is_actions:
        failed = [Annotation("error", f"{one.name}: {'; '.join(one.failed[:3])}") for one in part.swept if one.failed]
        ended = [Annotation("error", output["ended"])] if output["ended"] else []
        annotate([*failed, *ended, *(Annotation("warning", remark) for remark in remarks)], sys.stderr)
    add_summary(environment.summary_path, sweep_summary(output))
    context.exit(1 if part.left or any(one.failed for one in part.swept) else 0)


def _part(client: Client, file: Path | None, shard: str, state: Path | None) -> tuple[int, tuple[str, ...]]:
    """The number and the repositories of a part: as the matrix says them, or planned here. Raises UsageError."""
    if shard.strip().startswith("{"):
        try:
            said = json.loads(shard)
            names = tuple(str(said["repositories"]).split())
            return int(said["shard"]), names
        except (ValueError, KeyError, TypeError) as error:
            raise click.BadParameter(
                f"this is not a part of a plan ({error}): pass `${{{{ toJSON(matrix) }}}}`", param_hint="--shard"
            ) from None
    from respondby.cli.fleet.files import the_fleet
    from respondby.cli.fleet.plan import planned

    if not shard.strip().isdigit():
        raise click.BadParameter("a part's number, or what the matrix says of it", param_hint="--shard")
    _, _, fleet = the_fleet(file)
    parts, notices, _ = planned(client, fleet, state)
    for one in notices:
        click.echo(str(one), err=True)
    chosen = next((part for part in parts if part.number == int(shard)), None)
    if chosen is None:
        raise click.BadParameter(
            f"this fleet is swept in {len(parts)} part{'' if len(parts) == 1 else 's'} now", param_hint="--shard"
        )
    return chosen.number, chosen.repositories


def _desk_of(made: Desk, own: Client, account: str) -> Desk:
    from respondby.jobs.inputs.desk import WORKFLOWS

    return replace(
        made, client=own, schedule=None, wakes=False, account=None if account.lower() == WORKFLOWS else account
    )


def _cache(environment: Environment, kept: Any, name: str) -> SweepCache | None:
    if kept is None:
        return None
    from respondby.cli.running import cache_at

    return cache_at(environment, kept.cache_of(name), name)


def swept_json(number: int, part: SweptPart, *, dry: bool, remarks: list[str], requests: int) -> dict[str, Any]:
    """What became of a part, as plain data."""
    from respondby.calendars.instants import iso

    return {
        "shard": number,
        "dry_run": dry,
        "requests": requests,
        "seconds": round(part.seconds, 2),
        "repositories": [
            {
                "repository": one.name,
                "requests": one.requests,
                "seconds": round(one.seconds, 3),
                "cases": len(one.report.cases) if one.report else 0,
                "resting": one.report.resting if one.report else 0,
                "performed": one.report.performed if one.report else 0,
                "failed": one.failed,
                "remarks": [
                    *(one.report.remarks if one.report else ()),
                    *(remark for case in (one.report.cases if one.report else ()) for remark in case.remarks),
                ],
                "done": [
                    {"case": case.ref, "done": case.done}
                    for case in (one.report.cases if one.report else ())
                    if case.done
                ],
                "next": iso(one.report.next) if one.report and one.report.next is not None else None,
            }
            for one in part.swept
        ],
        "left": list(part.left),
        "ended": part.ended,
        "remarks": remarks,
    }
