"""`respondby cost`: what the desk's workflows cost a month, and what each promise costs of that."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from respondby.cli.policy_files import POLICY, at_the_root, read_named, read_text
from respondby.cli.writing import say

#: Requests a month for which the cost is told, where nobody says how many there are.
_REQUESTS = 50


@click.command()
@click.option("--requests", type=click.IntRange(0), default=_REQUESTS, help="Requests a month.", show_default=True)
@click.option("--repo", help="OWNER/NAME: also what its runs cost in the last days (GITHUB_TOKEN, `actions: read`).")
@click.option("--days", type=click.IntRange(1, 90), default=28, help="How many days those are.", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, requests: int, repo: str | None, days: int, as_json: bool) -> None:
    """What a month costs in minutes of runners, as the workflows are and as the policy needs them."""
    from respondby.cli.output.cost import cost_report
    from respondby.policy.loading.loader import load

    context.with_resource(at_the_root())
    if not POLICY.is_file():
        raise click.UsageError(f"there is no {POLICY} here or above: `respondby init` writes one")
    text = read_text(POLICY)
    policy = load(text, path=POLICY.as_posix(), files=read_named(POLICY, text))
    workflows = _workflows()
    output = costs(policy, workflows, requests)
    if repo:
        output["seen"] = _seen(repo, workflows, days, quiet=as_json)
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    say(cost_report(output))


def costs(policy: Any, workflows: dict[str, str], requests: int) -> dict[str, Any]:
    """The month as plain data: minutes as the workflows are, with schedules from the policy, and by promise."""
    from respondby.setup.costs import INCLUDED, cost
    from respondby.setup.schedules import with_schedule
    from respondby.setup.sweep_hours import needs

    now = cost(workflows, requests, policy)
    wanted = cost({path: with_schedule(path, text, policy) for path, text in workflows.items()}, requests, policy)
    return {
        "requests": requests,
        "workflows": [{"name": one.name, "minutes": one.minutes} for one in now.scheduled],
        "runs_of_a_request": now.runs,
        "events": now.answering,
        "watch": now.watching,
        "watch_at_most": policy.watch.at_most // 60 if policy.watch is not None else 0,
        "minutes": now.minutes,
        "from_policy": wanted.minutes,
        "dollars": {plan: round(now.dollars(included), 2) for plan, included in INCLUDED.items()},
        "promises": [
            {
                "promise": need.why,
                "every": need.minutes,
                "up_to": need.most,
                "hours": "all" if need.at_any_hour else "those of its calendar",
                "watched": need.watched,
            }
            for need in needs(policy)
        ],
    }


def _seen(repo: str, workflows: dict[str, str], days: int, *, quiet: bool) -> dict[str, Any]:
    """What the repository's runs came to: by workflow, and in all."""
    from respondby.cli.progress import showing
    from respondby.cli.running import connect
    from respondby.policy.repository.workflow_steps import steps_of
    from respondby.setup.costs import DAYS
    from respondby.setup.spending import spent

    environ = {"GITHUB_API_URL": "https://api.github.com", **os.environ, "GITHUB_REPOSITORY": repo}
    _, client = connect(environ)
    files = sorted({step.path.rpartition("/")[2] for step in steps_of(workflows)})
    with showing(client, quiet=quiet):
        now = client.ask("GET", "/rate_limit", doing="asking GitHub what time it is").date
        found = spent(client, files, now, days)
    return {
        "days": days,
        "workflows": [{"name": one.name, "runs": one.runs, "minutes": one.minutes} for one in found],
        "minutes": (minutes := sum(one.minutes for one in found)),
        "month": round(minutes * DAYS / days),
    }


def _workflows() -> dict[str, str]:
    folder = Path(".github/workflows")
    files = sorted(folder.glob("*.y*ml")) if folder.is_dir() else []
    return {file.as_posix(): read_text(file) for file in files}
