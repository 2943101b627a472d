"""Writes the reference pages of docs/ anew from what they are about: `python -m tests.pages`. A test compares them.

| page | made from |
| --- | --- |
| docs/reference.md | schemas/policy.schema.json |
| docs/commands.md | the commands themselves, with the examples of their help |
| docs/actions.md | actions/*/action.yml, and the workflows that start them |
| docs/processes/README.md | its table: the promises of the five documents, scenarios, what came of them |
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from respondby.cli.examples import EXAMPLES
from respondby.cli.main import LazyGroup, main
from respondby.tracing.table import page as with_table
from respondby.tracing.traced import traced

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

Schema = Mapping[str, Any]


def reference() -> str:
    """Every key of a policy, from the schema."""
    schema = json.loads((ROOT / "schemas" / "policy.schema.json").read_text(encoding="utf-8"))
    return "\n".join(_reference(schema)).rstrip() + "\n"


def commands() -> str:
    """Every command, its arguments, options and examples."""
    return "\n".join(_commands()).rstrip() + "\n"


def actions() -> str:
    """Every action: what starts it, what it may, what goes in and comes out."""
    return "\n".join(_actions()).rstrip() + "\n"


def processes() -> str:
    """The five processes, with the table of their documents' promises."""
    lists = sorted((DOCS / "processes").glob("*/promises.yml"))
    documents = [traced(file.with_name("support.yml")) for file in lists]
    file = DOCS / "processes" / "README.md"
    return with_table(documents, file.read_text(encoding="utf-8"), file.parent)


PAGES = {
    "reference.md": reference,
    "commands.md": commands,
    "actions.md": actions,
    "processes/README.md": processes,
}


# -- the policy's keys ---------------------------------------------------------------------------------------------


def _reference(schema: Schema) -> Iterator[str]:
    shared = schema["$defs"]
    yield "# Every key of a policy"
    yield ""
    yield (
        "Made from [schemas/policy.schema.json](../schemas/policy.schema.json) by `python -m tests.pages`: change it"
        " there."
        " [guide.md](guide.md) explains a policy step by step, [language.md](language.md) says what its words mean,"
        " with the rules of time."
    )
    yield ""
    yield "A name in capitals stands for names of your own; `[]` for each entry of a list."
    yield ""
    yield "Sections: " + " · ".join(f"[{name}](#{name})" for name in schema["properties"])
    yield ""
    yield "What keys take: " + " · ".join(f"[{name}](#takes-{name})" for name in shared)
    required = set(schema.get("required", ()))
    for name, what in schema["properties"].items():
        yield ""
        yield f"## {name}"
        yield ""
        yield _sentence(what, shared) + (" Every policy has it." if name in required else "")
        yield from _table(name, what, shared)
    yield ""
    yield "## What keys take"
    for name, what in shared.items():
        yield ""
        yield f"### Takes {name}"
        yield ""
        yield _sentence(what, shared)
        if examples := what.get("examples"):
            yield ""
            yield "For example " + ", ".join(f"`{_written(one)}`" for one in examples) + "."
        yield from _table("", what, shared)


def _sentence(what: Schema, shared: Schema) -> str:
    said = _cell(what.get("description", ""))
    takes = _takes(what)
    return f"{said} Takes {takes}." if takes and takes != "keys" else said


def _table(at: str, what: Schema, shared: Schema) -> Iterator[str]:
    rows = list(_rows("", what))
    if not rows:
        return
    yield ""
    yield "| key | takes | meaning |"
    yield "| --- | --- | --- |"
    for path, key, needed in rows:
        meaning = key.get("description", "")
        if not meaning and "$ref" in key:
            meaning = shared[key["$ref"].rpartition("/")[2]].get("description", "")
        yield f"| `{path}`{' (needed)' if needed else ''} | {_takes(key)} | {_cell(meaning)} |"


