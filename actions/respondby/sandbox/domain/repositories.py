"""Repositories and commits to them."""

from __future__ import annotations

from collections.abc import Mapping

from respondby.sandbox.domain import deliveries, pulls
from respondby.sandbox.shapes import git as shapes
from respondby.sandbox.store import access, node_ids, objects, people
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


def find(world: World, full_name: str) -> Row:
    """Return the repository `owner/name`, or refuse with 404."""
    owner, _, name = full_name.partition("/")
    row = access.named(world, owner, name)
    if row is None:
        raise not_found()
    return row


def create(world: World, owner: str, name: str, private: bool, default_branch: str, files: Mapping[str, str]) -> Row:
    """Create a repository whose first commit, by its owner, holds these files. An unknown owner is an organisation."""
    account = people.find(world, owner) or people.create(world, owner, "Organization")
    if not name or "/" in name:
        raise invalid("Repository", "name", "invalid", value=name)
    if world.one("SELECT 1 FROM repos WHERE owner_id = ? AND name = ?", account["id"], name):
        raise invalid("Repository", "name", "custom", "name already exists on this account")
    now = world.clock.now()
    repo_id = world.insert(
        "repos",
        owner_id=account["id"],
        name=name,
        private=int(private),
        default_branch=default_branch,
        created_at=now,
        updated_at=now,
        pushed_at=now,
    )
    repo = world.get("repos", repo_id)
    tree = objects.change_tree(world, None, {path: text.encode() for path, text in files.items()})
    oid = objects.write_commit(world, tree, [], account["login"], email_of(account), "Initial commit")
    objects.move(world, repo, default_branch, oid)
    return world.get("repos", repo_id)


def fork(world: World, parent: Row, owner: Row) -> Row:
    """Return an account's fork of a repository, with its branches as they are now; the one it has already if any."""
    known = world.one("SELECT * FROM repos WHERE owner_id = ? AND fork_of = ?", owner["id"], parent["id"])
    if known is not None:
        return known
    now = world.clock.now()
    repo_id = world.insert(
        "repos",
        owner_id=owner["id"],
        name=parent["name"],
        private=parent["private"],
        default_branch=parent["default_branch"],
        fork_of=parent["id"],
        created_at=now,
        updated_at=now,
        pushed_at=now,
    )
    world.run("INSERT INTO refs SELECT ?, name, oid FROM refs WHERE repo_id = ?", repo_id, parent["id"])
    return world.get("repos", repo_id)


def email_of(account: Row | Viewer) -> str:
    """Return the address under which an account commits."""
    number, login = (account.id, account.login) if isinstance(account, Viewer) else (account["id"], account["login"])
    return f"{number}+{login}@users.noreply.github.com"


def commit(
    world: World, repo: Row, actor: Viewer, branch: str, message: str, changes: Mapping[str, bytes | None]
) -> str:
    """Commit files (None removes one) to a branch and return the commit's hash; tells of the push."""
    for path in changes:
        if not path or path.startswith("/") or any(part in ("", ".", "..", ".git") for part in path.split("/")):
            raise Problem(422, "path contains a malformed path component")
    before = objects.head(world, repo, branch)
    if before is None:
        raise Problem(404, f"Branch {branch} not found")
    old = objects.read_commit(world, before).tree
    tree = objects.change_tree(world, old, changes)
    oid = objects.write_commit(world, tree, [before], actor.login, email_of(actor), message)
    objects.move(world, repo, branch, oid)
    tell_push(world, world.get("repos", repo["id"]), actor, branch, before, oid)
    pulls.pushed(world, repo, actor, branch, before, oid)
    return oid


def tell_push(world: World, repo: Row, actor: Viewer, branch: str, before: str, after: str) -> None:
    """Record the push of one commit."""
    pushed = shapes.pushed_commit(world, repo, objects.read_commit(world, after))
    deliveries.record(
        world,
        repo,
        actor,
        "push",
        None,
        ref=f"refs/heads/{branch}",
        before=before,
        after=after,
        base_ref=None,
        compare=f"{pushed['url'].rpartition('/commit/')[0]}/compare/{before[:12]}...{after[:12]}",
        created=False,
        deleted=False,
        forced=False,
        commits=[pushed],
        head_commit=pushed,
        pusher={"name": actor.login, "email": email_of(actor)},
    )


def dispatch(world: World, repo: Row, actor: Viewer, event_type: str, client_payload: dict[str, object]) -> None:
    """Record a `repository_dispatch`: its type is the payload's action."""
    deliveries.record(
        world,
        repo,
        actor,
        "repository_dispatch",
        event_type,
        branch=repo["default_branch"],
        client_payload=client_payload,
        installation={"id": repo["id"], "node_id": node_ids.of_person("Integration", repo["id"])},
    )
