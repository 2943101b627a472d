"""A dated entry written into a rota's file: one line more, and every other byte of the file as it was.

Law: what is read from the new text are the entries of the old one, in their order, and the new one after them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from respondby.policy.text.problems import PolicyError, Problem
from respondby.policy.text.yaml_text import Node, read

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .'+:-]*[A-Za-z0-9.])?", re.ASCII)
#: How many closing brackets of a list in brackets are tried: the last ones may stand in comments.
_TRIES = 8


def added(text: str, entry: Mapping[str, str], *, path: str) -> str:
    """The text of a rota's file with `entry` as its last one.

    PolicyError where the file is no list, or is written so that nothing can be put into it without rewriting it; it
    says which line to write by hand.
    """
    written = line_of(entry)
    root = read(text, path=path)
    before = root.data()
    if root.kind != "list":
        raise PolicyError([Problem(path, 1, 1, "A list of entries is expected.", rule="yaml")])
    for candidate in _candidates(text, written, root):
        if _read(candidate, path) == [*before, dict(entry)]:
            return candidate
    hint = f"Write this entry by hand: - {written}"
    raise PolicyError([Problem(path, 1, 1, "This file cannot be added to as it is written.", hint=hint, rule="yaml")])


def line_of(entry: Mapping[str, str]) -> str:
    """An entry on one line: `{ from: 2026-11-26T10:00, until: 2026-11-27T10:00, on: eli, instead-of: fay }`."""
    return f"{{ {', '.join(f'{key}: {_scalar(value)}' for key, value in entry.items())} }}"


def _scalar(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and ": " not in value and value.lower() != "null"
    return value if plain else json.dumps(value, ensure_ascii=False)


def _candidates(text: str, written: str, root: Node) -> Iterator[str]:
    """Texts that may be the one: whichever is read as it should be is."""
    if not root.value:
        brackets = reversed(list(re.finditer(r"\[\s*\]", text)))
        yield from (f"{text[: one.start()]}- {written}{text[one.end() :]}" for one in islice(brackets, _TRIES))
        return
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    if not text.split("\n")[root.line - 1].lstrip(" \ufeff").startswith("["):
        whole = text if text.endswith("\n") else f"{text}{end_of_line}"
        yield f"{whole}{' ' * (root.column - 1)}- {written}{end_of_line}"
        return
    for bracket in islice(reversed(list(re.finditer(r"\]", text))), _TRIES):
        head, tail = text[: bracket.start()], text[bracket.start() :]
        close = head.rstrip()
        gap = head[len(close) :]
        for comma in (", ", " "):
            yield f"{close}{comma}{written}{gap}{tail}"
            yield f"{head}{comma}{written}{end_of_line}{tail}"


def _read(text: str, path: str) -> Any:
    try:
        return read(text, path=path).data()
    except PolicyError:
        return None
