"""A policy in a working folder: its text, its root, and the files that it names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, nullcontext
from pathlib import Path

import click

from respondby.policy.loading.loader import named_files
from respondby.policy.repository.workflow_actions import local_folders
from respondby.policy.text.problems import PolicyError, Problem
from respondby.policy.text.yaml_text import LARGEST

#: Where a repository's policy lies.
POLICY = Path(".github/support.yml")

#: A folder that a policy names, or that GitHub reads, holds no more files than this.
MOST_FILES = 500


def too_many(folder: str) -> PolicyError:
    """What is said of a folder with more files than anybody looks through."""
    message = f"This folder holds more than {MOST_FILES} files."
    return PolicyError(
        [Problem(folder, 1, 1, message, hint="Keep what the policy does not name elsewhere.", rule="file")]
    )


def too_large(path: str) -> PolicyError:
    """What is said of a file that is not read whole."""
    message = f"This file is larger than {LARGEST // 1024} kB."
    return PolicyError([Problem(path, 1, 1, message, hint="What is read here is written by people.", rule="yaml")])


def read_text(path: Path) -> str:
    """The file as UTF-8 text. PolicyError, with the place of the first byte that is none; OSError for no file."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise too_large(str(path))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        byte = f"0x{content[error.start]:02X}"
        problem = Problem(
            str(path), line, column, "This is not UTF-8 text.", byte, "Save the file as UTF-8 text.", rule="yaml"
        )
        raise PolicyError([problem]) from None


def found_policy() -> Path | None:
    """The policy of the repository around the working folder, as a path from here; None where it has none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / POLICY).is_file():
            return Path(os.path.relpath(folder / POLICY))
        if (folder / ".git").exists():
            break
    return None


def the_policy(given: Path | None = None) -> Path:
    """The policy that is meant: the one that was named, else that of the repository. UsageError where there is none."""
    path = given or found_policy()
    if path is None:
        raise click.UsageError(
            f"there is no {POLICY} here or above: `respondby init` writes one, --policy FILE names one"
        )
    return path


@contextmanager
def at_the_root() -> Iterator[None]:
    """Within it, the working folder is the top of the repository with a policy; where there is none, it stays."""
    found = found_policy()
    with nullcontext() if found is None else chdir(root_of(found.resolve())):
        yield


def root_of(policy: Path) -> Path:
    """The folder that a policy's paths start in: the repository of `.github/support.yml`, else the policy's own."""
    return policy.parent.parent if policy.parent.name == ".github" else policy.parent


def read_named(policy: Path, text: str) -> dict[str, str]:
    """The texts of the files that a policy names, by the paths that it uses. Those that are missing are left out.

    So are links that leave the repository: the desk, which reads GitHub's copy, could not follow them, and a proposal
    of a stranger must not make `check` quote what else lies on the machine.
    """
    root = root_of(policy)
    return {
        path.relative_to(root).as_posix(): read_text(path)
        for name in named_files(text)
        for path in _files(root / name)
        if inside(path, root)
    }


def read_folder(folder: Path, root: Path) -> dict[str, str]:
    """The texts of a folder's YAML files, by their paths below `root`."""
    found = [path for suffix in ("*.yml", "*.yaml") for path in folder.glob(suffix) if inside(path, root)]
    if len(found) > MOST_FILES:
        raise too_many(str(folder))
    return {path.relative_to(root).as_posix(): read_text(path) for path in sorted(found)}


def actions_in(root: Path, workflows: Mapping[str, str]) -> frozenset[str]:
    """Of the folders below `root` that these workflows use as actions, those that hold one."""
    return frozenset(
        folder
        for folder in local_folders(workflows)
        if any((root / folder / name).is_file() for name in ("action.yml", "action.yaml"))
    )


def inside(path: Path, root: Path) -> bool:
    """Whether a file lies below the folder, git's own excepted, wherever links lead."""
    real, home = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    return real.is_relative_to(home) and not real.is_relative_to(home / ".git")


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        found = sorted(inside for inside in path.iterdir() if inside.is_file())
        if len(found) > MOST_FILES:
            raise too_many(str(path))
        yield from found
    elif path.is_file():
        yield path
