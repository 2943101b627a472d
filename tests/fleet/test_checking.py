"""`respondby fleet check`: which policy each repository has, key by key, and what is wrong with it."""

from __future__ import annotations

import json

from tests.fleet.world import POLICY, World
from tests.jobs.desk import POLICY as SMALL


def pinned(world: World, policy: str = POLICY, path: str = ".github/support.yml") -> str:
    """A commit of the desk's repository whose policy this is, as `extends` names it."""
    commit = world.sandbox.files(f"{world.owner}/desk", {path: policy})
    place = "" if path == ".github/support.yml" else f"/{path}"
    return f"{world.owner}/desk{place}@{commit}"


def test_every_key_says_where_it_comes_from(world: World) -> None:
    api, web = world.several(2)
    extends = pinned(world)
    world.sandbox.files(f"{world.owner}/desk", {".github/support.yml": POLICY.replace("1h", "9h")})  # comes later
    own = {"all": {"timezone": "Europe/Brussels"}, web: {"clocks": {"first-response": {"target": "2h"}}}}
    world.fleet_of(api, web, extends=extends, overrides=own)
    output = world.told("check")
    changes = {
        one["repository"]: [
            (change["key"], change["before"], change["after"], change["of"]) for change in one["changes"]
        ]
        for one in output["repositories"]
    }
    assert changes[api] == [("timezone", "UTC", "Europe/Brussels", "all")]
    assert changes[web][1] == ("clocks.first-response.target", "1h", "2h", web.lower())
    whole = world.told("check", "--repository", web)
    origin = {one["key"]: (one["value"], one["from"]) for one in whole["keys"]}
    short = extends.partition("@")[2][:7]
    assert origin["clocks.first-response.start"] == ("opened", f"{world.owner}/desk@{short}")
    assert origin["clocks.first-response.target"] == ("2h", f".github/fleet.yml:1 ({web})")
    text = world.run("check").output
    assert f"{web}: 2 keys of its own" in text
    assert f"clocks.first-response.target: 2h [.github/fleet.yml:1, {web}]; {world.owner}/desk@{short} says 1h" in text


def test_a_policy_that_the_overrides_break_is_told_with_its_repository(world: World) -> None:
    api, web = world.several(2)
    world.fleet_of(api, web, extends=pinned(world), overrides={web: {"roles": {"first": "nobody"}}})
    result = world.run("check")
    assert result.exit_code == 1
    assert f"{web}/.github/support.yml:" in result.output
    assert f"{api}/.github/support.yml:" not in result.output


def test_a_commit_without_a_policy_says_what_to_look_at(world: World) -> None:
    (name,) = world.several(1)
    world.fleet_of(name, extends=f"{world.owner}/desk@{'a' * 40}")
    result = world.run("check")
    assert result.exit_code == 1
    assert "look at `extends`" in result.output


def test_overrides_of_nobody_are_told(world: World) -> None:
    (name,) = world.several(1)
    world.fleet_of(name, extends=pinned(world, path="desks/all.yml"), overrides={"acme/gone": {"timezone": "UTC"}})
    output = world.told("check")
    assert "is not part of the fleet" in json.dumps(output["told"])
    assert world.run("check", "--repository", "acme/gone").exit_code == 2


def test_without_a_pin_each_repository_has_its_own(world: World) -> None:
    world.fleet_of(*world.several(1))
    assert "each with a policy of its own" in world.run("check").output


def test_a_policy_that_does_not_name_who_sweeps_is_told(world: World) -> None:
    (name,) = world.several(1)
    world.fleet_of(name, extends=pinned(world, SMALL))
    told = world.told("check", code=1)["told"]
    assert [one["repository"] for one in told] == [name]
    assert "fleet[bot] and github-actions[bot]" in told[0]["what"]
