"""Roles that are a team of GitHub's: read with the secret that the policy names, and nobody where that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jobs.desk import POLICY, Repository

from respondby.forge.client import Client
from respondby.forge.errors import ForgeDown
from respondby.jobs.explaining import explained
from respondby.jobs.loop.report import Report
from respondby.jobs.runs import sweep
from respondby.sandbox.server import Sandbox

TEAMED = (
    POLICY.replace("first: ann }", "first: { team: { name: acme/front-line, token: TEAM_TOKEN } } }")
    .replace("people: { ann: {}, bob: {} }", "people: { ann: { away: [2026-01-05] }, bob: {} }")
    .replace("notify: first }]", "notify: first }, { at: due + 30m, notify: ann }, { at: due + 45m, notify: bob }]")
    .replace("stop: comment by staff", "stop: comment by first")
)


@pytest.fixture
def repository(sandbox: Sandbox) -> Repository:
    made = Repository.make(sandbox, TEAMED)
    sandbox.team("acme", "Front line", ["ann", "bob", "dora"])
    made.opens()
    return made


def swept(repository: Repository, at: str, token: str | None) -> Report:
    repository.at(at)
    return sweep(replace(repository.desk(), secrets={"TEAM_TOKEN": token}.get))


def mentions(repository: Repository) -> list[str]:
    return [body.split("\n")[0].split(":")[0] for _, body in repository.comments() if body.startswith("@")]


def test_the_people_of_the_team_who_are_not_away_are_told_and_their_answer_counts(repository: Repository) -> None:
    token = repository.sandbox.token("ann")
    assert swept(repository, "10:00:00", token).remarks == []
    assert mentions(repository) == ["@bob @dora"]
    repository.at("10:05:00")
    repository.says("bob", "It is mended")
    swept(repository, "10:10:00", token)
    desk = replace(repository.desk(), secrets={"TEAM_TOKEN": token}.get)
    (clock,) = [one for one in explained(desk, 1)["clocks"] if one["clock"] == "first-response"]
    assert clock["state"] == "late"


@pytest.mark.parametrize("whose", [None, "workflow", "mallory", "revoked"])
def test_a_team_that_cannot_be_read_is_nobody_which_is_said_and_made_up_for(
    repository: Repository, whose: str | None
) -> None:
    sandbox = repository.sandbox
    tokens = {None: None, "workflow": repository.bot, "mallory": sandbox.token("mallory"), "revoked": "ghp_planted"}
    report = swept(repository, "10:00:00", tokens[whose])
    (remark,) = report.remarks
    assert remark.startswith("the team acme/front-line ")
    assert remark.endswith("; it counts as nobody")
    assert "TEAM_TOKEN" in remark
    assert "planted" not in str(report.to_json())
    assert mentions(repository) == ["@bob"]  # nobody holds the team's role; the next step's person is away, not bob
    assert report.failed == []


def test_a_forge_that_is_down_while_a_team_is_read_makes_nobody_of_no_team(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passes is not recorded: the run ends, and the next one calls the team."""

    def down(*_: object, **__: object) -> None:
        raise ForgeDown("reading the team", "GitHub answered 502", 3)

    token = repository.sandbox.token("ann")
    with monkeypatch.context() as patch:
        patch.setattr(Client, "ask", down)
        with pytest.raises(ForgeDown):
            swept(repository, "10:00:00", token)
    assert mentions(repository) == []
    assert swept(repository, "10:01:00", token).failed == []
    assert mentions(repository) == ["@bob @dora"]


def test_a_policy_without_teams_costs_no_request(sandbox: Sandbox) -> None:
    plain = Repository.make(sandbox, POLICY)
    before = len(sandbox.requests())
    plain.sweep()
    assert not [one for one in sandbox.requests(before) if "/teams/" in str(one)]
