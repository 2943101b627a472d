"""Whether a `when` holds for a case at an instant: every key, and `any` and `unset` beside values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, policy, when

from respondby.desk.state import State, customer_of, first_state, informal, stage_begins, stage_of
from respondby.policy.loading.loader import load
from respondby.policy.model.conditions import ALWAYS, Requirement, When

POLICY = policy(
    "  answer: { start: opened, stop: comment by staff, target: 1h }",
    HEAD.replace("fields:", "fields:\n  product: { label: product/ }").replace(
        "calendars:", 'calendars:\n  night: { timezone: Europe/Brussels, hours: { mon-sun: ["22:00-06:00"] } }'
    )
    + """
stages:
  building: { promises: none }
  launch: { from: launched, promises: informal }
  care: { from: launched + 2 days, promises: none }
  live: { from: signed, promises: binding }
products:
  portal: { name: Portal, launched: 2026-03-02, signed: 2026-03-06 }
  shop: { name: Shop, signed: 2026-03-03 }
  lab: { name: Lab }
customers:
  acme: { members: [Carla, dora], plan: gold }
  silver: { repositories: [acme/silver] }
""",
)
NOON = when("12:00")


def state(requester: str = "carla", repository: str = "acme/support", **fields: str) -> State:
    return replace(first_state(POLICY, requester, repository), fields=fields)


@pytest.mark.parametrize(
    "values, unset, high, low",
    [
        (("high",), False, True, False),
        (("high", "normal"), False, True, False),
        (("any",), False, True, True),
        (("unset",), True, False, False),
        (("high", "unset"), True, True, False),
        (("any", "unset"), True, True, True),
    ],
)
def test_a_field_has_one_of_the_values_or_any_or_none(
    values: tuple[str, ...], unset: bool, high: bool, low: bool
) -> None:
    asked = When((Requirement("priority", values),))
    found = [
        state().holds(asked, NOON),
        state(priority="high").holds(asked, NOON),
        state(priority="low").holds(asked, NOON),
    ]
    assert found == [unset, high, low]


@pytest.mark.parametrize(
    "labels, values, holds",
    [
        ({"vip"}, ("vip",), True),
        ({"vip", "hot"}, ("cold", "hot"), True),
        ({"vip"}, ("VIP",), True),
        ({"vip"}, ("hot",), False),
        (set(), ("hot",), False),
        ({"vip"}, ("any",), True),
        (set(), ("any",), False),
        (set(), ("unset",), True),
        ({"vip"}, ("unset",), False),
    ],
)
def test_one_of_a_cases_labels_is_enough_and_labels_have_no_case(
    labels: set[str], values: tuple[str, ...], holds: bool
) -> None:
    subject = replace(state(), labels=frozenset(labels))
    assert subject.holds(When((Requirement("label", values),)), NOON) is holds


@pytest.mark.parametrize(
    "key, values, at, holds",
    [
        ("during", ("office",), "10:00", True),
        ("during", ("office",), "08:59:59", False),
        ("during", ("office",), "17:00", False),
        ("during", ("office", "night"), "23:00", True),
        ("outside", ("office",), "10:00", False),
        ("outside", ("office",), "18:00", True),
        ("outside", ("office", "night"), "23:00", False),
        ("outside", ("office", "night"), "20:00", True),
    ],
)
def test_calendars_are_open_or_not_at_the_instant(key: str, values: tuple[str, ...], at: str, holds: bool) -> None:
    asked = When((Requirement(key, values),))
    assert state().holds(asked, when(at)) is holds


def test_all_terms_must_hold_and_no_term_always_does() -> None:
    both = When((Requirement("priority", ("high",)), Requirement("during", ("office",))))
    assert state(priority="high").holds(both, NOON)
    assert not state(priority="low").holds(both, NOON)
    assert not state(priority="high").holds(both, when("20:00"))
    assert state().holds(ALWAYS, NOON)


@pytest.mark.parametrize(
    "requester, repository, customer, plan",
    [
        ("carla", "acme/support", "acme", "gold"),
        ("CARLA", "acme/support", "acme", "gold"),
        ("eve", "acme/support", None, None),
        ("eve", "Acme/Silver", "silver", None),
        ("carla", "acme/silver", "acme", "gold"),
    ],
)
def test_a_customer_is_known_by_members_or_by_repository(
    requester: str, repository: str, customer: str | None, plan: str | None
) -> None:
    found = customer_of(POLICY, requester, repository)
    assert (found.name if found else None, found.plan if found else None) == (customer, plan)
    subject = state(requester, repository)
    assert subject.holds(When((Requirement("customer", (customer or "unset",)),)), NOON)
    assert subject.holds(When((Requirement("plan", (plan or "unset",)),)), NOON)
    assert subject.holds(When((Requirement("customer", ("any",)),)), NOON) is (customer is not None)


@pytest.mark.parametrize(
    "requester, login, is_customer",
    [
        ("carla", "carla", True),
        ("carla", "Dora", True),
        ("carla", "bob", False),
        ("eve", "EVE", True),
        ("eve", "dora", False),
    ],
)
def test_the_customer_is_the_requester_and_their_colleagues(requester: str, login: str, is_customer: bool) -> None:
    assert state(requester).is_customer(login) is is_customer


@pytest.mark.parametrize(
    "product, at, stage",
    [
        ("portal", "sun 10:00", "live"),
        ("portal", "mon 00:00", "launch"),
        ("portal", "tue 23:59:59", "launch"),
        ("portal", "wed 00:00", "care"),
        ("portal", "fri 00:00", "live"),
        ("shop", "mon 10:00", "building"),
        ("shop", "tue 10:00", "live"),
        ("lab", "fri 10:00", "building"),
        ("unknown", "fri 10:00", None),
        (None, "fri 10:00", None),
    ],
)
def test_a_product_is_in_the_last_stage_whose_date_has_come(product: str | None, at: str, stage: str | None) -> None:
    assert stage_of(POLICY, product, when(at)) == stage
    subject = state(**({"product": product} if product else {}))
    assert subject.holds(When((Requirement("stage", (stage or "unset",)),)), when(at))


@pytest.mark.parametrize(
    "offset, begins", [("2 days", "wed 00:00"), ("36h", "tue 12:00"), ("2 business days", "tue 18:00")]
)
def test_days_are_days_also_where_the_desk_keeps_hours(offset: str, begins: str) -> None:
    """The launch is at midnight of Monday: only business days are counted on the calendar."""
    calendars = (
        'calendar: office\ncalendars: { office: { timezone: Europe/Brussels, hours: { mon-fri: ["09:00-18:00"] } } }'
    )
    desk = load(f"""
