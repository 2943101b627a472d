"""Merging a pull request, by a merge commit, squashed, or rebased; and what that does to the world.

Rules of GitHub held here: one that is a draft, closed, or in conflict is refused; the base branch moves, which is a
push; the issues that its text says it closes are closed, if its base is the default branch.
"""

from __future__ import annotations

from respondby.sandbox.domain import issues, pulls, repositories
from respondby.sandbox.shapes.pulls import of, owner
from respondby.sandbox.store import access, merging, objects, timeline
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.merging import Outcome
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

METHODS = ("merge", "squash", "rebase")


def merge(
    world: World,
    repo: Row,
    actor: Viewer,
    row: Row,
    method: str = "merge",
    title: str | None = None,
    message: str | None = None,
    sha: str | None = None,
) -> str:
    """Merge a pull request and return the hash of the commit that the base branch then points to."""
    access.may_write(world, actor, repo, "contents", Role.WRITE)
    pull = of(world, row["id"])
    if method not in METHODS:
        raise Problem(422, f"Invalid merge method: {method}")
    if sha is not None and sha != pull["head_sha"]:
        raise Problem(409, "Head branch was modified. Review and try the merge again.")
    if pull["draft"]:
        raise Problem(405, "Pull Request is still a draft")
    if row["state"] != "open":
        raise Problem(405, "Pull Request is not mergeable")
    outcome = merging.tried(world, repo, pull)
    if outcome.conflicts:
        raise Problem(405, "Pull Request is not mergeable")
    oid = _commits(world, actor, row, pull, outcome, method, title, message)
    objects.move(world, repo, pull["base_ref"], oid)
    now = world.clock.now()
    world.run(
        "UPDATE pulls SET merged_at = ?, merged_by = ?, merge_sha = ?, base_sha = ? WHERE id = ?",
        now,
        actor.id,
        oid,
        outcome.base,
        pull["id"],
    )
    timeline.happened(world, row["id"], "merged", actor.id, oid=oid)
    repo = world.get("repos", repo["id"])
    repositories.tell_push(world, repo, actor, pull["base_ref"], outcome.base, oid)
    pulls.pushed(world, repo, actor, pull["base_ref"], outcome.base, oid)
    issues.set_state(world, repo, actor, world.get("issues", row["id"]), "closed", None)
    if pull["base_ref"] == repo["default_branch"]:
        _close_issues(world, actor, repo, row)
    return oid


def _commits(
    world: World,
    actor: Viewer,
    row: Row,
    pull: Row,
    outcome: Outcome,
    method: str,
    title: str | None,
    message: str | None,
) -> str:
    """Write what the merge adds to the base and return its newest commit."""
    who, email = actor.login, repositories.email_of(actor)
    if method == "rebase":
        return _replay(world, pull, outcome, who, email)
    if method == "squash":
        first = title or f"{row['title']} (#{row['number']})"
        text = f"{first}\n\n{message or ''}".strip()
        return objects.write_commit(world, outcome.tree, [outcome.base], who, email, text)
    head = f"{owner(world, world.get('repos', pull['head_repo_id']))}/{pull['head_ref']}"
    first = title or f"Merge pull request #{row['number']} from {head}"
    text = f"{first}\n\n{row['title'] if message is None else message}".strip()
    return objects.write_commit(world, outcome.tree, [outcome.base, pull["head_sha"]], who, email, text)


def _replay(world: World, pull: Row, outcome: Outcome, who: str, email: str) -> str:
    at = outcome.base
    for commit in merging.ahead(world, pull["head_sha"], outcome.base):
        if len(commit.parents) > 1:
            continue
        before = objects.read_commit(world, commit.parents[0]).tree if commit.parents else None
        mine = objects.read_commit(world, at).tree
        step = merging.merge(world, before, mine, commit.tree)
        if step.conflicts:
            raise Problem(405, "This branch can't be rebased due to conflicts")
        at = objects.write_commit(
            world, objects.change_tree(world, mine, step.changes), [at], who, email, commit.message
        )
    return at


def _close_issues(world: World, actor: Viewer, repo: Row, row: Row) -> None:
    for issue in pulls.closes(world, actor, repo, row):
        home = world.get("repos", issue["repo_id"])
        if issue["state"] == "open" and access.role(world, actor, home, "issues") >= Role.TRIAGE:
            issues.set_state(world, home, actor, issue, "closed", "completed", closer=row["id"])
