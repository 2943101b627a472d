"""docs/guide.md cannot rot: each of its steps loads in the policy of the steps before it, and the whole makes sense."""

from __future__ import annotations

import json
import re
from itertools import accumulate

import pytest
import yaml
from tests.policy.policies import ROOT
from tests.policy.test_language_page import merged

from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.loading.loader import load, named_files

PAGE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
FENCED = re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
STEPS = [
    json.dumps(policy)
    for policy in accumulate((yaml.load(text, yaml.BaseLoader) for _, text in FENCED), merged)
]  # fmt: skip
HEADS = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("text", STEPS, ids=range(len(STEPS)))
def test_each_step_loads_in_the_policy_of_the_steps_before(text: str) -> None:
    load(text, files=dict.fromkeys(named_files(text), "[]"))


def test_the_whole_of_it_makes_sense() -> None:
    text = STEPS[-1].replace('"mode": "shadow"', '"mode": "live"')
    found = check(text, Surroundings(1_780_000_000), files=dict.fromkeys(named_files(text), "[]"))
    assert [problem.text() for problem in found if problem.severity == "error"] == []


def test_every_block_is_yaml_of_the_policy() -> None:
    assert [info for info, _ in FENCED] == ["yaml policy", *["yaml section"] * (len(FENCED) - 1)]


def test_the_contents_name_every_section_in_order() -> None:
    assert re.findall(r"^\d+\. \[(.+)\]\(#", PAGE, re.MULTILINE) == HEADS


def test_a_section_is_about_one_thing() -> None:
    """A newcomer's page: a section shows one block at the most."""
    for section in PAGE.split("\n## ")[1:]:
        assert section.count("```yaml") <= 1
