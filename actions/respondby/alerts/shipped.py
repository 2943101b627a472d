"""The maps that come with the package: one file a source, in `alerts/sources`, with examples beside each map."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from respondby.alerts.loading import load_map
from respondby.alerts.model import AlertMap


class NoSuchSource(Exception):
    """No map of that name comes with the package; the text lists those that do."""


@cache
def sources() -> tuple[str, ...]:
    """The names of the shipped maps, in alphabetical order."""
    folder = files("respondby.alerts") / "sources"
    return tuple(sorted(file.name.removesuffix(".yml") for file in folder.iterdir() if file.name.endswith(".yml")))


@cache
def shipped(source: str) -> AlertMap:
    """The shipped map of a source. Raises NoSuchSource."""
    if source not in sources():
        raise NoSuchSource(f"no map of alerts is called “{source:.60}”; there are {', '.join(sources())}")
    text = (files("respondby.alerts") / "sources" / f"{source}.yml").read_text(encoding="utf-8")
    alert_map, problems = load_map(text, file=f"{source}.yml")
    assert alert_map is not None, "; ".join(str(problem) for problem in problems)  # a test holds every shipped map
    return alert_map
