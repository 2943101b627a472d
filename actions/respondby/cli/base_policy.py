"""A policy as another commit of this checkout has it, by git: what a change of rotas is compared with.

Git is read and never told what to run by the repository: a commit is resolved to its hash first, and only the files
that the policy names are read from it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from respondby.cli.policy_files import MOST_FILES, root_of, too_large, too_many
from respondby.policy.loading.loader import load, named_files
from respondby.policy.model.policy import Policy
from respondby.policy.text.yaml_text import LARGEST


class NoSuchCommit(Exception):
    """The commit, or git itself, is not here; the text says what to do. Exit code 2."""


def policy_at(commit: str, path: Path) -> Policy | None:
    """The policy of that path at that commit; None where the commit has none. Raises PolicyError for a broken one."""
    folder = path.resolve().parent
    found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    if found is None:
        raise NoSuchCommit(
            f"git knows no commit {commit} in {folder}: name a branch or a commit that is there, after `git fetch`."
        )
    sha = found.decode().strip()
    prefix = (_git(folder, "rev-parse", "--show-prefix") or b"").decode().strip()
    inside = f"{prefix}{path.name}"
    text = _blob(folder, sha, inside)
    if text is None:
        return None
    root = _root(inside)
    files = {name: content for name in named_files(text) for name, content in _below(folder, sha, root, name)}
    return load(text, path=str(path), files=files)


def parent_of_merge(folder: Path) -> str | None:
    """The first parent of HEAD where HEAD is a merge, as a pull request's own ref is; None where it is none."""
    shown = _git(folder, "rev-list", "--parents", "--max-count=1", "HEAD")
    commits = shown.decode().split() if shown else []
    return commits[1] if len(commits) == 3 else None


def proposed_base(path: Path, environ: Mapping[str, str]) -> str | None:
    """The commit that a pull request would change: HEAD's first parent where HEAD is the merge that GitHub made, else
    the one that the event names. None where neither is known. Raises EventProblem.
    """
    from respondby.runner.event import read_event

    parent = parent_of_merge(path.resolve().parent)
    if parent is not None:
        return parent
    named = environ.get("GITHUB_EVENT_PATH")
    event = read_event("pull_request", Path(named) if named else None)
    sha = ((event.payload.get("pull_request") or {}).get("base") or {}).get("sha")
    return sha if isinstance(sha, str) else None


def _root(inside: str) -> str:
    """The folder that the paths of a policy start in, as a prefix of names in the repository."""
    root = root_of(Path("/") / inside).as_posix().strip("/")
    return f"{root}/" if root else ""


def _below(folder: Path, sha: str, root: str, name: str) -> Sequence[tuple[str, str]]:
    """A file's name and text, or those of each file in the folder of that name."""
    paths = [*_sizes(folder, sha, f"{root}{name}"), *_sizes(folder, sha, f"{root}{name.rstrip('/')}/")]
    if len(paths) > MOST_FILES:
        raise too_many(name)
    found = []
    for path in dict.fromkeys(paths):
        text = _blob(folder, sha, path)
        if text is not None:
            found.append((path.removeprefix(root), text))
    return found


def _sizes(folder: Path, sha: str, path: str) -> dict[str, int]:
    """The files at a path at a commit, or below it where it ends in a slash, each with its size in bytes."""
    listed = _git(folder, "ls-tree", "--full-tree", "-z", "--long", sha, "--", path) or b""
    found = {}
    for line in listed.decode("utf-8", "replace").split("\0"):
        facts, _, name = line.partition("\t")
        if len(facts.split()) == 4 and facts.split()[1] == "blob":
            found[name] = int(facts.split()[3])
    return found


def _blob(folder: Path, sha: str, path: str) -> str | None:
    """The text of a file at a commit; None for what is no file. PolicyError for a large one, which is not read."""
    size = _sizes(folder, sha, path).get(path)
    if size is None:
        return None
    if size > LARGEST:
        raise too_large(path)
    content = _git(folder, "cat-file", "blob", f"{sha}:{path}")
    return None if content is None else content.decode("utf-8", "replace")


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git prints; None where it says no."""
    try:
        run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise NoSuchCommit("git is not installed here, and it is what knows other commits.") from None
    return run.stdout if run.returncode == 0 else None
