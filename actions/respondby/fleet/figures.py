"""What a sweep of a fleet leaves for the next: how long each repository took, and which of its cases are at rest.

One folder for all parts: `figures-K.json` of each, and a file of the sweep's cache for each repository. Losing any of
it costs requests and balance, never an action.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from respondby.calendars.instants import Instant
from respondby.dataclass import dataclass

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


def read_figures(folder: Path) -> tuple[dict[str, Figure], list[str]]:
    """The newest figures of each repository, by lower-case name, and what could not be read, in words."""
    found: dict[str, Figure] = {}
    remarks: list[str] = []
    for place in sorted(folder.glob("figures-*.json")):
        try:
            if place.stat().st_size > _MOST_BYTES:
                raise ValueError("it is larger than any of ours")
            for name, figure in _figures(json.loads(place.read_bytes())):
                if name not in found or found[name].at < figure.at:
                    found[name] = figure
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            remarks.append(f"{place.name} could not be read ({error}): the parts are balanced without it")
    return found, remarks


def _figures(said: object) -> Iterator[tuple[str, Figure]]:
    if not isinstance(said, dict) or said["version"] != _VERSION:
        raise ValueError("it is of another version")
    for name, one in said["repositories"].items():
        figure = Figure(float(one["seconds"]), int(one["requests"]), int(one["at"]))
        if not 0 <= figure.seconds < 1e6:
            raise ValueError(f"{name} took {figure.seconds} seconds")
        yield str(name).lower(), figure


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a part finds what the last sweeps have left (`state`), and where it leaves its own (`keep`)."""

    state: Path
    keep: Path

    def cache_of(self, repository: str) -> Path:
        """Where the sweep's cache of a repository is written; what was left of it is brought there first.

        What cannot be brought there is as if it were lost: its sweep reads everything.
        """
        name = repository.lower().replace("/", "+") + _SUFFIX
        place = self.keep / name
        if self.state != self.keep and not place.exists() and (self.state / name).is_file():
            try:
                self.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.state / name, place)
            except OSError:
                return self.state / name
        return place

    def write(self, part: int, figures: Mapping[str, Figure], swept: Collection[str]) -> None:
        """Keep the figures of a part. Raises OSError."""
        self.keep.mkdir(parents=True, exist_ok=True)
        names = {repository.lower() for repository in swept}
        own = {
            name: {"seconds": round(one.seconds, 3), "requests": one.requests, "at": one.at}
            for name, one in sorted(figures.items())
            if name in names
        }
        aside = self.keep / f"figures-{part}.new"
        aside.write_text(json.dumps({"version": _VERSION, "repositories": own}) + "\n", encoding="utf-8")
        aside.replace(self.keep / f"figures-{part}.json")
