"""Which repositories belong to a fleet now, what is told of others, and how the work is parted."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fleet.world import World

from respondby.fleet.balancing import imbalance, shards
from respondby.fleet.figures import Figure
from respondby.fleet.members import Member


def said(output: dict[str, list[dict[str, object]]], world: World) -> dict[str, tuple[str, bool]]:
    """What is told, by the repository's short name."""
    return {
        str(one["repository"]).removeprefix(f"{world.owner}/"): (str(one["what"]), bool(one["needed"]))
        for one in output["told"]
    }


def swept(output: dict[str, dict[str, list[dict[str, str]]]]) -> list[str]:
    return sorted(name for part in output["matrix"]["include"] for name in part["repositories"].split())


def test_what_is_wrong_with_one_is_told_once_and_the_others_are_planned(world: World) -> None:
    names = world.several(3)
    for short in ("archived", "quiet", "old", "gone-away", "hidden"):
        world.repository(short)
    sandbox, owner = world.sandbox, world.owner
    sandbox.settings(f"{owner}/archived", archived=True)
    sandbox.settings(f"{owner}/quiet", has_issues=False)
    world.sandbox.member(f"{owner}/old", "owner", "OWNER", "admin")
    world.act("owner", "PATCH", f"/repos/{owner}/old", {"name": "new"})
    sandbox.settings(f"{owner}/gone-away", owner=f"{owner}-other")
    sandbox.repo(owner, "secret", True, files={})
    world.fleet_of(*names, *(f"{owner}/{one}" for one in ("archived", "quiet", "old", "gone-away", "secret", "never")))
    output = world.told("plan", code=1)
    assert swept(output) == sorted([*names, f"{owner}/new"])
    told = said(output, world)
    assert {name: needed for name, (_, needed) in told.items()} == {
        "archived": False, "quiet": False, "old": False, "gone-away": True, "secret": True, "never": True,
    }  # fmt: skip
    assert "is archived" in told["archived"][0]
    assert "switched off" in told["quiet"][0]
    assert f"is {owner}/new now" in told["old"][0]
    assert "was transferred" in told["gone-away"][0]
    assert told["secret"][0] == told["never"][0], "GitHub says the same of what is not there and of what it hides"
    assert output["requests"] == 1


def test_what_needs_nobody_does_not_fail_the_plan(world: World) -> None:
    world.sandbox.settings(world.repository("archived"), archived=True)
    world.fleet_of(world.repository("fine"), f"{world.owner}/archived")
    assert [one["needed"] for one in world.told("plan")["told"]] == [False]


def test_a_query_finds_repositories_by_owner_and_topic(world: World) -> None:
    names = world.several(4)
    for name in names[:3]:
        world.sandbox.settings(name, topics=["shop", "support"])
    world.sandbox.settings(names[3], topics=["supporters"])
    world.sandbox.settings(names[1], archived=True)
    world.fleet(f"version: 1\nqueries: [{{ owner: {world.owner}, topic: support, except: [{names[2].upper()}] }}]\n")
    output = world.told("plan")
    assert swept(output) == [names[0]]
    assert said(output, world) == {"r2": ("is archived: nobody can write there, so nothing is promised", False)}


def test_a_query_that_finds_nothing_needs_somebody(world: World) -> None:
    world.fleet(f"version: 1\nqueries: [{{ owner: {world.owner}, topic: shop }}, {{ owner: nobody-at-all }}]\n")
    told = said(world.told("plan", code=1), world)
    assert "with the topic `shop`" in told[world.owner][0]
    assert "no such account" in told["nobody-at-all"][0]


def test_one_that_is_refused_says_nothing_of_the_others(world: World) -> None:
    names = world.several(2)
    refused = {
        "data": {"r0": None, "r1": {"nameWithOwner": names[1], "isArchived": False, "hasIssuesEnabled": True,
        "isFork": False, "issues": {"totalCount": 0}, "repositoryTopics": {"nodes": []}}},
        "errors": [{"type": "FORBIDDEN", "path": ["r0"], "message": "Resource protected by organization SAML"}],
    }  # fmt: skip
    world.sandbox.faults([{"match": {"operation": "Homes"}, "do": {"status": 200, "body": refused}}])
    world.fleet_of(*names)
    output = world.told("plan", code=1)
    assert swept(output) == [names[1]]
    assert "SAML" in said(output, world)["r1"][0]