def _rows(at: str, what: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """The keys below one, each with its path, schema and whether it has to be there."""
    needed = set(what.get("required", ()))
    for name, key in what.get("properties", {}).items():
        path = f"{at}.{name}" if at else name
        yield path, key, name in needed
        yield from _rows(path, key)
    named = what.get("additionalProperties")
    if isinstance(named, Mapping):
        path = f"{at}.NAME" if at else "NAME"
        if "description" in named or "$ref" in named:
            yield path, named, False
        yield from _rows(path, named)
    items = what.get("items")
    if isinstance(items, Mapping):
        path = f"{at}[]" if at else "[]"
        if "properties" not in items and ("description" in items or "$ref" in items):
            yield path, items, False
        yield from _rows(path, items)
    for choice in (*what.get("anyOf", ()), *what.get("oneOf", ())):
        if "$ref" not in choice:
            yield from _rows(at, choice)


def _takes(what: Schema) -> str:
    """What a key takes, in a few words."""
    if "$ref" in what:
        name = what["$ref"].rpartition("/")[2]
        return f"[{name}](#takes-{name})"
    if "const" in what:
        return f"`{_written(what['const'])}`"
    if "enum" in what:
        return ", ".join(f"`{_written(one)}`" for one in what["enum"])
    choices = (*what.get("anyOf", ()), *what.get("oneOf", ()))
    if choices:
        return " or ".join(dict.fromkeys(one for one in map(_takes, choices) if one))
    kinds = what.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if kinds & {"string", "number"} and "object" not in kinds and "array" not in kinds:
        return "text" if kinds & {"string"} else "a number"
    if "array" in kinds:
        items = what.get("items", {})
        inner = _takes(items) if isinstance(items, Mapping) else ""
        return f"a list of {inner}" if inner else "a list"
    if "object" in kinds:
        return "keys"
    return "`true` or `false`" if kinds == {"boolean"} else ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# -- commands ----------------------------------------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    found = list(all_commands(main, ()))
    yield "# Commands"
    yield ""
    yield (
        "Made from the commands themselves by `python -m tests.pages`: change them there. `sh actions/run.sh` stands"
        " for `respondby` where you have a clone. All of them take `--help`; `--json` prints nothing but JSON on"
        " standard output; exit codes are 0 for fine, 1 where a check found problems or a run partly failed, 2 for"
        " wrong usage or unreadable input. Commands find the policy of the repository from any of its folders."
    )
    yield ""
    yield " · ".join(f"[{' '.join(words)}](#{'-'.join(('respondby', *words))})" for words, _ in found)
    for words, command in found:
        name = " ".join(("respondby", *words))
        yield ""
        yield f"## {name}"
        yield ""
        context = click.Context(command, info_name=name)
        yield from _help(command.help or "")
        yield ""
        yield f"    {' '.join([name, *command.collect_usage_pieces(context)])}"
        options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
        if options:
            yield ""
            yield "| option | meaning |"
            yield "| --- | --- |"
            for option in options:
                written, meaning = option.get_help_record(context) or ("", "")
                yield f"| `{_cell(written)}` | {_cell(meaning)} |"
        if examples := EXAMPLES.get(" ".join(words)):
            yield ""
            for line, what in examples:
                yield f"    {line}"
                yield f"        # {what}"


def all_commands(group: LazyGroup, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*before, name), command
        if isinstance(command, LazyGroup):
            yield from all_commands(command, (*before, name))


def _help(text: str) -> Iterator[str]:
    """A command's own text: paragraphs, and blocks that click leaves as they are."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        lines = paragraph.splitlines()
        if lines and lines[0].strip() == "\b":
            yield from (f"    {line.strip()}" for line in lines[1:])
        else:
            yield " ".join(line.strip() for line in lines).replace("\b", "")
        yield ""


# -- actions -----------------------------------------------------------------------------------------------------------


def _actions() -> Iterator[str]:
    yield "# Actions"
    yield ""
    yield (
        "Made from `actions/*/action.yml` and `.github/workflows` by `python -m tests.pages`: change them there. A"
        " workflow names an action as `OWNER/respondby/actions/NAME@COMMIT`, which `respondby init` writes; secrets"
        " reach it by `env:`, which `respondby sync --workflows` keeps in step with the policy."
    )
    files = sorted((ROOT / "actions").glob("*/action.yml"))
    yield ""
    yield " · ".join(f"[{file.parent.name}](#{file.parent.name})" for file in files)
    for file in files:
        name = file.parent.name
        action = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
        yield ""
        yield f"## {name}"
        yield ""
        yield _cell(action["description"])
        yield from _workflow(name)
        yield from _values("input", action.get("inputs") or {}, "default")
        yield from _values("output", action.get("outputs") or {}, "")


def _workflow(name: str) -> Iterator[str]:
    file = ROOT / ".github" / "workflows" / f"{name}.yml"
    if not file.is_file():
        return
    text = file.read_text(encoding="utf-8")
    workflow = yaml.load(text, yaml.BaseLoader)
    on = workflow["on"]
    events = [f"`{one}`" for one in ([on] if isinstance(on, str) else on)]
    yield ""
    yield f"[{name}.yml](../.github/workflows/{name}.yml) starts it on {', '.join(events)}, with these permissions:"
    yield ""
    for job in workflow["jobs"].values():
        for permission, level in (job.get("permissions") or {}).items():
            why = re.search(rf"^ +{permission}: {level} # (.+)$", text, re.MULTILINE)
            yield f"- `{permission}: {level}`{f', {why[1]}' if why else ''}"


def _values(kind: str, values: Mapping[str, Mapping[str, str]], default: str) -> Iterator[str]:
    if not values:
        return
    yield ""
    yield f"| {kind} | meaning |{' default |' if default else ''}"
    yield f"| --- | --- |{' --- |' if default else ''}"
    for name, what in values.items():
        last = f" {f'`{what[default]}`' if what.get(default) else '–'} |" if default else ""
        yield f"| `{name}` | {_cell(what['description'])} |{last}"


if __name__ == "__main__":
    for page, make in PAGES.items():
        (DOCS / page).write_text(make(), encoding="utf-8")
