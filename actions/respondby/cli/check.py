"""`respondby check`: everything that is wrong with policies, rota files and scenarios, before they are merged."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import click

from respondby.calendars.errors import TimeError
from respondby.calendars.instants import Instant, parse_time
from respondby.cli.check_alerts import is_map, map_problems
from respondby.cli.check_shifts import shift_notes
from respondby.cli.output.colours import painted
from respondby.cli.policy_files import (
    POLICY,
    actions_in,
    at_the_root,
    inside,
    read_folder,
    read_named,
    read_text,
    root_of,
)
from respondby.cli.writing import say
from respondby.policy.text.problems import PolicyError, Problem, readable, worst_first
from respondby.policy.text.yaml_text import Node
from respondby.runner.commands import Annotation, annotate
from respondby.terminal import fitted


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--at", metavar="TIME", help="Check as at this instant (ISO 8601 with offset) instead of now.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], at: str | None, as_json: bool) -> None:
    """Validate policies, rota files, scenarios and post-mortems.

    Without a PATH, this repository's own policy, `.github/support.yml`, with its forms and workflows, the scenarios of
    `.github/scenarios` and the post-mortems of `docs/incidents`. A folder stands for every `support.yml` below it and
    the scenarios beside that. Where a `promises.yml` lies beside a policy, each of its promises needs a scenario that
    was kept as it stands. On a pull request that changes rotas, overrides or absences, the step summary tells who
    gains and who loses which shifts.
    """
    now = _instant(at)
    if not paths:
        context.with_resource(at_the_root())
    files = list(_all_files(paths or (POLICY, *beside(POLICY))))
    found = [problem for path in files for problem in problems_of(path, now)]
    if not paths:
        documents, more = post_mortems()
        files, found = [*files, *documents], [*found, *more]
    problems = worst_first(found)
    markdown, notes = shift_notes((path for path in files if path.name == POLICY.name), now, os.environ)
    _report(problems, files, notes, as_json=as_json)
    _annotate_job(problems, files, markdown)
    context.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def post_mortems() -> tuple[list[Path], tuple[Problem, ...]]:
    """This repository's post-mortems, and what is wrong with them and their index."""
    from respondby.cli.postmortem.check import problems_of as problems_of_documents
    from respondby.cli.postmortem.files import read_documents

    read = read_documents(())
    return [Path(document.path) for document in read.documents], problems_of_documents(read, index=True)


def _instant(at: str | None) -> Instant:
    if at is None:
        return int(time.time())
    try:
        return parse_time(at, None)
    except TimeError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def _all_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # A form called `support` is no policy.
            policies = sorted(found for found in path.rglob("support.yml") if found.parent.name != "ISSUE_TEMPLATE")
            if not policies:
                raise click.UsageError(f"there is no support.yml below {path}; name a file")
            for policy in policies:
                yield from (policy, *beside(policy))
        elif path.is_file():
            yield path
        else:
            raise click.UsageError(f"there is no file {path}; `respondby init` writes a first policy")


def beside(policy: Path) -> Iterator[Path]:
    """What belongs to a policy and lies beside it: the promises of its document, and the scenarios."""
    promises = policy.parent / "promises.yml"
    if promises.is_file():
        yield promises
    yield from sorted((policy.parent / "scenarios").glob("*.yml"))


def problems_of(path: Path, now: Instant) -> tuple[Problem, ...]:
    """What is wrong with one file, by what it is: a scenario, the entries of a rota, a map of alerts, or a policy."""
    from respondby.policy.text.shape import shape_problems
    from respondby.policy.text.yaml_text import read

    if path.parent.name == ".github" and not inside(path, root_of(path)):
        said = "This is a link that leaves the repository, and was not read."
        return (Problem(str(path), 1, 1, said, hint="Put the policy itself here.", rule="file"),)
    try:
        text = read_text(path)
        root = read(text, path=str(path))
        if root.kind == "list":
            return shape_problems(root, "schemas/rota-overrides.schema.json", path=str(path))
        if "scenario" in root.value:
            return _scenario_problems(path, root)
        if path.name == "promises.yml":
            return _promise_problems(path)
        if is_map(root):
            return map_problems(path, text)
        return _policy_problems(path, text, now)
    except PolicyError as error:
        return error.problems
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None


def _scenario_problems(path: Path, root: Node) -> tuple[Problem, ...]:
    """What `rehearse` says of a scenario that cannot be played, and where it says nothing, what an editor would."""
    from respondby.policy.text.shape import shape_problems
    from respondby.rehearsal.sense import to_play

    try:
        to_play(path)
    except PolicyError as error:
        return tuple(problem for problem in error.problems if problem.severity == "error")
    return shape_problems(root, "schemas/scenario.schema.json", path=str(path))


