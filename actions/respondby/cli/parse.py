"""`respondby parse`: read an issue's body by the form that made it."""

import json
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

from respondby.cli.writing import say
from respondby.desk.answers import Answer, FormError, FormField, Parsed, form_fields, parse
from respondby.letters.neutral import flat
from respondby.letters.refusals import reason_text
from respondby.letters.when import speaking
from respondby.policy.text.problems import PolicyError
from respondby.policy.text.yaml_text import read


class Unreadable(click.ClickException):
    """Input that cannot be read at all."""

    exit_code = 2


@click.command()
@click.option(
    "--form",
    "form",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FORM.yml",
    help="The issue form, as it stands in .github/ISSUE_TEMPLATE.",
)
@click.argument("body", type=click.File("rb"), metavar="BODY.md")
@click.option(
    "--json", "as_json", is_flag=True, help='Print {"answers": {id: value}, "problems": [{"field", "problem"}]}.'
)
@click.pass_context
def command(context: click.Context, form: Path, body: BinaryIO, as_json: bool) -> None:
    """What an issue's BODY answers to the questions of a form; - is standard input.

    Text is a string, a dropdown a string (or a list where several may be chosen), checkboxes a list of the ticked ones,
    and no answer null. An answer that cannot be told for certain is null, and a problem says why. Exits with 1 when
    there are problems.
    """
    fields = _fields(form)
    parsed = parse(fields, _text(body.read(), body.name))
    english = speaking(None, "UTC")
    problems = [(field, reason_text(why, english, flat)) for field, why in parsed.problems]
    if as_json:
        listed = [{"field": field, "problem": problem} for field, problem in problems]
        click.echo(json.dumps({"answers": dict(parsed.answers), "problems": listed}, indent=2))
    else:
        _show(fields, parsed, problems)
    context.exit(1 if parsed.problems else 0)


def _fields(path: Path) -> tuple[FormField, ...]:
    text = _text(path.read_bytes(), str(path))
    if not text.strip():
        _refuse(f"{path}: this file is empty; a form has at least a name and a body")
    try:
        root = read(text, path=str(path))
        if root.kind != "mapping":
            _refuse(f"{path}: an issue form is a mapping with name, description and body")
        return form_fields(root.data())
    except PolicyError as error:
        _refuse(str(error))
    except FormError as error:
        _refuse(f"{path}: {error}")


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"{name}: this is not UTF-8 text ({error.reason} at byte {error.start})")


def _show(fields: tuple[FormField, ...], parsed: Parsed, problems: list[tuple[str, str]]) -> None:
    """Each question with its answer, for people; problems on standard error."""
    for field in fields:
        say([f"{field.label} ({field.id})", *(f"    {line}" for line in _lines(parsed.answers[field.id]))])
    say((f"{name}: {problem}" for name, problem in problems), err=True)


def _lines(answer: Answer) -> list[str]:
    if isinstance(answer, list):
        return [f"- {item}" for item in answer]
    return answer.split("\n") if answer else ["(no answer)"]


def _refuse(words: str) -> NoReturn:
    raise Unreadable(words)
