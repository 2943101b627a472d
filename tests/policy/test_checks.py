"""Rules of sense: each has a row, says what is wrong where, and leaves a policy that makes sense alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from tests.policy.policies import PROCESSES, ROOT, SMALL, small
from tests.policy.senseless import ROWS, Row
from tests.policy.test_schema_agreement import slipped

from respondby.cli.policy_files import read_folder, read_named, read_text
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import RULES, check
from respondby.policy.loading.loader import DEFAULT_PATH, load
from respondby.policy.repository.forms import form_files
from respondby.policy.repository.workflow_actions import ACTIONS
from respondby.policy.repository.workflow_secrets import BEGIN, END

#: A Monday, 23 November 2026.
NOW = 1_795_392_000


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.rule)
def test_what_is_said_about_a_policy_that_makes_no_sense(row: Row) -> None:
    around = Surroundings(**{"now": NOW, **row.around})
    problems = [found for found in check(row.text, around, files=row.files) if found.rule == row.rule]
    assert [
        (("" if found.path == DEFAULT_PATH else f"{found.path}:") + f"{found.line}:{found.column}", found.message)
        for found in problems
    ] == row.said
    assert all(found.hint for found in problems if found.rule != "holidays-unknown")


def test_whoever_is_of_the_standard_staff_is_in_a_role() -> None:
    text = small(("staff: { people: [ann, bob] }, ", ""), ("bob: {} }", "bob: {}, cid: {} }"))
    assert [problem.text() for problem in check(text, Surroundings(NOW))] == []


def test_nobody_is_in_no_role_although_nothing_names_staff() -> None:
    text = small(
        ("staff: { people: [ann, bob] }, ", ""),
        ("bob: {} }", "bob: {}, cid: {} }"),
        ("by: staff }", "by: lead }"),
        ("comment by staff", "comment by lead"),
    )
    assert [problem.text() for problem in check(text, Surroundings(NOW))] == []


def test_every_rule_has_a_row() -> None:
    assert {rule.id for rule in RULES} - {row.rule for row in ROWS} == set()


def test_ids_of_rules_differ() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_row_loads() -> None:
    for row in ROWS:
        load(row.text, files=row.files)


def test_rules_leave_a_policy_alone_that_makes_sense() -> None:
    forms = form_files(load(SMALL))
    workflow = "jobs: { desk: { steps: [{ uses: $/actions/VERB, env: { CHAT_URL: '${{ secrets.CHAT_URL }}' } }] } }"
    verbs = ("triage", "comment", "enforce")
    workflows = {f".github/workflows/{verb}.yml": workflow.replace("VERB", verb) for verb in verbs}
    around = Surroundings(NOW, workflows, forms, [f"actions/{verb}" for verb in verbs])
    assert check(SMALL, around) == ()


@pytest.mark.parametrize(
    "workflow",
    [
        "jobs: { desk: { uses: acme/shared/.github/workflows/desk.yml@main } }",
        f"jobs: {{ desk: {{ steps: [{{ uses: acme/desk@v1, env: {{\n{BEGIN}\nCHAT_URL: x,\n{END}\n}} }}] }} }}",
        (
            "jobs: { desk: { steps: [{ uses: acme/respondby/actions/triage@0123abc },"
            " { uses: acme/respondby/actions/comment@0123abc }, { run: respondby enforce }] } }"
        ),
        (
            "jobs: { build: { steps: [{ uses: ./build/pack }, { uses: actions/checkout@0123abc }] },"
            " desk: { uses: acme/shared/.github/workflows/desk.yml@main } }"
        ),
    ],
    ids=[
        "in a workflow of the house",
        "in an action of the house",
        "in a copy and a package",
        "beside actions of others",
    ],
)
def test_a_desk_that_may_run_in_another_way_lacks_nothing(workflow: str) -> None:
    found = check(SMALL, Surroundings(NOW, {".github/workflows/desk.yml": workflow}, None, ()))
    assert [problem.message for problem in found if problem.rule.startswith("workflow-")] == []


def test_the_actions_that_are_known_are_those_that_there_are() -> None:
    assert sorted(path.parent.name for path in ROOT.glob("actions/*/action.yml")) == list(ACTIONS)


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: path.parent.name)
def test_the_five_processes_have_no_errors_and_no_warnings(path: Path) -> None:
    text = read_text(path)
    found = check(text, Surroundings(NOW), path=str(path), files=read_named(path, text))
    assert [problem.text() for problem in found] == []


def test_this_repositorys_own_desk_is_in_step_with_its_forms_and_workflows() -> None:
    path = ROOT / DEFAULT_PATH
    text = read_text(path)
    around = Surroundings(
        NOW, read_folder(ROOT / ".github/workflows", ROOT), read_folder(ROOT / ".github/ISSUE_TEMPLATE", ROOT)
    )
    found = check(text, around, files=read_named(path, text))
    assert [problem.text() for problem in found] == []


@settings(max_examples=60)
@given(slipped())
def test_no_policy_makes_a_rule_fall_over(sample: tuple[str, dict[str, str]]) -> None:
    text, files = sample
    for problem in check(text, Surroundings(NOW, {}, {}), files=files):
        assert problem.message
        assert problem.line >= 1
    assert json.loads(text)
