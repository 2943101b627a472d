"""The READMEs of the processes name keys of their policies, and scenarios prove keys that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.policy.policies import PROCESSES, ROOT

from respondby.cli.policy_files import read_text
from respondby.policy.text.shape import shape_problems
from respondby.policy.text.yaml_text import read
from respondby.tracing.traced import traced

SCENARIOS = sorted((ROOT / "docs" / "processes").glob("*/scenarios/*.yml"))


def written(policy: dict[str, Any], key: str) -> bool:
    """Is there something at `clocks.first-response` and the like? Names may hold no dot, so each part is a key."""
    value: Any = policy
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def policy_of(path: Path) -> dict[str, Any]:
    return dict(read(read_text(path), path=str(path)).data())


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.parent.name)
def test_a_readme_names_keys_that_are_there_and_says_what_is_left(path: Path) -> None:
    readme = (path.parent / "README.md").read_text(encoding="utf-8")
    policy = policy_of(path)
    named = set(re.findall(r"`([a-z-]+\.[^`\s]+)`", readme))
    keys = {key for key in named if key.partition(".")[0] in policy}
    assert {key for key in keys if not written(policy, key)} == set()
    assert "Decided here" in readme
    assert "later release" not in readme


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.parent.name)
def test_a_promise_of_the_policy_keeps_one_of_the_document_or_the_readme_says_why_it_is_there(path: Path) -> None:
    readme = (path.parent / "README.md").read_text(encoding="utf-8")
    policy = policy_of(path)
    promises = [f"{section}.{name}" for section in ("clocks", "duties") for name in policy.get(section, {})]
    keys = {key for row in traced(path).rows for key in row.by}
    kept = {promise for promise in promises for key in keys if f"{key}.".startswith(f"{promise}.")}
    assert [promise for promise in promises if promise not in kept and f"`{promise}`" not in readme] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_scenario_is_one_and_proves_keys_of_its_policy(path: Path) -> None:
    root = read(read_text(path), path=str(path))
    assert shape_problems(root, "schemas/scenario.schema.json", path=str(path)) == ()
    scenario = root.data()
    policy = policy_of((path.parent / scenario["policy"]).resolve())
    kept = scenario.get("keeps") or []
    for proof in kept if isinstance(kept, list) else [kept]:
        keys = [proof["by"]] if isinstance(proof["by"], str) else proof["by"]
        assert [key for key in keys if not written(policy, key)] == []


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.parent.name)
def test_a_policy_is_short_enough_to_be_read(path: Path) -> None:
    assert len(read_text(path).splitlines()) < 200


def test_the_five_processes_are_told_in_a_hundred_scenarios() -> None:
    assert len(SCENARIOS) >= 100
    assert {path.parents[1].name for path in SCENARIOS} == {path.parent.name for path in PROCESSES}
