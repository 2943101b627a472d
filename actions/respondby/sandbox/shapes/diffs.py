"""What a pull request changes, as git writes it: one diff, or a patch for each commit."""

from __future__ import annotations

from datetime import UTC, datetime

from respondby.sandbox.shapes.pulls import Change, changes_between, changes_of, commits_of
from respondby.sandbox.store import objects
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

_NONE = "0000000"


def diff(world: World, pull: Row) -> str:
    """Return everything that a pull request changes as one diff."""
    return "".join(_file(change) for change in changes_of(world, pull))


def patch(world: World, pull: Row) -> str:
    """Return a pull request's commits as patches, oldest first, as `git am` takes them."""
    from email.utils import format_datetime  # imported on the first patch: most sandboxes show none

    text = ""
    for commit in commits_of(world, pull):
        before = objects.read_commit(world, commit.parents[0]).tree if commit.parents else None
        subject, _, body = commit.message.partition("\n")
        at = format_datetime(datetime.fromtimestamp(commit.at, UTC))
        text += (
            f"From {commit.oid} Mon Sep 17 00:00:00 2001\nFrom: {commit.author} <{commit.email}>\nDate: {at}\n"
            f"Subject: [PATCH] {subject}\n\n{body.strip()}\n---\n\n"
        )
        text += "".join(_file(change) for change in changes_between(world, before, commit.tree)) + "-- \n2.39.0\n\n"
    return text


def _file(change: Change) -> str:
    lines = [f"diff --git a/{change.was} b/{change.path}"]
    if change.before is None:
        lines.append("new file mode 100644")
    elif change.after is None:
        lines.append("deleted file mode 100644")
    elif change.was != change.path:
        lines += ["similarity index 100%", f"rename from {change.was}", f"rename to {change.path}"]
        return "\n".join(lines) + "\n"
    lines.append(f"index {(change.before or _NONE)[:7]}..{(change.after or _NONE)[:7]}")
    names = (
        ("/dev/null" if change.before is None else f"a/{change.was}"),
        ("/dev/null" if change.after is None else f"b/{change.path}"),
    )
    if change.patch is None:
        return "\n".join([*lines, f"Binary files {names[0]} and {names[1]} differ"]) + "\n"
    if change.patch:
        lines += [f"--- {names[0]}", f"+++ {names[1]}", change.patch]
    return "\n".join(lines) + "\n"
