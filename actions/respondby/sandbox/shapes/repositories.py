"""Repositories, as REST and webhooks show them."""

from __future__ import annotations

import json

from respondby.sandbox.shapes import people
from respondby.sandbox.store import node_ids
from respondby.sandbox.store.access import Role
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

_TEMPLATES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def full_name(world: World, repo: Row) -> str:
    """Return `owner/name`."""
    return f"{world.get('users', repo['owner_id'])['login']}/{repo['name']}"


def api_url(world: World, repo: Row) -> str:
    """Return the repository's address in the REST API."""
    return f"{world.api}/repos/{full_name(world, repo)}"


def web_url(world: World, repo: Row) -> str:
    """Return the repository's page."""
    return f"{world.url}/{full_name(world, repo)}"


def repository(world: World, repo: Row) -> Json:
    """Return a repository, as a webhook or a list holds it."""
    name = full_name(world, repo)
    url, page = f"{world.api}/repos/{name}", f"{world.url}/{name}"
    host = world.url.partition("://")[2]
    open_issues = world.count(
        "SELECT count(*) FROM issues WHERE repo_id = ? AND state = 'open' AND NOT deleted", repo["id"]
    )
    return {
        "id": repo["id"],
        "node_id": node_ids.of_person("Repository", repo["id"]),
        "name": repo["name"],
        "full_name": name,
        "private": bool(repo["private"]),
        "owner": people.user(world, repo["owner_id"]),
        "html_url": page,
        "description": None,
        "fork": repo["fork_of"] is not None,
        "url": url,
        **{field: url + template for field, template in _TEMPLATES.items()},
        "created_at": iso(repo["created_at"]),
        "updated_at": iso(repo["updated_at"]),
        "pushed_at": iso(repo["pushed_at"]),
        "git_url": f"git://{host}/{name}.git",
        "ssh_url": f"git@{host}:{name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": bool(repo["has_issues"]),
        "has_projects": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "has_pull_requests": True,
        "pull_request_creation_policy": "all",
        "forks_count": 0,
        "mirror_url": None,
        "archived": bool(repo["archived"]),
        "disabled": False,
        "open_issues_count": open_issues,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": json.loads(repo["topics"]),
        "visibility": "private" if repo["private"] else "public",
        "forks": 0,
        "open_issues": open_issues,
        "watchers": 0,
        "default_branch": repo["default_branch"],
    }


def minimal_repository(world: World, repo: Row) -> Json:
    """Return a repository as a run names it: who it is, and its addresses."""
    shape = repository(world, repo)
    own = ("id", "node_id", "name", "full_name", "private", "owner", "html_url", "description", "fork", "url")
    return {field: shape[field] for field in (*own, *_TEMPLATES)}


def permissions(role: Role) -> Json:
    """Return what a role may do, as REST lists it."""
    return {
        "admin": role >= Role.ADMIN,
        "maintain": role >= Role.MAINTAIN,
        "push": role >= Role.WRITE,
        "triage": role >= Role.TRIAGE,
        "pull": role >= Role.READ,
    }


def full_repository(world: World, repo: Row, role: Role) -> Json:
    """Return a repository with what only its own route tells, for a viewer of this role."""
    shape = repository(world, repo)
    owner = world.get("users", repo["owner_id"])
    if owner["type"] == "Organization":
        shape["organization"] = shape["owner"]
    if repo["fork_of"] is not None:
        shape["parent"] = shape["source"] = repository(world, world.get("repos", repo["fork_of"]))
    return {
        **shape,
        "permissions": permissions(role),
        "temp_clone_token": None,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "allow_auto_merge": False,
        "delete_branch_on_merge": False,
        "allow_update_branch": False,
        "squash_merge_commit_message": "COMMIT_MESSAGES",
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "merge_commit_message": "PR_TITLE",
        "merge_commit_title": "MERGE_MESSAGE",
        "custom_properties": {},
        "network_count": 0,
        "subscribers_count": 0,
    }
