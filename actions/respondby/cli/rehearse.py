"""`respondby rehearse`: plays scenarios through the whole desk on this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from respondby.cli.writing import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from respondby.rehearsal.play import Played
    from respondby.rehearsal.rehearse import RunnerName

#: Scenarios are played side by side, as many as there are processors: each is a forge and a process at a time.
MOST_AT_ONCE = 4


@click.command("rehearse")
@click.argument("paths", nargs=-1, metavar="[SCENARIO.yml | FOLDER]…", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--runner", type=click.Choice(["fork", "subprocess", "act"]), default="fork", show_default=True,
              help="`subprocess` starts every run through actions/run.sh; `act` sends it through its workflow file in a"
                   " real Actions runner. All come to the same; `fork` is the fast one.")  # fmt: skip
@click.option("--keep", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
              help="Keep each run's event, outputs, summary and log there.")  # fmt: skip
def command(paths: tuple[Path, ...], as_json: bool, runner: RunnerName, keep: Path | None) -> None:
    """Play scenarios through the whole desk, against a forge on this machine.

    A folder stands for all of its scenarios; without arguments, a show-piece is played. Where a policy has a list of
    promises (promises.yml), what came of its scenarios is remembered in rehearsed.json beside it. Exits with 1 where
    something expected did not come true, with 2 where a scenario cannot be played.
    """
    from respondby.cli.output.colours import painted
    from respondby.policy.text.problems import PolicyError
    from respondby.rehearsal.finding import NoScenarioError, scenario_files
    from respondby.rehearsal.progress import PrintedProgress, Progress
    from respondby.rehearsal.refusals import ActProblem
    from respondby.rehearsal.rehearse import open_house, rehearse, scratch
    from respondby.rehearsal.running import RunProblem
    from respondby.rehearsal.transcript import as_json as machine_form
    from respondby.rehearsal.transcript import summed_up
    from respondby.rehearsal.workflows import WorkflowError
    from respondby.tracing.rehearsed import hashes_of

    progress = Progress() if as_json else PrintedProgress(lambda line: click.echo(painted(line)))
    try:
        with scratch(keep) as folder, open_house(folder, runner) as house:
            at_once = 1 if runner == "act" else min(os.cpu_count() or 1, MOST_AT_ONCE)
            files = scenario_files(paths)
            hashes = hashes_of(files)
            played = list(rehearse(files, house, progress, at_once=at_once))
    except (PolicyError, ActProblem, NoScenarioError, RunProblem, WorkflowError) as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(2) from None
    if as_json:
        click.echo(json.dumps(machine_form(played), ensure_ascii=False))
    else:
        say(summed_up(played))
    _remember(played, hashes)
    if not all(result.kept for result in played):
        raise click.exceptions.Exit(1)


def _remember(played: list[Played], hashes: Mapping[str, str]) -> None:
    """Write down what came of the scenarios that show promises; a folder that cannot be written is told."""
    from respondby.tracing.rehearsed import remember

    known = [one for one in played if one.scenario.file in hashes]
    results = [(Path(one.scenario.file), one.scenario.policy, hashes[one.scenario.file], one.kept) for one in known]
    try:
        changed = remember(results)
    except OSError as error:
        click.echo(f"What came of it could not be written down: {error}", err=True)
        return
    for path in changed:
        click.echo(f"Wrote {path}: commit it.", err=True)
