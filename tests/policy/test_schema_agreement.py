"""The schema, which editors follow, and the loader, which decides, refuse the same shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.policies import PROCESSES, SMALL

from respondby import data
from respondby.cli.policy_files import read_named, read_text
from respondby.policy.loading.loader import examine
from respondby.policy.text.shape import shape_problems
from respondby.policy.text.yaml_text import read

SCHEMA = "schemas/policy.schema.json"

#: What a slip of the keyboard may leave in the place of a value.
SLIPS: tuple[Any, ...] = (
    None, "", "x", "any", "none", "true", "1", "-1", "30m", "2026-02-30", "25:00-26:00", [], {}, ["x"], {"x": "y"},
    [[]], [{}], {"within": "1h"}, {"when": {}}, "start", "/ack", "9" * 20,
)  # fmt: skip


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*path, index))


def _with(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], new)
    return copy


def _without(value: Any, path: tuple[str | int, ...]) -> Any:
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = _without(value[path[0]], path[1:])
    return copy


def _renamed(value: Any, path: tuple[str | int, ...], name: str) -> Any:
    parent = value
    for part in path[:-1]:
        parent = parent[part]
    if not isinstance(parent, dict):
        return value
    return _with(value, path[:-1], {(name if key == path[-1] else key): inner for key, inner in parent.items()})


_TEXTS = [(SMALL, {})] + [(read_text(path), read_named(path, read_text(path))) for path in PROCESSES]
_SAMPLES = [(read(text, path="p").data(), files) for text, files in _TEXTS]


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A policy in which one thing was replaced, removed or renamed, as JSON (which is YAML)."""
    sample, files = draw(st.sampled_from(_SAMPLES))
    path = draw(st.sampled_from([place for place in _places(sample) if place]))
    kind = draw(st.sampled_from(["replaced", "removed", "renamed"]))
    if kind == "replaced":
        changed = _with(sample, path, draw(st.sampled_from(SLIPS)))
    elif kind == "removed":
        changed = _without(sample, path)
    else:
        changed = _renamed(sample, path, draw(st.sampled_from(["x", "when", "Nöt a name", "any", "within", "/", "at"])))
    return json.dumps(changed), files


@settings(max_examples=300)
@given(slipped())
def test_what_the_schema_refuses_does_not_load(sample: tuple[str, dict[str, str]]) -> None:
    text, files = sample
    reading = examine(text, files=files)
    assert reading.root is not None
    refused = shape_problems(reading.root, SCHEMA, path=reading.path)
    if refused:
        assert reading.problems, f"it loads, and the schema says: {refused[0].text()}"


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.parent.name)
def test_the_schema_accepts_every_process(path: Any) -> None:
    assert shape_problems(read(read_text(path), path=str(path)), SCHEMA, path=str(path)) == ()


def _objects(schema: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield at, schema
        for key, inner in schema.items():
            yield from _objects(inner, f"{at}/{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from _objects(inner, f"{at}/{index}")


@pytest.mark.parametrize("name", ["policy", "rota-overrides", "scenario"])
def test_a_schema_is_one_and_explains_every_key(name: str) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(data.text(f"schemas/{name}.schema.json"))
    Draft202012Validator.check_schema(schema)
    keys = [
        (f"{at}/properties/{key}", described)
        for at, object_ in _objects(schema)
        for key, described in object_.get("properties", {}).items()
        if not at.endswith(("/properties", "/if"))
    ]
    assert len(keys) > 3
    bare = [at for at, described in keys if not _explained(schema, described)]
    assert bare == []


def _explained(schema: dict[str, Any], described: dict[str, Any]) -> bool:
    if "description" in described:
        return True
    reference = described.get("$ref", "").removeprefix("#/$defs/")
    return bool(reference) and _explained(schema, schema["$defs"][reference])
