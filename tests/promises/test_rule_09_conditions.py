"""Rule 9: `when` false cancels a clock, true late starts it then; a target's `when` is judged once, at the start. A
start while running is ignored, unless `each`. Rule 14: `informal` stages are measured.
"""

from __future__ import annotations

import pytest
from tests.promises.stories import HEAD, shown, story_of

OPENED = '10:00 carla opens "Nothing works"'
HIGH = "  answer: { when: { priority: high }, start: opened, stop: comment by staff, target: 1h }"


@pytest.mark.parametrize(
    "story, stands",
    [
        ("", ""),
        ("10:00 bob labels priority/high", "answer due 11:00"),
        ("10:10 bob labels priority/normal", ""),
        ("10:20 bob labels priority/high", "answer due 11:20"),
        ("10:20 bob labels priority/high\n10:25 bob labels priority/low", "answer cancelled 10:25"),
        (
            "10:20 bob labels priority/high\n10:25 bob labels priority/low\n10:30 bob labels priority/high",
            "answer cancelled 10:25; answer due 11:30",
        ),
        ('10:10 bob says "Hi"\n10:20 bob labels priority/high', ""),
        ('10:10 dora says "Hi"\n10:20 bob labels priority/high', "answer due 11:20"),
        ("10:10 bob closes\n10:20 bob labels priority/high", ""),
    ],
    ids=[
        "false from the beginning: nothing runs",
        "true at the start",
        "still false",
        "true late: it starts then",
        "false again: cancelled",
        "true again: it starts again",
        "what was answered before does not start",
        "what was not answered does",
        "what was closed before does not start",
    ],
)
def test_rule_9_when_false_cancels_a_clock_and_true_late_starts_it_then(story: str, stands: str) -> None:
    assert story_of(HIGH, f"{OPENED}\n{story}").stands("10:45") == stands


def test_rule_9_a_breach_before_the_cancelling_stays() -> None:
    story = f"{OPENED}\n10:00 bob labels priority/high\n11:30 bob labels priority/low"
    assert story_of(HIGH, story).stands("11:10") == "answer breached 11:00"
    assert story_of(HIGH, story).stands("12:00") == "answer breached 11:30"


@pytest.mark.parametrize(
    "when, story, stands",
    [
        ("{ priority: [high, normal] }", "10:20 bob labels priority/normal", "answer due 11:20"),
        ("{ priority: [high, normal] }", "10:20 bob labels priority/low", ""),
        ("{ priority: any }", "10:20 bob labels priority/low", "answer due 11:20"),
        ("{ priority: unset }", "10:20 bob labels priority/low", "answer cancelled 10:20"),
        ("{ priority: unset }", "", "answer due 11:00"),
        ("{ priority: [high, unset] }", "10:20 bob labels priority/high", "answer due 11:00"),
        ("{ label: vip }", "10:20 bob labels vip", "answer due 11:20"),
        ("{ label: vip }", "10:20 bob labels vip\n10:30 bob unlabels vip", "answer cancelled 10:30"),
        ("{ priority: high, label: vip }", "10:20 bob labels vip", ""),
        ("{ priority: high, label: vip }", "10:20 bob labels vip\n10:30 bob labels priority/high", "answer due 11:30"),
        ("{ state: hold }", "10:20 bob labels state/hold\n10:30 bob unlabels state/hold", "answer cancelled 10:30"),
    ],
)  # fmt: skip
def test_rule_9_every_key_of_a_condition_can_turn_it(when: str, story: str, stands: str) -> None:
    clocks = f"  answer: {{ when: {when}, start: opened, stop: comment by staff, target: 1h }}"
    assert story_of(clocks, f"{OPENED}\n{story}").stands("10:45") == stands


HOURS = "  answer: {{ when: {{ {key}: office }}, start: opened, stop: comment by staff, target: 10h }}"


