"""Releases of a repository."""

from __future__ import annotations

from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


def listing(world: World, repo: Row, drafts: bool) -> list[Row]:
    """Return a repository's releases, newest first; drafts only for those who may write."""
    rows = world.all("SELECT * FROM releases WHERE repo_id = ? ORDER BY created_at DESC, id DESC", repo["id"])
    return [row for row in rows if drafts or not row["draft"]]


def latest(world: World, repo: Row) -> Row | None:
    """Return the newest release that is neither a draft nor a pre-release."""
    return next((row for row in listing(world, repo, drafts=False) if not row["prerelease"]), None)
