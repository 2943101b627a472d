"""What `respondby check` says of alerts: a source that nobody ships, and a map that misreads its own examples.

A map is tried on its own examples, so that a path which finds nothing is found in review and not at night.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from respondby.cli.policy_files import inside, read_text, root_of
from respondby.policy.loading.examination import Examination
from respondby.policy.model.incidents import Alerts
from respondby.policy.text.problems import PolicyError, Problem, nearest
from respondby.policy.text.yaml_text import Node

#: What every alert has beside the parts that its map names.
_OWN = frozenset({"summary", "level", "link", "key", "source", "at", "id"})


def is_map(root: Node) -> bool:
    """Whether a file holds a map of alerts."""
    return root.kind == "mapping" and {"source", "state", "examples"} <= set(root.value)


def map_problems(path: Path, text: str) -> tuple[Problem, ...]:
    """What is wrong with the map in this file."""
    from respondby.alerts.loading import load_map

    return tuple(load_map(text, file=str(path), strict=True)[1])


def alert_problems(path: Path, examined: Examination) -> Iterator[Problem]:
    """What is wrong with the maps that a policy which loads names, each told once, at its own lines."""
    incidents = examined.policy.incidents if examined.policy is not None else None
    seen: set[str] = set()
    for index, alerts in enumerate(incidents.alerts if incidents is not None else ()):
        place = ("incidents", "alerts", index) if examined.written("incidents", "alerts", index) else (
            "incidents", "alerts",
        )  # fmt: skip
        if alerts.source is not None:
            yield from _source_problems(path, examined, place, alerts)
        elif alerts.map is not None:
            yield from _file_problems(path, examined, place, alerts, seen)


def _source_problems(
    path: Path, examined: Examination, place: tuple[str | int, ...], alerts: Alerts
) -> Iterator[Problem]:
    from respondby.alerts.shipped import shipped, sources

    assert alerts.source is not None, "asked only where one is named"
    if alerts.source not in sources():
        close = nearest(alerts.source, sources())
        hint = f"Did you mean `{close}`?" if close else f"There are {', '.join(sources())}; or name a `map`."
        message = "No map of alerts of this name comes with respondby."
        yield Problem(str(path), *examined.place((*place, "source")), message, alerts.source, hint, rule="alert-source")
        return
    found = shipped(alerts.source)
    if not found.all_parts:
        yield from _part_problems(path, examined, place, alerts, frozenset(found.parts))


def _file_problems(
    path: Path, examined: Examination, place: tuple[str | int, ...], alerts: Alerts, seen: set[str]
) -> Iterator[Problem]:
    from respondby.alerts.loading import load_map

    assert alerts.map is not None, "asked only where one is named"
    root = root_of(path)
    file = root / alerts.map
    if not file.is_file() or not inside(file, root):
        hint = "Add the file, or name a `source`: `respondby alerts --list` has them."
        where = examined.place((*place, "map"))
        yield Problem(str(path), *where, "There is no such map of alerts.", alerts.map, hint, rule="alert-map")
        return
    try:
        found, problems = load_map(read_text(file), file=str(file), strict=True)
    except PolicyError as error:
        found, problems = None, list(error.problems)
    if alerts.map not in seen:
        seen.add(alerts.map)
        yield from problems
    if found is not None and not found.all_parts:
        yield from _part_problems(path, examined, place, alerts, frozenset(found.parts))


def _part_problems(
    path: Path, examined: Examination, place: tuple[str | int, ...], alerts: Alerts, parts: frozenset[str]
) -> Iterator[Problem]:
    """Answers and fields that are taken from a part which no alert of this source has."""
    known = sorted(_OWN | parts)
    asked = [(("answers", question), part) for question, part in alerts.answers]
    asked += [(("set", one.name), one.part) for one in alerts.set]
    for where, part in asked:
        if part not in known:
            close = nearest(part, known)
            hint = f"Did you mean `{close}`?" if close else f"There are {', '.join(known)}."
            message = "No alert of this source has a part of this name."
            yield Problem(
                str(path), *examined.place((*place, *where)), message, part, hint, severity="warning", rule="alert-part"
            )
