"""YAML as the desk reads it: the text of a file becomes nodes that know where they stand.

- Scalars stay what was written: `10:30`, `no`, `on` and `2026-12-24` are texts. Only `text`, `nothing`, `list` and
  `mapping` exist here; whoever wants a number or a yes asks for one (`policy.text.cursor`).
- One document, a mapping or a list of nested values; keys are texts and occur once.
- Aliases are allowed; what they expand to is bounded, and so are the file's size and its depth. Tags and merge keys
  (`<<`) are refused: they would make a scalar something else than what was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from typing import Any, Literal, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from respondby.policy.text.problems import PolicyError, Problem, shorten

#: A policy of a busy desk has some 10 kB.
LARGEST = 512 * 1024
#: docs/language.md needs nine levels; libyaml's own recursion would end the process at some ten thousand.
DEEPEST = 40
#: Nodes after aliases are expanded.
MOST_NODES = 50_000
#: Characters after aliases are expanded: a long text that is written once may stand in many places.
MOST_CHARACTERS = 8 * LARGEST

# libyaml is some twenty times faster; a PyYAML that was built without it has the pure loader only.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_NOTHING = ("", "~", "null", "Null", "NULL")

Kind = Literal["text", "nothing", "list", "mapping"]


class Node:
    """A value and its place. `value` is a str, None, a list of nodes, or a dict of nodes by key.

    `line` and `column` (1-based) are where the value starts; `keys` has the places of a mapping's keys; `size` counts
    the nodes below and this one and `length` their characters, aliases expanded; `plain` says that a scalar stood
    without quotes.
    """

    __slots__ = ("column", "keys", "kind", "length", "line", "plain", "size", "value")

    def __init__(self, kind: Kind, value: Any, line: int, column: int, *, plain: bool = False) -> None:
        self.kind: Kind = kind
        self.value = value
        self.line = line
        self.column = column
        self.plain = plain
        self.size = 1
        self.length = len(value) if kind == "text" else 0
        self.keys: dict[str, tuple[int, int]] = {}

    def apart(self) -> Node:
        """A copy whose own entries may be changed; what is below it is the same."""
        copied = copy(self)
        copied.value = self.value.copy() if isinstance(self.value, dict | list) else self.value
        copied.keys = dict(self.keys)
        return copied

    def data(self) -> Any:
        """The value with everything below it as plain dicts, lists, texts and None."""
        if self.kind == "mapping":
            return {key: node.data() for key, node in self.value.items()}
        if self.kind == "list":
            return [node.data() for node in self.value]
        return self.value


@lru_cache(maxsize=4)  # a run asks a policy's text for its bots, for the files that it names, and for itself
def read(text: str, *, path: str) -> Node:
    """The root of the only document in `text`, a mapping or a list; who changes it takes it `apart` first. PolicyError,
    with the place, for anything else.
    """
    if len(text) > LARGEST or len(text.encode(errors="surrogatepass")) > LARGEST:
        _refuse(
            path,
            1,
            1,
            f"This file is larger than {LARGEST // 1024} kB.",
            hint="A policy is a short file: take out what does not belong into it.",
        )
    _refuse_binary(text, path)
    try:
        root = _Composer(path).compose(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        _refuse_syntax(error, text, path)
    except yaml.YAMLError as error:
        _refuse(path, 1, 1, f"This is not YAML: {shorten(error)}.")
    if root is None or root.kind == "nothing":
        _refuse(path, 1, 1, "This file is empty.", hint="A policy begins with `version: 1` and `desk: NAME`.")
    if root.kind == "text":
        _refuse(path, root.line, root.column, "A mapping of keys to values is expected.", value=root.value)
    return root


class _Composer:
    """Events into nodes, with what is open on a stack of our own: no input can exhaust the interpreter's."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.open: list[Node] = []
        self.pending: list[tuple[str, int, int] | None] = []
        self.anchors: dict[str, Node] = {}
        self.documents = 0

    def compose(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if isinstance(event, ScalarEvent):
                self._scalar(event, line, column)
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self._start(event, line, column)
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self._end()
            elif isinstance(event, AliasEvent):
                self._alias(str(event.anchor), line, column)
            elif isinstance(event, DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    _refuse(self.path, line, column, "A second document starts here.", hint="Remove the line `---`.")
        return self.root

    def _scalar(self, event: Any, line: int, column: int) -> None:
        plain = event.implicit[0] and not event.style
        if event.tag not in (None, "!"):
            self._refuse_tag(event.tag, line, column)
        if plain and event.value in _NOTHING and not self._expects_key():
            self._add(Node("nothing", None, line, column, plain=True), event.anchor)
        else:
            self._add(Node("text", event.value, line, column, plain=plain), event.anchor)

    def _start(self, event: Any, line: int, column: int) -> None:
        if event.tag is not None:
            self._refuse_tag(event.tag, line, column)
        if len(self.open) >= DEEPEST:
            _refuse(self.path, line, column, f"Values are nested deeper than {DEEPEST} levels.")
        if self._expects_key():
            _refuse(self.path, line, column, "A key has to be a text.", hint="Did you mean a list: `[…]`?")
        mapping = isinstance(event, MappingStartEvent)
        node = Node("mapping" if mapping else "list", {} if mapping else [], line, column)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.open.append(node)
        self.pending.append(None)

    def _end(self) -> None:
        node = self.open.pop()
        self.pending.pop()
        self._place(node)

    def _alias(self, anchor: str, line: int, column: int) -> None:
        node = self.anchors.get(anchor)
        if node is None:
            _refuse(self.path, line, column, f"There is no anchor `&{anchor}` before this.", value=f"*{anchor}")
        if any(node is opened for opened in self.open):
            _refuse(self.path, line, column, "This alias stands inside its own anchor.", value=f"*{anchor}")
        if self._expects_key():
            _refuse(self.path, line, column, "A key has to be a text, not an alias.", value=f"*{anchor}")
        self._place(node)

    def _expects_key(self) -> bool:
        return bool(self.open) and self.open[-1].kind == "mapping" and self.pending[-1] is None

    def _add(self, node: Node, anchor: str | None) -> None:
        if self._expects_key():
            self._key(node)
            return
        if anchor:
            self.anchors[anchor] = node
        self._place(node)

    def _key(self, node: Node) -> None:
        key, parent = node.value, self.open[-1]
        if key == "<<" and node.plain:
            message, hint = (
                "A policy cannot have YAML's merge keys (`<<`).",
                "Anchor the whole value, or write the keys out.",
            )
            _refuse(self.path, node.line, node.column, message, value="<<", hint=hint)
        if key in parent.keys:
            first = parent.keys[key][0]
            message = f"`{shorten(key)}` is written twice; the first time in line {first}."
            _refuse(self.path, node.line, node.column, message, value=key, hint="Keep one of them.")
        parent.keys[key] = (node.line, node.column)
        self.pending[-1] = (key, node.line, node.column)

    def _place(self, node: Node) -> None:
        """Put a finished node where it belongs; the size of what holds it grows."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.length += node.length
        for much, most, what in ((parent.size, MOST_NODES, "values"), (parent.length, MOST_CHARACTERS, "characters")):
            if much > most:
                message = f"This file, with its aliases written out, has more than {most} {what}."
                _refuse(self.path, parent.line, parent.column, message)
        if parent.kind == "list":
            parent.value.append(node)
            return
        pending = self.pending[-1]
        assert pending is not None, "a value without a key"
        parent.value[pending[0]] = node
        self.pending[-1] = None

    def _refuse_tag(self, tag: str, line: int, column: int) -> NoReturn:
        short = tag.replace("tag:yaml.org,2002:", "!!")
        _refuse(self.path, line, column, "A policy cannot have YAML's tags.", value=short, hint=f"Remove `{short}`.")


_SAYINGS = (
    # (a part of PyYAML's words, ours, what to do)
    ("mapping values are not allowed", "A second `: ` in one line.", "Quote the text that holds a colon."),
    ("could not find expected ':'", "A `:` is missing after a key.", "Write `key: value`."),
    ("did not find expected ',' or", "A `,` or a closing bracket is missing.", "Close what the line opens."),
    ("expected ',' or", "A `,` or a closing bracket is missing.", "Quote a text that holds `?`, `,` or brackets."),
    ("unexpected end of stream", "A quote is not closed.", "Close the quote."),
    ("did not find expected key", "This line is indented unlike those beside it.", "Keys of a mapping share a column."),
    ("did not find expected '-'", "This line is indented unlike those beside it.", "Items of a list share a column."),
    ("found undefined alias", "There is no such anchor before this alias.", ""),
    ("undefined tag handle", "A policy cannot have YAML's tags.", "Quote a text that starts with `!`."),
)


def _refuse_syntax(error: yaml.MarkedYAMLError, text: str, path: str) -> NoReturn:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    found = lines[line - 1] if line <= len(lines) else ""
    if "\t" in found[: max(column, len(found) - len(found.lstrip()))] and not found[: column - 1].strip():
        column = found.index("\t") + 1
        _refuse(path, line, column, "A tab stands where spaces indent.", value="\\t", hint="Indent by spaces.")
    said = error.problem or str(error)
    if "cannot start any token" in said and column <= len(found):
        sign = found[column - 1]
        message = f"A text cannot start with {sign} unless it is quoted."
        _refuse(path, line, column, message, value=found[column - 1 :], hint=f'Write it as "{sign}…".')
    for part, message, hint in _SAYINGS:
        if part in said:
            _refuse(path, line, column, message, value=found.strip(), hint=hint)
    _refuse(path, line, column, f"This is not YAML: {shorten(said)}.", value=found.strip())


def _refuse_binary(text: str, path: str) -> None:
    """Control characters and replaced bytes, with their place: no person wrote them."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isprintable():
            continue
        for column, sign in enumerate(line, start=1):
            control = sign < "\xa0" and not sign.isprintable() and sign not in "\t\r"
            if control or "\ud800" <= sign <= "\udfff":
                message = "This is not text: a control character stands here."
                _refuse(path, number, column, message, value=f"U+{ord(sign):04X}", hint="Save the file as UTF-8 text.")


def _refuse(path: str, line: int, column: int, message: str, *, value: str = "", hint: str = "") -> NoReturn:
    raise PolicyError([Problem(path, line, column, message, value=shorten(value), hint=hint, rule="yaml")])
