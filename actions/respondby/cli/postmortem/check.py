"""`respondby postmortem check`: what is wrong with post-mortems, with the place of each thing."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from respondby.cli.postmortem.files import Read, read_documents
from respondby.cli.writing import say, writing
from respondby.policy.text.problems import Problem, readable, worst_first
from respondby.postmortems.document.document import FOLDER
from respondby.runner.commands import Annotation, annotate

if TYPE_CHECKING:
    from respondby.postmortems.rule import Context


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Mend what needs no judgement, and say what is left.")
@click.option("--online", is_flag=True, help="Also ask the repository whether each incident exists (GITHUB_TOKEN).")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0, for code scanning.")
@click.pass_context
def command(
    context: click.Context, files: tuple[Path, ...], fix: bool, online: bool, as_json: bool, sarif: bool
) -> None:
    """Check post-mortems: those of docs/incidents, or any FILE or folder of Markdown.

    In our own documents errors keep a merge from being right; in anybody's, what contradicts itself is a warning.
    docs/postmortem-rules.md lists the rules, and how a document allows one. Ends with 1 where there is an error.
    """
    read = read_documents(files)
    mended = _mend(read) if fix else ()
    if mended:
        read = read_documents(files)
    problems = problems_of(read, index=_all_of_ours(files, read.root))
    if online:
        problems = worst_first([*problems, *_unknown_incidents(read)])
    paths = [document.path for document in read.documents]
    if as_json:
        output = {"files": paths, "problems": [asdict(problem) for problem in problems], "mended": list(mended)}
        click.echo(json.dumps(output, ensure_ascii=False))
    elif sarif:
        from respondby.cli.output.sarif import sarif as as_sarif

        click.echo(json.dumps(as_sarif(problems), ensure_ascii=False, indent=2))
    _tell(problems, paths, mended, quiet=as_json or sarif)
    context.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _all_of_ours(files: Sequence[Path], root: Path) -> bool:
    """Whether every document that the index lists was read: what else was named says nothing about it."""
    kept = (root / FOLDER).resolve()
    return not files or any(path.is_dir() and kept.is_relative_to(path.resolve()) for path in files)


def problems_of(read: Read, *, index: bool) -> tuple[Problem, ...]:
    """Everything that is wrong with what was read, and with the index where that is looked at too."""
    from respondby.postmortems.checking import check

    checked = check(read.documents, context_of(read.root))
    found = [*read.problems, *(problem for one in checked for problem in one.problems)]
    return worst_first([*found, *(_index_problems(read) if index else ())])


def _unknown_incidents(read: Read) -> Iterator[Problem]:
    """Each incident of this repository that is named and does not exist."""
    from respondby.cli.running import connect
    from respondby.forge.merges import issues_there

    _, client = connect(os.environ)
    place = re.compile(rf"https?://[^/]+/{re.escape(client.repository)}/issues/([1-9]\d{{0,9}})", re.IGNORECASE)
    named = [
        (document, link, int(found[1]))
        for document in read.documents
        if document.source.refusal() is None and document.front.text("example").strip() != "true"
        for link in document.incidents
        if (found := place.fullmatch(link)) is not None
    ]
    there = issues_there(client, sorted({number for _, _, number in named}))
    for document, link, number in named:
        if number not in there:
            line, column = document.front.place("incident")
            message = f"There is no incident {number} in {client.repository}."
            yield Problem(document.path, line, column, message, link, "Correct the link.", rule="unknown-incident")


def context_of(root: Path) -> Context:
    """What documents of that repository are looked at beside."""
    from respondby.postmortems.rule import SECTIONS, Context

    sections, people = _wanted(root / ".github/support.yml")
    return Context(sections or SECTIONS, lambda path: (root / path).exists(), people=people)


def _wanted(path: Path) -> tuple[tuple[str, ...], frozenset[str]]:
    """The sections and the people that the repository's policy names; nothing where there is none that loads."""
    from respondby.cli.policy_files import read_named, read_text
    from respondby.policy.loading.loader import examine
    from respondby.policy.text.problems import PolicyError

    if not path.is_file():
        return (), frozenset()
    try:
        text = read_text(path)
        policy = examine(text, path=str(path), files=read_named(path, text)).policy
    except PolicyError:
        return (), frozenset()  # `respondby check` says what is wrong with it
    if policy is None:
        return (), frozenset()
    wanted = policy.incidents.post_mortem if policy.incidents is not None else None
    return (wanted.sections if wanted is not None else ()), frozenset(login.casefold() for login in policy.people)


