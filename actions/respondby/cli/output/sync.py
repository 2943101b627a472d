"""What is out of step with the policy, for a terminal of 80 columns. What files and labels hold is data: no control
character of theirs reaches a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten, wrap
from typing import Any

from respondby.terminal import width

#: The longest name that others are aligned with.
_WIDEST = 28
_INDENT = " " * 11


def diff_lines(changes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The changes of files as one unified diff."""
    for change in changes:
        for line in change["diff"].splitlines():
            yield _harmless(line)


def file_lines(facts: Mapping[str, Any], *, check: bool) -> Iterator[str]:
    """What was done, or with `check` what would have to be, about the files of one kind (`told["kind"]`)."""
    words = {"create": ("created", "missing"), "update": ("updated", "out of step"), "remove": ("removed", "left over")}
    for change in facts["changes"]:
        yield f"{words[change['change']][check]:<12} {change['path']}"
    for path in facts["left"]:
        yield f"{'not ours':<12} {path}"
    if not facts["changes"] and not facts["problems"]:
        yield f"The {facts['kind']} are in step with the policy."


def label_lines(facts: Mapping[str, Any], source: str) -> Iterator[str]:
    """The plan for the labels by the policy at `source`, or what came of it."""
    yield f"Labels of {facts['repository']}, by {source}"
    yield ""
    created = [change["to"]["name"] for change in facts["changes"] if change["from"] is None]
    column = min(max(map(len, created), default=0), _WIDEST)
    for change in facts["changes"]:
        failed = facts["applied"] and not change["done"]
        yield from _change_lines(change, column, "  failed   " if failed else f"  {change['change']:<9}")
    for name, meant in ((_harmless(label["name"]), label["perhaps"]) for label in facts["undeclared"]):
        yield f"  no value {name}"
        yield f"{_INDENT}if it has a new name: --rename {name}={meant or 'NEW'}"
    if facts["changes"] or facts["undeclared"]:
        yield ""
    for remark in facts["remarks"]:
        yield from wrap(remark, width())
    yield _summary(facts)
    if facts["changes"] and not facts["applied"]:
        yield "Nothing was written: the same command with --apply does it."


def _change_lines(change: Mapping[str, Any], column: int, head: str) -> Iterator[str]:
    before, after = change["from"], change["to"]
    if before is None:
        row = f"{head}{after['name']:<{column}}  {after['colour']}  "
        yield row + shorten(after["description"], max(width() - len(row), 12), placeholder=" …")
        return
    name = _harmless(before["name"])
    yield head + (name if name == after["name"] else f"{name} → {after['name']}")
    if before["colour"] != after["colour"]:
        yield f"{_INDENT}{before['colour']} → {after['colour']}"
    if before["description"] != after["description"]:
        old = f"“{_harmless(before['description'])}” → " if before["description"] else ""
        yield from wrap(f"{old}“{after['description']}”", width(), initial_indent=_INDENT, subsequent_indent=_INDENT)


def _harmless(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\t" else "\ufffd" for letter in text)


def _summary(facts: Mapping[str, Any]) -> str:
    done = "created", "updated", "renamed"
    pending = "to create", "to update", "to rename"
    kinds = [change["change"] for change in facts["changes"] if change["done"] or not facts["applied"]]
    words = done if facts["applied"] else pending
    counts = [(kinds.count(kind), word) for kind, word in zip(("create", "update", "rename"), words, strict=True)]
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    in_step = f"{facts['in_step']} {'is' if facts['in_step'] == 1 else 'are'} as the policy says"
    return f"{said}; {in_step}." if said else f"Nothing to do: {in_step}."
