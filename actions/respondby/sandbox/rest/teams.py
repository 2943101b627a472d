"""Routes of an organisation's teams."""

from __future__ import annotations

from respondby.sandbox.domain import teams
from respondby.sandbox.rest.http import Answer, Call, Routes, page
from respondby.sandbox.shapes import teams as shapes
from respondby.sandbox.shapes.people import user
from respondby.sandbox.store.problems import not_found
from respondby.sandbox.store.values import Row


def _organization_of(call: Call) -> Row:
    org = teams.organization(call.world, call.params["org"])
    teams.may_read(call.world, call.viewer, org)
    return org


def _team_of(call: Call) -> tuple[Row, Row]:
    org = _organization_of(call)
    team = teams.find(call.world, org, call.params["team"])
    if team is None:
        raise not_found()
    return org, team


def list_teams(call: Call) -> Answer:
    """List an organisation's teams."""
    org = _organization_of(call)
    return page(call, teams.listing(call.world, org), lambda row: shapes.team(call.world, org, row))


def get_team(call: Call) -> Answer:
    """Return one team."""
    org, team = _team_of(call)
    members = len(teams.members_of(call.world, team))
    return Answer(200, shapes.full_team(call.world, org, team, members))


def list_members(call: Call) -> Answer:
    """List a team's people."""
    _, team = _team_of(call)
    return page(call, teams.members_of(call.world, team), lambda row: user(call.world, row["id"]))


_TEAMS = "/orgs/{org}/teams"
ROUTES: Routes = [
    ("GET", _TEAMS, list_teams),
    ("GET", _TEAMS + "/{team}", get_team),
    ("GET", _TEAMS + "/{team}/members", list_members),
]
