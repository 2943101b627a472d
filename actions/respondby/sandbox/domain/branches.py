"""Branches that are made with an issue or a pull request in mind: for an issue, up to its base, or to undo a merge."""

from __future__ import annotations

import re

from respondby.sandbox.domain import pulls, repositories
from respondby.sandbox.shapes.pulls import of
from respondby.sandbox.shapes.repositories import full_name
from respondby.sandbox.store import access, merging, objects
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World

_NO_NAME = re.compile(r"[^\w.-]+")


def create(world: World, repo: Row, actor: Viewer, branch: str, oid: str) -> None:
    """Create a branch at a commit."""
    access.may_write(world, actor, repo, "contents", Role.WRITE)
    if objects.head(world, repo, branch) is not None:
        raise Problem(422, "Reference already exists")
    found = objects.find(world, oid)
    if found is None or found["type"] != "commit":
        raise Problem(422, "Object does not exist")
    objects.move(world, repo, branch, oid)


def link(world: World, repo: Row, actor: Viewer, issue: Row, oid: str, name: str | None) -> Row:
    """Make a branch for an issue, by default named for it, and return the link."""
    slug = _NO_NAME.sub("-", str(issue["title"]).lower()).strip("-.")
    branch = name or f"{issue['number']}-{slug}"
    create(world, repo, actor, branch, oid)
    full = f"refs/heads/{branch}"
    number = world.insert("linked_branches", issue_id=issue["id"], repo_id=repo["id"], name=full)
    return world.get("linked_branches", number)


def linked_to(world: World, issue_id: int) -> list[Row]:
    """Return the links to branches that are still there."""
    return world.all(
        "SELECT l.* FROM linked_branches l JOIN refs r ON r.repo_id = l.repo_id AND r.name = l.name"
        " WHERE l.issue_id = ? ORDER BY l.id",
        issue_id,
    )


def catch_up(world: World, repo: Row, actor: Viewer, row: Row, expected: str | None = None) -> None:
    """Merge a pull request's base into its branch."""
    pull = of(world, row["id"])
    access.may_write(world, actor, repo, pulls.SCOPE, pulls.least_for(row, actor))
    if expected is not None and expected != pull["head_sha"]:
        raise Problem(422, "expected head sha didn’t match current head ref.")
    home = world.get("repos", pull["head_repo_id"])
    outcome = merging.tried(world, repo, pull)
    if outcome.conflicts:
        raise Problem(422, "merge conflict between base and head")
    if not merging.ahead(world, outcome.base, pull["head_sha"]):
        raise Problem(422, "There are no new commits on the base branch.")
    text = f"Merge branch '{pull['base_ref']}' into {pull['head_ref']}"
    parents = [pull["head_sha"], outcome.base]
    oid = objects.write_commit(world, outcome.tree, parents, actor.login, repositories.email_of(actor), text)
    objects.move(world, home, pull["head_ref"], oid)
    repositories.tell_push(world, world.get("repos", home["id"]), actor, pull["head_ref"], pull["head_sha"], oid)
    pulls.pushed(world, home, actor, pull["head_ref"], pull["head_sha"], oid)


def revert(
    world: World, repo: Row, actor: Viewer, row: Row, title: str | None, body: str | None, draft: bool = False
) -> Row:
    """Open a pull request that undoes a merged one, and return it."""
    pull = of(world, row["id"])
    if pull["merged_at"] is None:
        raise invalid("PullRequest", "pullRequestId", "custom", "Pull request has not been merged")
    base = objects.head(world, repo, pull["base_ref"]) or pull["merge_sha"]
    ours = objects.read_commit(world, base).tree
    merged, before = (objects.read_commit(world, oid).tree for oid in (pull["merge_sha"], pull["base_sha"]))
    undone = merging.merge(world, merged, ours, before)
    if undone.conflicts:
        raise Problem(422, "This pull request couldn’t be reverted automatically.")
    branch = f"revert-{row['number']}-{pull['head_ref']}"
    words = title or f'Revert "{row["title"]}"'
    why = f"Reverts {full_name(world, repo)}#{row['number']}"
    tree = objects.change_tree(world, ours, undone.changes)
    oid = objects.write_commit(world, tree, [base], actor.login, repositories.email_of(actor), f"{words}\n\n{why}")
    create(world, repo, actor, branch, oid)
    return pulls.create(world, repo, actor, words, why if body is None else body, branch, pull["base_ref"], draft)
