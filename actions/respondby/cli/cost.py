"""`respondby cost`: what the desk's workflows cost a month, and what each promise costs of that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from respondby.cli.policy_files import POLICY, at_the_root, read_named, read_text

#: Requests a month for which the cost is told, where nobody says how many there are.
_REQUESTS = 50


@click.command()
@click.option("--requests", type=click.IntRange(0), default=_REQUESTS, help="Requests a month.", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, requests: int, as_json: bool) -> None:
    """What a month costs in minutes of runners, as the workflows are and as the policy needs them."""
    from respondby.cli.output.cost import cost_report
    from respondby.policy.loading.loader import load

    context.with_resource(at_the_root())
    if not POLICY.is_file():
        raise click.UsageError(f"there is no {POLICY} here or above: `respondby init` writes one")
    text = read_text(POLICY)
    policy = load(text, path=POLICY.as_posix(), files=read_named(POLICY, text))
    output = costs(policy, _workflows(), requests)
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    for line in cost_report(output):
        click.echo(line)


def costs(policy: Any, workflows: dict[str, str], requests: int) -> dict[str, Any]:
    """The month as plain data: minutes as the workflows are, with schedules from the policy, and by promise."""
    from respondby.setup.costs import INCLUDED, cost
    from respondby.setup.schedules import with_schedule
    from respondby.setup.sweep_hours import needs

    now = cost(workflows, requests)
    wanted = cost({path: with_schedule(path, text, policy) for path, text in workflows.items()}, requests)
    watch = policy.watch.at_most // 60 if policy.watch is not None else 0
    return {
        "requests": requests,
        "workflows": [{"name": one.name, "minutes": one.minutes} for one in now.scheduled],
        "events": now.answering,
        "minutes": now.minutes,
        "from_policy": wanted.minutes,
        "watch_at_most": watch,
        "dollars": {plan: round(now.dollars(included), 2) for plan, included in INCLUDED.items()},
        "promises": [
            {"promise": need.why, "every": need.minutes, "hours": "those of its calendar" if need.calendar else "all"}
            for need in needs(policy)
        ],
    }


def _workflows() -> dict[str, str]:
    folder = Path(".github/workflows")
    files = sorted(folder.glob("*.y*ml")) if folder.is_dir() else []
    return {file.as_posix(): read_text(file) for file in files}
