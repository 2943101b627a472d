"""Completion, tried in each shell that is here: `.ci/run` has all three."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WANTED = os.environ.get("RESPONDBY_REQUIRE_SHELLS") == "1"

#: By shell: what is run after its completion was loaded, to print what it offers for `respondby reh`.
TRIED = {
    "bash": """
source "$1"
COMP_WORDS=(respondby reh); COMP_CWORD=1
_respondby_completion respondby
printf '%s\\n' "${COMPREPLY[@]}"
""",
    "fish": """
source $argv[1]
complete -C 'respondby reh'
""",
    # zsh completes only where somebody types: a terminal of its own, in which the tab key is pressed.
    "zsh": """
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "PS1=; autoload -Uz compinit && compinit -u -d $1.dump; source $1; echo rea''dy"
zpty -r typed seen '*ready*'
zpty -w -n typed $'respondby reh\\t\\n'
zpty -r typed seen '*scenario*' || true
print -r -- $seen
zpty -d typed
""",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `respondby`, as an installation has one."""
    folder = tmp_path_factory.mktemp("bin")
    start = f'#!/bin/sh\nPYTHONPATH="{ROOT / "actions"}" exec "{sys.executable}" -m respondby "$@"\n'
    (folder / "respondby").write_text(start)
    (folder / "respondby").chmod(0o755)
    return folder


@pytest.mark.parametrize("shell", TRIED)
def test_a_shell_completes_a_command(shell: str, installed: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        assert not WANTED, f"{shell} is not installed"
        pytest.skip(f"{shell} is not here")
    environment = {**os.environ, "PATH": f"{installed}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb"}
    environment.pop("GITHUB_ACTIONS", None)
    script = subprocess.run(
        ["respondby", "completion", shell], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    stored, tried = tmp_path / "stored", tmp_path / "tried"
    stored.write_text(script.stdout)
    tried.write_text(TRIED[shell])
    done = subprocess.run(
        [shell, str(tried), str(stored)], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "rehearse" in done.stdout, done.stderr