def _promise_problems(path: Path) -> tuple[Problem, ...]:
    """Which promises of a document nothing shows, or nothing has shown since something changed."""
    from respondby.tracing.traced import traced

    policy = path.with_name(POLICY.name)
    if not policy.is_file():
        hint = "A list of promises lies beside the policy that keeps them."
        return (Problem(str(path), 1, 1, f"There is no {POLICY.name} beside this.", hint=hint, rule="file"),)
    return traced(policy).problems


def _policy_problems(path: Path, text: str, now: Instant) -> tuple[Problem, ...]:
    from respondby.policy.checks.rule import Surroundings
    from respondby.policy.checks.table import check
    from respondby.policy.repository.forms import FOLDER

    surroundings = Surroundings(now)
    root = root_of(path)
    if root != path.parent:
        workflows = read_folder(root / ".github/workflows", root)
        surroundings = Surroundings(now, workflows, read_folder(root / FOLDER, root), actions_in(root, workflows))
    files = read_named(path, text)
    found = [*check(text, surroundings, path=str(path), files=files), *_message_problems(path, text, files)]
    problems = [
        problem if problem.path == str(path) else replace(problem, path=str(root / problem.path)) for problem in found
    ]
    return (*problems, *_alert_problems(path, text, files))


def _alert_problems(path: Path, text: str, files: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the sources and maps of alerts that a policy which loads names."""
    from respondby.cli.check_alerts import alert_problems
    from respondby.policy.loading.loader import examine

    yield from alert_problems(path, examine(text, path=str(path), files=files))


def _message_problems(path: Path, text: str, files: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the letters that replace ours: those of a policy that loads."""
    from respondby.policy.loading.loader import examine

    examined = examine(text, path=str(path), files=files)
    policy = examined.policy
    if policy is None:
        return
    from respondby.letters.checking import broken_messages
    from respondby.letters.spoken import unknown_names, unspoken

    yield from unspoken(examined, policy)
    yield from unknown_names(examined, policy)
    if policy.messages is None:
        return

    for file, line, message, hint in broken_messages(policy.messages, files):
        yield Problem(file, line, 1, message, hint=hint, rule="message")


def _report(problems: tuple[Problem, ...], files: list[Path], notes: list[Annotation], *, as_json: bool) -> None:
    if as_json:
        listed = [asdict(problem) for problem in problems]
        click.echo(json.dumps({"files": [str(path) for path in files], "problems": listed}, ensure_ascii=False))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _annotate(problems, notes, as_json=as_json)
    elif not as_json:
        shown, left_off = readable(problems)
        for problem in shown:
            click.echo(painted("\n".join(fitted(problem.text().split("\n")))))
        if left_off:
            click.echo(f"… and {left_off} more")
    if not as_json:
        say([_summary(problems, files)])


def _summary(problems: tuple[Problem, ...], files: list[Path]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    counts = [_count(errors, "error"), _count(len(problems) - errors, "warning")]
    found = " and ".join(count for count in counts if count)
    return f"{found or 'Nothing wrong'} in {_count(len(files), 'file')}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _annotate(problems: tuple[Problem, ...], notes: list[Annotation], *, as_json: bool) -> None:
    found = [
        Annotation(
            problem.severity,
            "\n".join(part for part in (problem.message, problem.hint, problem.detail) if part),
            problem.path,
            problem.line,
            problem.column,
            problem.rule,
        )
        for problem in problems
    ]
    annotate([*found, *notes], sys.stderr if as_json else sys.stdout)


def _annotate_job(problems: tuple[Problem, ...], files: list[Path], shifts: list[str]) -> None:
    """The step summary and outputs, where this is a job's step."""
    from respondby.runner.results import add_summary, set_output

    summary = _file("GITHUB_STEP_SUMMARY")
    if summary is not None:
        shown, left_off = readable(problems)
        lines = [problem.text() for problem in shown] + ([f"… and {left_off} more"] if left_off else [])
        fenced = "\n".join(["~~~~text", *(line.replace("~~~", "~ ~ ~") for line in lines), "~~~~"]) if lines else ""
        add_summary(summary, "\n\n".join([f"**{_summary(problems, files)}**", fenced, *shifts]))
    output = _file("GITHUB_OUTPUT")
    set_output(output, "errors", str(sum(problem.severity == "error" for problem in problems)))
    set_output(output, "warnings", str(sum(problem.severity == "warning" for problem in problems)))


def _file(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
