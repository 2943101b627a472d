"""Edits of lines, as rules offer them, made from the end of a text upward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines from `line` up to `until` (from 1, which is no longer part of it) give way to `lines`."""

    line: int
    until: int
    lines: tuple[str, ...] = ()


def edited(lines: Iterable[str], edits: Iterable[Edit]) -> tuple[str, ...]:
    """Lines with edits made, those of one place in their order. Of two that overlap the later one counts."""
    found = list(lines)
    low = len(found) + 2
    ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].line, pair[1].until, pair[0]), reverse=True)
    for _, edit in ordered:
        if edit.until > low:
            continue
        found[edit.line - 1 : edit.until - 1] = edit.lines
        low = edit.line
    return tuple(found)
