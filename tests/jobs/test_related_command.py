"""`respondby related N`: what is most like an issue, among cases and the post-mortems of a checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.jobs.desk import Repository

from respondby.cli import related
from respondby.sandbox.server import Sandbox


def says(title: str) -> str:
    """A request's text."""
    return f"### Priority\n\nNormal\n\n### What?\n\n{title}\n"


def test_cases_open_and_closed_and_post_mortems_are_found(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Repository.make(sandbox)
    for title in ("Checkout answers with errors", "Disk of db-1 nearly full", "Errors at the checkout again"):
        desk.opens(title=title, body=says(title))
    desk.act("ann", "PATCH", "/issues/1", {"state": "closed"})
    folder = tmp_path / "docs" / "incidents"
    folder.mkdir(parents=True)
    (folder / "2026-01-01-checkout.md").write_text("---\nstatus: done\n---\n# The checkout failed\n\nA release.\n")
    (folder / "notes.md").write_bytes(b"\xff\xfe no heading")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_API_URL", sandbox.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", desk.name)
    monkeypatch.setenv("GITHUB_TOKEN", desk.bot)

    ran = CliRunner().invoke(related.command, ["3", "--json"], catch_exceptions=False)
    refs = [found["ref"] for found in json.loads(ran.output)]
    assert refs[:2] == [f"{desk.name}#1", "docs/incidents/2026-01-01-checkout.md"]
    assert f"{desk.name}#3" not in refs

    text = CliRunner().invoke(related.command, ["3"], catch_exceptions=False).output
    assert text.splitlines()[0].startswith(f"{desk.name}#1  Checkout answers with errors  http")
