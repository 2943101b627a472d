"""`respondby check` as people and runners call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.policy.policies import ROOT, SMALL, small

from respondby.cli.check import command
from respondby.policy.loading.loader import load
from respondby.policy.repository.forms import form_files

AT = "2026-11-23T00:00:00Z"
SCENARIO = """\
scenario: A question
policy: ../support.yml
starts: 2026-11-23T09:00
people: { carla: customer }
story: [{ at: 09:00, who: carla, opens: request, title: How? }]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own, outside of any runner."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(path: str, text: str | bytes) -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def write_desk(text: str = SMALL) -> None:
    write(".github/support.yml", text)
    for path, form in form_files(load(SMALL)).items():
        write(path, form)
    for verb in ("triage", "comment", "enforce"):
        step = f"uses: acme/respondby/actions/{verb}@0123abc, env: {{ CHAT_URL: '${{{{ secrets.CHAT_URL }}}}' }}"
        write(f".github/workflows/{verb}.yml", f"jobs: {{ desk: {{ steps: [{{ {step} }}] }} }}\n")


def check(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--at", AT])


def test_a_desk_in_order_is_nothing_wrong() -> None:
    write_desk()
    result = check()
    assert (result.exit_code, result.stdout) == (0, "Nothing wrong in 1 file.\n")


@pytest.mark.parametrize(
    "uses, said",
    [
        ("$/actions/enforce", "`$/actions/enforce` is not in this repository: this job cannot start."),
        ("acme/respondby/actions/enforec@1", "respondby has no action `enforec`: this job cannot start."),
    ],
)
def test_a_desk_that_cannot_start_is_an_error(uses: str, said: str) -> None:
    write_desk()
    path = Path(".github/workflows/enforce.yml")
    path.write_text(path.read_text(encoding="utf-8").replace("acme/respondby/actions/enforce@0123abc", uses))
    result = check()
    assert (result.exit_code, said in result.stdout) == (1, True)
    write("actions/enforce/action.yml", "name: A copy\n")
    assert check().exit_code == (0 if uses.startswith("$") else 1)


def test_a_desk_without_its_sweep_is_an_error() -> None:
    write_desk()
    Path(".github/workflows/enforce.yml").unlink()
    result = check()
    assert result.exit_code == 1
    assert result.stdout == (
        ".github/workflows:1:1: error: No workflow runs `enforce`: nobody is reminded or called, and no missed event is"
        " made up for. [workflow-missing]\n"
        "    Copy enforce.yml from respondby's .github/workflows.\n"
        "1 error in 1 file.\n"
    )


def test_an_error_is_told_with_its_place_and_ends_with_1() -> None:
    write_desk(small(("notify: lead", "notify: laed")))
    result = check()
    assert result.exit_code == 1
    assert result.stdout == (
        ".github/support.yml:18:33: error: There is no role `laed`. [unknown-name]\n"
        "    Did you mean `lead`?\n"
        "1 error in 1 file.\n"
    )


def test_a_warning_is_told_and_ends_with_0() -> None:
    write_desk(small(("bob: {}", "bob: {}, cid: {}")))
    result = check()
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith(".github/support.yml:4:29: warning: `cid` is in no role")
    assert result.stdout.splitlines()[-1] == "1 warning in 1 file."


def test_errors_come_before_warnings_and_no_more_are_shown_than_a_person_reads() -> None:
    people = ", ".join(f"person{number}: {{}}" for number in range(30))
    write_desk(small(("bob: {}", f"bob: {{}}, {people}"), ("ladder: [{ at: due,", "ladder: [{ at: due }, { at: due,")))
    lines = check().stdout.splitlines()
    assert "does-nothing" in lines[0]
    assert sum(": warning: " in line for line in lines) == 19
    assert lines[-2:] == ["… and 11 more", "1 error and 30 warnings in 1 file."]


def test_json_is_all_that_json_prints() -> None:
    write_desk(small(("notify: lead", "notify: laed")))
    result = check("--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["files"] == [".github/support.yml"]
    assert told["problems"] == [
        {
            "path": ".github/support.yml",
            "line": 18,
            "column": 33,
            "message": "There is no role `laed`.",
            "value": "laed",
            "hint": "Did you mean `lead`?",
            "severity": "error",
            "rule": "unknown-name",
            "detail": "",
        }
    ]


def test_in_a_runner_problems_are_annotations_and_the_job_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_desk(small(("notify: lead", "notify: laed")))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "output"))
    result = check()
    assert result.stdout.splitlines()[0] == (
        "::error file=.github/support.yml,line=18,col=33,title=unknown-name::"
        "There is no role `laed`.%0ADid you mean `lead`?"
    )
    assert "**1 error in 1 file.**" in (folder / "summary.md").read_text(encoding="utf-8")
    assert "errors<<" in (folder / "output").read_text(encoding="utf-8")


def test_in_a_runner_json_stays_alone_on_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    write_desk(small(("notify: lead", "notify: laed")))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    result = check("--json")
    assert json.loads(result.stdout)["problems"]
    assert "::error file=.github/support.yml" in result.stderr


