"""What the fleet's commands start from: its file, the connection, and what is told of repositories."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from respondby.terminal import fitted

if TYPE_CHECKING:
    from respondby.fleet.document import Fleet
    from respondby.fleet.members import Notice
    from respondby.forge.client import Client
    from respondby.runner.environment import Environment

LOG = logging.getLogger(__name__)
T = TypeVar("T")

file_option = click.option(
    "--file",
    envvar="RESPONDBY_FLEET",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The fleet's file; without it .github/fleet.yml, here or in GITHUB_REPOSITORY.",
)


class NoFleet(click.UsageError):
    """There is no fleet's file."""


def no_fleet(error: NoFleet) -> None:
    """A workflow that is there and has no fleet has nothing to do: that is said, and no failure."""
    from respondby.runner.commands import Annotation, annotate
    from respondby.runner.environment import Environment
    from respondby.runner.results import set_output

    environment = Environment.from_environ(os.environ)
    annotate([Annotation("warning", error.message)], sys.stderr)
    set_output(environment.output_path, "matrix", '{"include": []}')
    set_output(environment.output_path, "any", "false")


def the_fleet(file: Path | None) -> tuple[Environment, Client, Fleet]:
    """The fleet that is meant: of the file that was named, else of this working copy, else (a job has none) of the
    default branch of GITHUB_REPOSITORY. Raises PolicyError, and NoFleet where there is none.
    """
    from respondby.cli.policy_files import read_text
    from respondby.cli.running import connect
    from respondby.fleet.document import FLEET, read_fleet
    from respondby.forge.files import text_at

    environment, client = connect(os.environ)
    here = file or Path(FLEET)
    if file is not None and not file.is_file():
        raise click.BadParameter(f"there is no {file}", param_hint="--file")
    if here.is_file():
        return environment, client, read_fleet(read_text(here), path=here.as_posix())
    text = text_at(client, "HEAD", FLEET)
    if text is None:
        raise NoFleet(
            f"there is no {FLEET} here or in {client.repository}: write one (docs/fleet.md), or name it with --file"
        )
    return environment, client, read_fleet(text, path=FLEET)


def notices_json(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """What is told of repositories, as plain data."""
    return [{"repository": one.name, "what": one.what, "needed": one.needed} for one in notices]


def annotate_notices(environment: Environment, notices: Iterable[Notice]) -> None:
    """In a job: each of them once, as an error where somebody has to do something."""
    from respondby.runner.commands import Annotation, annotate

    if environment.is_actions:
        annotate([Annotation("error" if one.needed else "warning", str(one)) for one in notices], sys.stderr)


def each(
    client: Client, names: Iterable[str], work: Callable[[str], T], failed: Callable[[str, str], T]
) -> tuple[list[T], list[str], str | None]:
    """What `one` makes of each repository, within a fence: what goes wrong in one (`failed`) stops no other.

    With it come those that were left, and which limit of the token ended it.
    """
    from respondby.forge.errors import BadToken, ForgeError, LimitReached
    from respondby.jobs.inputs.policy_in_force import NoPolicy
    from respondby.jobs.loop.run import mistake
    from respondby.policy.text.problems import PolicyError

    found: list[T] = []
    left = list(names)
    while left:
        name = left[0]
        try:
            found.append(work(name))
        except (LimitReached, BadToken) as error:
            return found, left, str(error)
        except (ForgeError, NoPolicy, PolicyError) as error:
            found.append(failed(name, str(error)))
        except Exception as error:
            LOG.exception("%s: a mistake in respondby", name)
            found.append(failed(name, mistake(error)))
        left.pop(0)
        if client.allowance.limited:
            return found, left, client.allowance.limited
    return found, [], None


def say(output: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print it, for people or for a program."""
    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    for line in fitted(lines):
        click.echo(line)
