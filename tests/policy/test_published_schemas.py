"""The published schemas accept what the documents show, as an editor reads it: with numbers, truths and nothings.

The loader reads every scalar as the text that was written; an editor's language server goes by YAML's core schema.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from tests.policy.policies import ROOT
from tests.policy.test_language_page import blocks, merged
from tests.policy.test_schema_agreement import slipped

from respondby import data
from respondby.policy.loading.loader import examine
from respondby.policy.text.yaml_text import Node, read
from respondby.rehearsal.reading import parse_scenario

DOCS = ROOT / "docs"
POLICIES = sorted([ROOT / ".github" / "support.yml", *DOCS.glob("*/*/support.yml")])
SCENARIOS = sorted(DOCS.glob("*/*/scenarios/*.yml"))
ROTAS = sorted(DOCS.glob("*/*/rota/*.yml"))

_INTEGER = re.compile(r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def core(node: Node) -> Any:
    """The value as YAML's core schema has it."""
    if node.kind == "mapping":
        return {key: core(value) for key, value in node.value.items()}
    if node.kind == "list":
        return [core(item) for item in node.value]
    if node.kind == "nothing":
        return None
    text = str(node.value)
    if node.plain:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if _INTEGER.fullmatch(text):
            return int(text, 0) if text.startswith("0") and len(text) > 2 and text[1] in "xo" else int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


@cache
def validator(name: str) -> Any:
    """The schema as it is published, without what our own reader does to it."""
    return Draft202012Validator(json.loads(data.text(f"schemas/{name}.schema.json")))


def refused(name: str, value: Any) -> list[str]:
    """What the schema refuses: the place and the reason."""
    return [f"{error.json_path}: {error.message}"[:300] for error in validator(name).iter_errors(value)]


def value_of(path: Path) -> Any:
    return core(read(path.read_text(encoding="utf-8"), path=str(path)))


def short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", POLICIES, ids=short)
def test_every_shipped_policy_is_one(path: Path) -> None:
    assert refused("policy", value_of(path)) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=short)
def test_every_shipped_scenario_is_one(path: Path) -> None:
    assert refused("scenario", value_of(path)) == []


@pytest.mark.parametrize("path", ROTAS, ids=short)
def test_every_shipped_file_of_a_rota_is_one(path: Path) -> None:
    assert refused("rota-overrides", value_of(path)) == []


@pytest.mark.parametrize("text", [*blocks("yaml policy"), *blocks("yaml section")])
def test_every_part_of_a_policy_that_the_page_of_the_language_shows_is_one(text: str) -> None:
    whole = core(read(blocks("yaml policy")[0], path="page"))
    assert refused("policy", merged(whole, core(read(text, path="page")))) == []


@pytest.mark.parametrize("text", blocks("yaml scenario"))
def test_every_scenario_that_the_page_of_the_language_shows_is_one(text: str) -> None:
    assert refused("scenario", core(read(text, path="page"))) == []


def bare(value: Any) -> Any:
    """The same with numbers and truths where a text is written like one, as people leave quotes away."""
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?|true|false", value):
        return json.loads(value)
    return value


@settings(max_examples=300)
@given(slipped())
def test_a_policy_that_loads_is_one_for_an_editor_too(sample: tuple[str, dict[str, str]]) -> None:
    text, files = sample
    text = json.dumps(bare(json.loads(text)))
    examined = examine(text, files=files)
    if not examined.problems:
        assert examined.root is not None
        assert refused("policy", core(examined.root)) == []


DEEDS = [
    "{ at: 10:00, who: carla, opens: request, title: 404, with: { what: 502, urgent: true, seen: 1.5, since: null } }",
    "{ at: 10:00, who: ci, dispatches: done, with: { bytes: 81920, ok: true, job: { id: 7, steps: [1, { n: 2 }] } } }",
    "{ at: 10:00, fault: [{ match: { method: POST, nth: 1 }, do: { status: 502, headers: { Retry-After: 1 } } }] }",
    "{ at: 10:00, fault: { match: { path: .*/labels, chance: 0.5, seed: 3 }, when: after, do: { cut: true } } }",
    "{ at: 10:00, who: carla, says: 42 }",
    "{ at: 10:00, who: ann, edits: { title: 2026, with: { what: 7 } } }",
    "{ at: 10:00, who: ann, labels: [1, sla/breached] }",
    "{ at: 10:00, case: 1, expect: { comments: 2, fields: { priority: 1 }, paged: 7, refused: [] } }",
]


@pytest.mark.parametrize("deed", DEEDS)
def test_a_step_with_numbers_is_one(deed: str) -> None:
    opening = "{ at: 09:00, who: carla, opens: request, title: How? }"
    text = f"scenario: 1\npolicy: support.yml\nstarts: 2026-11-23T08:00\nstory:\n  - {opening}\n  - {deed}\n"
    assert parse_scenario(text, "scenario.yml", DOCS / "examples" / "waiting").story
    assert refused("scenario", core(read(text, path="scenario.yml"))) == []