version: 1
desk: Hours
{calendars}
fields: {{ product: {{ label: product/ }} }}
stages: {{ building: {{}}, care: {{ from: launched + {offset} }} }}
products: {{ portal: {{ launched: 2026-03-02 }} }}
""")
    assert stage_begins(desk, "portal", "care") == when(begins)


def test_a_stage_without_a_date_begins_never_and_the_first_has_always_begun() -> None:
    assert stage_begins(POLICY, "lab", "launch") is None
    assert stage_begins(POLICY, "portal", "building") is None
    assert stage_begins(POLICY, "portal", "care") == when("wed 00:00")


@pytest.mark.parametrize(
    "product, at, named, measured",
    [
        (None, "10:00", (), False),
        ("portal", "10:00", (), True),
        ("portal", "fri 10:00", (), False),
        ("portal", "wed 10:00", (), None),
        ("portal", "wed 10:00", ("care",), True),
        ("portal", "wed 10:00", ("live",), None),
    ],
    ids=["no product", "informal", "binding", "none", "none, but named", "none, and another named"],
)
def test_how_binding_a_stage_is(product: str | None, at: str, named: tuple[str, ...], measured: bool | None) -> None:
    subject = state(**({"product": product} if product else {}))
    asked = When((Requirement("stage", named),)) if named else ALWAYS
    assert informal(POLICY, subject, asked, when(at)) is measured


def test_a_first_state_knows_whose_case_it_is_and_nothing_else() -> None:
    new = first_state(POLICY, "carla", "acme/support")
    assert (new.fields, new.labels, new.assignees, new.speaker, new.open) == ({}, frozenset(), (), None, True)
    assert (new.author, new.customer) == ("carla", POLICY.customers["acme"])


def test_what_voids_a_case_is_told_by_the_label_or_value_that_does() -> None:
    void = replace(POLICY, void=When((Requirement("label", ("spam", "Invalid")),)))
    subject = replace(state(), policy=void, labels=frozenset({"invalid", "other"}))
    assert subject.void(NOON) == "void: label Invalid"
    assert replace(subject, labels=frozenset({"other"})).void(NOON) == ""
    void = replace(POLICY, void=When((Requirement("priority", ("low", "high")),)))
    assert replace(state(priority="low"), policy=void).void(NOON) == "void: priority low"
