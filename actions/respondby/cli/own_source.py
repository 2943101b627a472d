"""Where this respondby came from: the owner and commit that workflows can pin its actions to."""

from __future__ import annotations

import json
import re
import subprocess
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from respondby import __version__, data
from respondby.setup.choices import Source

_REMOTE = re.compile(r"(?:.*[/:])(?P<owner>[\w-]+)/respondby(?:\.git)?/?")


def own_commit() -> str | None:
    """The commit that this is of: a clone's own, or that of the archive or release that was installed."""
    root = data.root()
    if isinstance(root, Path) and (root / ".git").exists():
        return _git(root, "rev-parse", "HEAD") or None
    installed = _installed()
    written = (files("respondby") / "commit.txt").read_text(encoding="utf-8").strip()
    return installed.commit if installed else written if re.fullmatch(r"[0-9a-f]{40}", written) else None


def own_source() -> Source | None:
    """The clone that this runs from, or the repository that it was installed from; None where neither tells."""
    root = data.root()
    if isinstance(root, Path) and (root / ".git").exists():
        owner = _REMOTE.fullmatch(_git(root, "remote", "get-url", "origin"))
        commit = _git(root, "rev-parse", "HEAD")
        return Source(owner["owner"], commit, __version__) if owner and commit else None
    return _installed()


def is_published(source: Source) -> bool:
    """Whether the clone's own commit is on a branch of its origin, as far as the last fetch knows; True without one."""
    root = data.root()
    if not isinstance(root, Path) or not (root / ".git").exists() or _git(root, "rev-parse", "HEAD") != source.commit:
        return True
    return bool(_git(root, "branch", "--remotes", "--contains", source.commit))


def _installed() -> Source | None:
    try:
        said = json.loads(metadata.distribution("respondby").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    owner = _REMOTE.fullmatch(str(said.get("url", "")))
    commit = said.get("vcs_info", {}).get("commit_id")
    return Source(owner["owner"], commit, __version__) if owner and commit else None


def _git(folder: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails or is not there."""
    try:
        run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""
