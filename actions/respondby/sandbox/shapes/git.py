"""Commits, files, trees and refs, as REST and webhooks show them."""

from __future__ import annotations

import base64
from urllib.parse import quote

from respondby.sandbox.shapes.people import user
from respondby.sandbox.shapes.repositories import api_url, web_url
from respondby.sandbox.store import node_ids, objects
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.objects import Commit, Entry
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

_UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def git_commit(world: World, repo: Row, commit: Commit) -> Json:
    """Return a commit as git knows it."""
    base, page = api_url(world, repo), web_url(world, repo)
    who = {"name": commit.author, "email": commit.email, "date": iso(commit.at)}
    return {
        "sha": commit.oid,
        "node_id": node_ids.of_hash("Commit", repo["id"], commit.oid),
        "url": f"{base}/git/commits/{commit.oid}",
        "html_url": f"{page}/commit/{commit.oid}",
        "author": who,
        "committer": who,
        "tree": {"sha": commit.tree, "url": f"{base}/git/trees/{commit.tree}"},
        "message": commit.message,
        "parents": [
            {"sha": parent, "url": f"{base}/git/commits/{parent}", "html_url": f"{page}/commit/{parent}"}
            for parent in commit.parents
        ],
        "verification": dict(_UNSIGNED),
    }


def account_of(world: World, commit: Commit) -> Json | None:
    """Return the account that a commit's author belongs to."""
    row = world.one("SELECT id FROM users WHERE login = ? AND NOT gone", commit.author)
    return None if row is None else user(world, row["id"])


def commit(world: World, repo: Row, found: Commit) -> Json:
    """Return a commit as the repository's list of commits shows it."""
    base = api_url(world, repo)
    shape = git_commit(world, repo, found)
    url = f"{base}/commits/{found.oid}"
    return {
        "sha": found.oid,
        "node_id": shape["node_id"],
        "commit": {
            "author": shape["author"],
            "committer": shape["committer"],
            "message": shape["message"],
            "tree": shape["tree"],
            "url": shape["url"],
            "comment_count": 0,
            "verification": shape["verification"],
        },
        "url": url,
        "html_url": shape["html_url"],
        "comments_url": f"{url}/comments",
        "author": account_of(world, found),
        "committer": account_of(world, found),
        "parents": [{**parent, "url": f"{base}/commits/{parent['sha']}"} for parent in shape["parents"]],
    }


def pushed_commit(world: World, repo: Row, found: Commit) -> Json:
    """Return a commit as a push payload holds it, with the paths it touched."""
    old = objects.read_commit(world, found.parents[0]).tree if found.parents else None
    before, after = objects.paths(world, old), objects.paths(world, found.tree)
    who = {"name": found.author, "email": found.email, "username": found.author}
    return {
        "id": found.oid,
        "tree_id": found.tree,
        "distinct": True,
        "message": found.message,
        "timestamp": iso(found.at),
        "url": f"{web_url(world, repo)}/commit/{found.oid}",
        "author": who,
        "committer": who,
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "modified": sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
    }


def file_entry(world: World, repo: Row, entry: Entry, path: str, ref: str) -> Json:
    """Return a file or folder as a folder's listing shows it."""
    base, page = api_url(world, repo), web_url(world, repo)
    folder = entry.type == "tree"
    url = f"{base}/contents/{quote(path)}?ref={quote(ref, safe='')}"
    git_url = f"{base}/git/{'trees' if folder else 'blobs'}/{entry.oid}"
    html_url = f"{page}/{'tree' if folder else 'blob'}/{ref}/{quote(path)}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.oid,
        "size": 0 if folder else len(objects.content(world, entry.oid)),
        "url": url,
        "html_url": html_url,
        "git_url": git_url,
        "download_url": None if folder else f"{page}/raw/{ref}/{quote(path)}",
        "type": "dir" if folder else "file",
        "_links": {"self": url, "git": git_url, "html": html_url},
    }


def file(world: World, repo: Row, entry: Entry, path: str, ref: str) -> Json:
    """Return a file with its content in base64, broken into lines as GitHub does."""
    content = base64.encodebytes(objects.content(world, entry.oid)).decode()
    return {**file_entry(world, repo, entry, path, ref), "content": content, "encoding": "base64"}


def ref(world: World, repo: Row, name: str, oid: str) -> Json:
    """Return a ref."""
    base = api_url(world, repo)
    return {
        "ref": name,
        "node_id": node_ids.of_hash("Ref", repo["id"], name),
        "url": f"{base}/git/{name}",
        "object": {"sha": oid, "type": "commit", "url": f"{base}/git/commits/{oid}"},
    }


def tree(world: World, repo: Row, oid: str, recursive: bool) -> Json:
    """Return a tree, with everything below it if asked."""
    return {
        "sha": oid,
        "url": f"{api_url(world, repo)}/git/trees/{oid}",
        "tree": _tree_items(world, repo, oid, "", recursive),
        "truncated": False,
    }


def _tree_items(world: World, repo: Row, oid: str, prefix: str, recursive: bool) -> list[Json]:
    found: list[Json] = []
    for entry in objects.entries(world, oid):
        item: Json = {
            "path": prefix + entry.name,
            "mode": entry.mode.zfill(6),
            "type": entry.type,
            "sha": entry.oid,
            "url": f"{api_url(world, repo)}/git/{entry.type}s/{entry.oid}",
        }
        if entry.type == "blob":
            item["size"] = len(objects.content(world, entry.oid))
        found.append(item)
        if recursive and entry.type == "tree":
            found += _tree_items(world, repo, entry.oid, f"{prefix}{entry.name}/", True)
    return found


def blob(world: World, repo: Row, oid: str) -> Json:
    """Return a blob."""
    content = objects.content(world, oid)
    return {
        "sha": oid,
        "node_id": node_ids.of_hash("Blob", repo["id"], oid),
        "size": len(content),
        "url": f"{api_url(world, repo)}/git/blobs/{oid}",
        "content": base64.encodebytes(content).decode(),
        "encoding": "base64",
    }
