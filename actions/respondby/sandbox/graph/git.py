"""Files, commits and refs in GraphQL."""

from __future__ import annotations

from typing import Any

from respondby.sandbox.graph.connections import of_rows
from respondby.sandbox.graph.context import Context, Info
from respondby.sandbox.graph.issues import instant
from respondby.sandbox.store import checks, merging, node_ids, objects
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.objects import Commit, Entry
from respondby.sandbox.store.values import Json, Row

LONGEST_TEXT = 512_000


def object_at(source: Json, info: Info, **args: Any) -> Json | None:
    """Resolve `object(expression: "HEAD:path")`, a commit's name alone, or a hash; null for what is not there."""
    context = info.context
    repo: Row = source["_repo"]
    context.may_read(repo, "contents")
    if args.get("oid"):
        return object_node(context, repo, args["oid"])
    name, colon, path = (args.get("expression") or "HEAD").partition(":")
    oid = objects.resolve(context.world, repo, name)
    if not colon:
        return object_node(context, repo, oid or name)
    if oid is None:
        return None
    entry = objects.at_path(context.world, objects.read_commit(context.world, oid).tree, path)
    return None if entry is None else object_node(context, repo, entry.oid, path.strip("/"))


def object_node(context: Context, repo: Row, oid: str, path: str = "") -> Json | None:
    """Return a commit, tree or blob by its hash, or None; `path` is where a tree was found."""
    row = objects.find(context.world, oid)
    if row is None:
        return None
    page = f"{context.path(repo)}/commit/{oid}"
    name = str(row["type"]).capitalize()
    node: Json = {
        "__typename": name,
        "_repo": repo,
        "_oid": oid,
        "_path": path,
        "abbreviatedOid": oid[:7],
        "commitResourcePath": page,
        "commitUrl": context.world.url + page,
        "id": node_ids.of_hash(name, repo["id"], oid),
        "oid": oid,
        "resourcePath": page,
        "url": context.world.url + page,
    }
    if name == "Blob":
        return node | _blob(bytes(row["content"]))
    if name == "Commit":
        return node | _commit(context, objects.read_commit(context.world, oid))
    return node


def _blob(content: bytes) -> Json:
    binary = b"\0" in content[:8000]
    text = None if binary else content[:LONGEST_TEXT].decode("utf-8", errors="replace")
    return {"byteSize": len(content), "isBinary": binary, "isTruncated": len(content) > LONGEST_TEXT, "text": text}


def _commit(context: Context, commit: Commit) -> Json:
    headline, _, body = commit.message.partition("\n")
    account = context.world.one("SELECT * FROM users WHERE login = ? AND type = 'User' AND NOT gone", commit.author)
    who = {
        "date": iso(commit.at),
        "email": commit.email,
        "name": commit.author,
        "user": None if account is None else context.account(account),
    }
    return {
        "_commit": commit,
        "author": who,
        "authoredDate": iso(commit.at),
        "committedDate": iso(commit.at),
        "committer": who,
        "message": commit.message,
        "messageBody": body.strip(),
        "messageHeadline": headline,
    }


def rollup(source: Json, info: Info) -> Json | None:
    """Resolve how statuses and checks of a commit, or of a pull request's last one, stand together."""
    context = info.context
    pull = source.get("_pull")
    repo = source["_repo"] if pull is None else context.repo(source["_row"]["repo_id"])
    oid = source["_oid"] if pull is None else pull["head_sha"]
    state = checks.rollup(context.world, repo, oid)
    if state is None:
        return None
    number = node_ids.of_hash("StatusCheckRollup", repo["id"], oid)
    commit = object_node(context, repo, oid)
    return {
        "__typename": "StatusCheckRollup",
        "_repo": repo,
        "_oid": oid,
        "id": number,
        "state": state,
        "commit": commit,
    }


def authors(source: Json, _info: Info, **args: Any) -> Json:
    """Resolve who wrote a commit."""
    return of_rows("authors", [(0, source["author"])], args, lambda pair: (pair[0],), lambda pair: pair[1])


