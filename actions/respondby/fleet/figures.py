"""What a sweep of a fleet leaves for the next: how long each repository took, and which of its cases are at rest.

A folder that the runner keeps, with one folder for each part (`respondby-fleet-1`), in it `figures.json` and a file of
the sweep's cache for each repository. Losing any of it costs requests and balance, never an action.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

PART = "respondby-fleet-"
FIGURES = "figures.json"
_VERSION = 1
_SUFFIX = ".sqlite3"
#: No figures of ours are larger.
_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """What one repository took: seconds and requests of its last sweeps, and when the last one was."""

    seconds: float
    requests: int
    at: Instant


def read_figures(folder: Path) -> tuple[dict[str, Figure], tuple[str, ...]]:
    """The newest figures of each repository, by lower-case name, and what could not be read, in words."""
    found: dict[str, Figure] = {}
    remarks: list[str] = []
    for place in sorted(folder.glob(f"{PART}*/{FIGURES}")):
        try:
            if place.stat().st_size > _MOST_BYTES:
                raise ValueError("it is larger than any of ours")
            for name, figure in _figures(json.loads(place.read_bytes())):
                if name not in found or found[name].at < figure.at:
                    found[name] = figure
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            where = place.relative_to(folder).as_posix()
            remarks.append(f"{where} could not be read ({error}): the parts are balanced without it")
    return found, tuple(remarks)


def _figures(said: object) -> Iterator[tuple[str, Figure]]:
    if not isinstance(said, dict) or said["version"] != _VERSION:
        raise ValueError("it is of another version")
    for name, one in said["repositories"].items():
        figure = Figure(float(one["seconds"]), int(one["requests"]), int(one["at"]))
        if not 0 <= figure.seconds < 1e6:
            raise ValueError(f"{name} took {figure.seconds} seconds")
        yield str(name).lower(), figure


class Kept:
    """The folder of one part, for the job that sweeps it."""

    def __init__(self, folder: Path, part: int) -> None:
        self.folder = folder
        self.own = folder / f"{PART}{part}"

    def cache_of(self, repository: str) -> Path:
        """Where the sweep's cache of a repository lies; one that another part has kept so far is taken over."""
        name = repository.lower().replace("/", "+") + _SUFFIX
        place = self.own / name
        others = [other for other in self.folder.glob(f"{PART}*/{name}") if other != place and other.is_file()]
        newest = max([*others, *([place] if place.is_file() else [])], key=_modified, default=place)
        if newest != place:
            self.own.mkdir(parents=True, exist_ok=True)
            shutil.copy2(newest, place)
        return place

    def write(self, figures: Mapping[str, Figure], swept: Collection[str]) -> None:
        """Keep these figures; what this part no longer sweeps is another's to keep. Raises OSError."""
        self.own.mkdir(parents=True, exist_ok=True)
        names = {repository.lower() for repository in swept}
        wanted = {name.replace("/", "+") + _SUFFIX for name in names}
        for place in self.own.glob(f"*{_SUFFIX}"):
            if place.name not in wanted:
                place.unlink()
        own = {
            name: {"seconds": round(one.seconds, 3), "requests": one.requests, "at": one.at}
            for name, one in sorted(figures.items())
            if name in names
        }
        aside = self.own / f"{FIGURES}.new"
        aside.write_text(json.dumps({"version": _VERSION, "repositories": own}) + "\n", encoding="utf-8")
        aside.replace(self.own / FIGURES)


def _modified(place: Path) -> float:
    return place.stat().st_mtime
