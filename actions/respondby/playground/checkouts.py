"""A checkout of what a pull request proposes, as `actions/checkout` leaves it: the merge, on top of its base."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from respondby.playground.home import Home
from respondby.playground.workflows import workflow_files
from respondby.rehearsal.ground import OWNER, REPOSITORY
from respondby.rehearsal.running import RunProblem

_GIT = ("-c", "user.name=forge", "-c", "user.email=forge@localhost", "-c", "commit.gpgsign=false")


def check_out(home: Home, number: int, folder: Path) -> None:
    """Write what pull request `number` proposes into a new folder. RunProblem where git cannot."""
    pull = _ask(home, f"/pulls/{number}")
    workflows = workflow_files(home.text, dict(home.files))
    files = {**{path: text.encode() for path, text in workflows.items()}, **tree(home, pull["base"]["sha"])}
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    base = _commit(folder, files)
    for change in _ask(home, f"/pulls/{number}/files?per_page=100"):
        for gone in {change["filename"], change.get("previous_filename") or change["filename"]}:
            files.pop(gone, None)
        if change["status"] != "removed":
            files[change["filename"]] = blob(home, change["sha"])
    head = _commit(folder, files)
    merge = _git(folder, "commit-tree", "-p", base, "-p", head, "-m", "merge", f"{head}^{{tree}}")
    _git(folder, "update-ref", "HEAD", merge)


def changed_files(home: Home, number: int) -> set[str]:
    """The paths of the files that pull request `number` changes."""
    return {change["filename"] for change in _ask(home, f"/pulls/{number}/files?per_page=100")}


def tree(home: Home, sha: str) -> dict[str, bytes]:
    """Every file of a commit, by path."""
    found = _ask(home, f"/git/trees/{sha}?recursive=1")["tree"]
    return {item["path"]: blob(home, item["sha"]) for item in found if item["type"] == "blob"}


def blob(home: Home, sha: str) -> bytes:
    """The content of a file by its hash."""
    return base64.b64decode(_ask(home, f"/git/blobs/{quote(sha)}")["content"])


def _commit(folder: Path, files: Mapping[str, bytes]) -> str:
    _git(folder, "rm", "-r", "-q", "--ignore-unmatch", ".")
    for path, content in files.items():
        place = folder / PurePosixPath(path)
        if not place.resolve().is_relative_to(folder.resolve()):
            raise RunProblem(f"{path} lies outside of the repository, and was not checked out")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=checkout")
    return _git(folder, "rev-parse", "HEAD")


def _ask(home: Home, path: str) -> Any:
    status, answer = home.ask(OWNER, "GET", f"/repos/{REPOSITORY}{path}")
    if status != 200:
        raise RunProblem(f"{path} cannot be checked out: {(answer or {}).get('message', status)}")
    return answer


def _git(folder: Path, *words: str) -> str:
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    environment = {"PATH": os.environ.get("PATH", os.defpath), **quiet}
    done = subprocess.run(["git", *_GIT, *words], cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise RunProblem(f"git {words[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode().strip()
