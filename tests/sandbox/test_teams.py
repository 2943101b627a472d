"""Teams: who is in them, and who may know."""

import pytest
from tests.sandbox.desk import REPO, Ask, People

from respondby.sandbox.server import Sandbox

TEAM = "/orgs/acme/teams/on-call-1"


@pytest.fixture
def team(sandbox: Sandbox) -> Sandbox:
    assert sandbox.team("acme", "On call 1", ["ann", "bea"]) == "on-call-1"
    return sandbox


def test_a_member_reads_the_teams_and_their_people(team: Sandbox, people: People) -> None:
    assert [item["name"] for item in team.call("GET", "/orgs/acme/teams", people.ann)[1]] == ["On call 1"]
    assert [item["login"] for item in team.call("GET", f"{TEAM}/members", people.ann)[1]] == ["ann", "bea"]
    assert team.call("GET", TEAM, people.ann)[1]["members_count"] == 2
    assert team.call("GET", "/orgs/acme/teams/nobody", people.ann)[0] == 404
    assert team.call("GET", "/orgs/nobody/teams", people.ann)[0] == 404


def test_a_team_is_whom_it_was_given_last_and_who_is_still_there(team: Sandbox, people: People) -> None:
    team.team("acme", "On call 1", ["bea", "carla"])
    team.delete_user("bea")

    assert [item["login"] for item in team.call("GET", f"{TEAM}/members", people.ann)[1]] == ["carla"]


@pytest.mark.parametrize("path", ["/orgs/acme/teams", TEAM, f"{TEAM}/members"])
def test_who_may_not_know_is_told_so_or_nothing(path: str, team: Sandbox, people: People) -> None:
    every = {"issues": "write", "contents": "write", "members": "read"}
    narrow, wide = team.token("ann", {"issues": "write"}, "acme/desk"), team.token("ann", every, "acme/desk")
    team.user("an-app", "Bot")

    assert team.call("GET", path)[0] == 401
    assert team.call("GET", path, people.carla)[0] == 404
    status, value = team.call("GET", path, team.workflow_token("acme/desk", every))
    assert (status, value["message"]) == (403, "Resource not accessible by integration")
    assert team.call("GET", path, narrow)[1]["message"] == "Resource not accessible by personal access token"
    assert team.call("GET", path, wide)[0] == 200
    assert team.call("GET", path, team.token("an-app[bot]", {"members": "read"}, "acme/desk"))[0] == 200


def test_graphql_tells_the_same(team: Sandbox, people: People, ask: Ask) -> None:
    query = """query { organization(login: "acme") { login
        team(slug: "on-call-1") { combinedSlug members(first: 5) { nodes { login } } }
        teams(first: 5) { totalCount } } }"""

    assert ask(query, people.ann)["data"]["organization"] == {
        "login": "acme",
        "team": {"combinedSlug": "acme/on-call-1", "members": {"nodes": [{"login": "ann"}, {"login": "bea"}]}},
        "teams": {"totalCount": 1},
    }
    refused = ask('query { organization(login: "acme") { team(slug: "on-call-1") { id } } }', people.workflow)
    assert refused["data"] == {"organization": {"team": None}}
    assert refused["errors"][0]["type"] == "FORBIDDEN"


def test_the_control_api_makes_teams(sandbox: Sandbox, people: People) -> None:
    made = sandbox.call("POST", "/_sandbox/orgs/acme/teams", body={"name": "Second line", "members": ["ann"]})

    assert made == (200, {"slug": "second-line"})
    assert sandbox.call("POST", "/_sandbox/orgs/acme/teams", body={"name": "!", "members": []})[0] == 422
    assert sandbox.call("GET", f"{REPO}", people.ann)[0] == 200
