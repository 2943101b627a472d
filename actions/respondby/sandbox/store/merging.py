"""Merging two lines of commits as git does: from where they parted, file by file, and line by line within a file.

A file that both sides changed differently in the same or in adjacent lines is a conflict.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

from respondby.sandbox.store import objects
from respondby.sandbox.store.objects import Commit
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge changes in `ours` (None removes a file), and the paths that it cannot decide."""

    changes: Mapping[str, bytes | None]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What merging a pull request would do: its base's head now, the tree that comes of it, the paths in conflict."""

    base: str
    tree: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines `start` to `end` of the base become `lines`."""

    start: int
    end: int
    lines: tuple[bytes, ...]


def ahead(world: World, head: str, base: str) -> list[Commit]:
    """Return the commits of `head` that `base` has not, oldest first."""
    known = {commit.oid for commit in objects.history(world, base)}
    return [commit for commit in objects.history(world, head) if commit.oid not in known][::-1]


def parted(world: World, one: str, other: str) -> str | None:
    """Return the newest commit that both have; None for lines without a common one."""
    known = {commit.oid for commit in objects.history(world, one)}
    seen = {other}
    waiting = [(0, other)]
    while waiting:
        _, oid = heapq.heappop(waiting)
        if oid in known:
            return oid
        for parent in objects.read_commit(world, oid).parents:
            if parent not in seen:
                seen.add(parent)
                heapq.heappush(waiting, (-objects.read_commit(world, parent).at, parent))
    return None


def tried(world: World, repo: Row, pull: Row) -> Outcome:
    """Return what merging an open pull request would do."""
    base = objects.head(world, repo, pull["base_ref"]) or pull["base_sha"]
    common = parted(world, base, pull["head_sha"])
    old = None if common is None else objects.read_commit(world, common).tree
    tree, theirs = (objects.read_commit(world, oid).tree for oid in (base, pull["head_sha"]))
    merged = merge(world, old, tree, theirs)
    return Outcome(base, objects.change_tree(world, tree, merged.changes), merged.conflicts)


def state(world: World, repo: Row, row: Row, pull: Row) -> tuple[bool | None, str]:
    """Return whether a pull request can be merged (None: it is over) and GitHub's word for how it stands."""
    if row["state"] != "open":
        return None, "unknown"
    if tried(world, repo, pull).conflicts:
        return False, "dirty"
    return True, "draft" if pull["draft"] else "clean"


def merge(world: World, base: str | None, ours: str, theirs: str) -> Merge:
    """Return what `theirs` brings to `ours`; all three are trees, `base` the one from which both came."""
    old, mine, their = (objects.paths(world, tree) for tree in (base, ours, theirs))
    changes: dict[str, bytes | None] = {}
    conflicts = []
    for path in sorted(old.keys() | mine.keys() | their.keys()):
        was, now, new = old.get(path), mine.get(path), their.get(path)
        if new in (was, now):
            continue
        if now == was:
            changes[path] = None if new is None else objects.content(world, new)
            continue
        merged = None
        if now is not None and new is not None:
            before = b"" if was is None else objects.content(world, was)
            merged = merge_texts(before, objects.content(world, now), objects.content(world, new))
        if merged is None:
            conflicts.append(path)
        else:
            changes[path] = merged
    return Merge(changes, tuple(conflicts))


def merge_texts(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return a text with the changes of both sides; None if they are in each other's way."""
    lines = base.splitlines(keepends=True)
    mine, their = _hunks(lines, ours), _hunks(lines, theirs)
    if any(_clash(one, other) for one in mine for other in their):
        return None
    for hunk in sorted({*mine, *their}, key=lambda hunk: (hunk.start, hunk.end), reverse=True):
        lines[hunk.start : hunk.end] = hunk.lines
    return b"".join(lines)


def _hunks(base: list[bytes], text: bytes) -> list[_Hunk]:
    from difflib import SequenceMatcher  # imported on the first merge: most sandboxes see none

    lines = text.splitlines(keepends=True)
    found = SequenceMatcher(None, base, lines, autojunk=False).get_opcodes()
    return [_Hunk(start, end, tuple(lines[at:to])) for tag, start, end, at, to in found if tag != "equal"]


def _clash(one: _Hunk, other: _Hunk) -> bool:
    return one != other and one.start <= other.end and other.start <= one.end
