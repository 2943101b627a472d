"""What runs cost: counted over all days, timed by the latest, at the sandbox's own runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.policy.policies import SMALL

from respondby.calendars.instants import iso, parse_time
from respondby.cli import main as cli
from respondby.forge.client import Client
from respondby.forge.errors import ForgeError, RepositoryMissing
from respondby.sandbox.server import Sandbox
from respondby.setup.spending import Spent, spent

NOW = parse_time("2026-11-30T12:00:00Z", None)
DESK = "acme/desk"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.clock("2026-01-01T00:00:00Z")
        files = {f".github/workflows/{name}.yml": "on: push\n" for name in ("enforce", "watch")}
        running.repo("acme", "desk", private=True, files=files)
        running.clock(iso(NOW))
        yield running


def client(sandbox: Sandbox, **grants: str) -> Client:
    token = sandbox.workflow_token(DESK, grants or {"actions": "read", "contents": "read"})
    return Client(sandbox.url, token, DESK, pace=None, sleep=lambda _: None)


def ran(sandbox: Sandbox, file: str, *ago: int, seconds: int = 0) -> None:
    """Runs of the file that began so many seconds ago, and took so many."""
    for before in ago:
        began = NOW - before
        run = sandbox.run(DESK, file, iso(began), conclusion=None)
        sandbox.clock(iso(began + seconds))
        sandbox.finish_run(DESK, run["id"], "success")
    sandbox.clock(iso(NOW))


def test_a_run_of_seconds_is_a_minute_and_one_of_a_minute_and_a_bit_is_two(sandbox: Sandbox) -> None:
    ran(sandbox, "enforce.yml", 100, 4_000, seconds=20)
    ran(sandbox, "watch.yml", 40_000, seconds=61)
    found = spent(client(sandbox), ["enforce.yml", "watch.yml"], NOW, 28)
    assert found == (Spent("enforce.yml", 2, 2), Spent("watch.yml", 1, 2))


def test_a_run_whose_jobs_were_skipped_is_none(sandbox: Sandbox) -> None:
    ran(sandbox, "enforce.yml", 100, 4_000, seconds=20)
    for before in (300, 500):
        sandbox.run(DESK, "enforce.yml", iso(NOW - before), conclusion="skipped")
    assert spent(client(sandbox), ["enforce.yml"], NOW, 28) == (Spent("enforce.yml", 4, 2),)


def test_every_run_of_the_days_is_counted_once_also_at_their_borders(sandbox: Sandbox) -> None:
    day = 86_400
    inside = (0, 3 * day - 1, 3 * day, 3 * day + 1, 6 * day, 7 * day - 1)
    ran(sandbox, "enforce.yml", *inside, 7 * day, 8 * day)
    assert spent(client(sandbox), ["enforce.yml"], NOW, 7) == (Spent("enforce.yml", len(inside), len(inside)),)


def test_a_run_that_is_under_way_is_counted_and_not_timed(sandbox: Sandbox) -> None:
    ran(sandbox, "watch.yml", 50_000, seconds=7_200)
    sandbox.run(DESK, "watch.yml", iso(NOW - 60), conclusion=None)
    assert spent(client(sandbox), ["watch.yml"], NOW, 28) == (Spent("watch.yml", 2, 240),)


def test_a_workflow_that_is_not_there_or_never_ran_cost_nothing(sandbox: Sandbox) -> None:
    found = spent(client(sandbox), ["enforce.yml", "triage.yml"], NOW, 28)
    assert found == (Spent("enforce.yml", 0, 0), Spent("triage.yml", 0, 0))


def test_a_token_that_may_not_see_runs_is_told_what_it_lacks(sandbox: Sandbox) -> None:
    with pytest.raises(ForgeError, match=r"enforce\.yml could not be counted: GitHub answered 403"):
        spent(client(sandbox, contents="read"), ["enforce.yml"], NOW, 28)


def test_a_repository_that_is_not_there_is_none_that_cost_nothing(sandbox: Sandbox) -> None:
    token = sandbox.workflow_token(DESK, {"actions": "read", "contents": "read"})
    with pytest.raises(RepositoryMissing, match="acme/dsek is not there"):
        spent(Client(sandbox.url, token, "acme/dsek", pace=None, sleep=lambda _: None), ["enforce.yml"], NOW, 28)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> Path:
    """A working copy of the desk, whose commands ask the sandbox."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name in ("enforce", "watch"):
        (folder / f"{name}.yml").write_text((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())
    (tmp_path / ".github" / "support.yml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_API_URL", sandbox.url)
    monkeypatch.setenv("GITHUB_TOKEN", sandbox.workflow_token(DESK, {"actions": "read", "contents": "read"}))
    for name in ("GITHUB_ACTIONS", "GITHUB_GRAPHQL_URL", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_command_tells_what_was_beside_what_can_be(checkout: Path, sandbox: Sandbox) -> None:
    ran(sandbox, "enforce.yml", *range(100, 30_000, 3_000))
    result = CliRunner().invoke(cli.main, ["cost", "--repo", DESK, "--days", "2"])
    assert result.exit_code == 0, result.output
    assert "As it was in the last 2 days" in result.stdout
    assert "  enforce.yml                        10  of 10 runs" in result.stdout
    output: dict[str, Any] = json.loads(CliRunner().invoke(cli.main, ["cost", "--repo", DESK, "--json"]).stdout)
    assert output["seen"]["minutes"] == 10
    assert (output["seen"]["days"], output["seen"]["month"]) == (28, 11)
