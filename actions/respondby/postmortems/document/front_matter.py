"""A document's front matter, split off by ourselves: whatever stands before it, however its lines end.

Libraries answer an empty mapping for a file with a byte order mark; here each of none, one, two and one that is no
YAML is told apart, with its lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from respondby.policy.text.problems import PolicyError, Problem
from respondby.policy.text.yaml_text import Node, read
from respondby.postmortems.document.source import Source

_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
#: What makes lines between two rules look like a second front matter, and no text between two lines drawn.
_KEY = re.compile(r"[A-Za-z][\w -]{0,40}:(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before a document. `body` is the first line (from 0) behind it.

    `root` is its mapping, None where there is none or it cannot be read; `problems` say why; `second` is the line
    (from 0) where another one begins.
    """

    root: Node | None = None
    body: int = 0
    problems: tuple[Problem, ...] = ()
    second: int | None = None

    @property
    def present(self) -> bool:
        """Whether there is one, readable or not."""
        return self.body > 0

    def text(self, key: str) -> str:
        """The text of a key; empty where it is missing or no text."""
        node = self.root.value.get(key) if self.root is not None else None
        return node.value if node is not None and node.kind == "text" else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key that holds one or a list of them."""
        node = self.root.value.get(key) if self.root is not None else None
        if node is None:
            return ()
        nodes = node.value if node.kind == "list" else [node]
        return tuple(item.value for item in nodes if item.kind == "text")

    def place(self, key: str) -> tuple[int, int]:
        """The line and column (from 1) of a key; those of the front matter where it is missing."""
        return self.root.keys.get(key, (1, 1)) if self.root is not None else (1, 1)


def front_matter_of(source: Source) -> FrontMatter:
    """The front matter of a text."""
    lines = source.lines
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not _FENCE.fullmatch(lines[first]):
        return FrontMatter()
    end = _end(lines, first)
    if end is None:
        if first + 1 < len(lines) and _KEY.match(lines[first + 1]):
            problem = Problem(
                source.path, first + 1, 1, "This front matter has no end.", "---",
                "Close it with a line `---`.", rule="front-matter",
            )  # fmt: skip
            return FrontMatter(None, first + 1, (problem,))
        return FrontMatter()
    inside = "\n".join(["", *([""] * first), *lines[first + 1 : end]])
    root, problems = _read(inside, source.path)
    return FrontMatter(root, end + 1, problems, _second(lines, end + 1))


def _end(lines: tuple[str, ...], first: int) -> int | None:
    return next((number for number in range(first + 1, len(lines)) if _END.fullmatch(lines[number])), None)


def _second(lines: tuple[str, ...], start: int) -> int | None:
    """Where another front matter begins: directly behind the first, of lines that are keys."""
    first = next((number for number in range(start, len(lines)) if lines[number].strip()), None)
    if first is None or not _FENCE.fullmatch(lines[first]):
        return None
    end = _end(lines, first)
    return first if end is not None and first + 1 < end and _KEY.match(lines[first + 1]) else None


def _read(inside: str, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    if not inside.strip():
        return None, ()
    try:
        root = read(inside, path=path)
    except PolicyError as error:
        return None, error.problems
    if root.kind != "mapping":
        return None, (Problem(path, root.line, root.column, "Keys and values are expected here.", rule="front-matter"),)
    return root, ()
