"""Connections: pages of a list by cursor, and GitHub's rules about them.

A cursor holds the sort key of an item, not its position, so a page continues at the right place when the
list has changed while it is read.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from respondby.sandbox.graph.context import GraphError
from respondby.sandbox.store.values import Json

Key = tuple[Any, ...]
MOST = 100


def encode(key: Key) -> str:
    """Return the cursor of a sort key."""
    return base64.b64encode(b"cursor:v2:" + json.dumps(key, separators=(",", ":")).encode()).decode()


def decode(cursor: str) -> Key:
    """Return the sort key in a cursor, or refuse."""
    try:
        text = base64.b64decode(cursor, validate=True)
        if text.startswith(b"cursor:v2:"):
            return tuple(json.loads(text[10:]))
    except (binascii.Error, ValueError, TypeError):
        pass
    raise GraphError("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the keys on it, and how many there were before cutting it out."""

    keys: list[Key]
    total: int
    filtered: int
    has_next: bool
    has_previous: bool

    def info(self) -> Json:
        """Return the page's `pageInfo`."""
        return {
            "startCursor": encode(self.keys[0]) if self.keys else None,
            "endCursor": encode(self.keys[-1]) if self.keys else None,
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.has_previous,
        }


def size_of(name: str, args: Json) -> tuple[str, int]:
    """Return which end of a list is asked for and how many items; refuse what GitHub refuses."""
    side = "first" if args.get("first") is not None else "last"
    size = args.get(side)
    if size is None:
        raise GraphError(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
        )
    if size < 0:
        raise GraphError("ARGUMENT_LIMIT", f"`{side}` on the `{name}` connection cannot be less than zero.")
    if size > MOST:
        raise GraphError(
            "EXCESSIVE_PAGINATION",
            f"Requesting {size} records on the `{name}` connection exceeds the `{side}` limit of {MOST} records.",
        )
    return side, size


def cut(name: str, keys: Sequence[Key], args: Json, descending: bool = False) -> Page:
    """Cut one page out of a list of sort keys, which are in order (descending if said)."""
    side, size = size_of(name, args)
    after, before = args.get("after"), args.get("before")
    kept = list(keys)
    if after:
        bound = decode(after)
        kept = [key for key in kept if (key < bound if descending else key > bound)]
    started = len(kept) < len(keys)
    if before:
        bound = decode(before)
        kept = [key for key in kept if (key > bound if descending else key < bound)]
    skipped = kept[args.get("skip") or 0 :]
    chosen = skipped[:size] if side == "first" else skipped[max(len(skipped) - size, 0) :]
    more = len(chosen) < len(skipped)
    if side == "first":
        return Page(chosen, len(keys), len(kept), more, started or bool(args.get("skip")))
    return Page(chosen, len(keys), len(kept), bool(before) and len(kept) < len(keys), more)


def connection(page: Page, nodes: list[Any]) -> Json:
    """Return a connection with these nodes, which belong to the page's keys in order."""

    def edges(_info: object) -> list[Json]:
        return [{"cursor": encode(key), "node": node} for key, node in zip(page.keys, nodes, strict=True)]

    return {
        "nodes": nodes,
        "edges": edges,
        "pageInfo": page.info(),
        "totalCount": page.total,
        "filteredCount": page.filtered,
        "pageCount": len(nodes),
    }


def of_rows(name: str, rows: Sequence[Any], args: Json, key: Callable[[Any], Key], node: Callable[[Any], Any]) -> Json:
    """Return a connection over rows that are in ascending order of their keys."""
    by_key = {key(row): row for row in rows}
    page = cut(name, list(by_key), args)
    return connection(page, [node(by_key[key]) for key in page.keys])
