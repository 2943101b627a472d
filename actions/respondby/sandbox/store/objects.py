"""Git's objects under git's own hashes: blobs, trees, commits; and the refs that name commits.

A tree is kept as git writes it, so `HEAD:path` finds what a clone of the same files would find.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping
from dataclasses import dataclass

from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

FILE, FOLDER = "100644", "40000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree; `mode` is git's, octal without leading zero."""

    mode: str
    name: str
    oid: str

    @property
    def type(self) -> str:
        """The type of object it leads to."""
        return "tree" if self.mode == FOLDER else "blob"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, read."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    at: int
    message: str
    place: int
    """Among all objects in the order of their making."""


def _keep(world: World, kind: str, content: bytes) -> str:
    oid = hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(content), content), usedforsecurity=False).hexdigest()
    world.run("INSERT OR IGNORE INTO objects VALUES (?, ?, ?)", oid, kind, content)
    return oid


def find(world: World, oid: str) -> Row | None:
    """Return the object of this hash."""
    return world.one("SELECT * FROM objects WHERE oid = ?", oid)


def content(world: World, oid: str) -> bytes:
    """Return the content of an object that must exist."""
    row = find(world, oid)
    if row is None:
        raise LookupError(f"no object {oid}")
    return bytes(row["content"])


def entries(world: World, tree: str) -> list[Entry]:
    """Return a tree's entries, in git's order."""
    data, found, start = content(world, tree), [], 0
    while start < len(data):
        head = data.index(b"\0", start)
        mode, _, name = data[start:head].decode().partition(" ")
        found.append(Entry(mode, name, data[head + 1 : head + 21].hex()))
        start = head + 21
    return found


def _write_tree(world: World, items: list[Entry]) -> str:
    ordered = sorted(items, key=lambda item: item.name + ("/" if item.mode == FOLDER else ""))
    return _keep(
        world, "tree", b"".join(f"{item.mode} {item.name}\0".encode() + bytes.fromhex(item.oid) for item in ordered)
    )


def change_tree(world: World, tree: str | None, changes: Mapping[str, bytes | None]) -> str:
    """Return the tree after files were written, or removed (None), at paths below it. Empty folders vanish."""
    items = {} if tree is None else {item.name: item for item in entries(world, tree)}
    below: dict[str, dict[str, bytes | None]] = {}
    for path, data in changes.items():
        name, _, rest = path.partition("/")
        if rest:
            below.setdefault(name, {})[rest] = data
        elif data is None:
            items.pop(name, None)
        else:
            items[name] = Entry(FILE, name, _keep(world, "blob", data))
    for name, inner in below.items():
        old = items.get(name)
        oid = change_tree(world, old.oid if old is not None and old.mode == FOLDER else None, inner)
        if entries(world, oid):
            items[name] = Entry(FOLDER, name, oid)
        else:
            items.pop(name, None)
    return _write_tree(world, list(items.values()))


def write_commit(world: World, tree: str, parents: list[str], author: str, email: str, message: str) -> str:
    """Return the hash of a new commit, made at the clock's instant."""
    who = f"{author} <{email}> {world.clock.now()} +0000"
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {who}", f"committer {who}"]
    return _keep(world, "commit", ("\n".join(lines) + "\n\n" + message).encode())


def read_commit(world: World, oid: str) -> Commit:
    """Return the commit of this hash, which must exist."""
    row = world.one("SELECT rowid, content FROM objects WHERE oid = ?", oid)
    if row is None:
        raise LookupError(f"no commit {oid}")
    head, _, message = bytes(row["content"]).decode().partition("\n\n")
    fields = [line.partition(" ")[::2] for line in head.split("\n")]
    who = next(value for name, value in fields if name == "author")
    author, _, rest = who.partition(" <")
    email, _, stamp = rest.partition("> ")
    return Commit(
        oid=oid,
        tree=next(value for name, value in fields if name == "tree"),
        parents=tuple(value for name, value in fields if name == "parent"),
        author=author,
        email=email,
        at=int(stamp.split(" ")[0]),
        message=message,
        place=row["rowid"],
    )


def at_path(world: World, tree: str, path: str) -> Entry | None:
    """Return what lies at a path below a tree; the empty path is the tree itself."""
    found = Entry(FOLDER, "", tree)
    for name in [part for part in path.split("/") if part]:
        if found.mode != FOLDER:
            return None
        inner = next((item for item in entries(world, found.oid) if item.name == name), None)
        if inner is None:
            return None
        found = inner
    return found


def head(world: World, repo: Row, branch: str) -> str | None:
    """Return the commit that a branch points to."""
    row = world.one("SELECT oid FROM refs WHERE repo_id = ? AND name = ?", repo["id"], f"refs/heads/{branch}")
    return None if row is None else str(row["oid"])


def move(world: World, repo: Row, branch: str, oid: str) -> None:
    """Let a branch point to a commit."""
    now = world.clock.now()
    world.run("INSERT OR REPLACE INTO refs VALUES (?, ?, ?)", repo["id"], f"refs/heads/{branch}", oid)
    world.run("UPDATE repos SET pushed_at = ?, updated_at = ? WHERE id = ?", now, now, repo["id"])


def resolve(world: World, repo: Row, name: str) -> str | None:
    """Return the commit that HEAD, a branch, a full ref or a hash names."""
    if name in ("HEAD", "@"):
        return head(world, repo, repo["default_branch"])
    row = world.one("SELECT oid FROM refs WHERE repo_id = ? AND name IN (?, ?)", repo["id"], name, f"refs/heads/{name}")
    if row is not None:
        return str(row["oid"])
    found = find(world, name)
    return name if found is not None and found["type"] == "commit" else None


def paths(world: World, tree: str | None, prefix: str = "") -> dict[str, str]:
    """Return every file below a tree: its path → its blob's hash."""
    found: dict[str, str] = {}
    for entry in [] if tree is None else entries(world, tree):
        if entry.type == "tree":
            found |= paths(world, entry.oid, f"{prefix}{entry.name}/")
        else:
            found[prefix + entry.name] = entry.oid
    return found


def history(world: World, oid: str, path: str = "") -> list[Commit]:
    """Return a commit and all before it, newest first; with a path, only those that changed what is there.

    As git does, a merge that took what is at the path from one parent leads to that parent alone.
    """
    found: list[Commit] = []
    seen = {oid}
    waiting = [(0, 0, read_commit(world, oid))]  # by time, then by the order of making
    while waiting:
        _, _, commit = heapq.heappop(waiting)
        parents = [read_commit(world, parent) for parent in commit.parents]
        if path:
            mine = at_path(world, commit.tree, path)
            theirs = [at_path(world, parent.tree, path) for parent in parents]
            same = [parent for parent, entry in zip(parents, theirs, strict=True) if _oid(entry) == _oid(mine)]
            if same:
                parents = same[:1]
            elif parents or mine is not None:
                found.append(commit)
        else:
            found.append(commit)
        for parent in parents:
            if parent.oid not in seen:
                seen.add(parent.oid)
                heapq.heappush(waiting, (-parent.at, -parent.place, parent))
    return found


def _oid(entry: Entry | None) -> str | None:
    return None if entry is None else entry.oid
