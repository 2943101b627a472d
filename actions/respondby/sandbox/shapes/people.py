"""Accounts, as REST and webhooks show them."""

from __future__ import annotations

from respondby.sandbox.store import node_ids
from respondby.sandbox.store.clock import iso
from respondby.sandbox.store.values import Json, Row
from respondby.sandbox.store.world import World

AVATAR = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'%3E"
    "%3Crect width='1' height='1' fill='%23d0d7de'/%3E%3C/svg%3E"
)


def web_path(row: Row) -> str:
    """Return the path of an account's page; an app's is under `/apps/`."""
    login = str(row["login"])
    return f"/apps/{login.removesuffix('[bot]')}" if row["type"] == "Bot" else f"/{login}"


def shown(world: World, user_id: int) -> Row:
    """Return the account, or `ghost` in the place of a deleted one."""
    row = world.get("users", user_id)
    if not row["gone"]:
        return row
    ghost = world.one("SELECT * FROM users WHERE login = 'ghost' AND NOT gone")
    return row if ghost is None else ghost


def node_id(row: Row) -> str:
    """Return an account's global id."""
    return node_ids.of_person(row["type"], row["id"])


def user(world: World, user_id: int) -> Json:
    """Return a simple user."""
    row = shown(world, user_id)
    login = row["login"]
    url = f"{world.api}/users/{login}"
    return {
        "login": login,
        "id": row["id"],
        "node_id": node_id(row),
        "avatar_url": AVATAR,
        "gravatar_id": "",
        "url": url,
        "html_url": world.url + web_path(row),
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": row["type"],
        "user_view_type": "public",
        "site_admin": False,
    }


def maybe_user(world: World, user_id: int | None) -> Json | None:
    """Return a simple user, or None where there is none."""
    return None if user_id is None else user(world, user_id)


def public_user(world: World, row: Row) -> Json:
    """Return an account's public profile."""
    empty = ("company", "location", "email", "hireable", "bio", "twitter_username")
    return {
        **user(world, row["id"]),
        "name": None,
        "blog": "",
        **dict.fromkeys(empty),
        "public_repos": world.count("SELECT count(*) FROM repos WHERE owner_id = ? AND NOT private", row["id"]),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
    }


def private_user(world: World, row: Row) -> Json:
    """Return an account's profile as its holder sees it."""
    own = world.count("SELECT count(*) FROM repos WHERE owner_id = ? AND private", row["id"])
    return {
        **public_user(world, row),
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": own,
        "owned_private_repos": own,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
    }


def app(world: World, user_id: int) -> Json | None:
    """Return the app that acted, if the account is a bot; None for people."""
    row = shown(world, user_id)
    if row["type"] != "Bot":
        return None
    slug = str(row["login"]).removesuffix("[bot]")
    return {
        "id": row["id"],
        "client_id": f"Iv1.{row['id']:016x}",
        "slug": slug,
        "node_id": node_ids.of_person("Integration", row["id"]),
        "owner": user(world, row["id"]),
        "name": slug,
        "description": "",
        "external_url": f"{world.url}/apps/{slug}",
        "html_url": f"{world.url}/apps/{slug}",
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
        "permissions": {"issues": "write", "metadata": "read"},
        "events": [],
    }
