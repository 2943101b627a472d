"""What a JSON Schema of the project says about a text, as problems with their places.

Scalars are texts here (`yaml_text`): a text that is written like a whole number is an integer to a schema that wants
one, `true` and `false` are booleans, and everything is a string. A schema is not checked against its own schema at run
time, and the library is imported when it is first needed: both cost more than all the rest of a check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from respondby import data
from respondby.policy.text.problems import Problem, shorten, suggestion, worst_first
from respondby.policy.text.yaml_text import Node

_WHOLE = re.compile(r"-?\d{1,18}")
_CALLED = {"object": "a mapping", "array": "a list", "string": "a text", "integer": "a whole number", "null": "nothing"}


def shape_problems(root: Node, schema: str, *, path: str) -> tuple[Problem, ...]:
    """Everything that the schema (a path such as `schemas/scenario.schema.json`) refuses in the text at `path`."""
    errors = _validator(schema).iter_errors(root.data())
    return worst_first(problem for error in errors for problem in _problems_of(error, root, path))


@cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator, validators

    def integer(_: Any, value: object) -> bool:
        return isinstance(value, str) and _WHOLE.fullmatch(value) is not None

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": integer, "boolean": lambda _, value: value in ("true", "false")}
    )
    extend: Any = validators.extend  # untyped in the library's stubs
    return extend(Draft202012Validator, {"const": _const, "minimum": _minimum}, type_checker=types)(
        json.loads(data.text(schema))
    )


def _const(_: Any, const: object, value: object, __: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if value != str(const):
        yield ValidationError(f"{const!r} was expected")


def _minimum(validator: Any, least: int, value: object, _: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if validator.is_type(value, "integer") and int(str(value)) < least:
        yield ValidationError(f"less than {least}")


def _problems_of(error: Any, root: Node, path: str) -> Iterator[Problem]:
    """The problems of one error: a place for each key that is too many or missing."""
    node = _at(root, error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        yield _problem(path, node.keys[error.instance], "This name is not possible here.", error.instance, _hint(error))
        return
    place = (node.line, node.column)
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for key in [key for key in node.value if key not in known]:
                hint = suggestion(key, known, what="keys here")
                yield _problem(path, node.keys[key], f"Unknown key `{shorten(key)}`.", key, hint)
        case "required":
            for key in [key for key in error.validator_value if key not in node.value]:
                yield _problem(path, place, f"`{key}` is missing here.", "")
        case "dependentRequired":
            for key, needed in error.validator_value.items():
                missing = [name for name in needed if key in node.value and name not in node.value]
                for name in missing:
                    yield _problem(path, node.keys[key], f"`{key}` needs `{name}` beside it.", key)
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            if "string" in wanted:  # for editors these texts may be numbers and truths as well
                wanted = [kind for kind in wanted if kind not in ("number", "boolean")]
            words = " or ".join(_CALLED.get(kind, "`true` or `false`") for kind in wanted)
            found = {"text": "a text", "nothing": "nothing", "list": "a list", "mapping": "a mapping"}[node.kind]
            message = f"{words[:1].upper()}{words[1:]} is expected here; this is {found}."
            yield _problem(path, place, message, node.value if node.kind == "text" else "")
        case "enum" | "const":
            known = error.validator_value if error.validator == "enum" else [str(error.validator_value)]
            names = [name for name in known if isinstance(name, str)]
            hint = suggestion(str(error.instance), names, what="words here")
            yield _problem(path, place, f"`{shorten(error.instance)}` is not possible here.", error.instance, hint)
        case "pattern":
            yield _problem(
                path, place, "This is not in the form that the schema asks for.", error.instance, _hint(error)
            )
        case "oneOf" | "anyOf":
            yield _problem(path, place, _alternatives(error), "")
        case "minItems" | "minProperties" | "minLength":
            yield _problem(path, place, "Nothing stands here.", "")
        case _:
            yield _problem(path, place, f"This is not possible here: {shorten(error.message)}.", error.instance)


def _alternatives(error: Any) -> str:
    """Which keys exclude each other: all that our schemas use `oneOf` for."""
    keys = [key for branch in error.validator_value for key in branch.get("required", ())]
    listed = ", ".join(f"`{key}`" for key in dict.fromkeys(keys))
    return f"Exactly one of {listed} is expected here."


def _hint(error: Any) -> str:
    examples = error.schema.get("examples")
    if examples:
        return f"Such as {', '.join(f'`{example}`' for example in examples[:4])}."
    return str(error.schema.get("description", ""))


def _at(root: Node, path: Any) -> Node:
    node = root
    for part in path:
        node = node.value[part]
    return node


def _problem(path: str, place: tuple[int, int], message: str, value: object, hint: str = "") -> Problem:
    return Problem(path, *place, message, shorten(value), hint, rule="schema")
