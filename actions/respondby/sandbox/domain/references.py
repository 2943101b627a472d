"""What a text of an issue does to other issues: mentioning one leaves a cross-reference in its timeline.

Rules of GitHub held here: code is not read; an issue is referenced once by the same source; a comment that
says only "Duplicate of #7" marks its issue as a duplicate.
"""

from __future__ import annotations

import re

from respondby.sandbox.store import access, timeline
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_REFERENCE = re.compile(r"(?<![\w/&#])(?:([\w.-]+)/([\w.-]+))?#(\d{1,9})\b")
_DUPLICATE = re.compile(r"\s*duplicate of (?:([\w.-]+)/([\w.-]+))?#(\d{1,9})\s*", re.IGNORECASE)


def issue_named(world: World, viewer: Viewer, home: Row, found: re.Match[str]) -> Row | None:
    """Return the issue or pull request that a match of (owner, name, number) names, if the viewer may see it."""
    owner, name, number = found.groups()
    try:
        repo = home if owner is None else access.repository(world, viewer, owner, name)
    except Problem:
        return None
    return world.one("SELECT * FROM issues WHERE repo_id = ? AND number = ? AND NOT deleted", repo["id"], int(number))


def follow(world: World, viewer: Viewer, repo: Row, source: Row, text: str | None) -> None:
    """Leave a cross-reference to the issue `source` in each issue that a new text of it names."""
    links = re.compile(re.escape(world.url) + r"/([\w.-]+/[\w.-]+)/(?:issues|pull)/(?=\d)")
    prose = links.sub(r"\1#", _CODE.sub(" ", text or ""))
    for found in _REFERENCE.finditer(prose):
        target = issue_named(world, viewer, repo, found)
        if target is None or target["id"] == source["id"]:
            continue
        known = timeline.items(world, target["id"])
        if not any(item.kind == "cross-referenced" and item.data["source"] == source["id"] for item in known):
            timeline.happened(world, target["id"], "cross-referenced", viewer.id, source=source["id"])


def mark_duplicate(world: World, viewer: Viewer, repo: Row, duplicate: Row, text: str) -> None:
    """Mark an issue as a duplicate if a new comment by staff says so and nothing else."""
    found = _DUPLICATE.fullmatch(text)
    if found is None or access.role(world, viewer, repo) < access.Role.TRIAGE:
        return
    canonical = issue_named(world, viewer, repo, found)
    if canonical is not None and canonical["id"] != duplicate["id"]:
        timeline.happened(world, duplicate["id"], "marked_as_duplicate", viewer.id, canonical=canonical["id"])


def mark_as_duplicate(world: World, viewer: Viewer, repo: Row, duplicate: Row, canonical: Row) -> None:
    """Mark an issue as a duplicate of another. Raises Problem for who may not."""
    access.may_write(world, viewer, repo, "issues", access.Role.TRIAGE)
    if canonical["id"] == duplicate["id"]:
        raise Problem(422, "An issue cannot be a duplicate of itself")
    timeline.happened(world, duplicate["id"], "marked_as_duplicate", viewer.id, canonical=canonical["id"])


def unmark_duplicate(world: World, viewer: Viewer, repo: Row, duplicate: Row, canonical: Row) -> None:
    """Take the mark of a duplicate away again. Raises Problem for who may not."""
    access.may_write(world, viewer, repo, "issues", access.Role.TRIAGE)
    timeline.happened(world, duplicate["id"], "unmarked_as_duplicate", viewer.id, canonical=canonical["id"])