def _index_problems(read: Read) -> list[Problem]:
    from respondby.cli.policy_files import read_text
    from respondby.postmortems import index

    ours = index.listed(read.documents)
    path = read.root / index.PATH
    if not ours and not path.is_file():
        return []
    if not path.is_file() or path.is_symlink():
        return [
            Problem(
                index.PATH,
                1,
                1,
                "There is no index of the post-mortems.",
                hint="Run `respondby postmortem index`.",
                rule="index",
            )
        ]
    text = read_text(path)
    if "<<<<<<< " in text:
        line = text[: text.index("<<<<<<< ")].count("\n") + 1
        message = "A merge was left unfinished in the index."
        return [
            Problem(
                index.PATH,
                line,
                1,
                message,
                "<<<<<<<",
                "Run `respondby postmortem index`: it is written anew.",
                rule="index",
            )
        ]
    if index.drifted(ours, text):
        message = "The index does not list what the documents say."
        return [
            Problem(index.PATH, index.line_of(text), 1, message, hint="Run `respondby postmortem index`.", rule="index")
        ]
    return []


def _mend(read: Read) -> tuple[str, ...]:
    """Write what can be mended; the paths of the files that were written."""
    from respondby.postmortems.checking import check
    from respondby.postmortems.fixing import fixed

    written = []
    for checked in check(read.documents, context_of(read.root)):
        text = fixed(checked)
        if text is not None and text != checked.document.source.text:
            target = read.root / checked.document.path
            with writing(target):
                target.write_bytes(text.encode("utf-8"))
            written.append(checked.document.path)
    return tuple(written)


def _tell(problems: Sequence[Problem], paths: list[str], mended: Sequence[str], *, quiet: bool) -> None:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        annotate([_annotation(problem) for problem in problems], sys.stderr if quiet else sys.stdout)
        _annotate_job(problems, paths)
    elif not quiet:
        say(line for problem in problems for line in problem.text().split("\n"))
    if not quiet:
        say([*(f"Mended {path}." for path in mended), summary(problems, len(paths))])


def _annotation(problem: Problem) -> Annotation:
    words = "\n".join(part for part in (problem.message, problem.hint) if part)
    return Annotation(problem.severity, words, problem.path, problem.line, problem.column, problem.rule)


def summary(problems: Sequence[Problem], files: int) -> str:
    """One sentence on what was found in so many files."""
    errors = sum(problem.severity == "error" for problem in problems)
    parts = [_count(errors, "error"), _count(len(problems) - errors, "warning")]
    found = " and ".join(part for part in parts if part)
    return f"{found or 'Nothing wrong'} in {files} post-mortem{'' if files == 1 else 's'}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _annotate_job(problems: Sequence[Problem], paths: list[str]) -> None:
    """The step summary: a fork's pull request can be told in no other way than this and annotations."""
    from respondby.runner.results import add_summary

    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    shown, left_off = readable(problems)
    lines = [problem.text() for problem in shown] + ([f"… and {left_off} more"] if left_off else [])
    fenced = "\n".join(["~~~~text", *(line.replace("~~~", "~ ~ ~") for line in lines), "~~~~"]) if lines else ""
    add_summary(Path(target), "\n\n".join(part for part in (f"**{summary(problems, len(paths))}**", fenced) if part))
