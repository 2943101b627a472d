"""Pull requests, their files and reviews, as REST and webhooks show them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from respondby.sandbox.shapes import issues
from respondby.sandbox.shapes.people import maybe_user, user
from respondby.sandbox.shapes.repositories import api_url, repository, web_url
from respondby.sandbox.store import checks, merging, node_ids, objects
from respondby.sandbox.store.clock import iso, maybe_iso
from respondby.sandbox.store.people import association
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

_SETTINGS = {
    "allow_auto_merge": False,
    "allow_update_branch": False,
    "delete_branch_on_merge": False,
    "merge_commit_message": "PR_TITLE",
    "merge_commit_title": "MERGE_MESSAGE",
    "squash_merge_commit_message": "COMMIT_MESSAGES",
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "use_squash_pr_title_as_default": False,
}


def of(world: World, issue_id: int) -> Row:
    """Return what an issue that is a pull request has besides."""
    row = world.one("SELECT * FROM pulls WHERE issue_id = ?", issue_id)
    if row is None:
        raise LookupError(f"issue {issue_id} is not a pull request")
    return row


def owner(world: World, repo: Row) -> str:
    """Return the login of a repository's owner."""
    return str(world.get("users", repo["owner_id"])["login"])


def reviewers_of(world: World, issue_id: int) -> list[int]:
    """Return the ids of those who were asked for a review and have not given one."""
    rows = world.all("SELECT user_id FROM review_requests WHERE issue_id = ? ORDER BY rowid", issue_id)
    return [row["user_id"] for row in rows]


def _end(world: World, repo: Row, ref: str, sha: str) -> Json:
    return {
        "label": f"{owner(world, repo)}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(world, repo["owner_id"]),
        "repo": repository(world, repo),
    }


