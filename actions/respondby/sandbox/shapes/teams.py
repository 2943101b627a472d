"""Teams and their organisations, as REST shows them."""

from __future__ import annotations

from respondby.sandbox.shapes import people
from respondby.sandbox.store import node_ids
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World


def organization(world: World, row: Row) -> Json:
    """Return an organisation as a payload names it."""
    url = f"{world.api}/orgs/{row['login']}"
    return {
        "login": row["login"],
        "id": row["id"],
        "node_id": people.node_id(row),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": people.AVATAR,
        "description": None,
    }


def team(world: World, org: Row, row: Row) -> Json:
    """Return a team as a list shows it."""
    url = f"{world.api}/organizations/{org['id']}/team/{row['id']}"
    return {
        "id": row["id"],
        "node_id": node_ids.of_item("Team", org["id"], row["id"]),
        "name": row["name"],
        "slug": row["slug"],
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": url,
        "html_url": f"{world.url}/orgs/{org['login']}/teams/{row['slug']}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": org["id"],
        "parent": None,
    }


def full_team(world: World, org: Row, row: Row, members: int) -> Json:
    """Return a team of so many members as its own route shows it."""
    at = iso(row["created_at"])
    return {
        **team(world, org, row),
        "members_count": members,
        "repos_count": 0,
        "created_at": at,
        "updated_at": at,
        "organization": {
            **organization(world, org),
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": world.count("SELECT count(*) FROM repos WHERE owner_id = ? AND NOT private", org["id"]),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "html_url": world.url + people.web_path(org),
            "created_at": iso(org["created_at"]),
            "updated_at": iso(org["created_at"]),
            "archived_at": None,
            "type": "Organization",
        },
    }
