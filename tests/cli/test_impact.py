"""`respondby impact` as a terminal and a pull request's job see it, against the sandbox and a checkout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from tests.cli.rota_desk import commit, git
from tests.jobs.desk import Repository
from tests.jobs.test_impact import CALLING, QUICKER

from respondby.cli.main import main
from respondby.cli.output.impact import limit_line
from respondby.replays.limits import Code
from respondby.sandbox.server import Sandbox

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/impact.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def repository() -> Iterator[Repository]:
    """Two requests, answered after ten and after forty minutes."""
    with Sandbox() as sandbox:
        made = Repository.make(sandbox, CALLING)
        for title in ("Soon", "A | *hostile* <b>title</b>"):
            made.triage(made.opens(title=title))
        made.at("09:10:00")
        made.says("ann", "Hello", 1)
        made.at("09:40:00")
        made.sweep()
        made.says("ann", "Hello", 2)
        made.at("10:30:00")
        yield made


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository) -> Path:
    """A checkout with a proposal; its folder."""
    folder = tmp_path / "checkout"
    (folder / ".github").mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name in ("GITHUB_ACTIONS", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_GRAPHQL_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_API_URL", repository.sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", repository.name)
    monkeypatch.setenv(
        "GITHUB_TOKEN", repository.sandbox.workflow_token(repository.name, {"issues": "read", "contents": "read"})
    )
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("COLUMNS", "80")
    return folder


def write(folder: Path, policy: str) -> None:
    (folder / ".github/support.yml").write_text(policy, encoding="utf-8")


def impact(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["impact", *arguments])


def in_a_pull_request(monkeypatch: pytest.MonkeyPatch, folder: Path, base: str) -> None:
    event = folder.parent / "event.json"
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}}}), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")


def test_an_edit_is_compared_with_the_default_branch(checkout: Path) -> None:
    write(checkout, QUICKER)
    result = impact()
    assert result.exit_code == 0, result.output
    assert "Something differs in 2 of 2 cases; 1 would have been late; +1 pages, +1 by night." in " ".join(
        result.stdout.split()
    )
    assert "would have been late #2" in result.stdout
    assert "✓ The unchanged policy, played twice, comes to the same in 2 of 2 cases" in result.stdout
    assert "2 of 2 recorded cases are" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_narrow_terminal_gets_no_line_that_is_wider(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(checkout, QUICKER)
    monkeypatch.setenv("COLUMNS", "40")
    result = impact()
    assert max(map(len, result.stdout.splitlines())) <= 40
    assert "first-response: promised 2, kept 2 → 1, late 0 → 1" in " ".join(result.stdout.split())


def test_an_unchanged_policy_differs_in_nothing_and_says_so(checkout: Path) -> None:
    write(checkout, CALLING)
    result = impact()
    assert result.stdout.startswith("Nothing differs in any of 2 cases.")
    assert "(100\u00a0%)" in result.stdout


def test_a_pull_request_is_compared_with_what_it_would_change(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(checkout, CALLING)
    base = commit(checkout, "A desk")
    write(checkout, QUICKER)
    commit(checkout, "Quicker")
    in_a_pull_request(monkeypatch, checkout, base)
    result = impact()
    assert result.exit_code == 0, result.output
    assert "::notice file=.github/support.yml,title=impact::Something differs in 2 of 2 cases" in result.stderr
    summary = (checkout.parent / "summary.md").read_text(encoding="utf-8")
    assert "**Something differs in 2 of 2 cases" in summary
    assert r"A \| \*hostile\* &lt;b&gt;title" in summary
    assert "<b>" not in summary


def test_json_is_all_that_is_printed_for_programs(checkout: Path) -> None:
    write(checkout, QUICKER)
    told = json.loads(impact("--json").stdout)
    Draft202012Validator(SCHEMA).validate(told)
    (clock,) = told["clocks"]
    assert [ref.rpartition("#")[2] for ref in clock["would_be_late"]] == ["2"]
    assert told["self_check"]["holds"] is True
    two = told["differences"][1]
    assert two["promises"][0]["before"]["due"] == "2026-01-05T10:00:00Z"
    assert two["promises"][0]["after"]["due"] == "2026-01-05T09:20:00Z"
    assert [(call["person"], call["night"]) for call in two["calls_new"]] == [("ann", None), ("bob", "2026-01-04")]


def test_the_schema_knows_every_reason_that_a_replay_can_give() -> None:
    known = SCHEMA["properties"]["limits"]["items"]["properties"]["code"]["enum"]
    assert sorted(known) == sorted(get_args(Code))
    for code in known:
        assert limit_line({"code": code, "cases": [], "said": ""})


def test_a_base_without_a_policy_makes_it_the_first_one(checkout: Path) -> None:
    (checkout / "README.md").write_text("Nothing yet\n", encoding="utf-8")
    base = commit(checkout, "Begin")
    write(checkout, QUICKER)
    result = impact("--base", base)
    assert result.exit_code == 0, result.output
    assert "There was no policy before." in result.stdout
    assert "✓ The proposed policy, played twice" in result.stdout


def test_a_base_that_does_not_load_is_replaced_by_the_last_that_did(checkout: Path) -> None:
    write(checkout, "version: 1\ndesk: [broken\n")
    base = commit(checkout, "Broken")
    write(checkout, QUICKER)
    result = impact("--base", base)
    assert result.exit_code == 0, result.output
    assert "does not load, so the last one that did on the default branch" in " ".join(result.stdout.split())
    assert "1 would have been late" in result.stdout


def test_a_proposal_that_does_not_load_is_an_error_at_its_place(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, CALLING)
    base = commit(checkout, "A desk")
    write(checkout, CALLING.replace("target: 1h", "target: 1x"))
    in_a_pull_request(monkeypatch, checkout, base)
    result = impact()
    assert result.exit_code == 2
    line = CALLING[: CALLING.index("target: 1h")].count("\n") + 1
    assert f"::error file=.github/support.yml,line={line}," in result.stderr


@pytest.mark.parametrize(
    "arguments, said",
    [(("--base", "nowhere"), "git knows no commit nowhere"), (("--days", "0"), "--days")],
    ids=["no such commit", "no days"],
)
def test_wrong_usage_says_what_to_do(checkout: Path, arguments: tuple[str, ...], said: str) -> None:
    write(checkout, QUICKER)
    git(checkout, "init", "--quiet")
    result = impact(*arguments)
    assert result.exit_code == 2
    assert said in result.output
