"""`respondby promises`, and how `rehearse` and `check` go with it: a team's own document, from the first list on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.tracing.team import Team

from respondby.cli.main import main


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Team(Path("desk"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_promise_is_refused_until_its_scenario_was_kept_as_it_stands(team: Team) -> None:
    before = run("check", "desk")
    assert before.exit_code == 1
    assert (
        "2 scenarios not rehearsed as they stand, which show 3 promises: answered, late. [rehearsed]" in before.stdout
    )
    assert "`respondby rehearse desk` plays all of them. Then commit desk/rehearsed.json." in before.stdout

    played = run("rehearse", "desk")
    assert played.exit_code == 0, played.output
    assert played.stderr == "Wrote desk/rehearsed.json: commit it.\n"
    assert run("check", "desk").output == "Nothing wrong in 4 files.\n"
    assert run("rehearse", "desk").stderr == ""

    team.change("support.yml", "target: 4h", "target: 5h")
    assert run("check", "desk").exit_code == 1
    again = run("rehearse", "desk", "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)
    told = run("check", "desk")
    assert told.exit_code == 1
    assert "scenarios/late.yml:1:1: error: This scenario, which shows 2 promises, was not kept" in told.stdout
    assert "answered" not in told.stdout


def test_the_table_is_printed_or_written_and_what_is_wrong_is_told_beside_it(team: Team) -> None:
    told = run("promises", "desk")
    assert told.exit_code == 1
    assert told.stdout.startswith("| document, section |")
    assert "desk/rehearsed.json:1:1: error: 2 scenarios not rehearsed" in told.stderr

    run("rehearse", "desk")
    Path("docs").mkdir()
    assert run("promises", "desk", "--write", "docs/promises.md").output == "Wrote docs/promises.md.\n"
    assert "[late](../desk/scenarios/late.yml) | kept |" in Path("docs/promises.md").read_text()
    assert run("promises", "desk", "--write", "docs/promises.md").output == "Nothing new in docs/promises.md.\n"
    assert [one["document"] for one in json.loads(run("promises", "desk/support.yml", "--json").stdout)] == [
        "Our support"
    ]


def test_what_a_document_says_beside_its_promises_is_listed(team: Team) -> None:
    team.write("document.md", "We answer within four hours.\n\nAnd we never sleep.\n")
    assert run("promises", "desk", "--unquoted", "desk/document.md").output.splitlines() == [
        "desk/promises.yml:5: not in the document: The lead hears of it when we do not.",
        "desk/promises.yml:7: not in the document: Everybody says who they are.",
        "desk/document.md:3: And we never sleep",
    ]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["desk/nowhere.yml"], "there is no file desk/nowhere.yml"),
        (["."], "there is no promises.yml beside a support.yml below ."),
        (
            ["desk/support.yml"],
            "there is no promises.yml beside desk/support.yml: list there what the document promises",
        ),
        ([], "there is no .github/support.yml here or above"),
    ],
)
def test_where_there_is_no_list_that_is_said(team: Team, arguments: list[str], said: str) -> None:
    (team.folder / "promises.yml").unlink()
    told = run("promises", *arguments)
    assert told.exit_code == 2
    assert said in told.stderr


def test_two_processes_in_one_repository_are_told_apart(team: Team) -> None:
    Team(Path("other/desk")).change("promises.yml", "Our support", "Other support")
    run("rehearse", "desk")
    told = run("check", ".")
    assert [line.partition(":")[0] for line in told.stdout.splitlines() if ": error:" in line] == [
        "other/desk/rehearsed.json"
    ]
    found = json.loads(run("promises", ".", "--json").stdout)
    assert [(one["document"], one["policy"]) for one in found] == [
        ("Our support", "desk/support.yml"), ("Other support", "other/desk/support.yml")
    ]  # fmt: skip


def test_a_list_without_a_policy_is_refused(team: Team) -> None:
    team.policy.unlink()
    assert "There is no support.yml beside this." in run("check", "desk/promises.yml").stdout
    assert "there is no promises.yml beside a support.yml below desk" in run("promises", "desk").stderr


def test_a_list_that_cannot_be_read_is_told_with_its_place(team: Team) -> None:
    team.write("promises.yml", "document: Ours\n")
    told = run("promises", "desk")
    assert told.exit_code == 2
    assert "desk/promises.yml:1:1: error: `promises` is missing here." in told.stderr
    assert "desk/promises.yml:1:1: error: `promises` is missing here." in run("check", "desk").stdout
