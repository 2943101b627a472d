"""docs/language.md cannot rot: its policies and sections load, its deadlines and cases come out as it says."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from tests.policy.policies import ROOT
from tests.promises.stories import HEAD, story_of

from respondby.cli.deadline import command as deadline
from respondby.policy.loading.loader import KEYS, load, named_files
from respondby.policy.model.built_in import BUILT_IN
from respondby.rehearsal.reading import parse_scenario

PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
FENCED = re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SCENARIOS = ROOT / "docs" / "processes" / "priorities-and-help" / "scenarios"
ROW = re.compile(r"^\| (\d+) \| `([^`]+)` \| `([^`]+)` \| ([^|`]+) \|$", re.MULTILINE)
CASE = re.compile(r"^\| (\d+) \| (the same|`[^`]+`) \| ([^|]*) \| `([\d:]+) ([^`|]+)` \|$", re.MULTILINE)
TOLD = CASE.findall(PAGE)


def blocks(kind: str) -> list[str]:
    """The texts of all blocks of that kind; there has to be one."""
    found = [text for info, text in FENCED if info == kind]
    assert found, f"the page has no block of {kind}"
    return found


WHOLE = blocks("yaml policy")[0]


def merged(into: Any, section: Any) -> Any:
    """The whole policy of the page with a section's keys put in, mappings of both joined."""
    if isinstance(into, dict) and isinstance(section, dict):
        return {**into, **{key: merged(into.get(key), value) for key, value in section.items()}}
    return section


def test_every_yaml_block_says_what_it_is() -> None:
    assert {info for info, _ in FENCED} == {"yaml policy", "yaml section", "yaml scenario"}


@pytest.mark.parametrize("text", blocks("yaml policy"))
def test_a_whole_policy_loads(text: str) -> None:
    assert load(text).desk


@pytest.mark.parametrize("text", blocks("yaml section"))
def test_a_section_loads_in_the_whole_policy(text: str) -> None:
    whole = json.dumps(merged(yaml.load(WHOLE, yaml.BaseLoader), yaml.load(text, yaml.BaseLoader)))
    load(whole, files=dict.fromkeys(named_files(whole), "[]"))


def test_every_key_of_the_language_stands_in_a_block_or_in_a_table() -> None:
    written = [key for text in (*blocks("yaml policy"), *blocks("yaml section")) for key in yaml.safe_load(text)]
    assert [key for key in KEYS if key not in written and f"| `{key}` |" not in PAGE] == []


def test_every_command_whose_work_the_desk_does_is_named() -> None:
    assert [word for word in BUILT_IN if not re.search(rf"{word}\b", PAGE)] == []


@pytest.mark.parametrize("text", blocks("yaml scenario"))
def test_a_scenario_is_read(text: str) -> None:
    assert parse_scenario(text, "docs/language.md", SCENARIOS).story


@pytest.mark.parametrize("target, start, due", [row[1:] for row in ROW.findall(PAGE)])
def test_a_deadline_is_as_the_table_says(target: str, start: str, due: str, tmp_path: Any) -> None:
    policy = tmp_path / "support.yml"
    policy.write_text(WHOLE, encoding="utf-8")
    promised, dash, options = target.partition(" --")
    asked = [promised, *shlex.split(dash + options), "--from", start, "--policy", str(policy)]
    answer = CliRunner().invoke(deadline, asked)
    last = answer.output.strip().splitlines()[-1]
    assert (answer.exit_code, due in last) == ((2, False) if due == "refused" else (0, True)), answer.output


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, *_ in TOLD))
def test_a_case_stands_as_the_table_says(rule: str) -> None:
    head = HEAD.replace("desk: Told", "desk: Told\ncalendar: office")
    clock, story = "", ['09:00 carla opens "It is broken"']
    for _, written, happened, at, stands in (row for row in TOLD if row[0] == rule):
        clock = clock if written == "the same" else written.strip("`")
        story += re.findall(r"`([^`]+)`", happened)
        assert story_of(f"  {clock}", "\n".join(story), head=head).stands(at) == stands


def test_rules_0_to_18_are_there_in_order() -> None:
    assert [int(number) for number in re.findall(r"^\*\*(\d+)\. ", PAGE, re.MULTILINE)] == list(range(19))


def test_every_row_of_the_tables_of_examples_is_tried() -> None:
    rows = re.findall(r"^\| \d+ \|", PAGE, re.MULTILINE)
    assert len(ROW.findall(PAGE)) + len(TOLD) == len(rows)