def compare(source: Json, info: Info, **args: Any) -> Json | None:
    """Resolve how another ref of the repository stands to this one: what it has more, and what it lacks."""
    world, repo = info.context.world, source["_repo"]
    head = objects.resolve(world, repo, args["headRef"].rpartition(":")[2])
    if head is None or source["target"] is None:
        return None
    base = source["target"]["oid"]
    ahead, behind = len(merging.ahead(world, head, base)), len(merging.ahead(world, base, head))
    states = {(True, True): "DIVERGED", (True, False): "AHEAD", (False, True): "BEHIND", (False, False): "IDENTICAL"}
    number = node_ids.of_hash("Comparison", repo["id"], f"{base[:12]}...{head[:12]}")
    return {"aheadBy": ahead, "behindBy": behind, "id": number, "status": states[ahead > 0, behind > 0]}


def commit_tree(source: Json, info: Info) -> Json | None:
    """Resolve a commit's tree."""
    return object_node(info.context, source["_repo"], source["_commit"].tree)


def commit_file(source: Json, info: Info, path: str) -> Json | None:
    """Resolve the entry at a path of a commit's tree."""
    entry = objects.at_path(info.context.world, source["_commit"].tree, path)
    return None if entry is None else entry_node(info.context, source["_repo"], entry, path)


def tree_entries(source: Json, info: Info) -> list[Json]:
    """Resolve what a tree holds."""
    context = info.context
    prefix = f"{source['_path']}/" if source["_path"] else ""
    items = objects.entries(context.world, source["_oid"])
    return [entry_node(context, source["_repo"], item, prefix + item.name) for item in items]


def entry_node(context: Context, repo: Row, entry: Entry, path: str) -> Json:
    """Return one entry of a tree, which lies at a path."""
    return {
        "_repo": repo,
        "mode": int(entry.mode, 8),
        "name": path.rpartition("/")[2],
        "object": lambda _info: object_node(context, repo, entry.oid, path),
        "oid": entry.oid,
        "path": path,
        "size": len(objects.content(context.world, entry.oid)) if entry.type == "blob" else 0,
        "type": entry.type,
    }


def history(source: Json, info: Info, **args: Any) -> Json:
    """Resolve a commit and those before it, newest first, of one path and between two instants if asked."""
    context = info.context
    commits = objects.history(context.world, source["_oid"], (args.get("path") or "").strip("/"))
    since = instant(args["since"]) if args.get("since") else 0
    until = instant(args["until"]) if args.get("until") else 1 << 62
    numbered = [(place, commit) for place, commit in enumerate(commits) if since <= commit.at <= until]
    return of_rows(
        "history",
        numbered,
        args,
        lambda pair: (pair[0],),
        lambda pair: object_node(context, source["_repo"], pair[1].oid),
    )


def default_branch(source: Json, info: Info) -> Json | None:
    """Resolve the default branch; null while it has no commit."""
    repo: Row = source["_repo"]
    return ref_node(info.context, repo, f"refs/heads/{repo['default_branch']}")


def ref(source: Json, info: Info, **args: Any) -> Json | None:
    """Resolve a ref by its full name or a branch's name."""
    name = args["qualifiedName"]
    return ref_node(info.context, source["_repo"], name if name.startswith("refs/") else f"refs/heads/{name}")


def ref_node(context: Context, repo: Row, name: str) -> Json | None:
    """Return a ref, or None."""
    row = context.world.one("SELECT oid FROM refs WHERE repo_id = ? AND name = ?", repo["id"], name)
    if row is None:
        return None
    prefix = "/".join(name.split("/")[:2]) + "/"
    return {
        "__typename": "Ref",
        "_repo": repo,
        "id": node_ids.of_hash("Ref", repo["id"], name),
        "name": name.removeprefix(prefix),
        "prefix": prefix,
        "target": object_node(context, repo, row["oid"]),
    }
