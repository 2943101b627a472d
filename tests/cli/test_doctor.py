"""The command `doctor`: what it prints, where it tells it, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.doctor.clinic import COMMENT, FORM, KEY, SUPPORT, Clinic

from respondby.cli import main as cli
from respondby.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def clinic(sandbox: Sandbox) -> Clinic:
    return Clinic(sandbox)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The surroundings of a job, in an empty folder; where its files are."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_GRAPHQL_URL", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("respondby.runner.log.guard_standard_streams", lambda: None)
    for name in ("OUTPUT", "STEP_SUMMARY"):
        monkeypatch.setenv(f"GITHUB_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    return tmp_path


def doctor(clinic: Clinic, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Run the command with what the clinic's repository gives its jobs."""
    given = {
        "GITHUB_API_URL": clinic.sandbox.url,
        "GITHUB_REPOSITORY": clinic.name,
        "GITHUB_TOKEN": clinic.sandbox.workflow_token(clinic.name, clinic.grants),
        "RESPONDBY_KEY": clinic.key.decode() if clinic.key else "",
        "RESPONDBY_PACE": "off",
        **clinic.secrets,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.time", clinic.place().clock)
    return CliRunner().invoke(cli.main, ["doctor", *arguments])


def eight_faults(clinic: Clinic) -> None:
    """A repository with eight faults."""
    clinic.edit(SUPPORT, ("@acme-desk", "@help"), ("version: 1\n", "version: 1\nmode: shadow\n"))
    clinic.edit(FORM, ("label: What?", "label: What then?"))
    clinic.edit(COMMENT, ("issues: write", "issues: read"))
    clinic.members, clinic.users = ("ann",), ("bob", "help")
    clinic.runs = [("2026-01-05T09:04:00Z", "failure")]
    clinic.grants = {**clinic.grants, "issues": "read"}
    clinic.secrets, clinic.key = {"CHAT_URL": ""}, None


FAULTS = ["forms", "permissions", "schedule", "secrets", "workflows", "@words", "mode", "people", "signing key"]


def test_eight_faults_are_shown_worst_first_each_with_its_fix_in_80_columns(
    clinic: Clinic, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eight_faults(clinic)
    clinic.build()
    result = doctor(clinic, monkeypatch)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    heads = [line.split("  ")[0] for line in lines if line.startswith(("error", "warning", "fine"))]
    assert heads == sorted(heads, key=["error", "warning", "fine"].index)
    assert heads.count("error") + heads.count("warning") == len(FAULTS)
    assert sum(line.lstrip().startswith("→ ") for line in lines) == len(FAULTS)
    assert lines[-1] == "5 errors and 4 warnings; 7 looked at and fine."


def test_json_is_all_that_is_printed(clinic: Clinic, runner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    eight_faults(clinic)
    clinic.build()
    told = json.loads(doctor(clinic, monkeypatch, "--json").stdout)
    wrong = [finding for finding in told["findings"] if finding["level"] != "fine"]
    assert sorted(finding["check"] for finding in wrong) == sorted(FAULTS)
    assert all(finding["message"] and finding["fix"] for finding in wrong)
    assert (told["errors"], told["warnings"], told["now"]) == (5, 4, clinic.now)


def test_a_runner_is_told_by_annotations_summary_and_outputs(
    clinic: Clinic, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eight_faults(clinic)
    clinic.build()
    result = doctor(clinic, monkeypatch)
    commands = [line for line in result.stderr.splitlines() if line.startswith("::")]
    assert [line.partition(" title=")[0] for line in commands] == ["::error"] * 5 + ["::warning"] * 4
    summary = (runner / "step_summary").read_text(encoding="utf-8")
    assert "5 errors and 4 warnings" in summary
    assert "@help" not in summary, "a summary calls nobody"
    assert "errors<<" in (runner / "output").read_text(encoding="utf-8")


def test_a_healthy_repository_ends_with_0(clinic: Clinic, runner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.build()
    result = doctor(clinic, monkeypatch)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "Nothing wrong; 15 looked at and fine."
    assert KEY.decode() not in result.stdout
    assert "a-secret-address" not in result.stdout


def test_outside_of_a_runner_the_folder_s_own_policy_is_compared(
    clinic: Clinic, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    clinic.build()
    (runner / ".github").mkdir()
    (runner / SUPPORT).write_text(clinic.files[SUPPORT].replace("4h", "2h"), encoding="utf-8")
    result = doctor(clinic, monkeypatch)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "working copy" in result.stdout


def test_without_a_repository_it_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    result = CliRunner().invoke(cli.main, ["doctor"])
    assert (result.exit_code, "GITHUB_REPOSITORY must be owner/name" in result.stderr) == (2, True)