@pytest.mark.parametrize(
    "key, opened, at, stands",
    [
        ("during", "16:00", "16:30", "answer due tue 02:00"),
        ("during", "16:00", "17:00", "answer cancelled 17:00"),
        ("during", "16:00", "tue 09:00", "answer cancelled 17:00; answer due tue 19:00"),
        ("during", "07:00", "08:59:59", ""),
        ("during", "07:00", "09:00", "answer due 19:00"),
        ("outside", "16:00", "16:59:59", ""),
        ("outside", "16:00", "17:00", "answer due tue 03:00"),
        ("outside", "18:00", "18:30", "answer due tue 04:00"),
        ("outside", "fri 17:00", "fri 20:00", "answer due sat 03:00"),
    ],
)
def test_rule_9_a_calendar_turns_a_condition_by_itself(key: str, opened: str, at: str, stands: str) -> None:
    clocks = HOURS.format(key=key)
    assert story_of(clocks, f'{opened} carla opens "Nothing works"').stands(at) == stands


def test_rule_9_a_calendar_that_never_closes_never_turns_anything() -> None:
    head = HEAD.replace("calendars:", 'calendars:\n  always: { hours: { mon-sun: ["00:00-24:00"] } }')
    clocks = "  answer: { when: { during: always }, start: opened, stop: comment by staff, target: 1 day }"
    case = story_of(clocks, OPENED, head=head)
    assert case.stands("sat 10:00") == "answer breached tue 10:00"
    assert case.assessed("sat 10:00").next is None


@pytest.mark.parametrize(
    "opened, stands",
    [
        ("10:00", "answer due 10:15"),
        ("16:55", "answer due 17:10"),
        ("17:00", "answer due 18:00"),
        ("08:30", "answer due 09:30"),
    ],
)
def test_rule_9_a_targets_time_condition_is_judged_once_at_the_start(opened: str, stands: str) -> None:
    clocks = """
  answer:
    start: opened
    stop: comment by staff
    target: [{ when: { during: office }, within: 15m }, { within: 1h }]
"""
    case = story_of(clocks, f'{opened} carla opens "Nothing works"\n{opened} bob labels vip')
    assert case.stands(f"{opened}:30") == stands
    # Not even a change of the case asks again: at five past nine the calendar is open.
    relabelled = story_of(clocks, '08:30 carla opens "x"\n09:05 bob labels priority/high')
    assert relabelled.stands("09:10") == "answer due 09:30"


def test_rule_9_a_time_condition_beside_a_field_stays_as_it_was_at_the_start() -> None:
    clocks = """
  answer:
    start: opened
    stop: comment by staff
    target: [{ when: { priority: high, during: office }, within: 15m }, { within: 4h }]
"""
    late = '08:30 carla opens "x"\n09:30 bob labels priority/high'
    assert story_of(clocks, late).stands("09:40") == "answer due 12:30"
    timely = '09:00 carla opens "x"\n09:30 bob labels priority/high'
    assert story_of(clocks, timely).stands("09:40") == "answer due 09:45"


TURNS = "  turn: {{ start: comment by author, stop: comment by staff, target: 1h{each} }}"


@pytest.mark.parametrize(
    "each, stands",
    [
        ("", "turn due 11:10"),
        (", each: true", "turn due 11:10; turn due 11:20; turn due 11:30"),
    ],
)
def test_rule_9_a_start_while_running_is_ignored_unless_each(each: str, stands: str) -> None:
    story = "\n".join([OPENED, *(f'10:{minute} carla says "And?"' for minute in (10, 20, 30))])
    assert story_of(TURNS.format(each=each), story).stands("10:45") == stands


def test_rule_9_a_breached_clock_still_runs() -> None:
    story = f'{OPENED}\n10:10 carla says "And?"\n11:30 carla says "Hello?"'
    assert story_of(TURNS.format(each=""), story).stands("12:00") == "turn breached 11:10"
    assert story_of(TURNS.format(each=""), f'{story}\n12:00 bob says "Hi"').stands("12:30") == "turn late 12:00"


