"""Post-mortems from a working folder: which files are meant, and what is not read.

A file of `docs/incidents` is read only where it really lies there: what a symbolic link points to is not the pull
request's to show. Sizes are looked at before anything is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from respondby.cli.policy_files import read_text
from respondby.policy.text.problems import PolicyError, Problem
from respondby.postmortems.document.document import FOLDER, NOT_DOCUMENTS, Document, read_document
from respondby.postmortems.document.source import LARGEST


@dataclass(frozen=True, slots=True)
class Read:
    """The documents that were read, and a problem for each file that was not. `root` is the repository's folder."""

    root: Path
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def repository_of(start: Path) -> Path:
    """The folder that holds `.git` (or `docs/incidents`), from `start` upward; `start` itself where none does."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / FOLDER).is_dir():
            return folder
    return start


def read_documents(paths: Sequence[Path]) -> Read:
    """The documents of these files and folders; without any, those of `docs/incidents` where we stand."""
    root = repository_of(Path.cwd())
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in _files(paths, root):
        shown = _shown(path, root)
        problem = _unreadable(path, shown, root)
        if problem is not None:
            problems.append(problem)
            continue
        try:
            documents.append(read_document(read_text(path), shown))
        except PolicyError as error:
            problems += [
                Problem(shown, p.line, p.column, p.message, p.value, p.hint, rule="unreadable") for p in error.problems
            ]
        except OSError as error:
            raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None
    return Read(root, tuple(documents), tuple(problems))


def _files(paths: Sequence[Path], root: Path) -> Iterator[Path]:
    if not paths:
        folder = root / FOLDER
        if folder.is_dir():
            yield from _inside(folder, own=True)
        return
    seen: set[Path] = set()
    for path in paths:
        for file in _named(path):
            if file not in seen:
                seen.add(file)
                yield file


def _named(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return _inside(path, own=False)
    if path.is_file() or path.is_symlink():
        return [path]
    raise click.UsageError(f"there is no file {path}; `respondby postmortem check` alone checks those of {FOLDER}")


def _inside(folder: Path, *, own: bool) -> Iterator[Path]:
    found = folder.glob("*.md") if own else folder.rglob("*.md")
    yield from sorted(path for path in found if path.name not in NOT_DOCUMENTS)


def _shown(path: Path, root: Path) -> str:
    """The path below the repository's root, where it lies there; else as it was named."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 — links are not to be followed
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else path.as_posix()


def _unreadable(path: Path, shown: str, root: Path) -> Problem | None:
    """Why a file is not read: it leaves the folder in which it seems to lie, or it is too large."""
    real = Path(os.path.realpath(path))  # resolve() raises where links lead in a circle
    if shown.startswith(f"{FOLDER}/") and not real.is_relative_to((root / FOLDER).resolve()):
        message = f"This is a link that leaves {FOLDER}, and was not read."
        return Problem(shown, 1, 1, message, hint="Put the document itself here.", rule="unreadable")
    if not real.is_file():
        return Problem(shown, 1, 1, "This link leads to no file.", hint="Remove it.", rule="unreadable")
    if real.stat().st_size > LARGEST:
        message = f"This file is larger than {LARGEST // 1024} kB and was not read."
        hint = "Link logs and exports instead of pasting them."
        return Problem(shown, 1, 1, message, hint=hint, rule="unreadable")
    return None
