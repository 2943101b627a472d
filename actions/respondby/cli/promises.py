"""`respondby promises`: every sentence of a written document, the key that keeps it, the scenario that shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from respondby.cli.writing import say, writing

if TYPE_CHECKING:
    from respondby.tracing.traced import Traced


@click.command("promises")
@click.argument("paths", nargs=-1, metavar="[POLICY | FOLDER]…", type=click.Path(path_type=Path))
@click.option("--write", metavar="PAGE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the table into this page, between its marks; what stands around them stays.")  # fmt: skip
@click.option("--unquoted", metavar="DOCUMENT", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Instead: what no promise quotes of the document's text, and what is not in it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print only JSON on standard output.")
def command(paths: tuple[Path, ...], write: Path | None, unquoted: Path | None, as_json: bool) -> None:
    """Trace the promises of a written document to keys, scenarios and results.

    A team lists the sentences of its document in promises.yml beside the policy; scenarios beside it quote them in
    `keeps`. This prints a table in Markdown. Without a path, this repository's own. Exits with 1 where a promise is
    not shown by a scenario that was kept as it stands; `respondby rehearse` plays them and remembers what came of it.
    """
    from respondby.policy.text.problems import PolicyError
    from respondby.tracing.table import as_json as machine_form
    from respondby.tracing.table import page, table
    from respondby.tracing.traced import traced

    try:
        documents = [traced(policy) for policy in _policies(paths)]
    except PolicyError as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(2) from None
    if unquoted is not None:
        _say_unquoted(documents, unquoted)
        return
    if as_json:
        click.echo(json.dumps(machine_form(documents), ensure_ascii=False))
    elif write is not None:
        before = write.read_text(encoding="utf-8") if write.is_file() else ""
        text = page(documents, before, write.parent)
        if text != before:
            with writing(write):
                write.write_text(text, encoding="utf-8", newline="")
        click.echo(f"{'Wrote' if text != before else 'Nothing new in'} {write}.")
    else:
        click.echo(table(documents, Path()), nl=False)
    problems = [problem for document in documents for problem in document.problems]
    for problem in problems:
        say(problem.text().split("\n"), err=True)
    if problems:
        raise click.exceptions.Exit(1)


def _policies(paths: tuple[Path, ...]) -> list[Path]:
    """The policies that are meant: those that have a list of promises."""
    from respondby.cli.policy_files import the_policy
    from respondby.tracing.document import FILE

    found = [policy for path in paths or (the_policy(),) for policy in _at(path)]
    without = [policy for policy in found if not (policy.parent / FILE).is_file()]
    if without:
        raise click.UsageError(
            f"there is no {FILE} beside {without[0]}: list there what the document promises, word for word"
        )
    return found


def _at(path: Path) -> list[Path]:
    if path.is_dir():
        from respondby.tracing.document import FILE

        found = sorted(file.with_name("support.yml") for file in path.rglob(FILE))
        found = [file for file in found if file.is_file()]
        if not found:
            raise click.UsageError(f"there is no {FILE} beside a support.yml below {path}")
        return found
    if not path.is_file():
        raise click.UsageError(f"there is no file {path}")
    return [path]


def _say_unquoted(documents: list[Traced], text: Path) -> None:
    from respondby.cli.policy_files import read_text
    from respondby.tracing.document import unlike, unquoted

    if len(documents) != 1:
        raise click.UsageError(f"name the one policy whose document {text} is")
    [document] = documents
    said = read_text(text)
    for promise in unlike(document.written, said):
        say([f"{document.written.file}:{promise.line}: not in the document: {promise.says}"])
    for number, line in unquoted(document.written, said):
        click.echo(f"{text}:{number}: {line}")
