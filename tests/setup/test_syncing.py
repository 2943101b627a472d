"""Forms and workflows follow the policy, and what others made is never touched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jobs.desk import POLICY

from respondby.cli.policy_files import read_named
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.loading.loader import examine, load
from respondby.policy.repository.forms import form_files
from respondby.policy.repository.workflow_secrets import BEGIN, END, secrets_of, with_secrets
from respondby.policy.repository.workflow_steps import desk_steps
from respondby.policy.text.problems import PolicyError
from respondby.setup.files import Change, FilePlan, plan_forms, plan_workflows

ROOT = Path(__file__).parents[2]
SOURCE = ".github/support.yml"
FORMS = ".github/ISSUE_TEMPLATE"
POLICIES = sorted([ROOT / SOURCE, *(ROOT / "docs" / "processes").glob("*/support.yml")])
HEAD = f"# Made from {SOURCE}: change it there, not here.\n"


def in_step() -> dict[str, str | None]:
    """The folder as the policy makes it."""
    return dict(form_files(load(POLICY)))


def summary(found: dict[str, str | None]) -> tuple[list[str], list[str], list[str]]:
    """What would change, what is left, and which files are in the way; names below the folder."""
    plan = plan_forms(load(POLICY), found, source=SOURCE)
    changes = [f"{change.what} {change.path.removeprefix(FORMS + '/')}" for change in plan.changes]
    return changes, [Path(path).name for path in plan.left], [Path(problem.path).name for problem in plan.problems]


@pytest.mark.parametrize(
    "files, changes, left, problems",
    [
        ({}, [], [], []),
        ({"question.yml": "crlf"}, [], [], []),
        ({"question.yml": None}, [], [], ["question.yml"]),
        ({"question.yml": "name: Mine\n"}, [], [], ["question.yml"]),
        ({"question.yml": "# Made from hand\n"}, [], [], ["question.yml"]),
        ({"question.yml": f"name: Mine\n{HEAD}"}, [], [], ["question.yml"]),
        ({"question.yml": HEAD + "name: Old\n"}, ["update question.yml"], [], []),
        ({"question.yml": "absent"}, ["create question.yml"], [], []),
        ({"config.yml": "blank_issues_enabled: true\n"}, [], [], ["config.yml"]),
        ({"gone.yml": HEAD + "name: Gone\n"}, ["remove gone.yml"], [], []),
        ({"gone.yml": "\ufeff" + HEAD.replace("\n", "\r\n")}, ["remove gone.yml"], [], []),
        ({"bug.md": "text", "picture.png": None}, [], ["bug.md", "picture.png"], []),
    ],
    ids=[
        "in step",
        "only other line ends",
        "no text at a form's path",
        "a form of others at a form's path",
        "a head that is like ours",
        "our head, but not in the first line",
        "an older one of ours",
        "a missing one",
        "a chooser of others",
        "one of ours that the policy no longer has",
        "the same, saved by a Windows editor",
        "templates of others",
    ],
)
def test_only_forms_that_were_made_from_the_policy_change(
    files: dict[str, str | None], changes: list[str], left: list[str], problems: list[str]
) -> None:
    found = in_step()
    for name, text in files.items():
        path = f"{FORMS}/{name}"
        if text == "absent":
            del found[path]
        else:
            found[path] = (found[path] or "").replace("\n", "\r\n") if text == "crlf" else text
    assert summary(found) == (changes, left, problems)


def test_a_file_that_is_in_the_way_says_how_to_hand_it_over() -> None:
    found = in_step() | {f"{FORMS}/question.yml": "name: Mine\n"}
    (problem,) = plan_forms(load(POLICY), found, source=SOURCE).problems
    assert HEAD.rstrip() in problem.hint
    found[problem.path] = f"{HEAD}name: Mine\n"
    assert [change.path for change in plan_forms(load(POLICY), found, source=SOURCE).changes] == [problem.path]


def test_a_change_shows_as_a_unified_diff() -> None:
    assert Change("a.yml", "one\r\ntwo\n", "one\nthree\n").diff() == (
        "--- a/a.yml\n+++ b/a.yml\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
    )
    assert Change("a.yml", None, "one\n").diff().startswith("--- /dev/null\n+++ b/a.yml\n")
    assert Change("a.yml", "one\n", None).diff().startswith("--- a/a.yml\n+++ /dev/null\n")


def test_forms_and_chooser_of_every_policy_are_valid_by_github_s_own_schemas(tmp_path: Path) -> None:
    forms, choosers = [], []
    for number, path in enumerate(POLICIES):
        text = path.read_text(encoding="utf-8")
        for name, made in form_files(load(text, files=read_named(path, text))).items():
            file = tmp_path / f"{number}-{Path(name).name}"
            file.write_text(made, encoding="utf-8")
            (choosers if name.endswith("/config.yml") else forms).append(str(file))
    assert len(choosers) == len(POLICIES)
    for schema, files in (("vendor.github-issue-forms", forms), ("vendor.github-issue-config", choosers)):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout


WORKFLOW = f"""\
on: issues
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: $/actions/triage # ours
        env:
          MINE: "1"
          {BEGIN}
          OLD: ${{{{ secrets.OLD }}}}
          {END}
