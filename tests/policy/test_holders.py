"""Who holds a role now, and who can hold it at all (rule 13)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from respondby.calendars.instants import Instant, parse_time
from respondby.policy.loading.loader import load
from respondby.policy.model.conditions import When
from respondby.policy.model.policy import Policy
from respondby.policy.people.holders import can_hold, holders

HANDOVER = "{ every: 1 week, at: monday 10:00, from: 2026-01-05 }"
ROTA = f"{{ timezone: UTC, handover: {HANDOVER}, members: [ann, bob, cid], overrides: swaps.yml }}"
SWAPS = "- { from: 2026-01-08T00:00, until: 2026-01-09T00:00, on: tess, instead-of: ann }\n"

TEXT = f"""\
version: 1
desk: A desk of roles
people:
  ann: {{}}
  bob: {{}}
  cid: {{ away: [2026-01-19/2026-01-25] }}
  tess: {{ away: [2026-02-01/2026-02-14] }}
rotas: {{ week: {ROTA} }}
roles:
  staff: {{ people: [Ann, bob, cid] }}
  on-call: {{ rota: week }}
  incoming: {{ rota: week, shift: next }}
  outgoing: {{ rota: week, shift: previous }}
  lead: [{{ people: [tess] }}, {{ role: on-call }}]
  owner: [{{ when: {{ priority: high }}, role: lead }}, {{ people: [bob] }}]
  members: {{ association: member }}
  crew: {{ team: {{ name: acme/crew, token: TEAM_TOKEN }} }}
products:
  shop: {{ roles: {{ lead: cid }} }}
fields:
  product: {{}}
  priority: {{ values: {{ high: High, low: Low }} }}
clocks:
  answer: {{ start: opened, stop: comment by staff, target: 1h }}
"""

POLICY: Policy = replace(load(TEXT, files={"swaps.yml": SWAPS}), teams={"acme/crew": ("dora", "Emil")})


@dataclass(frozen=True)
class FakeState:
    author: str = "carla"
    assignees: tuple[str, ...] = ("cid",)
    speaker: str | None = "Bob"
    values: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> str | None:
        return dict(self.values).get(name)

    def holds(self, when: When, at: Instant) -> bool:
        return all(dict(self.values).get(term.key) in term.values for term in when.terms)


def state(**fields: str) -> FakeState:
    return FakeState(values=tuple(fields.items()))


@pytest.mark.parametrize(
    "role, at, fields, people",
    [
        ("author", "2026-01-06T12:00Z", {}, ["carla"]),
        ("assignee", "2026-01-06T12:00Z", {}, ["cid"]),
        ("speaker", "2026-01-06T12:00Z", {}, ["Bob"]),
        ("anyone", "2026-01-06T12:00Z", {}, []),
        ("staff", "2026-01-06T12:00Z", {}, ["Ann", "bob", "cid"]),
        ("staff", "2026-01-20T12:00Z", {}, ["Ann", "bob"]),  # cid is away
        ("bob", "2026-01-06T12:00Z", {}, ["bob"]),  # a login stands for itself
        ("on-call", "2026-01-05T09:59Z", {}, []),  # before the first shift
        ("on-call", "2026-01-06T12:00Z", {}, ["ann"]),
        ("on-call", "2026-01-08T12:00Z", {}, ["tess"]),  # the swap
        ("on-call", "2026-01-20T12:00Z", {}, ["ann"]),  # cid's turn, who is away: the next member's
        ("incoming", "2026-01-06T12:00Z", {}, ["bob"]),
        ("incoming", "2026-01-12T10:00Z", {}, ["ann"]),  # cid is away when that shift begins
        ("outgoing", "2026-01-06T12:00Z", {}, []),  # nobody was before the first
        ("outgoing", "2026-01-12T10:00Z", {}, ["ann"]),
        ("lead", "2026-01-06T12:00Z", {}, ["tess"]),
        ("lead", "2026-02-03T12:00Z", {}, ["bob"]),  # the first with somebody present
        ("lead", "2026-01-06T12:00Z", {"product": "shop"}, ["cid"]),  # the product's own
        ("lead", "2026-01-20T12:00Z", {"product": "shop"}, []),  # and nowhere else
        ("owner", "2026-01-06T12:00Z", {"priority": "high"}, ["tess"]),
        ("owner", "2026-01-06T12:00Z", {"priority": "low"}, ["bob"]),
        ("owner", "2026-01-06T12:00Z", {"priority": "high", "product": "shop"}, ["cid"]),
        ("members", "2026-01-06T12:00Z", {}, []),
        ("crew", "2026-01-06T12:00Z", {}, ["dora", "Emil"]),
    ],
)
def test_who_holds_a_role_now(role: str, at: str, fields: dict[str, str], people: list[str]) -> None:
    assert list(holders(POLICY, role, parse_time(at, None), state(**fields))) == people


@pytest.mark.parametrize(
    "role, person, association, can",
    [
        ("anyone", "mallory", "NONE", True),
        ("author", "Carla", "NONE", True),
        ("author", "bob", "MEMBER", False),
        ("assignee", "CID", "NONE", True),
        ("speaker", "bob", "NONE", True),
        ("staff", "ann", "NONE", True),
        ("staff", "ANN", "NONE", True),
        ("staff", "cid", "NONE", True),  # away or not
        ("staff", "tess", "MEMBER", False),
        ("bob", "BOB", "NONE", True),
        ("on-call", "cid", "NONE", True),  # whoever is on call now
        ("on-call", "tess", "NONE", True),  # by a swap
        ("on-call", "carla", "NONE", False),
        ("incoming", "ann", "NONE", True),
        ("lead", "ann", "NONE", True),  # any alternative
        ("owner", "tess", "NONE", True),  # whatever its `when`
        ("members", "zoe", "MEMBER", True),
        ("members", "zoe", "OWNER", True),
        ("members", "zoe", "COLLABORATOR", True),
        ("members", "zoe", "CONTRIBUTOR", False),
        ("crew", "emil", "NONE", True),
        ("crew", "zoe", "MEMBER", False),
        ("bots", "github-actions[bot]", "NONE", True),
        ("nobody", "bob", "MEMBER", False),
    ],
)
def test_who_can_hold_a_role_at_all(role: str, person: str, association: str, can: bool) -> None:
    assert can_hold(POLICY, role, person, association, state=state()) is can


def test_a_products_own_role_is_the_only_one_for_its_cases() -> None:
    assert can_hold(POLICY, "lead", "cid", state=state(product="shop"))
    assert not can_hold(POLICY, "lead", "tess", state=state(product="shop"))


def test_whoever_holds_a_role_now_can_hold_it() -> None:
    for at in range(parse_time("2026-01-01T00:00Z", None), parse_time("2026-03-01T00:00Z", None), 6 * 3600):
        for role in POLICY.roles:
            for person in holders(POLICY, role, at, state()):
                assert can_hold(POLICY, role, person, state=state())