def test_a_problem_in_a_file_that_the_policy_names_is_told_with_that_files_path() -> None:
    rota = "{ timezone: UTC, handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }, members: [ann, bob] }"
    text = small(
        ("roles:", f"rotas: {{ week: {rota[:-1]}, overrides: rota/week.yml }} }}\nroles:"),
        ("lead: bob", "lead: { rota: week }"),
    )
    write("desk/support.yml", text)
    write("desk/rota/week.yml", "- { from: 2026-12-01T00:00, until: 2026-12-02T00:00, on: ana }\n")
    result = check("desk/support.yml")
    assert result.exit_code == 1
    assert result.stdout.startswith("desk/rota/week.yml:1:58: error: There is no `ana` in `people`.")


def test_a_form_that_somebody_changed_by_hand_is_out_of_step() -> None:
    write_desk()
    path = Path(".github/ISSUE_TEMPLATE/request.yml")
    path.write_text(path.read_text(encoding="utf-8").replace("What?", "Which?"), encoding="utf-8")
    result = check()
    assert result.exit_code == 1
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if "Which?" in text]
    head, hint, *diff = result.stdout.splitlines()
    assert head.startswith(f".github/ISSUE_TEMPLATE/request.yml:{line}:1: error: This form is out of step")
    assert hint == "    `respondby sync --forms` makes it anew from the policy."
    removed, added = [one for one in diff if one.startswith(("    -", "    +"))]
    assert (removed, added) == (f"    -{lines[line - 1]}", f"    +{lines[line - 1].replace('Which?', 'What?')}")


def test_the_diff_of_a_form_fits_a_terminal_and_an_annotation(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ", ".join(f"q{number}: {'long ' * 30}{number}" for number in range(30))
    write_desk(small(('ask: { what: "What?" }', f"ask: {{ {asked} }}")))
    path = Path(".github/ISSUE_TEMPLATE/request.yml")
    path.write_text(path.read_text(encoding="utf-8").replace("long", "lengthy"), encoding="utf-8")
    lines = check().stdout.splitlines()
    assert max(map(len, lines[1:])) <= 80
    assert len(lines) < 50
    assert lines[-2].endswith("lines more: `respondby sync --forms --check` shows all of it")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (command,) = [line for line in check().stdout.splitlines() if line.startswith("::error ")]
    assert command.startswith("::error file=.github/ISSUE_TEMPLATE/request.yml,line=")
    assert "%0A@@ " in command


def test_a_folder_stands_for_its_policies_and_their_scenarios() -> None:
    write("one/support.yml", SMALL)
    write("one/scenarios/question.yml", SCENARIO)
    write("two/support.yml", SMALL)
    result = check(".")
    assert (result.exit_code, result.stdout) == (0, "Nothing wrong in 3 files.\n")


@pytest.mark.parametrize(
    "name, text, place",
    [
        ("scenario.yml", SCENARIO.replace("title:", "titel:"), "scenario.yml:5:50: error: Unknown key `titel`."),
        ("scenario.yml", SCENARIO.replace("starts", "start"), "scenario.yml:1:1: error: `starts` is missing here."),
        ("rota.yml", "- { from: soon, until: 2026-12-01, on: ann }", "rota.yml:1:11: error: This is not in the form"),
        ("rota.yml", "- { from: 2026-11-01, until: 2026-12-01 }", "rota.yml:1:3: error: `on` is missing here."),
    ],
)
def test_a_file_is_checked_by_what_it_is(name: str, text: str, place: str) -> None:
    write("desk/support.yml", SMALL)
    write(f"desk/scenarios/{name}", text)
    result = check(f"desk/scenarios/{name}")
    assert result.exit_code == 1
    assert place in result.stdout


@pytest.mark.parametrize(
    "old, new, place",
    [
        (
            "opens: request",
            "opens: reqest",
            "5:1: error: There is no form `reqest`. [name]\n    Did you mean",
        ),
        (
            "title: How? }",
            "title: How? }, { at: 08:00, who: carla, says: x }",
            "5:71: error: This is before the step above",
        ),
        ("../support.yml", "../suport.yml", "2:9: error: There is no such file. [file]"),
        ("at: 09:00", "at: 25:00", "5:15: error: There is no such time of day"),
        (
            "title: How? }",
            "title: How? }, { at: 10:00, expect: { clocks: { anwer: met } } }",
            "error: There is no clock `anwer`.",
        ),
    ],
    ids=["a form", "the order", "the policy", "a time", "a clock"],
)
def test_a_scenario_that_rehearse_would_not_play_is_an_error(old: str, new: str, place: str) -> None:
    write("support.yml", SMALL)
    assert old in SCENARIO
    write("scenarios/question.yml", SCENARIO.replace(old, new))
    result = check("scenarios/question.yml")
    assert result.exit_code == 1
    assert place in result.stdout
    assert result.stdout.startswith("scenarios/question.yml:")


def test_bytes_that_are_no_text_are_told_with_their_place() -> None:
    write("support.yml", b"version: 1\ndesk: \xff\xfe\n")
    result = check("support.yml")
    assert result.exit_code == 1
    assert result.stdout.startswith("support.yml:2:7: error: This is not UTF-8 text.")


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "there is no file .github/support.yml"),
        (["missing.yml"], "there is no file missing.yml"),
        (["."], "there is no support.yml below ."),
    ],
)
def test_what_cannot_be_read_ends_with_2(arguments: list[str], said: str) -> None:
    result = check(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_time_that_is_none_ends_with_2() -> None:
    write_desk()
    assert CliRunner().invoke(command, ["--at", "tomorrow"]).exit_code == 2


def test_all_that_is_checked_in_here_is_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = check(".github/support.yml", "docs/processes")
    assert result.exit_code == 0, result.stdout
