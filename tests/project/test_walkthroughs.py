"""docs/tutorial.md and docs/install.md are walked: each command is run, and what a page shows came out.

Blocks of `sh` are run by bash, in one folder, with `respondby` on PATH; each line of a `text` block has to stand in
what the block before it printed, however it is folded. Blocks of neither kind are for people. Some fifty processes are
started, so `.ci/run` does it in a step of its own: RESPONDBY_WALK=1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.jobs.desk import Repository

from respondby.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
walked = pytest.mark.skipif(os.environ.get("RESPONDBY_WALK") != "1", reason="RESPONDBY_WALK=1 walks the pages")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def folded(text: str) -> str:
    """A text on one line, with one blank between words."""
    return " ".join(text.split())


class Walk:
    """A folder, and an environment with `respondby` on PATH whose `init` knows where its actions come from."""

    def __init__(self, tmp_path: Path, **environment: str) -> None:
        self.folder = tmp_path / "our-desk"
        self.folder.mkdir()
        subprocess.run(["git", "init", "-q", str(self.folder)], check=True)
        tools = tmp_path / "bin"
        tools.mkdir()
        start = f'PYTHONPATH="{ROOT / "actions"}" exec "{sys.executable}" -m respondby'
        (tools / "respondby").write_text(
            f'#!/bin/sh\ncase $1 in init) shift; set -- init --actions "acme/respondby@{COMMIT}" "$@" ;; esac\n'
            f'{start} "$@"\n'
        )
        (tools / "respondby").chmod(0o755)
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = {
            **kept, "PATH": f"{tools}:{os.environ['PATH']}", "COLUMNS": "80", "NO_COLOR": "1", **environment
        }  # fmt: skip

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=200,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


@walked
def test_the_tutorial_is_walked_to_its_end(tmp_path: Path) -> None:
    walk = Walk(tmp_path)
    printed = ""
    for kind, text in blocks("tutorial.md"):
        if kind == "sh":
            printed = folded(walk.run(text))
            continue
        for line in text.splitlines():
            assert folded(line) in printed, f"the tutorial shows “{line}”, and what came out is:\n{printed}"


@walked
def test_the_installation_is_walked_to_its_end(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        repository = Repository.make(sandbox)
        there = repository.act("ann", "GET", "/contents/.github/support.yml")
        emptied = {"message": "Begin anew", "sha": there["sha"]}
        repository.act("ann", "DELETE", "/contents/.github/support.yml", emptied)
        # A person's own token, which may write workflows; the clock of the sandbox is that of the page's desk.
        sandbox.clock("2026-12-08T09:00:00Z")
        walk = Walk(
            tmp_path, GITHUB_API_URL=sandbox.url, GITHUB_REPOSITORY=repository.name, RESPONDBY_PACE="off",
            GITHUB_TOKEN=sandbox.token("ann"), CHAT_URL="json://127.0.0.1:9/", RESPONDBY_KEY="a key",
        )  # fmt: skip
        printed = []
        for kind, text in blocks("install.md"):
            assert kind == "sh"
            if "respondby doctor" in text:  # what stands between: the proposal is merged
                [pull] = repository.act("ann", "GET", "/pulls")
                repository.act("ann", "PUT", f"/pulls/{pull['number']}/merge", {})
            printed.append(walk.run(text))
        whole = folded("\n".join(printed))
        for said in ("Proposed:", "all kept.", "run the desk, with the permissions", "created", "as the policy says"):
            assert said in whole, f"“{said}” is not in {whole}"
        labels = {label["name"] for label in repository.act("ann", "GET", "/labels?per_page=100")}
        assert {"priority/urgent", "sla/breached", "type/problem"} <= labels
    workflows = sorted((walk.folder / ".github/workflows").glob("*.yml"))
    for workflow in workflows:
        assert COMMIT not in workflow.read_text()
    swept = (walk.folder / ".github/workflows/enforce.yml").read_text()
    assert ("-59/15 " in swept, "-59/5 " in swept) == (True, False)


@pytest.mark.parametrize("page", ["tutorial.md", "install.md"])
def test_a_page_s_contents_name_its_sections(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = re.findall(r"^\d+\. \[(.+)\]\(#", text, re.MULTILINE)
    assert named in ([], re.findall(r"^## (.+)$", text, re.MULTILINE))
