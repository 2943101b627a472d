"""Rotas as a policy writes them: members with dates, nobody on purpose, turns by the working day."""

from __future__ import annotations

from tests.policy.policies import small

from respondby.calendars.instants import parse_time, zone
from respondby.policy.checks.rule import Surroundings
from respondby.policy.checks.table import check
from respondby.policy.loading.loader import load
from respondby.policy.people.roster import on_call_now, shifts_between
from respondby.policy.text.shape import shape_problems
from respondby.policy.text.yaml_text import read

BRUSSELS = "Europe/Brussels"
CHRISTMAS = "- { from: 2026-12-24T18:00, until: 2026-12-27T09:00, on: [], why: Closed for Christmas }\n"


def policy(rota: str, role: str = "{ rota: week }") -> str:
    """The small policy with one rota, called by the role `lead`."""
    return small(
        ("roles:", f"rotas: {{ week: {{ timezone: {BRUSSELS}, {rota} }} }}\nroles:"), ("lead: bob", f"lead: {role}")
    )


def at(text: str) -> int:
    return parse_time(text, zone(BRUSSELS))


def said(text: str, files: dict[str, str] | None = None) -> list[str]:
    """The rules that have something to say on 30 November 2026, but for what a small policy always lacks."""
    found = check(text, Surroundings(at("2026-11-30T12:00")), files=files or {})
    return [problem.rule for problem in found]


WEEK = "handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }"


def test_a_member_who_joins_is_on_call_at_the_next_turn_that_comes_to_them() -> None:
    loaded = load(policy(f"{WEEK}, members: [ann, {{ who: bob, from: 2026-12-01 }}]"))
    told = shifts_between(loaded, ["week"], at("2026-11-30T12:00"), at("2026-12-20"))
    assert [shift["on_call"] for shift in told["rotas"]["week"]["shifts"]] == [["ann"], ["bob"], ["ann"]]


def test_a_time_in_which_no_member_serves_is_said() -> None:
    text = policy(f"{WEEK}, members: [{{ who: ann, until: 2027-02-01 }}]")
    found = [problem for problem in check(text, Surroundings(at("2026-11-30T12:00"))) if problem.rule == "rota-gap"]
    assert [problem.message for problem in found] == [
        "No member of the rota `week` serves from Mon 1 Feb 2027, 00:00 until Wed 1 Dec 2027, 12:00: nobody is on call."
    ]


def test_nobody_on_purpose_is_no_gap_and_is_told_with_its_reason() -> None:
    text = policy(f"{WEEK}, members: [ann, bob], overrides: rota.yml")
    assert not {"rota-gap", "page-nobody", "role-empty"} & {*said(text, {"rota.yml": CHRISTMAS})}
    told = on_call_now(load(text, files={"rota.yml": CHRISTMAS}), ["week"], at("2026-12-25T12:00"))["rotas"]["week"]
    assert (told["on_call"], told["on_purpose"], told["why"]) == ([], True, "Closed for Christmas")
    assert "instead_of" not in told


def test_outside_of_its_calendar_nobody_is_on_call_and_that_is_no_gap() -> None:
    text = policy(f"{WEEK}, members: [ann, bob], during: office")
    assert not {"rota-gap", "page-nobody", "role-empty"} & {*said(text)}
    told = on_call_now(load(text), ["week"], at("2026-12-05T12:00"))["rotas"]["week"]
    assert (told["on_call"], told["on_purpose"], told["outside"]) == ([], True, "office")
    assert told["next"][0]["on_call"]


def test_a_turn_per_working_day_follows_the_policy_s_calendar() -> None:
    loaded = load(policy('handover: { every: 1 business day, at: "09:00", from: 2026-11-30 }, members: [ann, bob]'))
    told = shifts_between(loaded, ["week"], at("2026-12-03T12:00"), at("2026-12-08T12:00"))
    assert [shift["on_call"] for shift in told["rotas"]["week"]["shifts"]] == [["bob"], ["ann"], ["bob"], ["ann"]]
    assert loaded == load(
        policy(
            'handover: { every: 1 business day, at: "09:00", from: 2026-11-30, calendar: office }, members: [ann, bob]'
        )
    )


def test_what_the_loader_reads_the_schema_accepts() -> None:
    members = "[ann, [ann, bob], { who: bob, from: 2026-12-01 }, { who: [ann, bob], until: 2026-12-01 }]"
    text = policy(
        f"handover: {{ every: 1 business day, from: 2026-01-05, calendar: office }}, during: office, members: {members}"
    )
    load(text)
    assert shape_problems(read(text, path="support.yml"), "schemas/policy.schema.json", path="support.yml") == ()
    entries = read(CHRISTMAS, path="rota.yml")
    assert shape_problems(entries, "schemas/rota-overrides.schema.json", path="rota.yml") == ()
    unsaid = read("- { from: 2026-12-24, until: 2026-12-27, on: [] }\n", path="rota.yml")
    assert shape_problems(unsaid, "schemas/rota-overrides.schema.json", path="rota.yml") != ()


def problem(text: str) -> tuple[str, str]:
    found = check(text, Surroundings(at("2026-11-30T12:00")))
    return found[0].message, found[0].hint


def test_what_cannot_be_read_says_what_to_write() -> None:
    assert problem(policy("handover: weekly, members: [ann]")) == (
        "A schedule is a mapping with `every`.", "Write it such as `{ every: 1 week, at: monday 09:00 }`."
    )  # fmt: skip
    assert problem(policy(f"{WEEK}, members: [{{ who: ann, from: 2026-12-01, until: 2026-11-01 }}]")) == (
        "This member would leave before joining.", "Write the earlier date as `from`."
    )  # fmt: skip
    assert problem(policy(f"{WEEK[:-2]}, calendar: office }}, members: [ann]")) == (
        "Only business days count on a calendar.", "Write `every: 1 business day`, or leave `calendar` out."
    )  # fmt: skip
