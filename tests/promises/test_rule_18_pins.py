"""Rule 18: the card pins what was promised. An edit of the policy leaves running promises alone (`on-policy-change:
keep`, or `apply`); what a clock's start and stop are is always the current policy's.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.promises.stories import HEAD, Story, policy, story_of

from respondby.policy.model.policy import Policy
from respondby.promises.pins import pin_of, pinned

OPENED = '10:00 carla opens "Nothing works"'
OFFICE = HEAD.replace("desk: Told", "desk: Told\ncalendar: office")
NIGHT = 'calendars:\n  night: { timezone: Europe/Brussels, hours: { mon-sun: ["22:00-06:00"] } }'
PRIORITY = "  priority: { label: priority/, values: { high: High, normal: Normal, low: Low } }\n"
HEADS = {
    "plain": HEAD,
    "office": OFFICE,
    "longer": OFFICE.replace("09:00-17:00", "09:00-20:00"),
    "afternoons": OFFICE.replace("09:00-17:00", "12:00-17:00"),
    "night": HEAD.replace("desk: Told", "desk: Told\ncalendar: night").replace("calendars:", NIGHT),
    "lisbon": HEAD.replace("timezone: Europe/Brussels\npeople", "timezone: Europe/Lisbon\npeople"),
    "fewer": HEAD.replace(PRIORITY, "").replace("  lead: { when: { priority: high }, people: tess }\n", ""),
}
CLOCK = "  answer: {{ start: opened, stop: comment by staff, pause: waiting, target: {} }}"


def promised(target: str, head: str, commit: str = "") -> Policy:
    """A policy with one clock of that target."""
    return replace(policy(CLOCK.format(target), HEADS[head]), commit=commit or None)


def under(before: Policy, after: Policy, story: str) -> Story:
    """A case that was opened under one policy, with its pin, and is now read under another."""
    case = story_of(CLOCK.format("1h"), f"{OPENED}\n{story}")
    pins = [
        pin_of(before, before.clocks[run.clock], run.key) for run in replace(case, policy=before).assessed("10:00").runs
    ]
    return replace(case, policy=after).with_ledger(pins=pins)


def stands(case: Story, at: str) -> str:
    """How it stands with its pins."""
    return case.stands(at, case.case.ledger.pins)


CLOSE = "{ by: end of business day }"
NOON = "{ by: 2026-03-02T12:00 }"
DURING = "[{ when: { during: office }, within: 1h }, 3h]"
#: The target and its desk before the edit and after it; how the clock stands with the promise kept, and applied.
EDITS = [
    ("1h", "plain", "15m", "plain", "answer due 11:00", "answer due 10:15"),
    (CLOSE, "office", CLOSE, "longer", "answer due 17:00", "answer due 20:00"),
    ("4 business hours", "office", "4 business hours", "night", "answer due 14:00", "answer due tue 02:00"),
    (NOON, "plain", NOON, "lisbon", "answer due 12:00", "answer due 13:00"),
    (NOON, "plain", NOON, "night", "answer due 12:00", "answer due 12:00"),
    ("1h", "plain", "none", "plain", "answer due 11:00", "answer"),
    ("none", "plain", "1h", "plain", "answer", "answer due 11:00"),
    (DURING, "office", DURING, "afternoons", "answer due 11:00", "answer due 13:00"),
    (DURING, "afternoons", "5h", "plain", "answer due 13:00", "answer due 15:00"),
]


@pytest.mark.parametrize("before, head_before, after, head_after, kept, applied", EDITS)
def test_rule_18_an_edited_policy_leaves_running_promises_alone_unless_it_applies_at_once(
    before: str, head_before: str, after: str, head_after: str, kept: str, applied: str
) -> None:
    old, new = promised(before, head_before, "a" * 40), promised(after, head_after, "b" * 40)
    assert stands(under(old, new, ""), "10:05") == kept
    assert stands(under(old, replace(new, on_policy_change="apply"), ""), "10:05") == applied
    assert under(old, new, "").stands("10:05") == applied  # without its pin it would be the new promise


def test_rule_18_a_pinned_promise_is_paused_and_raised_in_its_own_words() -> None:
    old = promised("{ priority: { high: 1 business hour, normal: 4 business hours } }", "office")
    new = promised("{ priority: { high: 1m, normal: 2m } }", "longer")
    paused = '10:00 bob labels priority/normal\n15:00 bob says "/wait"\n16:00 bob says "/resume"'
    assert stands(under(old, new, paused), "13:59") == "answer due 14:00"
    early = '10:00 bob labels priority/normal\n11:00 bob says "/wait"\ntue 10:00 bob says "/resume"'
    assert stands(under(old, new, early), "tue 10:05") == "answer due tue 13:00"
    raised = "10:00 bob labels priority/normal\n11:30 bob labels priority/high"
    assert stands(under(old, new, raised), "12:00") == "answer due 12:30"
    assert stands(under(old, promised("5m", "plain"), raised), "12:00") == "answer due 12:30"


def test_rule_18_a_pinned_promise_can_still_be_agreed_otherwise() -> None:
    old, new = promised("[{ by: /agree.until }, { within: 1h }]", "plain"), promised("5m", "plain")
    assert stands(under(old, new, '10:30 bob says "/agree 2026-03-02T15:00"'), "10:20") == "answer due 11:00"
    assert stands(under(old, new, '10:30 bob says "/agree 2026-03-02T15:00"'), "10:40") == "answer due 15:00"


def test_rule_18_a_run_that_starts_after_the_edit_is_promised_the_new_words() -> None:
    clocks = "  turn: {{ start: comment by author, stop: comment by staff, target: {} }}"
    case = story_of(clocks.format("1h"), f'{OPENED}\n10:10 carla says "?"\n10:20 bob says "!"\n10:30 carla says "?"')
    first = case.assessed("10:15").runs[0]
    pins = {first.key: pin_of(case.policy, case.policy.clocks["turn"], first.key)}
    edited = replace(case, policy=policy(clocks.format("5m")))
    assert edited.stands("10:31", pins) == "turn met 10:20; turn due 10:35"


def test_rule_18_the_rest_of_the_clock_is_always_the_current_policys() -> None:
    old = promised("1h", "plain")
    new = policy("  answer: { start: opened, stop: /ack, target: 15m }")
    case = under(old, new, '10:30 bob says "Hi"\n10:40 bob says "/ack"')
    assert stands(case, "10:35") == "answer due 11:00"
    assert stands(case, "10:45") == "answer met 10:40"


def test_rule_18_a_field_that_the_policy_has_no_more_is_unset() -> None:
    old = promised("[{ when: { priority: high }, within: 15m }, { within: 1h }]", "plain")
    new = promised("2h", "fewer")
    assert "priority" not in new.fields
    assert stands(under(old, new, "10:00 bob labels priority/high"), "10:05") == "answer due 11:00"


TARGETS = [
    "1h",
    "90s",
    "2 days",
    "1 day 2h",
    "4 business hours",
    "2 business days",
    "none",
    "{ within: 4h, calendar: office }",
    "{ by: end of next week }",
    "{ by: end of business day, calendar: office }",
    "{ by: 2026-03-02T12:00+01:00 }",
    "{ by: /agree.until }",
    "{ priority: { high: 15m, normal: { by: end of week }, low: none } }",
    "[{ by: /agree.until }, { when: { during: office, priority: [high, unset] }, within: 30m }, 8 business hours]",
]


@pytest.mark.parametrize("head", ["office", "night"])
@pytest.mark.parametrize("target", TARGETS)
def test_rule_18_a_pin_says_the_promise_whole(target: str, head: str) -> None:
    old = promised(target.replace("calendar: office", f"calendar: {head}"), head, "c" * 40)
    new = promised("7m", "plain")
    clock = old.clocks["answer"]
    pin = pin_of(old, clock, "answer/I_1")
    assert pin.policy == "c" * 12
    assert pinned(old, clock, pin)[0] == clock.target
    read, measures = pinned(new, new.clocks["answer"], pin)
    assert read == clock.target
    assert (measures.default, measures.timezone) == (old.calendar, old.timezone)
    assert {name: old.calendars[name] for name in measures.calendars} == measures.calendars
    # What was read from a pin is pinned in the same words.
    again = replace(old, calendars={**old.calendars, **measures.calendars})
    assert pin_of(again, replace(clock, target=read), "answer/I_1") == pin


def test_rule_18_without_a_pin_or_where_edits_apply_the_policy_itself_holds() -> None:
    old, new = promised("1h", "office"), promised("15m", "longer")
    pin = pin_of(old, old.clocks["answer"], "answer/I_1")
    for subject, held in ((new, None), (replace(new, on_policy_change="apply"), pin)):
        target, measures = pinned(subject, subject.clocks["answer"], held)
        assert target is subject.clocks["answer"].target
        assert measures.calendars is subject.calendars


def test_rule_18_a_pin_says_the_same_in_whatever_order_the_policy_was_written() -> None:
    """What a card holds is compared: an order that changed by chance would write every card anew."""
    subject = promised("{ by: end of business day }", "office")
    pin = pin_of(subject, subject.clocks["answer"], "answer/1")
    for text in (pin.target, pin.calendar):
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
