"""Rules that time makes true: at the instant at which a calendar opens or closes, or a product enters a stage."""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, Story, shown, story_of, when

from respondby.desk.history import History
from respondby.desk.known import Known
from respondby.desk.reading import read
from respondby.desk.records import Record
from respondby.promises.assess import assess
from respondby.rules.decide import decide

CLOCKS = "  answer: { start: opened, stop: comment by staff, target: 2 days }"
OPENED = 'mon 10:00 carla opens "Nothing works"'
TIMED = HEAD.replace("commands:", "rules:\n  - RULE\ncommands:", 1)
BY_NIGHT = "{ when: { outside: office, priority: high }, label: by-night }"
STAGES = """
stages: { beta: { from: launch, promises: informal }, live: { from: launch + 7d, promises: binding } }
products: { shop: { name: Shop, launch: 2026-02-28 } }
"""


def story(rule: str, lines: str, more: str = "") -> Story:
    """A case under a desk with this rule."""
    head = TIMED.replace("RULE", rule)
    if more:
        head = head.replace("fields:\n", f"{more}fields:\n  product: {{ label: product/ }}\n", 1)
    return story_of(CLOCKS, lines, head=head)


def fired(one: Story, now: str) -> list[str]:
    """When its rules have fired by then."""
    return [shown(each.at) for each in history(one, now).fired]


def history(one: Story, now: str) -> History:
    return read(one.policy, one.case, Known(now=when(now)))


def coming(one: Story, now: str) -> str:
    """When a run at that instant wants to look again."""
    found = history(one, now)
    return shown(decide(one.policy, found, assess(one.policy, found, when(now))).next)


URGENT = f"{OPENED}\n10:05 bob labels priority/high"


@pytest.mark.parametrize(
    "now, expected",
    [
        ("16:59", []),
        ("17:00", ["17:00"]),
        ("tue 08:00", ["17:00"]),
        ("tue 18:00", ["17:00", "tue 17:00"]),
        ("fri 18:00", ["17:00", "tue 17:00", "wed 17:00", "thu 17:00", "fri 17:00"]),
        ("sun 12:00", ["17:00", "tue 17:00", "wed 17:00", "thu 17:00", "fri 17:00"]),
    ],
)
def test_a_rule_fires_when_the_calendar_closes_each_time(now: str, expected: list[str]) -> None:
    assert fired(story(BY_NIGHT, URGENT), now) == expected


def test_what_it_sets_counts_from_that_instant() -> None:
    one = story("{ when: { outside: office }, set: { priority: high } }", OPENED)
    fields = [(shown(fact.at), fact.value) for fact in history(one, "20:00").facts if fact.name == "priority"]
    assert fields == [("17:00", "high")]


def test_a_run_looks_again_at_the_boundary() -> None:
    one = story(BY_NIGHT, URGENT)
    assert coming(one, "12:00") == "17:00"
    assert coming(one, "17:00") == "tue 09:00"  # then it is no longer true, and may become so again


def test_what_happens_in_the_second_of_the_boundary_comes_first() -> None:
    before = story(BY_NIGHT, f"{URGENT}\n17:00 bob labels priority/low")
    assert fired(before, "20:00") == []
    after = story(BY_NIGHT, f"{OPENED}\n17:00 bob labels priority/high")
    assert fired(after, "20:00") == ["17:00"]


def test_a_comment_of_ours_in_that_second_hides_nothing() -> None:
    assert fired(story(BY_NIGHT, f"{URGENT}\n17:00 desk posts"), "20:00") == ["17:00"]


def test_time_makes_nothing_true_of_a_closed_case() -> None:
    one = story(BY_NIGHT, f"{URGENT}\n12:00 ann closes\ntue 20:00 carla reopens")
    assert fired(one, "wed 08:00") == ["tue 20:00"]
    assert fired(story(BY_NIGHT, f"{URGENT}\n12:00 ann closes"), "sun 12:00") == []


def test_a_rule_on_a_stage_fires_when_the_product_enters_it() -> None:
    rule = "{ when: { stage: live }, label: live }"
    one = story(rule, f"{OPENED}\n10:01 bob labels product/shop", STAGES)
    assert fired(one, "fri 23:59") == []
    assert fired(one, "sun 12:00") == ["sat 00:00"]
    assert coming(one, "fri 23:00") == "sat 00:00"


def test_a_firing_that_an_earlier_version_saw_later_stays_there() -> None:
    """It looked at what happens alone: a comment in the evening made it true. Nobody is told a second time."""
    rule = "{ when: { outside: office, priority: high }, notify: lead }"
    one = story(rule, f'{URGENT}\n19:30 carla says "Hello?"')
    [found] = history(one, "20:00").fired
    assert shown(found.at) == "17:00"
    key = f"rule/{found.rule}/{when('19:30')}"
    known = one.with_ledger(records=[Record(key, when("19:30"), when("19:31"))])
    assert fired(known, "20:00") == ["19:30"]
    assert fired(known, "tue 18:00") == ["19:30", "tue 17:00"]


def test_nobody_asks_for_more_than_has_happened() -> None:
    one = story(BY_NIGHT, URGENT)
    assert read(one.policy, one.case).fired == ()
