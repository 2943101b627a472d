"""An organisation's teams: who is in them, and who may know.

Rules of GitHub held here: a workflow's own token cannot read teams, whatever its permissions; another narrowed token
needs `members`; people see the teams of organisations that they belong to, and for others there are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from respondby.sandbox.store import people
from respondby.sandbox.store.access import refusal
from respondby.sandbox.store.people import Viewer
from respondby.sandbox.store.problems import invalid, no_access_for_integration, not_found, sign_in
from respondby.sandbox.store.values import Row
from respondby.sandbox.store.world import World


def organization(world: World, login: str) -> Row:
    """Return an organisation, or refuse with 404."""
    row = people.find(world, login)
    if row is None or row["type"] != "Organization":
        raise not_found()
    return row


def set_team(world: World, org: Row, name: str, members: Sequence[str]) -> Row:
    """Give an organisation a team of exactly these people, who are created if unknown."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        raise invalid("Team", "name", "invalid", value=name)
    row = find(world, org, slug)
    if row is None:
        now = world.clock.now()
        number = world.insert("teams", org_id=org["id"], slug=slug, name=name, created_at=now)
        row = world.get("teams", number)
    world.run("DELETE FROM team_members WHERE team_id = ?", row["id"])
    for login in members:
        person = people.create(world, login)
        world.run("INSERT OR IGNORE INTO team_members VALUES (?, ?)", row["id"], person["id"])
    return row


def find(world: World, org: Row, slug: str) -> Row | None:
    """Return a team by its slug."""
    return world.one("SELECT * FROM teams WHERE org_id = ? AND slug = ?", org["id"], slug.lower())


def listing(world: World, org: Row) -> list[Row]:
    """Return an organisation's teams, by name."""
    return world.all("SELECT * FROM teams WHERE org_id = ? ORDER BY slug", org["id"])


def members_of(world: World, team: Row) -> list[Row]:
    """Return a team's people, deleted ones left out, by login."""
    return world.all(
        "SELECT u.* FROM users u JOIN team_members m ON m.user_id = u.id WHERE m.team_id = ? AND NOT u.gone"
        " ORDER BY u.login",
        team["id"],
    )


def belongs(world: World, org: Row, user_id: int) -> bool:
    """Return whether somebody belongs to an organisation: by a team of it, or as a member of a repository of it."""
    return bool(
        world.one(
            "SELECT 1 FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.org_id = ?1 AND m.user_id = ?2"
            " UNION SELECT 1 FROM members m JOIN repos r ON r.id = m.repo_id WHERE r.owner_id = ?1 AND m.user_id = ?2"
            " AND m.association IN ('OWNER', 'MEMBER')",
            org["id"],
            user_id,
        )
    )


def may_read(world: World, viewer: Viewer | None, org: Row) -> None:
    """Refuse whoever may not know an organisation's teams."""
    if viewer is None:
        raise sign_in()
    if viewer.is_workflow:
        raise no_access_for_integration()
    if viewer.permissions is not None:
        home = None if viewer.repo_id is None else world.get("repos", viewer.repo_id)["owner_id"]
        if home != org["id"] or viewer.permissions.get("members", "none") == "none":
            raise refusal(viewer, "members", "read")
    elif not viewer.is_bot and not belongs(world, org, viewer.id):
        raise not_found()
