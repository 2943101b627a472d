"""`respondby init`: a desk of one's own, from six questions or from one of the processes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.writing import say, writing

if TYPE_CHECKING:
    from respondby.setup.choices import Source
    from respondby.setup.starting import Start

#: Requests a month for which the cost is told, where nobody says how many there are.
_REQUESTS = 50


class NotStarted(Exception):
    """No desk was written; the text says why, and what to do. Exit code 1."""


@click.command()
@click.option("--desk", metavar="NAME", help="What customers call it: “Acme support”.")
@click.option("--people", metavar="LOGIN,…", help="Who takes turns at being on call, a week each.")
@click.option("--lead", metavar="LOGIN", help="Who is called where they do not answer. Default: the last of them.")
@click.option("--timezone", metavar="ZONE", help="Where the desk is: Europe/Brussels.")
@click.option("--hours", metavar="HOURS", help="When it is open: “09:00-17:00”, “mon-sat 09:00-12:00, 13:00-17:00”.")
@click.option("--reach", metavar="HOW", help="How people are called: mention, chat or pagerduty.")
@click.option("--country", metavar="CC", help="Whose public holidays it keeps. Default: the time zone's country.")
@click.option("--since", metavar="DATE", help="Requests before this day are left alone. Default: today.")
@click.option("--process", metavar="NAME", help="Start from one of the five support processes, with its stories.")
@click.option(
    "--rename", "renames", multiple=True, metavar="OLD=NEW", help="With --process: your login for an example's."
)
@click.option("--actions", "source", metavar="OWNER[@COMMIT]", help="The copy of respondby that workflows use.")
@click.option("--requests", type=click.IntRange(0), default=_REQUESTS, help="Requests a month, for what it costs.")
@click.option("--dry-run", is_flag=True, help="Show the files, and write nothing.")
@click.option("--pull-request", is_flag=True, help="Propose it to GITHUB_REPOSITORY instead of writing it here.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(*, dry_run: bool, pull_request: bool, as_json: bool, requests: int, **given: Any) -> None:
    """Write a desk into this repository: policy, forms, workflows, a rota, a first story. For example

    \b
        respondby init                            asks six questions
        respondby init --dry-run                  shows the files that it would write
        respondby init --people ann,bob --lead tess --timezone Europe/Brussels
        respondby init --process priorities-and-help --rename ann=octocat
        respondby init --pull-request             proposes it: nothing happens before the merge

    What is not said by an option is asked. Files that are there already are never overwritten.
    """
    from respondby.setup.choices import WrongChoice
    from respondby.setup.starting import NotStartable

    root = _root()
    _refuse_second(root, elsewhere=pull_request)
    try:
        source = _source(given["source"])
        start = _start(given, source, root)
    except (WrongChoice, NotStartable) as wrong:
        raise click.UsageError(str(wrong)) from None
    output = _proposed(start, dry_run) if pull_request else _written(start, root, dry_run)
    _tell(output, start, source, given, requests=requests, as_json=as_json)


def _root() -> Path:
    """The top of the git repository around the working folder, else that folder."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def _refuse_second(root: Path, *, elsewhere: bool) -> None:
    from respondby.setup.starting import POLICY

    if not elsewhere and os.path.lexists(root / POLICY):
        raise NotStarted(
            f"There is a desk here already: {root / POLICY}. Nothing was written. Change that file and run"
            " `respondby check`; to begin anew, remove it first."
        )


def _source(said: str | None) -> Source:
    from respondby import __version__
    from respondby.cli.own_source import is_published, own_commit, own_source
    from respondby.setup.choices import read_source

    if said is not None:
        return read_source(said, __version__, own_commit())
    found = own_source()
    if found is None:
        raise click.UsageError(
            "which copy of respondby shall the workflows use? This one tells no owner and commit: say"
            " --actions OWNER/respondby@COMMIT"
        )
    if not is_published(found):
        click.echo(f"Note: commit {found.commit[:12]} is on no branch of its origin yet: push it first.", err=True)
    return found


def _start(given: dict[str, Any], source: Source, root: Path) -> Start:
    from respondby.cli.asking import choices
    from respondby.setup.choices import WrongChoice, read_desk, read_login
    from respondby.setup.starting import start_from_choices, start_from_process

    if given["process"] is None:
        if given["renames"]:
            raise WrongChoice("--rename is about the people of a process: say --process too")
        return start_from_choices(choices(given, root), source)
    others = [name for name in ("people", "lead", "timezone", "hours", "reach", "country", "since") if given[name]]
    if others:
        raise WrongChoice(f"--process brings its own: leave --{others[0]} out, and change the policy afterwards")
    people = {}
    for pair in given["renames"]:
        old, equals, new = pair.partition("=")
        if not equals:
            raise WrongChoice(f"`{pair}` is not OLD=NEW")
        people[old.strip()] = read_login(new)
    desk = read_desk(given["desk"]) if given["desk"] else None
    return start_from_process(given["process"], source, desk, people)


