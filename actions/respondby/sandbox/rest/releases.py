"""Routes of releases; nothing is uploaded here, so they have no assets."""

from __future__ import annotations

from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import people
from respondby.sandbox.shapes.repositories import api_url, web_url
from respondby.sandbox.store import access, node_ids, objects, releases
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.problems import invalid, not_found
from respondby.sandbox.store.values import Json, Row


def _shape(call: Call, repo: Row, row: Row) -> Json:
    base, page_url = api_url(call.world, repo), web_url(call.world, repo)
    url = f"{base}/releases/{row['id']}"
    return {
        "url": url,
        "html_url": f"{page_url}/releases/tag/{row['tag']}",
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "tarball_url": f"{base}/tarball/{row['tag']}",
        "zipball_url": f"{base}/zipball/{row['tag']}",
        "id": row["id"],
        "node_id": node_ids.of_item("Release", repo["id"], row["id"]),
        "tag_name": row["tag"],
        "target_commitish": row["target"],
        "name": row["name"],
        "body": row["body"],
        "draft": bool(row["draft"]),
        "prerelease": bool(row["prerelease"]),
        "immutable": False,
        "created_at": iso(row["created_at"]),
        "published_at": maybe_iso(row["published_at"]),
        "updated_at": iso(row["created_at"]),
        "author": people.user(call.world, row["author_id"]),
        "assets": [],
    }


def _seen(call: Call) -> tuple[Row, list[Row]]:
    repo = call.repo
    access.may_read(call.viewer, repo, "contents")
    drafts = access.role(call.world, call.viewer, repo, "contents") >= Role.WRITE
    return repo, releases.listing(call.world, repo, drafts)


def list_releases(call: Call) -> Answer:
    """List releases, newest first; drafts for who may write."""
    repo, rows = _seen(call)
    return page(call, rows, lambda row: _shape(call, repo, row))


def get_latest(call: Call) -> Answer:
    """Return the newest release that is neither a draft nor a pre-release."""
    repo, _ = _seen(call)
    row = releases.latest(call.world, repo)
    if row is None:
        raise not_found()
    return Answer(200, _shape(call, repo, row))


def get_release(call: Call) -> Answer:
    """Return a release by its id, or by its tag."""
    repo, rows = _seen(call)
    column, wanted = ("tag", call.params["tag"]) if "tag" in call.params else ("id", call.params["id"])
    row = next((row for row in rows if row[column] == wanted), None)
    if row is None:
        raise not_found()
    return Answer(200, _shape(call, repo, row))


def create_release(call: Call) -> Answer:
    """Create a release; its tag is made at its target if there is none yet, unless it is a draft."""
    repo = call.repo
    viewer = call.writing(repo, "contents", Role.WRITE)
    tag = call.text("Release", "tag_name")
    if call.world.one("SELECT 1 FROM releases WHERE repo_id = ? AND tag = ? AND NOT draft", repo["id"], tag):
        raise invalid("Release", "tag_name", "already_exists")
    draft, target = call.body.get("draft") is True, call.maybe_text("Release", "target_commitish")
    oid = objects.resolve(call.world, repo, target or repo["default_branch"])
    if not tag or oid is None:
        raise invalid("Release", "target_commitish" if tag else "tag_name", "invalid")
    if not draft:
        call.world.run("INSERT OR IGNORE INTO refs VALUES (?, ?, ?)", repo["id"], f"refs/tags/{tag}", oid)
    now = call.world.clock.now()
    number = call.world.insert(
        "releases",
        repo_id=repo["id"],
        tag=tag,
        target=target or repo["default_branch"],
        name=call.maybe_text("Release", "name"),
        body=call.maybe_text("Release", "body"),
        draft=int(draft),
        prerelease=int(call.body.get("prerelease") is True),
        author_id=viewer.id,
        created_at=now,
        published_at=None if draft else now,
    )
    shape = _shape(call, repo, call.world.get("releases", number))
    return Answer(201, shape, {"location": shape["url"]})


def delete_release(call: Call) -> Answer:
    """Delete a release; its tag stays."""
    repo = call.repo
    call.writing(repo, "contents", Role.WRITE)
    if not call.world.run("DELETE FROM releases WHERE id = ? AND repo_id = ?", call.params["id"], repo["id"]):
        raise not_found()
    return Answer(204)


_RELEASES = "/repos/{owner}/{repo}/releases"
ROUTES: Routes = [
    ("GET", _RELEASES, list_releases),
    ("POST", _RELEASES, create_release),
    ("GET", _RELEASES + "/latest", get_latest),
    ("GET", _RELEASES + "/tags/{tag:path}", get_release),
    ("GET", _RELEASES + "/{id:int}", get_release),
    ("DELETE", _RELEASES + "/{id:int}", delete_release),
]
