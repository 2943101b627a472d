"""Who goes and who comes at a change of shift, whenever it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from respondby.calendars.instants import parse_time, zone
from respondby.desk.state import first_state
from respondby.policy.loading.loader import load
from respondby.policy.people.holders import holders
from respondby.policy.people.shifts import incoming, outgoing, roles_at_change

POLICY = """
version: 1
desk: Help desk
timezone: America/Chicago
people: { ann: {}, bob: {}, cid: {} }
rotas:
  week:
    timezone: America/Chicago
    handover: { every: 1 week, at: monday 10:00, from: 2026-01-05 }
    members: [ann, bob, cid]
    overrides: rota.yml
  other: { timezone: UTC, handover: { every: 1 week, at: monday 10:00 }, members: [cid] }
roles:
  staff: { people: [ann, bob, cid] }
  outgoing: [{ rota: week, shift: previous }, { people: cid }]
  incoming: { rota: week, shift: next }
  on-call: { rota: week }
  elsewhere: { rota: other, shift: next }
fields: { type: { label: type/ } }
"""


def local(text: str) -> int:
    return parse_time(text, zone("America/Chicago"))


def at_change(change: str, asked: str, swaps: str = "[]") -> tuple[str, str]:
    policy = load(POLICY, files={"rota.yml": swaps})
    roles = roles_at_change(policy, "week", local(change))

    alone = replace(policy, roles=roles)
    state = first_state(alone, "", "")
    found = [holders(alone, role, local(asked), state) for role in ("outgoing", "incoming")]
    return ", ".join(found[0]), ", ".join(found[1])


@pytest.mark.parametrize("asked", ["2026-01-11T10:00", "2026-01-12T09:59:59", "2026-01-12T10:00", "2026-01-14T10:00"])
def test_they_are_the_same_whenever_it_is_asked(asked: str) -> None:
    assert at_change("2026-01-12T10:00", asked) == ("ann", "bob")


@pytest.mark.parametrize(
    "change, people",
    [("2026-03-09T10:00", ("cid", "ann")), ("2026-11-02T10:00", ("ann", "bob"))],
    ids=["the day after clocks went forward", "the day after they went back"],
)
def test_they_change_at_the_local_time_on_either_side_of_a_change_of_clocks(
    change: str, people: tuple[str, str]
) -> None:
    assert at_change(change, change) == people
    policy = load(POLICY, files={"rota.yml": "[]"})
    assert list(policy.rotas["week"].rota.handovers(local(change), local(change) + 1)) == [local(change)]


@pytest.mark.parametrize(
    "swap, people",
    [
        ("{ from: 2026-01-12T10:00, until: 2026-01-19T10:00, on: cid, instead-of: bob }", ("ann", "cid")),
        ("{ from: 2026-01-12T08:00, until: 2026-01-12T10:00, on: cid, instead-of: ann }", ("cid", "bob")),
        ("{ from: 2026-01-12T11:00, until: 2026-01-12T12:00, on: cid, instead-of: bob }", ("ann", "bob")),
    ],
    ids=["of the whole shift that comes", "of the last hours of the one that goes", "after the change"],
)
def test_a_swap_on_the_day_counts(swap: str, people: tuple[str, str]) -> None:
    assert at_change("2026-01-12T10:00", "2026-01-11T10:00", f"[{swap}]") == people


def test_before_the_first_shift_nobody_goes() -> None:
    policy = load(POLICY, files={"rota.yml": "[]"})
    first = local("2026-01-05T10:00")
    assert (outgoing(policy, "week", first), incoming(policy, "week", first)) == ((), ("ann",))
    assert at_change("2026-01-05T10:00", "2026-01-05T10:00") == ("cid", "ann"), "the role's next alternative"


def test_other_rotas_and_plain_roles_are_left_alone() -> None:
    policy = load(POLICY, files={"rota.yml": "[]"})
    roles = roles_at_change(policy, "week", local("2026-01-12T10:00"))
    for name in ("staff", "on-call", "elsewhere"):
        assert roles[name] == policy.roles[name]
