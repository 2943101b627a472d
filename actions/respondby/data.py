"""The project's data files, wherever the package runs from: schemas, and the default process.

In a checkout (on PYTHONPATH, as `actions/run.sh` does, or installed editable) they lie at the repository's root;
a wheel carries them inside the package. Paths are those of the repository: `schemas/policy.schema.json`.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def root() -> Traversable:
    """What `schemas/` and `docs/processes/` lie in: the wheel's own data, else the checkout."""
    package = files("respondby")
    carried = package / "_data"
    return carried if carried.is_dir() else Path(__file__).parents[2]


def folder(path: str) -> Path:
    """The folder of that path; FileNotFoundError where this installation has none on disk."""
    found = root() / path
    if not isinstance(found, Path) or not found.is_dir():
        raise FileNotFoundError(f"{path} is not a folder of this installation of respondby ({root()})")
    return found


def text(path: str) -> str:
    """The text of the file of that path, read as UTF-8; FileNotFoundError where this installation has none."""
    found = root() / path
    if not found.is_file():
        raise FileNotFoundError(f"{path} is not a file of this installation of respondby ({root()})")
    return found.read_text(encoding="utf-8")
