"""Routes of files, commits, trees and refs."""

from __future__ import annotations

import base64
import binascii

from respondby.sandbox.domain import pulls, repositories
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import git as shapes
from respondby.sandbox.store import access, merging, objects
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.objects import Entry
from respondby.sandbox.store.problems import Problem, invalid, not_found
from respondby.sandbox.store.values import Row


def _readable(call: Call) -> Row:
    repo = call.repo
    access.may_read(call.viewer, repo, "contents")
    return repo


def _commit_named(call: Call, repo: Row, name: str) -> str:
    oid = objects.resolve(call.world, repo, name)
    if oid is None:
        raise Problem(404, f"No commit found for the ref {name}")
    return oid


def get_contents(call: Call) -> Answer:
    """Return a file with its content, or the list of what a folder holds."""
    repo = _readable(call)
    ref = call.query.get("ref") or repo["default_branch"]
    path = call.params.get("path", "").strip("/")
    tree = objects.read_commit(call.world, _commit_named(call, repo, ref)).tree
    entry = objects.at_path(call.world, tree, path)
    if entry is None:
        raise not_found()
    if entry.type == "blob":
        return _file(call, repo, entry, path, ref)
    prefix = f"{path}/" if path else ""
    entries = [
        shapes.file_entry(call.world, repo, item, prefix + item.name, ref)
        for item in objects.entries(call.world, entry.oid)
    ]
    if call.media == "object":
        return Answer(200, shapes.file_entry(call.world, repo, entry, path, ref) | {"entries": entries})
    return Answer(200, entries)


def _file(call: Call, repo: Row, entry: Entry, path: str, ref: str) -> Answer:
    """Return a file: as JSON, or as it is, or rendered if it is markdown."""
    content = objects.content(call.world, entry.oid)
    if call.media == "raw":
        return Answer(200, raw=content, kind="application/vnd.github.raw+json; charset=utf-8")
    if call.media == "html":
        from html import escape

        from respondby.sandbox.shapes.markdown import render  # both imported on the first file that is asked for so

        text = content.decode(errors="replace")
        html = render(text) if path.lower().endswith(".md") else f"<pre>{escape(text)}</pre>"
        return Answer(200, raw=html.encode(), kind="application/vnd.github.html+json; charset=utf-8")
    return Answer(200, shapes.file(call.world, repo, entry, path, ref))


def get_readme(call: Call) -> Answer:
    """Return the file of a folder that introduces it, the root's unless a folder is named."""
    repo = _readable(call)
    ref, folder = call.query.get("ref") or repo["default_branch"], call.params.get("path", "").strip("/")
    tree = objects.read_commit(call.world, _commit_named(call, repo, ref)).tree
    place = objects.at_path(call.world, tree, folder)
    if place is None or place.type != "tree":
        raise not_found()
    named = {entry.name.lower(): entry for entry in objects.entries(call.world, place.oid) if entry.type == "blob"}
    found = next((named[name] for name in ("readme.md", "readme.rst", "readme.txt", "readme") if name in named), None)
    if found is None:
        raise not_found()
    return _file(call, repo, found, f"{folder}/{found.name}".strip("/"), ref)


def put_contents(call: Call) -> Answer:
    """Create or replace a file by a commit; `sha` must be that of the file it replaces."""
    repo, path, branch, old = _changing(call)
    viewer = call.writing(repo, "contents", Role.WRITE)
    try:
        content = base64.b64decode("".join(call.text("Contents", "content").split()), validate=True)
    except binascii.Error:
        raise Problem(422, "content is not valid Base64") from None
    message = call.text("Contents", "message")
    oid = repositories.commit(call.world, repo, viewer, branch, message, {path: content})
    commit = objects.read_commit(call.world, oid)
    entry = objects.at_path(call.world, commit.tree, path)
    shape = None if entry is None else shapes.file_entry(call.world, repo, entry, path, branch)
    value = {"content": shape, "commit": shapes.git_commit(call.world, repo, commit)}
    return Answer(200 if old else 201, value)


def delete_contents(call: Call) -> Answer:
    """Delete a file by a commit."""
    repo, path, branch, old = _changing(call)
    viewer = call.writing(repo, "contents", Role.WRITE)
    if not old:
        raise not_found()
    oid = repositories.commit(call.world, repo, viewer, branch, call.text("Contents", "message"), {path: None})
    commit = shapes.git_commit(call.world, repo, objects.read_commit(call.world, oid))
    return Answer(200, {"content": None, "commit": commit})


