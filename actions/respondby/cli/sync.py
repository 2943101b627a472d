"""`respondby sync`: forms, workflows' secrets and the repository's labels, brought into step with the policy."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from respondby.cli.policy_files import POLICY, actions_in, at_the_root, read_named, read_text
from respondby.cli.writing import say, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from respondby.policy.model.policy import Policy
    from respondby.setup.files import FilePlan, Folder


@click.command()
@click.option("--forms", is_flag=True, help="Write .github/ISSUE_TEMPLATE from the policy.")
@click.option(
    "--workflows",
    is_flag=True,
    help="In .github/workflows: pass the secrets that the policy names, sweep as often as it needs.",
)
@click.option("--labels", is_flag=True, help="Compare the repository's labels; nothing is written without --apply.")
@click.option("--check", is_flag=True, help="Write nothing; show what is out of step as a diff, and exit with 1.")
@click.option("--apply", is_flag=True, help="With --labels: create, update and rename them. None is ever deleted.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="With --labels: keep OLD's history as NEW.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.pass_context
def command(
    context: click.Context,
    *,
    forms: bool,
    workflows: bool,
    labels: bool,
    check: bool,
    apply: bool,
    renames: tuple[str, ...],
    as_json: bool,
) -> None:
    """Bring what GitHub reads elsewhere into step with .github/support.yml.

    Files are written at once (git shows what changed); labels only with --apply. Files that were not made from the
    policy are left as they are, and named.
    """
    if not (forms or workflows or labels):
        raise click.UsageError("say what: --forms, --workflows or --labels")
    if (apply or renames) and not labels:
        raise click.UsageError("--apply and --rename are about labels: add --labels")
    if apply and check:
        raise click.UsageError("--check writes nothing and --apply writes: leave one of them out")
    context.with_resource(at_the_root())
    (policy, secrets), pairs = _loaded(), _pairs(renames)
    output: dict[str, Any] = {"policy": POLICY.as_posix()}
    if forms:
        output["forms"] = _sync_forms(policy, check=check)
    if workflows:
        output["workflows"] = _sync_workflows(policy, secrets, check=check)
    if labels:
        output["labels"] = _sync_labels(policy, pairs, apply=apply)
    _tell(output, check=check, as_json=as_json)
    parts = [part for name, part in output.items() if name != "policy"]
    failed = any(part["problems"] for part in parts) or (check and any(part["changes"] for part in parts))
    context.exit(1 if failed else 0)


def _loaded() -> tuple[Policy, tuple[str, ...]]:
    """The policy of this working copy, with the names of secrets that its text refers to."""
    from respondby.policy.loading.loader import examine
    from respondby.policy.repository.workflow_secrets import secrets_of
    from respondby.policy.text.problems import PolicyError

    if not POLICY.is_file():
        raise click.UsageError(f"there is no {POLICY} here or above: `respondby init` writes one")
    text = read_text(POLICY)
    reading = examine(text, path=POLICY.as_posix(), files=read_named(POLICY, text))
    if reading.policy is None:
        raise PolicyError(reading.problems)
    return reading.policy, secrets_of(reading.policy, reading.references)


def _sync_forms(policy: Policy, *, check: bool) -> dict[str, Any]:
    from respondby.policy.repository.forms import FOLDER
    from respondby.setup.files import plan_forms

    return _carried_out(plan_forms(policy, _folder(FOLDER), source=POLICY.as_posix()), "forms", check=check)


def _sync_workflows(policy: Policy, names: Sequence[str], *, check: bool) -> dict[str, Any]:
    from respondby.policy.repository.workflow_steps import FOLDER
    from respondby.setup.files import plan_workflows

    found = {path: text for path, text in _folder(FOLDER).items() if path.endswith((".yml", ".yaml"))}
    actions = actions_in(Path(), {path: text for path, text in found.items() if text is not None})
    return _carried_out(plan_workflows(policy, names, found, actions, schedules=True), "workflows", check=check)


def _folder(path: str) -> Folder:
    """The texts of a folder's files by path. What is no UTF-8 text, or only a link, is None."""
    folder = Path(path)
    if folder.resolve() != Path.cwd().resolve() / folder:
        raise click.UsageError(f"{folder} is a link that leads elsewhere: nothing is written through it")
    files = sorted(file for file in folder.iterdir() if not file.is_dir()) if folder.is_dir() else []
    return {file.as_posix(): None if file.is_symlink() else _text(file) for file in files}


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        return None