"""
OLD = "          RESPONDBY_KEY_OLD: ${{ secrets.RESPONDBY_KEY_OLD }}\n"
KEY = "          RESPONDBY_KEY: ${{ secrets.RESPONDBY_KEY }}\n" + OLD


def block(text: str) -> str:
    """What stands between the markers."""
    return text.partition(f"{BEGIN}\n")[2].rpartition(f"          {END}")[0]


def changed(old: str, new: str) -> str:
    """The workflow with a part replaced that is there."""
    assert old in WORKFLOW
    return WORKFLOW.replace(old, new)


def test_exactly_the_secrets_of_the_policy_and_the_key_are_passed() -> None:
    assert block(with_secrets("w.yml", WORKFLOW, ["A", "B"])) == (
        "          A: ${{ secrets.A }}\n          B: ${{ secrets.B }}\n" + KEY
    )
    assert block(with_secrets("w.yml", WORKFLOW, [])) == KEY


@pytest.mark.parametrize(
    "text, names, expected",
    [
        (changed('MINE: "1"', "A: ${{ secrets.TEAM_A }}"), ["A"], KEY),
        (changed("    runs-on", "    env: { A: x }\n    runs-on"), ["A"], KEY),
        (changed("on: issues", "on: issues\nenv: { A: x, RESPONDBY_KEY: y }"), ["A"], OLD),
        (changed('MINE: "1"', "A:"), ["B"], "          B: ${{ secrets.B }}\n" + KEY),
        (changed('          MINE: "1"\n', ""), [], KEY),
    ],
    ids=["by the step", "by the job", "by the workflow", "an empty one is none", "an environment of nothing else"],
)
def test_what_is_given_besides_is_not_given_twice(text: str, names: list[str], expected: str) -> None:
    assert block(with_secrets("w.yml", text, names)) == expected


names = st.lists(st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True), max_size=5, unique=True)
ends = st.sampled_from(["\n", "\r\n"])


@given(first=names, then=names, end=ends)
def test_the_rest_of_the_file_stays_byte_for_byte_and_doing_it_again_changes_nothing(
    first: list[str], then: list[str], end: str
) -> None:
    text = WORKFLOW.replace("\n", end)
    once = with_secrets("w.yml", with_secrets("w.yml", text, first), then)
    assert once == with_secrets("w.yml", text, then) == with_secrets("w.yml", once, then)
    head, _, rest = text.partition(f"{BEGIN}{end}")
    assert once.startswith(f"{head}{BEGIN}{end}")
    assert once.endswith(rest[rest.index(f"          {END}") :])
    assert once.count("\r\n") in (0, once.count("\n"))
    (step,) = desk_steps("w.yml", once)
    assert step.given == {"MINE", "RESPONDBY_KEY", "RESPONDBY_KEY_OLD", *then}


@pytest.mark.parametrize(
    "text, line, says",
    [
        (changed(f"          {END}\n", ""), 9, "never ends"),
        (changed(f"          {BEGIN}\n", ""), 10, "ends nothing"),
        (changed(f"          {END}\n", f"          {BEGIN}\n          {END}\n"), 11, "begins what has not ended"),
        (WORKFLOW.replace(f"          {BEGIN}", "").replace(f"          {END}", ""), 6, "`triage` is not given A"),
        (f"{BEGIN}\n{END}\n{WORKFLOW.replace(BEGIN, '# x').replace(END, '# y')}", 1, "No step is given"),
    ],
    ids=["begun", "ended", "begun twice", "no markers", "markers elsewhere"],
)
def test_markers_that_cannot_serve_are_told_with_their_line(text: str, line: int, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        with_secrets("w.yml", text, ["A"])
    (problem,) = refused.value.problems
    assert (problem.path, problem.line) == ("w.yml", line)
    assert says in problem.message
    assert BEGIN in problem.hint


@pytest.mark.parametrize(
    "step, verb",
    [
        ("uses: ./actions/enforce", "enforce"),
        ("uses: someone/copy/actions/triage@0123abc", "triage"),
        ("run: sh actions/run.sh comment --json", "comment"),
        ("run: respondby enforce", "enforce"),
        ("uses: actions/checkout@0123abc", None),
        ("uses: $/actions/check", None),
        ("run: echo respondby", None),
    ],
)
def test_a_step_that_runs_the_desk_is_known_by_what_it_uses_or_runs(step: str, verb: str | None) -> None:
    found = desk_steps("w.yml", f"jobs: {{ a: {{ steps: [{{ {step} }}] }} }}")
    assert [found.verb for found in found] == ([verb] if verb else [])


#: A workflow that sweeps, and what it uses.
SWEEPING = WORKFLOW.replace("actions/triage", "actions/enforce")
ACTIONS = ("actions/triage", "actions/enforce")


def planned(*names: str, found: Mapping[str, str | None], actions: Collection[str] = ACTIONS) -> FilePlan:
    """What has to change so that these secrets are passed, in a repository that holds these actions."""
    return plan_workflows(load(POLICY), names, found, actions)


def test_a_workflow_of_others_is_left_even_when_it_cannot_be_read() -> None:
    plan = planned("A", found={"a.yml": "on: push\n", "b.yml": "a: [", "c.yml": None, "d.yml": SWEEPING})
    assert [change.path for change in plan.changes] == ["d.yml"]
    assert plan.problems == ()


def test_a_workflow_that_runs_the_desk_and_cannot_be_mended_is_told() -> None:
    unmarked = WORKFLOW.replace(BEGIN, "# a").replace(END, "# b")
    plan = planned("A", found={"a.yml": unmarked, "b.yml": SWEEPING})
    assert [problem.path for problem in plan.problems] == ["a.yml"]
    assert [change.path for change in plan.changes] == ["b.yml"]


def test_a_repository_whose_workflows_run_no_desk_is_told() -> None:
    (problem,) = planned("A", found={"a.yml": "on: push\n"}).problems
    assert "No workflow runs the desk" in problem.message


def test_a_repository_that_never_sweeps_or_lacks_an_action_is_told() -> None:
    (problem,) = planned("A", found={"a.yml": WORKFLOW}).problems
    assert "No workflow runs `enforce`" in problem.message
    (problem,) = planned("A", found={"a.yml": SWEEPING}, actions=()).problems
    assert (problem.path, "is not in this repository" in problem.message) == ("a.yml", True)


SECRETS = POLICY.replace("log: { console: LOG }", 'log: { apprise: "PHONE_{PERSON}" }')


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_what_was_synced_is_what_check_asks_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    files = read_named(path, text)
    reading = examine(text, files=files)
    assert reading.policy is not None
    wanted = secrets_of(reading.policy, reading.references)
    before = dict.fromkeys(("a.yml", "b.yml"), WORKFLOW)
    after = {change.path: change.after or "" for change in planned(*wanted, found=before).changes}

    def found(workflows: dict[str, str]) -> bool:
        problems = check(text, Surroundings(1_767_603_600, workflows), files=files)
        return any(problem.rule == "secret-not-passed" for problem in problems)

    assert found(before) is bool(wanted)
    assert not found(after)
    assert found({**after, "b.yml": WORKFLOW}) is bool(wanted), "what one workflow passes is of no use to another"


def test_secrets_are_written_out_for_people_and_products_and_reserved_ones_left_out() -> None:
    text = SECRETS.replace("PHONE_{PERSON}", "{PERSON}_PHONE").replace("people: {", "people: { github: {},")
    reading = examine(text)
    assert reading.policy is not None
    assert secrets_of(reading.policy, reading.references) == ("ANN_PHONE", "BOB_PHONE")
