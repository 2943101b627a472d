"""Walking a policy's text: one value at a time, with its place, and one list for everything that is wrong.

A cursor stands at a node. What has the wrong shape or means nothing is noted and ends the part that needed it
(`Refused`); the parts beside it are read on, so that one look shows every problem. Names that must exist elsewhere
are noted as references and judged when the whole text is read (`policy.loading.references`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import TypeVar

from respondby.dataclass import dataclass
from respondby.policy.text.problems import Problem, nearest, shorten, suggestion
from respondby.policy.text.yaml_text import Node

_MOST = 1_000_000

Path = tuple[str | int, ...]
T = TypeVar("T")
Word = TypeVar("Word", bound=str)


class Refused(Exception):
    """This part of the text cannot be read; the reason has been noted."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that stands for something declared elsewhere: its kind, its place, and the path of what uses it."""

    kind: str
    name: str
    path: Path
    file: str
    line: int
    column: int


@dataclass(slots=True)
class Notes:
    """What one reading of one file finds."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def add(self, other: Notes) -> None:
        """Add what the reading of another file found."""
        self.problems += other.problems
        self.references += other.references

    def problem(self, line: int, column: int, message: str, *, value: object = "", hint: str = "", rule: str) -> None:
        """Note a problem at a place of this file."""
        self.problems.append(Problem(self.file, line, column, message, shorten(value), hint, rule=rule))


def scalar(node: Node) -> str:
    """What stands at a node, for a message: a text as written, else what it is."""
    return {"text": str(node.value), "nothing": "", "list": "a list", "mapping": "a mapping"}[node.kind]


class Cursor:
    """A place in the text: `node`, the `path` that leads to it, and the `notes` of this reading."""

    __slots__ = ("node", "notes", "path")

    def __init__(self, node: Node, path: Path, notes: Notes) -> None:
        self.node = node
        self.path = path
        self.notes = notes

    def __contains__(self, key: str) -> bool:
        return self.node.kind == "mapping" and key in self.node.value

    # --- shapes -------------------------------------------------------------------------------------------------

    def mapping(
        self, known: Iterable[str], required: Sequence[str] = (), *, such: str = "", others: str = ""
    ) -> Cursor:
        """This mapping, which may hold only the `known` keys and must hold the `required` ones.

        `such` is an example, for who writes something else; `others` is the hint where a key is like none of ours.
        """
        self._expect("mapping", such)
        names = tuple(known)
        unknown = [key for key in self.node.value if key not in names]
        for key in unknown:
            line, column = self.node.keys[key]
            hint = others if others and nearest(key, names) is None else suggestion(key, names, what="keys here")
            self.notes.problem(line, column, f"Unknown key `{shorten(key)}`.", value=key, hint=hint, rule="shape")
        missing = [key for key in required if key not in self.node.value]
        for key in missing:
            line, column = self.node.line, self.node.column
            self.notes.problem(line, column, f"`{key}` is missing here.", hint=f"Add `{key}:`.", rule="shape")
        if unknown or missing:
            raise Refused
        return self

    def get(self, key: str) -> Cursor | None:
        """The value of a key of this mapping; None where it is not written."""
        node = self.node.value.get(key)
        return None if node is None else Cursor(node, (*self.path, key), self.notes)

    def at(self, key: str) -> Cursor:
        """The value of a key that `mapping` required."""
        return Cursor(self.node.value[key], (*self.path, key), self.notes)

    def items(self) -> list[tuple[str, Cursor]]:
        """Key and value of a mapping whose keys are names."""
        self._expect("mapping")
        return [(key, Cursor(node, (*self.path, key), self.notes)) for key, node in self.node.value.items()]

    def entries(self, *, such: str = "") -> list[Cursor]:
        """The items of a list; `such` is an example, for who writes something else."""
        self._expect("list", such)
        return [Cursor(node, (*self.path, index), self.notes) for index, node in enumerate(self.node.value)]

    def one_or_more(self) -> list[Cursor]:
        """The items of a list, or this value alone."""
        return self.entries() if self.node.kind == "list" else [self]

    def text(self) -> str:
        """A text as written."""
        self._expect("text")
        return str(self.node.value)

    def choice(self, known: tuple[Word, ...]) -> Word:
        """One of a few words."""
        text = self.text()
        for word in known:
            if word == text:
                return word
        raise self.refused(f"`{shorten(text)}` is not possible here.", hint=suggestion(text, known, what="words here"))

    def whole(self, *, least: int = 0) -> int:
        """A whole number, at least `least` and at most a million."""
        text = self.text()
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else -1
        if not least <= number <= _MOST:
            raise self.refused(f"A whole number of {least} to a million is expected.")
        return number

    def flag(self) -> bool:
        """`true` or `false`."""
        text = self.text()
        if text not in ("true", "false"):
            hint = {"yes": "Write `true`.", "on": "Write `true`.", "no": "Write `false`.", "off": "Write `false`."}
            raise self.refused("`true` or `false` is expected.", hint=hint.get(text.lower(), ""), rule="shape")
        return text == "true"

    def _expect(self, kind: str, such: str = "") -> None:
        if self.node.kind != kind:
            wanted = {"mapping": "A mapping (`key: value`)", "list": "A list", "text": "A text"}[kind]
            found = {"nothing": "nothing", "text": "a text", "list": "a list", "mapping": "a mapping"}[self.node.kind]
            hint = f"Such as `{such}`." if such else ""
            raise self.refused(f"{wanted} is expected here; this is {found}.", hint=hint, rule="shape")

    # --- problems and references --------------------------------------------------------------------------------

    def refused(self, message: str, *, value: object = None, hint: str = "", rule: str = "shape") -> Refused:
        """Note that this value is wrong; what to raise, to leave the part that needed it."""
        shown = scalar(self.node) if value is None else value
        self.notes.problem(self.node.line, self.node.column, message, value=shown, hint=hint, rule=rule)
        return Refused()

    def refer(self, kind: str, name: str) -> str:
        """Note that this value names something of that kind; the name."""
        self._note_reference(kind, name, self.path, self.node.line, self.node.column)
        return name

    def refer_key(self, kind: str, key: str) -> str:
        """Note that a key of this mapping names something of that kind; the key."""
        self._note_reference(kind, key, (*self.path, key), *self.node.keys[key])
        return key

    def _note_reference(self, kind: str, name: str, path: Path, line: int, column: int) -> None:
        self.notes.references.append(Reference(kind, name, path, self.notes.file, line, column))

    def name(self, kind: str) -> str:
        """A text that names something of that kind."""
        return self.refer(kind, self.text())

    def names(self, kind: str) -> tuple[str, ...]:
        """One name or a list of them."""
        return tuple(each(self.one_or_more(), lambda item: item.name(kind)))

    # --- parts --------------------------------------------------------------------------------------------------

    def maybe(self, key: str, parse: Callable[[Cursor], T]) -> T | None:
        """What `parse` makes of a key's value; None where it is not written, or was refused and noted."""
        child = self.get(key)
        if child is None:
            return None
        try:
            return parse(child)
        except Refused:
            return None

    def several(self, key: str, parse: Callable[[Cursor], T], *, alone: bool = True) -> tuple[T, ...]:
        """What `parse` makes of each item of a key's list, or (`alone`) of its only value."""
        items = self.maybe(key, Cursor.one_or_more if alone else Cursor.entries)
        return tuple(each(items or (), parse))


def each(cursors: Iterable[Cursor], parse: Callable[[Cursor], T]) -> list[T]:
    """What `parse` makes of each; those that are refused are left out, their reasons noted."""
    parsed = []
    for cursor in cursors:
        try:
            parsed.append(parse(cursor))
        except Refused:
            continue
    return parsed


def named(section: Cursor | None, parse: Callable[[str, Cursor], T]) -> dict[str, T]:
    """A mapping from names to what `parse` makes of each value, in the order of the file."""
    parsed: dict[str, T] = {}
    if section is None:
        return parsed
    try:
        items = section.items()
    except Refused:
        return parsed
    for name, cursor in items:
        try:
            parsed[name] = parse(name, cursor)
        except Refused:
            continue
    return parsed