def test_a_fleet_is_read_from_its_repository_where_there_is_no_working_copy(world: World) -> None:
    (name,) = world.several(1)
    world.sandbox.files(f"{world.owner}/desk", {".github/fleet.yml": f"version: 1\nrepositories: [{name}]\n"})
    assert swept(world.told("plan")) == [name]


def test_without_a_fleet_the_error_says_what_to_do(world: World) -> None:
    result = world.run("plan")
    assert result.exit_code == 2
    assert "docs/fleet.md" in result.output


def test_a_job_is_given_the_matrix_and_whether_there_is_any(world: World) -> None:
    output = world.folder / "output"
    os.environ["GITHUB_OUTPUT"] = str(output)
    try:
        world.fleet_of(*world.several(2))
        world.run("plan")
    finally:
        del os.environ["GITHUB_OUTPUT"]
    written = output.read_text(encoding="utf-8").splitlines()
    matrix = json.loads(next(line for line in written if line.startswith("{")))
    assert [part["of"] for part in matrix["include"]] == [1]
    assert "true" in written


def test_damaged_figures_cost_balance_and_no_repository(world: World) -> None:
    names = world.several(2)
    world.fleet_of(*names)
    part = world.folder / "state"
    part.mkdir()
    (part / "figures-1.json").write_bytes(b"\0" * 100)
    output = world.told("plan", "--state", "state")
    assert swept(output) == sorted(names)
    assert "could not be read" in output["remarks"][0]


WORK = st.lists(st.floats(0.05, 30), min_size=1, max_size=200)


@given(WORK, st.integers(1, 8))
def test_every_repository_is_in_exactly_one_part_and_parts_are_as_equal_as_the_longest_lets_them(
    work: list[float], most: int
) -> None:
    members = [Member(f"acme/r{index}", 0) for index in range(len(work))]
    figures = {f"acme/r{index}": Figure(seconds, 1, 0) for index, seconds in enumerate(work)}
    parts = shards(members, figures, most)
    assert sorted(name for part in parts for name in part.repositories) == sorted(member.name for member in members)
    assert 1 <= len(parts) <= most
    longest = max(part.seconds for part in parts) - min(part.seconds for part in parts)
    assert longest <= max(work) + 0.02


def test_many_of_usual_size_are_parted_within_a_fifth() -> None:
    members = [Member(f"acme/r{index}", index % 90) for index in range(500)]
    parts = shards(members, {}, 4)
    assert len(parts) == 4
    assert imbalance(parts) < 0.02


def test_who_was_swept_longest_ago_comes_first() -> None:
    members = [Member(f"acme/{name}", 0) for name in "abc"]
    figures = {"acme/a": Figure(1, 1, 30), "acme/b": Figure(1, 1, 10), "acme/c": Figure(1, 1, 20)}
    assert shards(members, figures, 1)[0].repositories == ("acme/b", "acme/c", "acme/a")


def test_a_workflow_without_a_fleet_says_so_and_is_no_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    output = world.folder / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    result = world.run()
    assert result.exit_code == 0, result.output
    assert "::warning" in result.output
    assert "false" in output.read_text(encoding="utf-8")


def test_the_last_run_that_ended_is_where_the_next_begins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = f"{world.owner}/desk"
    world.sandbox.files(desk, {".github/workflows/fleet.yml": "on: workflow_dispatch\njobs: {}\n"})
    monkeypatch.setenv("GITHUB_WORKFLOW_REF", f"{desk}/.github/workflows/fleet.yml@refs/heads/main")
    assert world.run("last-run").stdout == "run=\n"
    world.sandbox.run(desk, "fleet.yml", "2026-01-05T08:00:00Z")
    newest = world.sandbox.run(desk, "fleet.yml", "2026-01-05T08:15:00Z")
    assert world.run("last-run").stdout == f"run={newest['id']}\n"
    part = json.dumps({"shard": 1, "last": "77", "repositories": ""})
    assert world.run("last-run", "--shard", part).stdout == "run=77\n"
    assert world.run("last-run", "--shard", "{}").stdout == "run=\n"
