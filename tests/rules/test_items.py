"""An action item as a case: until when it is due, whose it is, and which are still to be done."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from tests.promises.stories import HEAD, case_of, shown, when

from respondby.desk.case import Case, Mark
from respondby.desk.reading import read
from respondby.policy.loading.loader import load
from respondby.policy.model.policy import Policy
from respondby.promises.assess import assess
from respondby.rules.items import CLOCK, ItemFacts, as_item, day_of, item_of, open_items
from respondby.rules.shift_facts import AssessedCase

ITEM = ItemFacts("https://x.test/3", "docs/3.md", "abc", "Add a test", "ann", "2026-03-04", "2026-03-04")
FIELDS = """fields:
  severity: { label: severity/, values: { high: High, low: Low }, default: low }
  product: { label: product/ }
"""
REST = """
products: { shop: { name: Shop }, lab: { name: Lab } }
incidents:
  when: { severity: high }
  post-mortem:
    reviewers: staff
    actions:
      target: { product: { shop: { severity: { high: 1 day, any: 2 days, unset: 3 days } }, unset: 4 days } }
      ladder: [{ at: due-1 day, notify: assignee }, { at: due, label: late }]
clocks:
  answer: { start: opened, stop: /ack, target: 4h }
"""


@cache
def policy(rest: str = REST) -> Policy:
    people = HEAD.replace("ann: {}", "ann: { away: [2026-03-01/2026-03-20] }")
    return load(people.replace("fields:\n", FIELDS, 1) + rest)


def issue(item: ItemFacts = ITEM, story: str = "", number: int = 7) -> Case:
    """The item's issue, which we opened on Monday at ten."""
    case = case_of(f"10:00 gateway opens x\n{story}")
    return replace(
        case,
        mark=Mark("item", item.to_mark()),
        url=f"https://x.test/{number}",
        assignees=("ann",) if item.owner else (),
    )


def assessed(item: ItemFacts = ITEM, at: str = "11:00", story: str = "", number: int = 7) -> AssessedCase:
    alone, case = as_item(policy(), issue(item, story, number))
    history = read(alone, case)
    return AssessedCase(history, assess(alone, history, when(at)))


def test_a_mark_holds_all_facts_of_an_item() -> None:
    for item in (ITEM, replace(ITEM, owner="", due="", product="shop", severity="high", kind="detect", linked=True)):
        assert item_of(issue(item)) == item
    assert ITEM.identity == replace(ITEM, incident="HTTPS://x.test/3").identity != replace(ITEM, key="abd").identity
    assert item_of(replace(issue(), mark=Mark("duty", ITEM.to_mark()))) is None
    assert item_of(replace(issue(), mark=None)) is None


@pytest.mark.parametrize(
    "changes, due",
    [
        ({}, "thu 00:00"),  # when its day is over
        ({"due": "2026-03-05"}, "fri 00:00"),
        ({"due": "no day"}, "fri 10:00"),  # what is no day is none, and nothing is known of its incident
        ({"due": ""}, "fri 10:00"),
        ({"due": "", "product": "lab"}, ""),
        ({"due": "", "product": "shop"}, "thu 10:00"),
        ({"due": "", "product": "shop", "severity": "high"}, "tue 10:00"),
        ({"due": "", "product": "shop", "severity": "low"}, "wed 10:00"),
    ],
)
def test_until_when_an_item_is_due(changes: dict[str, str], due: str) -> None:
    (run,) = assessed(replace(ITEM, **changes)).assessment.runs
    assert (run.clock, shown(run.due)) == (CLOCK, due)


@pytest.mark.parametrize("text, known", [("2026-03-04", True), ("2026-02-30", False), ("", False), ("soon", False)])
def test_a_day_is_one_of_the_calendar(text: str, known: bool) -> None:
    day = day_of(text)
    assert (day is not None and day.isoformat() == text) is known


def test_the_last_day_of_all_is_over_when_it_begins() -> None:
    alone, _ = as_item(policy(), issue(replace(ITEM, due="9999-12-31")))
    (promise,) = alone.clocks[CLOCK].target.choices
    assert promise.by == "9999-12-31T00:00"


@pytest.mark.parametrize(
    "changes, rungs",
    [
        ({}, ["owner ann", "due-1 day", "due"]),
        ({"owner": ""}, ["due-1 day", "due"]),
        # Another day has its own rungs, and so has none.
        ({"due": "2026-03-05"}, ["owner ann", "due-1 day of 2026-03-05", "due of 2026-03-05"]),
        ({"due": ""}, ["owner ann", "due-1 day of no day", "due of no day"]),
    ],
)
def test_an_item_has_the_ladder_of_the_policy(changes: dict[str, str], rungs: list[str]) -> None:
    alone, _ = as_item(policy(), issue(replace(ITEM, **changes)))
    assert [rung.id for rung in alone.clocks[CLOCK].ladder] == rungs
    assert list(alone.clocks) == [CLOCK]
    assert alone.clocks[CLOCK].duty


def test_who_is_away_owns_their_items_and_no_field_has_a_value_by_itself() -> None:
    alone, _ = as_item(policy(), issue(replace(ITEM, owner="ANN")))
    assert (bool(policy().people["ann"].away), bool(alone.people["ann"].away)) == (True, False)
    assert alone.people["bob"] == policy().people["bob"]
    assert {field.default for field in alone.fields.values()} == {None}
    assert len(alone.roles) == len(policy().roles) + 1
    assert as_item(policy(), issue(replace(ITEM, owner="")))[0].roles == policy().roles
    request = replace(issue(), mark=None)
    assert as_item(policy(), request) == (policy(), request)


@pytest.mark.parametrize("begins", ["incidents:", "    actions:"])
def test_where_nobody_follows_items_nothing_is_promised(begins: str) -> None:
    without = REST[: REST.index(begins)] + REST[REST.index("clocks:") :]
    alone, _ = as_item(policy(without), issue())
    assert alone.clocks == {}


def test_those_that_are_still_to_be_done_come_by_their_days() -> None:
    items = [
        assessed(replace(ITEM, due=""), "thu 00:00", number=1),
        assessed(replace(ITEM, due="", product="lab"), "thu 00:00", number=5),
        assessed(replace(ITEM, due="", product="lab"), "thu 00:00", number=2),
        assessed(ITEM, "thu 00:00", number=3),
        assessed(ITEM, "thu 00:00", "11:00 ann closes", number=4),
    ]
    request = AssessedCase(read(policy(), replace(issue(), mark=None)), items[0].assessment)
    found = open_items([*items, request])
    assert [(item.ref.url[-1], item.people, shown(item.due), item.overdue) for item in found] == [
        ("3", ("ann",), "thu 00:00", True),
        ("1", ("ann",), "fri 10:00", False),
        ("2", ("ann",), "", False),
        ("5", ("ann",), "", False),
    ]
    (early,) = open_items([assessed(ITEM, "wed 23:59")])
    assert not early.overdue
