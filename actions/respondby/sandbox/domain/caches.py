"""What actions/cache has stored in a repository: listed, and deleted by key or by id.

Rules of GitHub held here: keys are found by what they start with, and deleted by the whole key, on one ref if it is
named; storing a key that is there does nothing.
"""

from __future__ import annotations

import hashlib

from respondby.sandbox.store.problems import not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

SORTS = {"created_at": "created_at", "last_accessed_at": "used_at", "size_in_bytes": "size"}


def store(world: World, repo: Row, key: str, ref: str, size: int) -> Row:
    """Keep a cache and return it."""
    version = hashlib.sha256(b"").hexdigest()
    sql = "SELECT * FROM caches WHERE repo_id = ? AND ref = ? AND key = ? AND version = ?"
    known = world.one(sql, repo["id"], ref, key, version)
    if known is not None:
        return known
    now = world.clock.now()
    number = world.insert(
        "caches", repo_id=repo["id"], ref=ref, key=key, version=version, size=size, created_at=now, used_at=now
    )
    return world.get("caches", number)


def listing(world: World, repo: Row, key: str, ref: str | None, sort: str, ascending: bool) -> list[Row]:
    """Return the caches whose keys start so, of one ref if it is named, in the order of one of `SORTS`."""
    rows = world.all("SELECT * FROM caches WHERE repo_id = ?", repo["id"])
    found = [row for row in rows if row["key"].startswith(key) and ref in (None, row["ref"])]
    return sorted(found, key=lambda row: (row[SORTS[sort]], row["id"]), reverse=not ascending)


def delete_key(world: World, repo: Row, key: str, ref: str | None) -> list[Row]:
    """Delete the caches of a key, on one ref if it is named, and return them; 404 if there are none."""
    gone = [row for row in listing(world, repo, key, ref, "created_at", ascending=True) if row["key"] == key]
    if not gone:
        raise not_found()
    for row in gone:
        world.run("DELETE FROM caches WHERE id = ?", row["id"])
    return gone


def delete(world: World, repo: Row, number: int) -> None:
    """Delete one cache; 404 if there is none of this id."""
    if not world.run("DELETE FROM caches WHERE id = ? AND repo_id = ?", number, repo["id"]):
        raise not_found()
