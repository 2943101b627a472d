"""`respondby impact`: what a change of the policy would have changed, of the issues of the last days."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.policy.text.problems import PolicyError

if TYPE_CHECKING:
    from respondby.jobs.impact import Proposed
    from respondby.runner.environment import Environment


@click.command()
@click.option("--days", envvar="RESPONDBY_DAYS", default=90, show_default=True, type=click.IntRange(1, 3_650),
              help="Of issues that were opened in so many days.")  # fmt: skip
@click.option("--base", metavar="COMMIT", help="Compare with the policy of this commit or branch of the checkout.")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another proposed policy.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(*, days: int, base: str | None, policy: Path | None, as_json: bool) -> None:
    """Say what a change of the policy would have changed, had it been in force.

    The issues of the last days are played again, under the policy as it was and as it is proposed, as if everybody had
    answered when they did. Reads issues, writes nothing. In a pull request's job the policy is compared with the
    branch that it is proposed for; elsewhere, without --base, with the default branch of the repository at GitHub.
    """
    from respondby.cli.output.impact import impact_markdown, impact_text
    from respondby.cli.policy_files import the_policy
    from respondby.cli.progress import showing
    from respondby.cli.running import desk
    from respondby.jobs.impact import impact
    from respondby.replays.as_json import foreseen_json
    from respondby.runner.results import add_summary, set_output

    path = the_policy(policy)
    proposed, label, remarks = _proposed(path, base, os.environ)
    environment, made = desk(os.environ)
    with showing(made.client, quiet=as_json):
        found = impact(made, proposed, days)
    output: dict[str, Any] = {
        "repository": found.repository,
        "address": found.address,
        "head": str(path),
        "base": label,
        "days": days,
        "timezone": proposed.head.timezone,
        **foreseen_json(found.foreseen),
        "remarks": [*remarks, *found.remarks],
        "requests": found.requests,
    }
    click.echo(json.dumps(output, ensure_ascii=False) if as_json else impact_text(output))
    add_summary(environment.summary_path, impact_markdown(output))
    late = {ref for clock in output["clocks"] for ref in clock["would_be_late"]}
    set_output(environment.output_path, "changed", str(len(output["changed"])))
    set_output(environment.output_path, "would-be-late", str(len(late)))
    _annotate(environment, output)
    unread = any(limit["code"] == "unread" for limit in output["limits"])
    if unread or output["self_check"]["same"] != output["self_check"]["played"]:
        raise click.exceptions.Exit(1)


def _proposed(path: Path, base: str | None, environ: Mapping[str, str]) -> tuple[Proposed, str, list[str]]:
    """Both policies, what the base is called, and what is to be said of it. A head that does not load ends it."""
    from respondby.cli.base_policy import policy_at, proposed_base
    from respondby.cli.policy_files import read_named, read_text
    from respondby.jobs.impact import Proposed
    from respondby.policy.loading.loader import load

    try:
        text = read_text(path)
        head = load(text, path=str(path), files=read_named(path, text))
    except PolicyError as error:
        _annotate_problems(error, environ)
        raise
    if base is None and environ.get("GITHUB_EVENT_NAME") == "pull_request":
        base = proposed_base(path, environ)
    if base is None:
        return Proposed(head, in_force=True), "the default branch", []
    try:
        before, again = policy_at(base, path), policy_at(base, path)
    except PolicyError as error:
        said = (
            f"The policy at {base[:12]} does not load, so the last one that did on the default branch is compared with."
            f" First problem: {error.problems[0].message}"
        )
        return Proposed(head, in_force=True), "the last policy that loads", [said]
    return Proposed(head, before, again), base[:12] if len(base) == 40 else base, []


def _annotate_problems(error: PolicyError, environ: Mapping[str, str]) -> None:
    """Each problem of the head at its place, where this is a job."""
    from respondby.runner.commands import Annotation, annotate

    if environ.get("GITHUB_ACTIONS") == "true":
        annotate(
            (Annotation("error", one.message, one.path, one.line, one.column, one.rule) for one in error.problems),
            sys.stderr,
        )


def _annotate(environment: Environment, output: dict[str, Any]) -> None:
    """One notice on the policy, and what keeps the figures from being whole."""
    from respondby.cli.output.impact import headline, limit_line
    from respondby.runner.commands import Annotation, annotate

    if not environment.is_actions:
        return
    grave = [one for one in output["limits"] if one["code"] in ("head-ends", "unlike-its-record", "unread")]
    annotate(
        [
            *(Annotation("warning", limit_line(one), output["head"], title="impact") for one in grave),
            *(Annotation("warning", remark) for remark in output["remarks"]),
            Annotation("notice", headline(output), output["head"], title="impact"),
        ],
        sys.stderr,
    )
