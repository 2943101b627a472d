"""What a fleet is asked: a month of all repositories, and who is on call in them."""

from __future__ import annotations

from tests.fleet.world import POLICY, World

ROTA = POLICY.replace(
    "roles: {",
    "rotas: { week: { timezone: UTC, handover: { every: 1 week, at: monday 09:00, from: 2026-01-05 },"
    " members: [ann, bob] } }\nroles: {",
)


def test_a_month_of_all_is_one_table_with_a_row_for_each_and_their_sum(world: World) -> None:
    names = world.several(2)
    for name in names:
        world.opens(name)
    world.opens(names[1])
    world.act("ann", "POST", f"/repos/{names[0]}/issues/1/comments", {"body": "On it."})
    world.fleet_of(*names)
    world.told("sweep")
    world.at("10:10")
    world.told("sweep")
    world.sandbox.clock("2026-02-02T09:00:00Z")
    output = world.told("report", "--month", "2026-01")
    assert [(row["opened"], row["judged"], row["kept"]) for row in output["repositories"]] == [(1, 1, 1), (2, 2, 0)]
    text = world.run("report").output
    assert f"| [{names[0]}](https://github.com/{names[0]}/issues) | 1 | 100.0 % | 1 |" in text
    assert "| **2 repositories** | 3 | 33.3 % | 3 |" in text


def test_one_that_cannot_be_read_is_in_no_figure_and_is_named(world: World) -> None:
    fine, empty = world.repository("fine"), world.repository("empty", files={"README.md": "x"})
    world.fleet_of(fine, empty)
    result = world.run("report", "--month", "2026-01")
    assert result.exit_code == 1
    assert f"- {empty} is in no figure" in result.output
    assert f"[{fine}]" in result.output


def test_what_is_no_month_is_refused(world: World) -> None:
    world.fleet_of(*world.several(1))
    assert world.run("report", "--month", "2026-13").exit_code == 2


def test_who_is_on_call_stands_once_with_all_their_repositories(world: World) -> None:
    rotas = {".github/support.yml": ROTA}
    one, two = world.repository("one", files=rotas), world.repository("two", files=rotas)
    none = world.repository("none")
    world.fleet_of(one, two, none)
    text = world.run("oncall").output
    assert f"ann: week until 2026-01-12T09:00:00Z: {one}, {two}" in text
    assert f"no rota, or none that was asked for: {none}" in text
    later = world.run("oncall", "--at", "2026-01-13T12:00:00Z", "--person", "bob").output
    assert f"bob: week until 2026-01-19T09:00:00Z: {one}, {two}" in later
    assert world.run("oncall", "--at", "soon").exit_code == 2


def test_one_without_a_policy_is_told_and_the_others_answer(world: World) -> None:
    fine = world.repository("fine", files={".github/support.yml": ROTA})
    world.fleet_of(fine, world.repository("empty", files={"README.md": "x"}))
    result = world.run("oncall")
    assert result.exit_code == 1
    assert "has no .github/support.yml" in result.output
    assert f"ann: week until 2026-01-12T09:00:00Z: {fine}" in result.output
