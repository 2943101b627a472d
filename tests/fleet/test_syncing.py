"""Repositories are brought into step by pull request, and a run that was cut off goes on where it stopped."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fleet.world import POLICY, World

from respondby.policy.loading.loader import load
from respondby.sandbox.server import Sandbox

SOURCE = "acme/respondby@3f2c1a4b5d6e7f8091a2b3c4d5e6f708192a3b4c"


def fleet_of_new(world: World, count: int, *others: str, **more: Any) -> list[str]:
    """So many repositories without a desk, which inherit the policy of the fleet's own."""
    commit = world.sandbox.files(f"{world.owner}/desk", {".github/support.yml": POLICY})
    names = [world.repository(f"n{number}", files={"README.md": "x"}) for number in range(1, count + 1)]
    world.fleet_of(*names, *others, extends=f"{world.owner}/desk@{commit}", **more)
    return names


def proposed(world: World, name: str) -> list[tuple[str, set[str]]]:
    """The pull requests of a repository: their branches and files."""
    pulls = world.act("ann", "GET", f"/repos/{name}/pulls?state=all")
    return [
        (
            pull["head"]["ref"],
            {one["filename"] for one in world.act("ann", "GET", f"/repos/{name}/pulls/{pull['number']}/files")},
        )
        for pull in pulls
    ]


def text_of(world: World, name: str, path: str, branch: str) -> str:
    found = world.act("ann", "GET", f"/repos/{name}/contents/{path}?ref={branch}")
    return base64.b64decode(found["content"]).decode()


def labels(world: World, name: str) -> set[str]:
    return {label["name"] for label in world.act("ann", "GET", f"/repos/{name}/labels?per_page=100")}


FILES = {
    ".github/support.yml", ".github/ISSUE_TEMPLATE/question.yml", ".github/ISSUE_TEMPLATE/config.yml",
    ".github/workflows/triage.yml", ".github/workflows/comment.yml",
}  # fmt: skip


def test_nothing_is_written_unless_it_is_asked_for(world: World) -> None:
    names = fleet_of_new(world, 2)
    output = world.told("sync", "--source", SOURCE)
    assert [set(one["files"]) for one in output["repositories"]] == [FILES, FILES]
    assert all("create late" in one["labels"] for one in output["repositories"])
    assert [proposed(world, name) for name in names] == [[], []]
    assert "nothing was written" in world.run("sync", "--source", SOURCE).output


def test_each_gets_one_pull_request_and_its_labels(world: World) -> None:
    names = fleet_of_new(world, 2, overrides={f"{world.owner}/n2": {"timezone": "Asia/Tokyo"}})
    world.told("sync", "--apply", "--source", SOURCE)
    for name, zone in zip(names, ("UTC", "Asia/Tokyo"), strict=True):
        [(branch, files)] = proposed(world, name)
        assert files == FILES
        assert load(text_of(world, name, ".github/support.yml", branch)).timezone == zone
        assert "late" in labels(world, name)
    again = world.told("sync", "--apply", "--source", SOURCE)
    assert [one["done"] for one in again["repositories"]] == [[], []]


def test_who_is_in_step_is_left_alone_and_who_has_a_policy_of_its_own_keeps_it(world: World) -> None:
    own = world.repository("own")
    (name,) = fleet_of_new(world, 1, own)
    world.told("sync", "--apply", "--source", SOURCE)
    [(branch, _)] = proposed(world, name)
    texts = {path: text_of(world, name, path, branch) for path in FILES}
    world.sandbox.files(name, texts)
    output = {one["repository"]: one for one in world.told("sync", "--source", SOURCE)["repositories"]}
    assert (output[name]["files"], output[name]["labels"]) == ([], [])
    assert ".github/support.yml" not in output[own]["files"]
    assert "is its own and was left" in str(output[own]["told"])


def test_what_somebody_has_closed_stays_closed(world: World) -> None:
    (name,) = fleet_of_new(world, 1)
    world.told("sync", "--apply", "--source", SOURCE)
    world.act("ann", "PATCH", f"/repos/{name}/pulls/1", {"state": "closed"})
    output = world.told("sync", "--apply", "--source", SOURCE)
    assert "somebody has closed" in str(output["repositories"][0]["told"])
    assert len(proposed(world, name)) == 1


def test_one_that_refuses_is_told_and_the_others_are_done(world: World) -> None:
    names = fleet_of_new(world, 3)
    path = f"/repos/{names[1]}/git/refs"
    world.sandbox.faults(
        [{"match": {"method": "POST", "path": path}, "do": {"status": 403, "body": {"message": "Not accessible"}}}]
    )
    output = world.told("sync", "--apply", "--source", SOURCE, code=1)
    assert [bool(one["failed"]) for one in output["repositories"]] == [False, True, False]
    assert [len(proposed(world, name)) for name in names] == [1, 0, 1]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 90), st.sampled_from(["limit", "cut before", "cut after"]))
def test_wherever_it_is_cut_off_the_next_run_goes_on_and_nothing_is_doubled_or_left_out(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory, dies: int, how: str
) -> None:
    world = World.make(sandbox, tmp_path_factory.mktemp("cut"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(world.folder)
        for name, value in world.environment().items():
            patch.setenv(name, value)
        names = fleet_of_new(world, 3)
        limit: dict[str, Any] = {"status": 403, "headers": {"retry-after": "9999"}, "body": {"message": "rate limit"}}
        fault = limit if how == "limit" else {"cut": True}
        when = "after" if how == "cut after" else "before"
        times = {} if how == "limit" else {"times": 1}
        sandbox.faults([{"match": {"from": dies, **times}, "when": when, "do": fault}])
        world.run("sync", "--apply", "--source", SOURCE)
        sandbox.clear_faults()
        world.told("sync", "--apply", "--source", SOURCE)
        for name in names:
            [(branch, files)] = proposed(world, name)
            assert files == FILES
            assert text_of(world, name, ".github/support.yml", branch).endswith(POLICY)
            assert "late" in labels(world, name)
        again = world.told("sync", "--apply", "--source", SOURCE)
        assert [one["done"] for one in again["repositories"]] == [[]] * 3
