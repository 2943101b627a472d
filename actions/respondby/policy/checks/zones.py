"""Rules about time zones: a name that means another clock than whoever wrote it probably thought."""

from __future__ import annotations

from collections.abc import Iterator

from respondby.calendars.zones import abbreviated, fixed_offset
from respondby.policy.checks.rule import Finding, Rule, Subject
from respondby.policy.text.cursor import Path
from respondby.policy.text.yaml_text import Node

#: Names of the database that most take for a place's clock, and that have no summer time.
_WITHOUT_SUMMER = ("EST", "MST", "HST")


def _fixed(subject: Subject) -> Iterator[Finding]:
    for path, name in _zones(subject.reading.root, ()):
        offset = fixed_offset(name)
        if offset is not None:
            message = f"`{name}` is {offset}: its sign is the other way round."
            hint = f"If that is meant, all is well; else write `{_turned(name)}`, or the place whose clock counts."
            yield Finding(path, message, name, hint)
        elif name in _WITHOUT_SUMMER:
            message = f"`{name}` never has summer time."
            yield Finding(path, message, name, f"Write the place whose clock counts, such as `{abbreviated(name)}`.")


def _zones(node: Node | None, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text under a key `timezone`, with its path."""
    if node is None or node.kind not in ("mapping", "list"):
        return
    for key, child in node.value.items() if node.kind == "mapping" else enumerate(node.value):
        if key == "timezone" and child.kind == "text":
            yield (*path, key), str(child.value).strip()
        else:
            yield from _zones(child, (*path, key))


def _turned(name: str) -> str:
    return name.translate(str.maketrans("+-", "-+"))


RULES = (Rule("zone-with-fixed-offset", "warning", _fixed),)
