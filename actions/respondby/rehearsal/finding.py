"""Which scenarios are meant: files, folders, or without either the show-piece that comes with respondby."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from respondby import data

SHOW_PIECE = "docs/processes/priorities-and-help/scenarios/unanswered-before-christmas.yml"


class NoScenarioError(ValueError):
    """A path at which there is no scenario; the text says so."""


def scenario_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The scenarios of these files and folders, each once; NoScenarioError for a path without one."""
    found = [file for path in paths for file in _at(path)]
    return tuple(dict.fromkeys(found)) or (show_piece(),)


def show_piece() -> Path:
    """The scenario that is played when none is named."""
    return data.folder(SHOW_PIECE.rpartition("/")[0]) / SHOW_PIECE.rpartition("/")[2]


def _at(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise NoScenarioError(f"there is no file or folder {path}")
    files = [file for file in sorted(path.rglob("*.y*ml")) if file.suffix in (".yml", ".yaml") and is_scenario(file)]
    if not files:
        raise NoScenarioError(f"the folder {path} holds no scenario: a scenario is a YAML file with the key `scenario`")
    yield from files


def is_scenario(file: Path) -> bool:
    """Whether a YAML file says that it is a scenario; one that lies among scenarios is meant to be one."""
    if file.parent.name == "scenarios":
        return True
    with file.open(encoding="utf-8", errors="replace") as lines:
        return any(line.startswith("scenario:") for line in lines)