def _carried_out(plan: FilePlan, kind: str, *, check: bool) -> dict[str, Any]:
    for change in plan.changes if not check else ():
        file = Path(change.path)
        with writing(file):
            if change.after is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(change.after.encode())
    changes = [{"path": change.path, "change": change.what, "diff": change.diff()} for change in plan.changes]
    problems = [asdict(problem) for problem in plan.problems]
    return {"kind": kind, "changes": changes, "left": list(plan.left), "problems": problems}


def _pairs(renames: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in renames:
        old, equals, new = text.partition("=")
        if not (old.strip() and equals and new.strip()):
            raise click.BadParameter(f"{text!r} is not OLD=NEW", param_hint="--rename")
        pairs.append((old.strip(), new.strip()))
    return pairs


def _sync_labels(policy: Policy, renames: Sequence[tuple[str, str]], *, apply: bool) -> dict[str, Any]:
    from respondby.cli.running import connect
    from respondby.forge.standing import read_standing
    from respondby.setup.labels import LabelsApplied, WrongRename, apply_labels, labels_of, plan_labels

    _, client = connect(os.environ)
    standing = read_standing(client)
    try:
        plan = plan_labels(policy, labels_of(standing.labels), renames)
    except WrongRename as error:
        raise click.BadParameter(str(error), param_hint="--rename") from None
    applied = apply_labels(client, plan) if apply else LabelsApplied()
    changes = [
        {
            "change": change.what,
            "from": asdict(change.before) if change.before else None,
            "to": asdict(change.after),
            "done": change in applied.done,
        }
        for change in plan.changes
    ]
    return {
        "repository": standing.repository,
        "applied": apply,
        "changes": changes,
        "in_step": plan.in_step,
        "undeclared": [{"name": name, "perhaps": meant} for name, meant in plan.undeclared],
        "remarks": list(plan.remarks),
        "problems": [*plan.problems, *applied.failed],
    }


def _tell(output: Mapping[str, Any], *, check: bool, as_json: bool) -> None:
    from respondby.cli.output.sync import diff_lines, file_lines, label_lines

    if as_json:
        click.echo(json.dumps(output, ensure_ascii=False))
    else:
        for part in (output[name] for name in ("forms", "workflows") if name in output):
            for line in (*(diff_lines(part["changes"]) if check else ()), *file_lines(part, check=check)):
                click.echo(line)
        say(label_lines(output["labels"], output["policy"]) if "labels" in output else ())
    _tell_problems(output)


def _tell_problems(output: Mapping[str, Any]) -> None:
    """What could not be done: in a runner as annotations, elsewhere on standard error."""
    from respondby.policy.text.problems import Problem
    from respondby.runner.commands import Annotation, annotate

    places = [
        Problem(**problem) for name in ("forms", "workflows") for problem in output.get(name, {}).get("problems", [])
    ]
    others: list[str] = output.get("labels", {}).get("problems", [])
    if os.environ.get("GITHUB_ACTIONS") == "true":
        at = [
            Annotation("error", f"{problem.message}\n{problem.hint}", problem.path, problem.line) for problem in places
        ]
        annotate([*at, *(Annotation("error", text) for text in others)], sys.stderr)
        return
    for problem in places:
        say(problem.text().split("\n"), err=True)
    say((f"error: {text}" for text in others), err=True)
