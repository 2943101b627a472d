"""`respondby fleet check`: is the fleet's file sound, and which policy has each of its repositories?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.fleet.files import annotate_notices, file_option, notices_json, say, the_fleet
from respondby.terminal import fitted

if TYPE_CHECKING:
    from respondby.fleet.document import Fleet
    from respondby.fleet.inheriting import Inherited
    from respondby.fleet.members import Notice
    from respondby.forge.client import Client
    from respondby.policy.text.problems import Problem


@click.command()
@file_option
@click.option("--repository", metavar="OWNER/NAME", help="Print this repository's whole policy, key by key.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, file: Path | None, repository: str | None, as_json: bool) -> None:
    """Check the fleet's file, every repository that it names, and every policy that it makes.

    Of each repository it says which keys do not come from the inherited commit, and where they stand.
    """
    from respondby.cli.output.fleet_check import check_lines
    from respondby.fleet.members import members_of
    from respondby.runner.commands import Annotation, annotate

    environment, client, fleet = the_fleet(file)
    found = members_of(client, fleet)
    names = found.names
    if repository is not None:
        names = tuple(name for name in names if name.lower() == repository.lower())
        if not names:
            raise click.BadParameter(f"{repository} is not part of this fleet now", param_hint="--repository")
    policies, problems = _policies(client, fleet, names)
    notices = (*found.notices, *_unnamed(client, policies))
    output: dict[str, Any] = {
        "file": fleet.path,
        "extends": str(fleet.pin) if fleet.pin else None,
        "repositories": [
            {
                "repository": name,
                "changes": [_change(fleet, one) for one in policies[name].changes] if name in policies else [],
            }
            for name in names
        ],
        "keys": _keys(fleet, policies[names[0]]) if repository is not None and names[0] in policies else None,
        "told": notices_json(notices),
        "problems": [asdict(problem) for problem in problems],
        "requests": client.requests,
    }
    say(output, check_lines(output), as_json=as_json)
    for problem in problems:
        click.echo("\n".join(fitted(problem.text().split("\n"), err=True)), err=True)
    annotate_notices(environment, notices)
    if environment.is_actions:
        annotate(
            [Annotation("error", f"{one.message}\n{one.hint}", one.path, one.line) for one in problems], sys.stderr
        )
    needed = any(one.needed for one in notices)
    context.exit(1 if needed or any(problem.severity == "error" for problem in problems) else 0)


def _policies(client: Client, fleet: Fleet, names: tuple[str, ...]) -> tuple[dict[str, Inherited], tuple[Problem, ...]]:
    """The policy of each repository that inherits one, and what is wrong with them; each kind of policy once."""
    from respondby.fleet.basis import read_base
    from respondby.policy.loading.loader import examine
    from respondby.policy.text.problems import worst_first

    if fleet.pin is None:
        return {}, ()
    base = read_base(client, fleet.pin)
    policies = {name: base.policy_of(fleet, name) for name in names}
    problems: list[Problem] = []
    seen: set[str] = set()
    for name, policy in policies.items():
        if policy.text not in seen:
            seen.add(policy.text)
            reading = examine(policy.text, path=f"{name}/.github/support.yml", files=base.files)
            problems.extend(reading.problems)
    return policies, worst_first(problems)


def _unnamed(client: Client, policies: Mapping[str, Inherited]) -> Iterator[Notice]:
    """Repositories that a sweep with this token would leave alone, since their policy does not name its account."""
    from respondby.fleet.members import Notice
    from respondby.forge.repositories import account_of
    from respondby.jobs.inputs.desk import WORKFLOWS, names
    from respondby.policy.loading.bots import bots_of

    account = account_of(client) if policies else WORKFLOWS
    if account.lower() == WORKFLOWS:
        return
    for name, policy in policies.items():
        missing = [one for one in (account, WORKFLOWS) if not names(bots_of(policy.text), one)]
        if missing:
            what = f"has no {' and '.join(missing)} under `roles: bots` of its policy: no sweep of the fleet touches it"
            yield Notice(name, what, needed=True)


def _change(fleet: Fleet, change: Any) -> dict[str, Any]:
    return {
        "key": ".".join(change.path),
        "from": f"{fleet.path}:{change.line}",
        "of": change.of,
        "before": change.before,
        "after": change.after,
    }


def _keys(fleet: Fleet, policy: Inherited) -> list[dict[str, str]]:
    """Every value of a policy, and where it comes from."""
    from respondby.fleet.inheriting import short
    from respondby.policy.text.yaml_text import read

    own = {one.path: f"{fleet.path}:{one.line} ({one.of})" for one in policy.changes}
    pin = str(fleet.pin)

    def leaves(node: Any, path: tuple[str, ...], origin: str) -> Iterator[dict[str, str]]:
        origin = own.get(path, origin)
        if node.kind == "mapping" and node.value:
            for key, value in node.value.items():
                yield from leaves(value, (*path, key), origin)
        else:
            yield {"key": ".".join(path), "value": short(node), "from": origin}

    return list(leaves(read(policy.text, path=fleet.path), (), pin))
