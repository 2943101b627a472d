"""Issue forms made from a policy: GitHub would show them, and they ask what the policy asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.policy.policies import PROCESSES, process, small

from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import chooser, form_data, form_files, issue_form

NAMES = [path.parent.name for path in PROCESSES]


def asked(text: str) -> list[tuple[str, str, dict[str, object]]]:
    policy = load(text)
    items = form_data(policy, policy.forms["request"])["body"]
    return [(item["type"], item.get("id", ""), item["attributes"]) for item in items]


@pytest.mark.parametrize("schema", ["github-issue-forms", "github-issue-config"])
def test_github_would_show_every_form_of_every_process(schema: str, tmp_path: Path) -> None:
    files = []
    for name in NAMES:
        for path, text in form_files(process(name)).items():
            if path.endswith("config.yml") is (schema == "github-issue-config"):
                files.append(tmp_path / f"{name}-{Path(path).name}")
                files[-1].write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert len(files) >= len(NAMES)


def test_a_form_asks_its_fields_first_and_then_its_questions() -> None:
    questions = (
        'ask: { what: { ask: "What?", kind: text }, since: { ask: "Since when?", kind: time, optional: true }, '
        "where: { ask: Where?, options: [Here, There] }, who: Who? }"
    )
    text = small(('ask: { what: "What?" }', questions), ("values: {", "default: low, values: {"))
    assert asked(text) == [
        ("dropdown", "priority", {"label": "Priority", "options": ["High", "Low"], "default": 1}),
        ("textarea", "what", {"label": "What?"}),
        ("input", "since", {"label": "Since when?", "placeholder": "2026-12-24T10:00"}),
        ("dropdown", "where", {"label": "Where?", "options": ["Here", "There"]}),
        ("input", "who", {"label": "Who?"}),
    ]


def test_only_what_is_optional_may_be_left_empty() -> None:
    policy = load(small(('what: "What?"', "what: What?, why: { ask: Why?, optional: true }")))
    body = form_data(policy, policy.forms["request"])["body"]
    assert [item["validations"]["required"] for item in body] == [True, True, False]


def test_a_form_for_a_role_says_so() -> None:
    assert asked(small(("about: Anything.", "about: Anything., by: [staff, lead]")))[0] == (
        "markdown", "", {"value": "This form is for staff and lead."},
    )  # fmt: skip


def test_a_form_asks_the_questions_that_a_field_weighs() -> None:
    policy = process("tiered-cloud-support")
    body = form_data(policy, policy.forms["incident"])["body"]
    assert [item["id"] for item in body][:5] == ["users", "customers", "impact", "us", "stakeholder"]
    assert body[0]["attributes"]["options"] == ["none", "some", "much"]


def test_a_form_gives_its_type_as_a_label() -> None:
    policy = load(small())
    assert form_data(policy, policy.forms["request"])["labels"] == ["type/request"]
    bare = load(small(("  type: { label: type/ }\n", "")))
    assert "labels" not in form_data(bare, bare.forms["request"])


def test_answers_that_yaml_takes_for_truths_stay_words() -> None:
    policy = load(small(('what: "What?"', 'what: { ask: "Sure?", options: ["No", "Yes", "on", "1:30"] }')))
    text = issue_form(policy, policy.forms["request"])
    assert yaml.safe_load(text)["body"][1]["attributes"]["options"] == ["No", "Yes", "on", "1:30"]


def test_blocks_are_no_forms_of_the_chooser_which_shows_the_contacts() -> None:
    policy = process("client-front-door")
    assert sorted(Path(path).name for path in form_files(policy)) == ["config.yml", "request.yml"]
    links = yaml.safe_load(chooser(process("priorities-and-help")))["contact_links"]
    assert [link["name"] for link in links] == ["Production down or hampered? Call +32 2 000 00 00"]