def _written(start: Start, root: Path, dry_run: bool) -> dict[str, Any]:
    from respondby.cli.policy_files import inside
    from respondby.setup.starting import CODEOWNERS, kept

    there = {path for path in (*start.files, *CODEOWNERS, *_workflow_names(start)) if os.path.lexists(root / path)}
    write, left = kept(start, there)
    for path in write:
        blocking = next((up for up in (root / path).parents if os.path.lexists(up) and not up.is_dir()), None)
        if blocking is not None or not inside(root / path, root):
            raise NotStarted(f"{blocking or root / path} is not a folder of this repository: nothing was written.")
    for path, text in write.items() if not dry_run else ():
        with writing(root / path):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            with (root / path).open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    return {"files": sorted(write), "left": sorted(left), "root": str(root), "written": not dry_run}


def _workflow_names(start: Start) -> list[str]:
    """The other names of workflows, which may be taken as well."""
    from respondby.setup.starting import other_name

    return [other_name(path) for path in start.files if path.startswith(".github/workflows/")]


def _proposed(start: Start, dry_run: bool) -> dict[str, Any]:
    from respondby.cli.running import connect
    from respondby.forge.standing import read_standing
    from respondby.setup.proposing import description, propose

    _, client = connect(os.environ)
    standing = read_standing(client)
    if dry_run:
        body = description(start, start.files, (), standing)
        return {"files": sorted(start.files), "left": [], "written": False, "body": body}
    done = propose(client, standing, start)
    return {"files": sorted(done.files), "left": list(done.left), "written": True, "pull_request": done.proposal.url}


def _tell(
    output: dict[str, Any], start: Start, source: Source, given: dict[str, Any], *, requests: int, as_json: bool
) -> None:
    from respondby.cli.output.init import cost_lines, step_lines, tree_lines
    from respondby.setup.costs import cost
    from respondby.setup.starting import POLICY

    month = cost({path: text for path, text in start.files.items() if "/workflows/" in path}, requests, start.policy)
    steps = _steps(output, start, given)
    if as_json:
        money = {
            "minutes": month.minutes,
            "schedules": month.sweeping,
            "requests": month.answering,
            "watch": month.watching,
        }
        output |= {
            "policy": POLICY,
            "actions": f"{source.owner}/respondby@{source.commit}",
            "next": steps,
            "cost": money,
        }
        click.echo(json.dumps(output, ensure_ascii=False))
        return
    if "body" in output:
        click.echo(output["body"])
    else:
        say([_head(output), *(f"  {line}" for line in tree_lines(output["files"], output["left"]))])
    click.echo("\nNext" if output["written"] else "\nNothing was written. Next")
    say([*step_lines(steps), "", *cost_lines(month)])


def _head(output: dict[str, Any]) -> str:
    if "pull_request" in output:
        return "Proposed:"
    return f"{'Written' if output['written'] else 'These files would be written'} below {output['root']}:"


def _steps(output: dict[str, Any], start: Start, given: dict[str, Any]) -> Sequence[str]:
    """The next three steps."""
    from respondby.setup.starting import SCENARIOS

    secrets = f"{', '.join(start.secrets)} and RESPONDBY_KEY" if start.secrets else "RESPONDBY_KEY"
    if "pull_request" in output:
        return [
            f"Read and merge {output['pull_request']}: it says what will happen, and nothing does before.",
            f"Store the secrets {secrets} (docs/install.md says how, and what each is for).",
            "respondby doctor: token, permissions, labels, people, secrets and schedule, each with its mend.",
        ]
    if not output["written"]:
        return ["The same command without --dry-run writes them."]
    stories = f"respondby rehearse {SCENARIOS}: watch a day at this desk, then change a promise and watch it again."
    own = "Put your own people into the policy, or begin anew with --rename OLD=NEW; then respondby check."
    return [
        own
        if given["process"] and not given["renames"]
        else "respondby check, and read the policy: it is what you promise.",
        stories
        if any(path.startswith(SCENARIOS) for path in output["files"])
        else 'respondby try "a title": who would be told.',
        f"Commit, push, and store {secrets}: docs/install.md has every step.",
    ]
