"""What came of reading a policy's text: the policy, what is wrong with it, and where everything in it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from respondby.dataclass import dataclass
from respondby.policy.model.policy import Policy
from respondby.policy.text.cursor import Path, Reference
from respondby.policy.text.problems import Problem
from respondby.policy.text.yaml_text import Node


@dataclass(frozen=True, slots=True)
class Examination:
    """One reading of a policy's text: the policy where it is valid, and what was found on the way."""

    path: str
    root: Node | None
    policy: Policy | None
    problems: tuple[Problem, ...]
    references: tuple[Reference, ...]
    files: Mapping[str, str]

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at a path of keys and indexes; of the last part that is written, else 1:1."""
        node = self.root
        place = (1, 1)
        for part in path:
            if node is None:
                break
            place = (node.line, node.column)
            if isinstance(part, int):
                node = node.value[part] if node.kind == "list" and part < len(node.value) else None
            else:
                node = node.value.get(part) if node.kind == "mapping" else None
        return place if node is None else (node.line, node.column)

    def key(self, path: Path) -> tuple[int, int]:
        """Line and column of the key at a path, or of the item where the path ends in an index."""
        node = self.root
        for part in path[:-1]:
            if node is not None:
                node = node.value[part] if isinstance(part, int) or part in node.value else None
        if node is not None and node.kind == "mapping" and path and path[-1] in node.keys:
            return node.keys[str(path[-1])]
        return self.place(path)

    def written(self, *path: str | int) -> Any:
        """What stands at a path, as plain data; None where nothing does."""
        node = self.root
        for part in path:
            if node is None:
                return None
            if isinstance(part, int):
                node = node.value[part] if node.kind == "list" and part < len(node.value) else None
            else:
                node = node.value.get(part) if node.kind == "mapping" else None
        return None if node is None else node.data()