@pytest.mark.parametrize(
    "each, stands",
    [
        ("", "turn due 11:30"),
        (", each: true", "turn due 11:30; turn due 11:30"),
    ],
)
def test_rule_9_starts_that_came_too_early_start_when_it_is_true(each: str, stands: str) -> None:
    clocks = TURNS.format(each=each).replace("{ start", "{ when: { priority: high }, start")
    story = f'{OPENED}\n10:10 carla says "And?"\n10:20 carla says "And?"\n10:30 bob labels priority/high'
    assert story_of(clocks, story).stands("10:45") == stands


STAGES = HEAD.replace("fields:", "fields:\n  product: { label: product/ }") + """
stages:
  preview: { promises: none }
  launch: { from: launched, promises: informal }
  live: { from: signed, promises: binding }
products:
  portal: { name: Portal, launched: 2026-03-04, signed: 2026-03-06 }
"""  # fmt: skip
STAGED = """
  answer: {{ {when}start: opened, stop: comment by staff, target: 10 days }}
"""


@pytest.mark.parametrize(
    "when, opened, at, runs",
    [
        ("", "mon 10:00", "sat 10:00", []),
        ("", "wed 10:00", "sat 10:00", [("wed 10:00", False)]),
        ("", "fri 10:00", "sat 10:00", [("fri 10:00", True)]),
        ("when: { stage: live }, ", "mon 10:00", "thu 10:00", []),
        ("when: { stage: live }, ", "mon 10:00", "sat 10:00", [("fri 00:00", True)]),
        ("when: { stage: launch }, ", "mon 10:00", "thu 10:00", [("wed 00:00", False)]),
        ("when: { stage: [launch, live] }, ", "mon 10:00", "sat 10:00", [("wed 00:00", False)]),
        ("when: { stage: preview }, ", "mon 10:00", "tue 10:00", [("mon 10:00", False)]),
    ],
    ids=[
        "a stage without promises starts nothing, ever",
        "an informal stage is measured",
        "a binding one binds",
        "a stage that is to come is waited for",
        "and starts what was waiting on its day",
        "an informal one too",
        "a run keeps the binding it began with",
        "a clock that names a stage without promises is measured in it",
    ],
)
def test_rules_9_and_14_stages_start_and_bind(when: str, opened: str, at: str, runs: list[tuple[str, bool]]) -> None:
    story = f'{opened} carla opens "x"\n{opened} bob labels product/portal'
    # The product is known in the instant of the opening, as a form's answer would have it.
    assessment = story_of(STAGED.format(when=when), story, head=STAGES).assessed(at)
    assert [(shown(run.started, "none"), run.binding) for run in assessment.runs] == runs


@pytest.mark.parametrize(
    "product, stands",
    [("tue 10:00", "answer due fri 01:00"), ("sat 10:00", "answer due sat 11:00")],
    ids=["before its stage: that day is waited for", "in its stage: at once"],
)
def test_rule_9_a_product_that_is_named_later_turns_conditions_on_its_stage(product: str, stands: str) -> None:
    clocks = "  answer: { when: { stage: live }, start: opened, stop: comment by staff, target: 1h }"
    case = story_of(clocks, f'10:00 carla opens "x"\n{product} bob labels product/portal', head=STAGES)
    assert case.stands("mon 12:00") == ""
    assert case.stands("fri 00:30" if product.startswith("tue") else "sat 10:30") == stands


def test_rule_14_an_informal_clock_is_breached_like_any_other_but_binds_nobody() -> None:
    story = 'wed 10:00 carla opens "x"\nwed 10:00 bob labels product/portal'
    case = story_of("  answer: { start: opened, stop: comment by staff, target: 1h }", story, head=STAGES)
    (run,) = case.assessed("wed 12:00").runs
    assert (run.state, run.binding) == ("breached", False)


def test_rule_9_a_case_of_no_product_is_bound_as_ever() -> None:
    (run,) = (
        story_of("  answer: { start: opened, stop: comment by staff, target: 1h }", OPENED, head=STAGES)
        .assessed("10:30")
        .runs
    )
    assert (run.state, run.binding) == ("running", True)
