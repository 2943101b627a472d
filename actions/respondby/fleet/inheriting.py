"""The policy of a repository of a fleet: the inherited one, with what is changed for all and what is its own.

- Key by key: a mapping is merged into a mapping; a text or a list takes the place of what was there; nothing (`~`)
  takes the key away. Order stays the inherited policy's, new keys come last.
- Who changes nothing has the inherited text, byte for byte and with its comments, below a line that says whose it is.
- Values stay as they were written: what stood without quotes is written without, so that `10:30` remains a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from respondby.dataclass import dataclass
from respondby.fleet.document import Fleet, Pin
from respondby.policy.text.cursor import scalar
from respondby.policy.text.problems import shorten
from respondby.policy.text.yaml_text import Node, read

_HEAD = "# Inherited from {pin}{own}: change it there, not here.\n"
_INHERITED = re.compile(r"\ufeff?# Inherited from \S+(?: and [^\n]*)?: change it there, not here\.\r?\n")
#: What stands in a list on one line without quotes.
_WORD = re.compile(r"[\w./+-]+(?: [\w./+-]+)*")


@dataclass(frozen=True, slots=True)
class Changed:
    """A key of the policy that a fleet changes: its path, where that stands (`line` of the fleet's file, under `of`),
    and the values before (None: there was none) and after (None: taken away), short enough for a line.
    """

    path: tuple[str, ...]
    of: str
    line: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Inherited:
    """A repository's policy: its text, and which of its keys do not come from the commit that is inherited."""

    text: str
    changes: tuple[Changed, ...]


def inherited(fleet: Fleet, base: str, repository: str) -> Inherited:
    """The policy of a repository whose fleet inherits the text `base`. PolicyError where that is no YAML."""
    assert fleet.pin is not None, "only a fleet that inherits a policy has one to merge into"
    over = fleet.changes_of(repository)
    own = f" and {fleet.path}" if over else ""
    head = _HEAD.format(pin=_whole(fleet.pin), own=own)
    if not over:
        return Inherited(head + base.removeprefix("\ufeff"), ())
    root = read(base, path=f"{fleet.pin.repository}/{fleet.pin.path}")
    changes: list[Changed] = []
    for name, node in over:
        root = _merged(root, node, (), name, changes)
    return Inherited(head + dumped(root), tuple(_last_of_each(changes)))


def is_inherited(text: str) -> bool:
    """Whether a policy says of itself that a fleet wrote it: no other is ever overwritten."""
    return _INHERITED.match(text) is not None


def dumped(root: Node) -> str:
    """A node as YAML."""
    return str(yaml.serialize(_node(root), Dumper=yaml.BaseDumper, allow_unicode=True, width=120, indent=2))


def _whole(pin: Pin) -> str:
    return f"{pin.repository}/{pin.path}@{pin.commit}"


def _merged(base: Node, over: Node, path: tuple[str, ...], of: str, changes: list[Changed]) -> Node:
    merged = base.apart()
    for key, value in over.value.items():
        there, here = merged.value.get(key), (*path, key)
        if there is not None and there.kind == "mapping" and value.kind == "mapping":
            merged.value[key] = _merged(there, value, here, of, changes)
            continue
        line = over.keys[key][0]
        before = None if there is None else short(there)
        if value.kind == "nothing":
            merged.value.pop(key, None)
            merged.keys.pop(key, None)
            changes.append(Changed(here, of, line, before, None))
        else:
            merged.value[key], merged.keys[key] = value, over.keys[key]
            changes.append(Changed(here, of, line, before, short(value)))
    return merged


def _last_of_each(changes: Sequence[Changed]) -> Iterator[Changed]:
    """What a repository has of its own in place of what was changed for all, told once, against what is inherited."""
    last: dict[tuple[str, ...], Changed] = {}
    for change in changes:
        first = last.get(change.path)
        before = change.before if first is None else first.before
        last[change.path] = Changed(change.path, change.of, change.line, before, change.after)
    yield from (change for change in last.values() if change.before != change.after)


def short(node: Node) -> str:
    """A value as a line can show it."""
    if node.kind in ("text", "nothing"):
        return shorten(scalar(node))
    line = yaml.serialize(_node(node, flow=True), Dumper=yaml.BaseDumper, allow_unicode=True, width=10_000)
    return shorten(line)


def _node(node: Node, *, flow: bool = False) -> Any:
    if node.kind == "mapping":
        pairs = [(_scalar(key, plain=True), _node(value, flow=flow)) for key, value in node.value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow or not pairs)
    if node.kind == "list":
        short = flow or all(item.kind == "text" and _WORD.fullmatch(str(item.value)) for item in node.value)
        return yaml.SequenceNode(
            "tag:yaml.org,2002:seq", [_node(item, flow=flow) for item in node.value], flow_style=short
        )
    return _scalar("~", plain=True) if node.kind == "nothing" else _scalar(str(node.value), plain=node.plain)


def _scalar(text: str, *, plain: bool) -> Any:
    style = None if plain and "\n" not in text else "|" if "\n" in text else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)
