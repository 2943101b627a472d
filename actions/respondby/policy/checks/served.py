"""Rules about what this version reads and does not act on yet. A line goes from the tables when it is acted on.

docs/language.md lists the same ("What this release does, and what it only checks"); a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator

from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.cursor import Path
from respondby.policy.text.yaml_text import Node

#: Keys that are not acted on, by their place (`*` is any name or item), with what happens instead.
UNSERVED: tuple[tuple[str, str], ...] = (
    ("stages.*.channels", "nothing reads it"),
    ("stages.*.ends", "nothing reads it"),
)

_MAY_STAY = "It may stay: docs/language.md lists what is only checked."


def _not_acted_on(subject: Subject) -> Iterator[Finding]:
    """One finding for each key, at its first place."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for place, instead in UNSERVED:
        parts = place.split(".")
        for path in _paths(subject.reading.root, tuple(parts)):
            found.setdefault(parts[-1], []).append((path, instead))
    for key, places in found.items():
        path, instead = min(places, key=lambda found: subject.reading.key(found[0]))
        also = f" ({len(places)} places)" if len(places) > 1 else ""
        message = f"`{key}` is not acted on by this version: {instead}{also}."
        hint = _MAY_STAY
        yield Finding(path, message, key, hint, at_key=True)


def _paths(node: Node | None, parts: tuple[str, ...], path: Path = ()) -> Iterator[Path]:
    """The paths of the text that a place with stars means."""
    if not parts:
        yield path
        return
    if node is None or node.kind not in ("mapping", "list"):
        return
    items = node.value.items() if node.kind == "mapping" else enumerate(node.value)
    for key, value in items:
        if parts[0] == "*" or parts[0] == key:
            yield from _paths(value, parts[1:], (*path, key))


RULES = (Rule("not-acted-on", "warning", _not_acted_on),)