def _changing(call: Call) -> tuple[Row, str, str, str]:
    """Return the repository, path, branch and the hash of the file there, which `sha` must match."""
    repo = _readable(call)
    path = call.params["path"].strip("/")
    branch = call.maybe_text("Contents", "branch") or call.query.get("branch") or repo["default_branch"]
    head = objects.head(call.world, repo, branch)
    if head is None:
        raise Problem(404, f"Branch {branch} not found")
    entry = objects.at_path(call.world, objects.read_commit(call.world, head).tree, path)
    old = entry.oid if entry is not None and entry.type == "blob" else ""
    sha = call.maybe_text("Contents", "sha") or call.query.get("sha") or ""
    if old and not sha:
        raise Problem(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if old and sha != old:
        raise Problem(409, f"{path} does not match {sha}")
    return repo, path, branch, old


def list_commits(call: Call) -> Answer:
    """List commits from `sha` back, those that changed `path` only if it is given."""
    repo = _readable(call)
    start = _commit_named(call, repo, call.query.get("sha") or repo["default_branch"])
    found = objects.history(call.world, start, call.query.get("path", "").strip("/"))
    return page(call, found, lambda commit: shapes.commit(call.world, repo, commit))


def get_ref(call: Call) -> Answer:
    """Return one ref, named without `refs/`."""
    repo = _readable(call)
    name = f"refs/{call.params['name']}"
    row = call.world.one("SELECT oid FROM refs WHERE repo_id = ? AND name = ?", repo["id"], name)
    if row is None:
        raise not_found()
    return Answer(200, shapes.ref(call.world, repo, name, row["oid"]))


def create_ref(call: Call) -> Answer:
    """Create a branch at a commit."""
    repo = _readable(call)
    call.writing(repo, "contents", Role.WRITE)
    name, sha = call.text("Reference", "ref"), call.text("Reference", "sha")
    if not name.startswith("refs/heads/"):
        raise invalid("Reference", "ref", "custom", "Reference name must be under refs/heads/")
    if call.world.one("SELECT 1 FROM refs WHERE repo_id = ? AND name = ?", repo["id"], name):
        raise Problem(422, "Reference already exists")
    _need(call, sha, "commit")
    objects.move(call.world, repo, name.removeprefix("refs/heads/"), sha)
    shape = shapes.ref(call.world, repo, name, sha)
    return Answer(201, shape, {"location": shape["url"]})


def update_ref(call: Call) -> Answer:
    """Let a branch point to another commit; one that does not follow from it needs `force`."""
    repo, branch, before = _branch_of(call)
    viewer = call.writing(repo, "contents", Role.WRITE)
    sha = call.text("Reference", "sha")
    _need(call, sha, "commit")
    if call.body.get("force") is not True and merging.parted(call.world, sha, before) != before:
        raise Problem(422, "Update is not a fast forward")
    if sha != before:
        objects.move(call.world, repo, branch, sha)
        repositories.tell_push(call.world, call.world.get("repos", repo["id"]), viewer, branch, before, sha)
        pulls.pushed(call.world, repo, viewer, branch, before, sha)
    return Answer(200, shapes.ref(call.world, repo, f"refs/heads/{branch}", sha))


def delete_ref(call: Call) -> Answer:
    """Delete a branch; the default branch stays."""
    repo, branch, _ = _branch_of(call)
    viewer = call.writing(repo, "contents", Role.WRITE)
    if branch == repo["default_branch"]:
        raise Problem(422, "Cannot delete the default branch")
    call.world.run("DELETE FROM refs WHERE repo_id = ? AND name = ?", repo["id"], f"refs/heads/{branch}")
    pulls.branch_deleted(call.world, repo, viewer, branch)
    return Answer(204)


def _branch_of(call: Call) -> tuple[Row, str, str]:
    repo = _readable(call)
    branch = call.params["name"].removeprefix("heads/")
    oid = objects.head(call.world, repo, branch)
    if oid is None:
        raise Problem(422, "Reference does not exist")
    return repo, branch, oid


def matching_refs(call: Call) -> Answer:
    """List the refs whose names start so, named without `refs/`."""
    repo = _readable(call)
    rows = call.world.all("SELECT * FROM refs WHERE repo_id = ? ORDER BY name", repo["id"])
    found = [row for row in rows if row["name"].startswith(f"refs/{call.params['name']}")]
    return page(call, found, lambda row: shapes.ref(call.world, repo, row["name"], row["oid"]))


def _need(call: Call, oid: str, kind: str) -> None:
    row = objects.find(call.world, oid)
    if row is None or row["type"] != kind:
        raise Problem(404, "Not Found") if call.params.get("sha") else Problem(422, "Object does not exist")


def get_commit(call: Call) -> Answer:
    """Return a commit as git knows it."""
    repo = _readable(call)
    _need(call, call.params["sha"], "commit")
    return Answer(200, shapes.git_commit(call.world, repo, objects.read_commit(call.world, call.params["sha"])))


def get_tree(call: Call) -> Answer:
    """Return a tree; a commit or branch in the path stands for its tree."""
    repo = _readable(call)
    name = call.params["sha"]
    commit = objects.resolve(call.world, repo, name)
    oid = name if commit is None else objects.read_commit(call.world, commit).tree
    _need(call, oid, "tree")
    return Answer(200, shapes.tree(call.world, repo, oid, recursive="recursive" in call.query))


def get_blob(call: Call) -> Answer:
    """Return a blob."""
    repo = _readable(call)
    _need(call, call.params["sha"], "blob")
    return Answer(200, shapes.blob(call.world, repo, call.params["sha"]))


_REPO = "/repos/{owner}/{repo}"
ROUTES: Routes = [
    ("GET", _REPO + "/contents/{path:path}", get_contents),
    ("GET", _REPO + "/readme", get_readme),
    ("GET", _REPO + "/readme/{path:path}", get_readme),
    ("PUT", _REPO + "/contents/{path:path}", put_contents),
    ("DELETE", _REPO + "/contents/{path:path}", delete_contents),
    ("GET", _REPO + "/commits", list_commits),
    ("GET", _REPO + "/git/ref/{name:path}", get_ref),
    ("GET", _REPO + "/git/matching-refs/{name:path}", matching_refs),
    ("POST", _REPO + "/git/refs", create_ref),
    ("PATCH", _REPO + "/git/refs/{name:path}", update_ref),
    ("DELETE", _REPO + "/git/refs/{name:path}", delete_ref),
    ("GET", _REPO + "/git/commits/{sha}", get_commit),
    ("GET", _REPO + "/git/trees/{sha:path}", get_tree),
    ("GET", _REPO + "/git/blobs/{sha}", get_blob),
]