def simple(world: World, repo: Row, row: Row) -> Json:
    """Return a pull request as a list shows it; `row` is its issue."""
    pull = of(world, row["id"])
    base, page = api_url(world, repo), f"{web_url(world, repo)}/pull/{row['number']}"
    url, issue_url = f"{base}/pulls/{row['number']}", f"{base}/issues/{row['number']}"
    links = {
        "self": url,
        "html": page,
        "issue": issue_url,
        "comments": f"{issue_url}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{base}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{base}/statuses/{pull['head_sha']}",
    }
    return {
        "url": url,
        "id": pull["id"],
        "node_id": node_ids.of_item("PullRequest", repo["id"], pull["id"]),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_url,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": row["number"],
        "state": row["state"],
        "locked": bool(row["locked"]),
        "title": row["title"],
        "user": user(world, row["author_id"]),
        "body": row["body"],
        "labels": [issues.issue_label(world, repo, item) for item in issues.labels_of(world, row["id"])],
        "milestone": issues.maybe_milestone(world, repo, row["milestone_id"]),
        "active_lock_reason": row["lock_reason"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "closed_at": maybe_iso(row["closed_at"]),
        "merged_at": maybe_iso(pull["merged_at"]),
        "assignees": [user(world, person) for person in issues.assignees_of(world, row["id"])],
        "requested_reviewers": [user(world, person) for person in reviewers_of(world, row["id"])],
        "requested_teams": [],
        "head": _end(world, world.get("repos", pull["head_repo_id"]), pull["head_ref"], pull["head_sha"]),
        "base": _end(world, repo, pull["base_ref"], pull["base_sha"]),
        "_links": {name: {"href": link} for name, link in links.items()},
        "author_association": association(world, repo, row["author_id"]),
        "auto_merge": None,
        "draft": bool(pull["draft"]),
    }


def full(world: World, repo: Row, row: Row) -> Json:
    """Return a pull request with what only its own route tells."""
    pull = of(world, row["id"])
    can, how = merge_state(world, repo, row, pull)
    changes = changes_of(world, pull)
    return {
        **simple(world, repo, row),
        "merged": pull["merged_at"] is not None,
        "mergeable": can,
        "rebaseable": can,
        "mergeable_state": how,
        "merged_by": maybe_user(world, pull["merged_by"]),
        "comments": world.count("SELECT count(*) FROM comments WHERE issue_id = ?", row["id"]),
        "review_comments": 0,
        "maintainer_can_modify": pull["head_repo_id"] != repo["id"],
        "commits": len(commits_of(world, pull)),
        "additions": sum(change.added for change in changes),
        "deletions": sum(change.removed for change in changes),
        "changed_files": len(changes),
    }


def merge_state(world: World, repo: Row, row: Row, pull: Row) -> tuple[bool | None, str]:
    """Return whether a pull request can be merged (None: it is over) and GitHub's word for its state, checks too."""
    can, how = merging.state(world, repo, row, pull)
    if how == "clean" and checks.rollup(world, repo, pull["head_sha"]) == "FAILURE":
        return can, "unstable"
    return can, how


def old_fields(world: World, row: Row) -> Json:
    """Return what a pull request tells besides to who asks with the old API version."""
    people = issues.assignees_of(world, row["id"])
    return {
        "assignee": user(world, people[0]) if people else None,
        "merge_commit_sha": of(world, row["id"])["merge_sha"],
    }


def payload(world: World, repo: Row, row: Row) -> Json:
    """Return a pull request as a payload about itself holds it: with the first assignee by itself, and whole labels."""
    return full(world, repo, row) | _in_payloads(world, repo, row)


def reviewed(world: World, repo: Row, row: Row) -> Json:
    """Return a pull request as a payload about a review holds it."""
    return simple(world, repo, row) | _in_payloads(world, repo, row)


def _in_payloads(world: World, repo: Row, row: Row) -> Json:
    return {
        "assignee": next((user(world, person) for person in issues.assignees_of(world, row["id"])), None),
        "labels": [issues.label(world, repo, item) for item in issues.labels_of(world, row["id"])],
    }


def commits_of(world: World, pull: Row) -> list[objects.Commit]:
    """Return the commits of a pull request, oldest first."""
    return merging.ahead(world, pull["head_sha"], pull["base_sha"])


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull request does to one file; hashes are None where there is no file. `patch` is None for binaries."""

    path: str
    was: str
    before: str | None
    after: str | None
    patch: str | None

    @property
    def status(self) -> str:
        """Whether the file was added, removed, renamed or modified."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        return "modified" if self.was == self.path else "renamed"

    def _lines(self, sign: str) -> int:
        return sum(line.startswith(sign) for line in (self.patch or "").splitlines())

    @property
    def added(self) -> int:
        """How many lines it adds."""
        return self._lines("+")

    @property
    def removed(self) -> int:
        """How many lines it removes."""
        return self._lines("-")


def changes_of(world: World, pull: Row) -> list[Change]:
    """Return what a pull request changes since it parted from its base, by path; a file moved as it is was renamed."""
    common = merging.parted(world, pull["base_sha"], pull["head_sha"])
    before = None if common is None else objects.read_commit(world, common).tree
    return changes_between(world, before, objects.read_commit(world, pull["head_sha"]).tree)


def changes_between(world: World, old_tree: str | None, new_tree: str) -> list[Change]:
    """Return what is different in a tree, by path; a file moved as it is was renamed."""
    old, new = objects.paths(world, old_tree), objects.paths(world, new_tree)
    gone = {oid: path for path, oid in old.items() if path not in new}
    moved = {path: gone.pop(oid) for path, oid in new.items() if path not in old and oid in gone}
    found = []
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(moved.get(path, path)), new.get(path)
        if path in moved.values() or (before == after and path not in moved):
            continue
        found.append(Change(path, moved.get(path, path), before, after, _patch(world, before, after)))
    return found


def _patch(world: World, before: str | None, after: str | None) -> str | None:
    if before == after:
        return None
    texts = [b"" if oid is None else objects.content(world, oid) for oid in (before, after)]
    if any(b"\0" in text for text in texts):
        return None
    from difflib import unified_diff  # imported on the first diff: most sandboxes show none

    before_lines, after_lines = (_lines(text) for text in texts)
    return "\n".join(list(unified_diff(before_lines, after_lines, lineterm=""))[2:])


def _lines(text: bytes) -> list[str]:
    """Return a text's lines without their ends; a last one that has none says so, as git does."""
    lines = text.decode(errors="replace").split("\n")
    if lines[-1] == "":
        return lines[:-1]
    return [*lines[:-1], lines[-1] + "\n\\ No newline at end of file"]


def file(world: World, repo: Row, pull: Row, change: Change) -> Json:
    """Return one changed file."""
    page, sha = web_url(world, repo), pull["head_sha"]
    name = quote(change.path)
    shape: Json = {
        "sha": change.after or change.before,
        "filename": change.path,
        "status": change.status,
        "additions": change.added,
        "deletions": change.removed,
        "changes": change.added + change.removed,
        "blob_url": f"{page}/blob/{sha}/{name}",
        "raw_url": f"{page}/raw/{sha}/{name}",
        "contents_url": f"{api_url(world, repo)}/contents/{name}?ref={sha}",
    }
    if change.patch is not None:
        shape["patch"] = change.patch
    if change.status == "renamed":
        shape["previous_filename"] = change.was
    return shape


def review(world: World, repo: Row, issue_row: Row, row: Row) -> Json:
    """Return a review."""
    url = f"{api_url(world, repo)}/pulls/{issue_row['number']}"
    page = f"{web_url(world, repo)}/pull/{issue_row['number']}#pullrequestreview-{row['id']}"
    shape = {
        "id": row["id"],
        "node_id": node_ids.of_item("PullRequestReview", repo["id"], row["id"]),
        "user": user(world, row["author_id"]),
        "body": row["body"],
        "state": row["state"],
        "html_url": page,
        "pull_request_url": url,
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "commit_id": row["commit_sha"],
        "author_association": association(world, repo, row["author_id"]),
    }
    if row["submitted_at"] is not None:
        shape["submitted_at"] = iso(row["submitted_at"])
    return shape
