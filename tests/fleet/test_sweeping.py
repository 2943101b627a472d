"""A part of a fleet is swept in one process: what goes wrong in one repository is told of that one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.fleet.world import BOT, POLICY, World
from tests.jobs.desk import POLICY as SMALL

from respondby.fleet import sweeping
from respondby.forge.client import Client
from respondby.jobs.inputs.desk import Desk
from respondby.jobs.runs import run_event


def due(world: World, *names: str) -> None:
    """In each of these an issue has waited for an hour; it is ten past ten."""
    for name in names:
        world.opens(name)
    world.at("10:10")


def by_name(output: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {one["repository"]: one for one in output["repositories"]}


def test_every_repository_of_a_part_is_swept(world: World) -> None:
    names = world.several(3)
    world.fleet_of(*names)
    due(world, *names)
    output = world.told("sweep")
    assert [one["failed"] for one in output["repositories"]] == [[], [], []]
    assert [world.labels(name)[0] for name in names] == ["late"] * 3
    assert output["left"] == []


def test_a_part_is_what_the_matrix_says_of_it(world: World) -> None:
    names = world.several(3)
    due(world, *names)
    part = json.dumps({"shard": 2, "of": 2, "repositories": f"{names[0]} {names[2]}"})
    output = world.told("sweep", "--shard", part)
    assert [one["repository"] for one in output["repositories"]] == [names[0], names[2]]
    assert world.labels(names[1]) == []


@pytest.mark.parametrize("shard", ["two", "{}", '{"shard": "x", "repositories": ""}', "{nonsense", "7"])
def test_what_is_no_part_is_refused(world: World, shard: str) -> None:
    world.fleet_of(*world.several(1))
    result = world.run("sweep", "--shard", shard)
    assert result.exit_code == 2, result.output


def test_a_dry_run_writes_nothing(world: World) -> None:
    names = world.several(2)
    world.fleet_of(*names)
    due(world, *names)
    output = world.told("sweep", "--dry-run", "--state", "state")
    assert [world.comments(name) for name in names] == [[], []]
    assert output["dry_run"] is True
    assert not (world.folder / "state").exists()


def test_a_repository_that_disappears_in_the_middle_leaves_the_others_swept(world: World) -> None:
    names = world.several(4)
    world.fleet_of(*names)
    due(world, *names)
    assert world.run("plan").exit_code == 0
    part = json.dumps({"shard": 1, "repositories": " ".join(names)})
    world.sandbox.settings(names[1], private=True)  # for a token without access that is the same as deleted
    world.sandbox.member(names[1], BOT, "NONE", "none")
    output = world.told("sweep", "--shard", part, code=1)
    assert "is not there" in str(by_name(output)[names[1]]["failed"])
    assert [name for name in names if "late" in world.labels(name)] == [names[0], names[2], names[3]]


def test_one_that_disappears_between_two_of_its_requests_is_told_too(world: World) -> None:
    names = world.several(2)
    world.fleet_of(*names)
    due(world, *names)
    body = {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "path": ["repository"], "message": "gone"}]}
    again = {"match": {"operation": "Cases", "nth": 1}, "do": {"status": 200, "body": body}}
    world.sandbox.faults([again])
    output = world.told("sweep", code=1)
    assert [bool(one["failed"]) for one in output["repositories"]] == [True, False]


def test_thirty_of_many_that_answer_403_are_told_once_each_and_the_others_are_swept(world: World) -> None:
    names = world.several(40)
    world.fleet_of(*names)
    due(world, names[0], names[39])
    message = {"message": "Resource protected by organization SAML enforcement."}
    denied = names[5:35]
    world.sandbox.faults(
        [
            {
                "match": {"path": "/graphql", "operation": "Open", "body": f'"{name.partition("/")[2]}"'},
                "do": {"status": 403, "body": message},
            }
            for name in denied
        ]
    )
    output = world.told("sweep", code=1)
    failed = [name for name, one in by_name(output).items() if one["failed"]]
    assert sorted(failed) == sorted(denied)
    assert all(len(by_name(output)[name]["failed"]) == 1 for name in denied)
    assert "SAML" in str(by_name(output)[denied[0]]["failed"])
    assert ["late" in world.labels(name) for name in (names[0], names[39])] == [True, True]


def test_one_without_a_policy_and_one_with_a_broken_policy_are_told(world: World) -> None:
    fine, empty = world.repository("fine"), world.repository("empty", files={"README.md": "x"})
    broken = world.repository("broken", files={".github/support.yml": POLICY + "clocks-: {}\n"})
    unread = world.repository("unread", files={".github/support.yml": "version: 1\ndesk: [\n"})
    world.fleet_of(fine, empty, broken, unread)
    due(world, fine)
    output = by_name(world.told("sweep", code=1))
    assert "does not exist on the default branch" in str(output[empty]["failed"])
    assert "has never been valid" in str(output[broken]["failed"])
    assert "is no YAML" in str(output[unread]["failed"])
    assert output[fine]["failed"] == []


def test_a_mistake_of_ours_in_one_leaves_the_others_swept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names = world.several(2)
    world.fleet_of(*names)
    due(world, *names)
    real = sweeping.sweep

    def broken(desk: Desk, **more: Any) -> Any:
        if desk.client.repository == names[0]:
            raise ZeroDivisionError("planted")
        return real(desk, **more)

    monkeypatch.setattr(sweeping, "sweep", broken)
    output = by_name(world.told("sweep", code=1))
    assert "a mistake in respondby (ZeroDivisionError: planted" in str(output[names[0]]["failed"])
    assert output[names[1]]["performed"]


def test_a_limit_ends_the_part_and_the_next_run_begins_with_what_was_left(world: World) -> None:
    names = world.several(5)
    world.fleet_of(*names)
    due(world, *names)
    pause = {"match": {"operation": "Open", "from": 3}, "do": {"status": 403, "headers": {"retry-after": "9999"}}}
    world.sandbox.faults([pause])
    output = world.told("sweep", "--state", "state", code=1)
    assert [one["repository"] for one in output["repositories"]] == names[:2]
    assert output["left"] == names[2:]
    assert "9999" in output["ended"]
    world.sandbox.clear_faults()
    world.at("10:15")
    again = world.told("sweep", "--state", "state")
    assert [one["repository"] for one in again["repositories"]] == [*names[2:], *names[:2]]
    assert [world.labels(name).count("late") for name in names] == [1] * 5


def test_an_idle_repository_is_one_request(world: World) -> None:
    names = world.several(6)
    for name in names:
        world.opens(name)
    world.fleet_of(*names)
    world.told("sweep", "--state", "state")
    world.at("09:20")
    world.told("sweep", "--state", "state")
    world.at("09:25")
    output = world.told("sweep", "--state", "state")
    assert [one["requests"] for one in output["repositories"]] == [1] * 6
    assert [one["resting"] for one in output["repositories"]] == [1] * 6


def test_what_a_part_has_kept_follows_a_repository_to_another_part(world: World) -> None:
    names = world.several(2)
    for name in names:
        world.opens(name)
    first = json.dumps({"shard": 1, "repositories": " ".join(names)})
    world.told("sweep", "--shard", first, "--state", "state")
    world.at("09:20")
    world.told("sweep", "--shard", first, "--state", "state")
    world.at("09:25")
    second = json.dumps({"shard": 2, "repositories": names[1]})
    output = world.told("sweep", "--shard", second, "--state", "state")
    assert output["repositories"][0]["resting"] == 1
    world.at("09:30")
    output = world.told("sweep", "--shard", second, "--state", "state", "--keep", "kept")
    assert output["repositories"][0]["resting"] == 1
    kept = {path.name for path in (world.folder / "kept").iterdir()}
    assert kept == {"figures-2.json", f"{names[1].replace('/', '+')}.sqlite3"}, "what others sweep is others' to keep"


def test_a_state_that_cannot_be_kept_is_said_and_costs_no_action(world: World) -> None:
    (name,) = world.several(1)
    world.fleet_of(name)
    due(world, name)
    (world.folder / "kept").write_text("a file where a folder is wanted")
    output = world.told("sweep", "--state", "state", "--keep", "kept/inside")
    assert "late" in world.labels(name)
    assert "could not be kept" in str(output["remarks"])


def test_who_writes_beside_the_repositorys_own_workflows_has_to_be_named_or_nothing_is_done(world: World) -> None:
    """Else each of the two accounts would keep a card of its own, and call people for itself."""
    name = world.repository("unnamed", files={".github/support.yml": SMALL})
    fine = world.repository("fine")
    world.fleet_of(name, fine)
    due(world, name, fine)
    output = by_name(world.told("sweep", code=1))
    assert 'bots: { people: ["github-actions[bot]", "fleet[bot]"] }' in str(output[name]["failed"])
    assert (world.comments(name), bool(world.comments(fine))) == ([], True)


def test_what_the_repositorys_own_workflow_has_recorded_counts_for_the_fleet(world: World) -> None:
    (name,) = world.several(1)
    number = world.opens(name)
    own = world.sandbox.workflow_token(name, {"issues": "write", "contents": "read"})
    client = Client(world.sandbox.url, own, name, pace=None, sleep=lambda _: None)
    run_event(Desk(client, {"LOG": "log"}.get), "triage", number)
    world.fleet_of(name)
    world.at("10:10")
    world.told("sweep")
    said = world.comments(name)
    assert (len(said), world.labels(name).count("late")) == (2, 1)  # one card, one call
    assert run_event(Desk(client, {"LOG": "log"}.get), "triage", number).performed == 0
